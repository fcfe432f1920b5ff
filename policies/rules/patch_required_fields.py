from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIG_PATCH, api, at


@resource_rule(
    title="Patches of the registry state replicas and managementState",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=api("spec.replicas, spec.managementState"),
    types=(CONFIG_PATCH,),
    why=(
        "The API requires replicas: a server-side apply without it is refused when nobody else "
        "owns the field. Whether the registry runs at all depends on managementState, and it "
        "starts as Removed on bare metal, vSphere and Nutanix: a patch that leaves it out "
        "prepares storage for a registry that stays off."
    ),
    source="CRD configs.imageregistry.operator.openshift.io; registry guide 3.6.1 and 3.6.2",
    remedy="Write spec.replicas and spec.managementState in the patch.",
)
def patch_required_fields(patch: Resource, settings: Settings) -> Iterator[str]:
    for name in ("replicas", "managementState"):
        if at(patch.props, "spec", name) is None:
            yield f"spec.{name} is missing"
