from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._google import CUSTOM_ROLES
from ._google_grants import IDENTIFYING, on_buckets, roles
from ._objects import entries, text
from ._origins import origins
from ._unknown import judge_known_first

# What lets one read the bucket, and read, write and delete what is in it; nothing that changes
# the bucket or who may use it.
ENOUGH = tuple(
    f"roles/storage.{name}"
    for name in (
        "bucketViewer",
        "legacyBucketReader",
        "legacyBucketWriter",
        "legacyObjectReader",
        "objectAdmin",
        "objectCreator",
        "objectUser",
        "objectViewer",
    )
)
# Of a role of one's own. The operator reads the bucket, the registry does the rest.
NEEDED = frozenset(
    {
        "storage.buckets.get",
        *(f"storage.objects.{verb}" for verb in ("create", "delete", "get", "list", "update")),
        *(f"storage.multipartUploads.{verb}" for verb in ("abort", "create", "list", "listParts")),
    }
)


@stack_rule(
    title="Roles on the registry's bucket allow what the registry does, and nothing else",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("distribution", "3", "GCS storage driver"),
    types=(*IDENTIFYING, *CUSTOM_ROLES),
    why=(
        "With roles/storage.admin or roles/storage.legacyBucketOwner whoever gets these "
        "credentials deletes the bucket, opens it to others, or sets a rule that expires the "
        "images. On an unmanaged bucket neither the registry nor the operator changes any of that."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/gcs/gcs.go, StorageExists; Google Cloud "
        "Storage documentation, IAM roles"
    ),
    remedy=(
        "Grant roles/storage.objectUser, and roles/storage.legacyBucketReader for "
        "storage.buckets.get, or a role of your own with those permissions."
    ),
    settings={
        "alsoAllowed": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Roles that may be granted on the registry's bucket besides",
        }
    },
)
def gcs_credentials_roles(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    allowed = {*ENOUGH, *settings["alsoAllowed"]}

    def check(grant: Resource) -> Iterator[tuple[Resource, str]]:
        own = origins(grant, "role", CUSTOM_ROLES)
        for role in own or _named(grant, resources):
            if not _permissions(role) <= NEEDED:
                yield grant, "a role of your own allows what the registry does not need"
        if not own and any(not _may_be(each, allowed) for each in roles(grant)):
            yield grant, "a role allows more than the registry needs"

    yield from judge_known_first(on_buckets(resources), check)


def _may_be(role: str, allowed: set[str]) -> bool:
    """What is in a role of one's own, only the stack that makes it knows."""
    return role in allowed or not role.startswith("roles/")


def _named(grant: Resource, resources: Sequence[Resource]) -> list[Resource]:
    """The stack's own roles that are granted by their full name."""
    wanted = {each.rpartition("/")[2] for each in roles(grant) if not each.startswith("roles/")}
    return [
        each
        for each in resources
        if wanted and each.resource_type in CUSTOM_ROLES and text(each.props, "roleId") in wanted
    ]


def _permissions(role: Resource) -> set[str]:
    return {each for each in entries(role.props, "permissions") if isinstance(each, str)}
