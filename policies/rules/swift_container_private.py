from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import text
from ._openstack import DECIDING, STORE, swift

ANYBODY = ("*", "*:*")


@stack_rule(
    title="The registry's container lets nobody in without a name, on Swift",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=swift("Access Control Lists"),
    types=DECIDING,
    why=(
        "`.r:*` lets everybody read every image, also without a login; another referrer is what "
        "anybody writes into a header; `.rlistings` lists them all. `*:*` is every user of every "
        "project of the cloud, and in containerWrite one who puts other images in their place. A "
        "container without ACLs is its project's alone, and that is all that the registry needs."
    ),
    source="OpenStack Swift documentation, ACLs; swift/common/middleware/acl.py",
    remedy=("Leave containerRead and containerWrite out, or name PROJECT_ID:USER_ID."),
)
def swift_container_private(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for container in STORE.of_registry(resources):
        for key in ("containerRead", "containerWrite"):
            if any(_is_open(each) for each in (text(container.props, key) or "").split(",")):
                yield container, f"{key} lets in who has no name"


def _is_open(entry: str) -> bool:
    """Swift takes .ref, .referer and .referrer for .r, blanks, and a minus for who is kept out."""
    entry = "".join(entry.split()).lower()
    if entry.startswith(".r"):
        return not entry.partition(":")[2].startswith("-")
    return entry in ANYBODY
