from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import ACLS, BUCKET_GRANTS, DECIDING, EVERYBODY, STORE, cis
from ._google_grants import grants
from ._objects import entries, text
from ._unknown import judge_known_first

# Where an ACL, of whichever type, says whom it lets in.
SAID = ("entity", "roleEntities", "predefinedAcl", "defaultAcl")
GRANTED = ("members",)


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
    parts = [
        each
        for bucket in STORE.of_registry(resources)
        for each in STORE.parts(resources, bucket, (*BUCKET_GRANTS, *ACLS))
    ]
    yield from judge_known_first(
        [(part, key) for part in parts for key in _places(part)],
        lambda place: _findings(*place),
    )


def _places(part: Resource) -> tuple[str, ...]:
    return SAID if part.resource_type in ACLS else GRANTED


def _findings(part: Resource, key: str) -> Iterator[tuple[Resource, str]]:
    if key not in SAID:
        if any(EVERYBODY & set(each.members) for each in grants(part)):
            yield part, "the grant is to everybody"
    elif any(_is_everybody(each) for each in _said(part, key)):
        yield part, f"{key} of an ACL lets everybody in"


def _said(acl: Resource, key: str) -> list[str]:
    one = text(acl.props, key)
    return [each for each in (one, *entries(acl.props, key)) if isinstance(each, str)]


def _is_everybody(said: str) -> bool:
    """An entity, ROLE:entity, or a list that Google has a name for."""
    return said.rpartition(":")[2] in EVERYBODY or said.startswith(("public", "authenticated"))
