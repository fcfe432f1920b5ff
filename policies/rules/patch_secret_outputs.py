from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIG_PATCH


@resource_rule(
    title="The registry's httpSecret is encrypted in the state",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("NIST SP 800-53", "5", "SC-28 Protection of information at rest"),
    types=(CONFIG_PATCH,),
    why=(
        "The state of a patch is the whole live object, and the operator writes the httpSecret it "
        "generates into the object's spec. Only what was secret when it went in is secret when it "
        "comes back: without this option the httpSecret, which signs the state of uploads against "
        "tampering, stands in the state in clear. Where somebody once used `oc apply`, an "
        "annotation under metadata repeats the spec."
    ),
    source="cluster-image-registry-operator pkg/operator/complete.go; pulumi.ResourceOptions",
    remedy='Give the patch `additional_secret_outputs=["spec", "metadata"]`.',
)
def patch_secret_outputs(patch: Resource, settings: Settings) -> Iterator[str]:
    for name in ("spec", "metadata"):
        if name not in patch.opts.additional_secret_outputs:
            yield f"{name} is not among the additional secret outputs"
