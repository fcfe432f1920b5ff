from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, CONFIGS, annotation, guide, is_registry_claim, text


@stack_rule(
    title="The registry's claims are in openshift-image-registry",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.5.1, step 3"),
    types=(CLAIM, *CONFIGS),
    why=(
        "The operator looks for its claim in its own namespace only. A claim without a namespace "
        "lands in the kubeconfig's, usually default: the operator then reports that the claim "
        "does not exist, while the volume is paid for."
    ),
    source="cluster-image-registry-operator pkg/storage/pvc/pvc.go, Claims(d.Namespace)",
    remedy="Set the claim's metadata.namespace to openshift-image-registry.",
)
def claim_namespace(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    claims = [each for each in resources if each.resource_type == CLAIM]
    named = {
        text(each.props, "spec", "storage", "pvc", "claim")
        for each in resources
        if each.resource_type in CONFIGS
    }
    # Another application's claim may share the name of one that is in the right place.
    found = {text(claim.props, "metadata", "name") for claim in claims if is_registry_claim(claim)}
    for claim in claims:
        if is_registry_claim(claim):
            continue
        if text(claim.props, "metadata", "name") in named - found - {None}:
            yield claim, "the registry is told to use this claim, which is in another namespace"
        elif annotation(claim, "imageregistry.openshift.io") is not None:
            yield claim, "the claim is annotated for the registry and is in another namespace"
