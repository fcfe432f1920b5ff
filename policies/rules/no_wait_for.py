from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CLAIM, CLAIM_PATCH, SINGLETON_PATCHES, annotation, plugin


@resource_rule(
    title="No waitFor annotation stays on the cluster's objects",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=plugin("annotation pulumi.com/waitFor"),
    types=(*SINGLETON_PATCHES, CLAIM, CLAIM_PATCH),
    why=(
        "The plugin reads the annotation from the live object, so one `up` that writes it makes "
        "every later patch of that object wait too, ten minutes by default. A claim whose class "
        "binds at first use would wait for the registry, which comes after it. "
        "pulumi.com/skipAwait is fine."
    ),
    source="pulumi-kubernetes provider, await; tried on a real API server",
    remedy="Take pulumi.com/waitFor out and check the registry in a step after `pulumi up`.",
)
def no_wait_for(resource: Resource, settings: Settings) -> Iterator[str]:
    if annotation(resource, "pulumi.com/waitFor") is not None:
        yield "annotation pulumi.com/waitFor is set"
