from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import ACLS, BUCKET_GRANTS, DECIDING, EVERYBODY, STORE, cis
from ._google_grants import grants
from ._objects import entries, text
from ._unknown import judge_known_first

PREDEFINED = ("predefinedAcl", "defaultAcl")


@stack_rule(
    title="Nobody is let into the registry's bucket without a name, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=cis("5.1"),
    types=(*DECIDING, *BUCKET_GRANTS, *ACLS),
    why=(
        "allUsers is everybody, and allAuthenticatedUsers everybody with an account of Google's: "
        "either opens the images of all projects. Where public access is prevented Google refuses "
        "the grant, and `pulumi up` stops half way."
    ),
    source="Google Cloud Storage documentation, public access prevention; access control lists",
    remedy="Name the members: serviceAccount:, group: or user: and the address.",
)
def gcs_bucket_not_public(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        parts = STORE.parts(resources, bucket, (*BUCKET_GRANTS, *ACLS))
        yield from judge_known_first(parts, _findings)


def _findings(part: Resource) -> Iterator[tuple[Resource, str]]:
    if part.resource_type in ACLS:
        if _is_open(part):
            yield part, "an ACL lets everybody in"
    elif any(EVERYBODY & set(each.members) for each in grants(part)):
        yield part, "the grant is to everybody"


def _is_open(acl: Resource) -> bool:
    """One entity, ROLE:entity, or a list that Google has a name for."""
    listed = [each for each in entries(acl.props, "roleEntities") if isinstance(each, str)]
    found = {text(acl.props, "entity"), *(each.rpartition(":")[2] for each in listed)}
    named = [text(acl.props, key) or "" for key in PREDEFINED]
    return bool(EVERYBODY & found) or any(
        each.startswith(("public", "authenticated")) for each in named
    )
