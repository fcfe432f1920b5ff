from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CLAIM, is_registry_claim, plugin


@resource_rule(
    title="The registry's claims are protected",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=(CLAIM,),
    why=(
        "Deleting the claim deletes the volume with every image in it, unless its class says "
        "Retain. With protect the engine refuses the deletion itself, also when a renamed "
        "resource or a changed immutable field would replace the claim."
    ),
    source="Kubernetes, persistent volumes, reclaiming; pulumi.ResourceOptions",
    remedy="Give the claim `protect=True` and `retain_on_delete=True`.",
)
def claim_protected(claim: Resource, settings: Settings) -> Iterator[str]:
    if not claim.opts.protect and is_registry_claim(claim):
        yield "the claim is not protected"
