from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._google import EVERYBODY, KEY_GRANTS, cis
from ._google_grants import grants


@resource_rule(
    title="A key of Cloud KMS lets nobody in without a name",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=cis("1.9"),
    types=KEY_GRANTS,
    why=(
        "A grant to everybody gives the key to every account of Google's: whoever gets hold of a "
        "layer reads it, and with an administrator's role destroys the key and every image."
    ),
    source="Cloud KMS documentation, access control with IAM",
    remedy=(
        "Grant roles/cloudkms.cryptoKeyEncrypterDecrypter to the storage service of the project "
        "alone: service-NUMBER@gs-project-accounts.iam.gserviceaccount.com."
    ),
)
def gcs_key_not_public(grant: Resource, settings: Settings) -> Iterator[str]:
    if any(EVERYBODY & set(each.members) for each in grants(grant)):
        yield "the grant is to everybody"
