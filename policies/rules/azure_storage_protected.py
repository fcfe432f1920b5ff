from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT, CONTAINER
from ._objects import plugin


@resource_rule(
    title="Storage account and container are protected, on Azure",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=(ACCOUNT, CONTAINER),
    why=(
        "Azure deletes an account or a container with everything in it, and never asks whether it "
        "is empty. Whatever replaces one, a new name or location for it, deletes the old one and "
        "every image with it. With protect the engine refuses the deletion itself."
    ),
    source="pulumi.ResourceOptions; pulumi-azure-native, properties that replace",
    remedy="Give account and container `protect=True` and `retain_on_delete=True`.",
)
def azure_storage_protected(resource: Resource, settings: Settings) -> Iterator[str]:
    if not resource.opts.protect:
        what = "account" if resource.resource_type == ACCOUNT else "container"
        yield f"the {what} is not protected"
