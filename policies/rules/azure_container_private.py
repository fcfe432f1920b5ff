from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import CONTAINER, cis
from ._objects import text


@resource_rule(
    title="Containers are private, on Azure",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=cis("3.7"),
    types=(CONTAINER,),
    why=(
        "With Blob everybody reads each layer whose digest he knows, which every manifest tells; "
        "with Container he may list them as well. Neither asks for a name."
    ),
    source="Azure Storage documentation, configure anonymous read access for containers and blobs",
    remedy="Leave publicAccess out, or set it to None.",
)
def azure_container_private(container: Resource, settings: Settings) -> Iterator[str]:
    if (text(container.props, "publicAccess") or "None") != "None":
        yield "publicAccess is not None"
