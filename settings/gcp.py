"""Names as Google Cloud has them."""

import re
from typing import Annotated

from settings.problems import is_encrypted, quoted
from settings.refusal import refusal
from settings.types import Checked, Syntax

PROJECT = r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"
LOCATION = r"[a-z]+-[a-z]+[0-9]+|us|eu|asia|[a-z]{3,4}[0-9]"
PLACE = r"[a-z][a-z0-9-]*"
RING = rf"projects/{PROJECT}/locations/{PLACE}/keyRings/[A-Za-z0-9_-]{{1,63}}"
KEY = rf"{RING}/cryptoKeys/[A-Za-z0-9_-]{{1,63}}"
POOL = r"projects/[0-9]+/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}"
EMAIL = r"[a-z]([-a-z0-9]{4,28}[a-z0-9])@[a-z0-9.-]+\.iam\.gserviceaccount\.com"
IP = r"[0-9]+(\.[0-9]+){3}"


def key_location(region: str) -> str:
    """Where a key has to be for a bucket there: the EU is called otherwise by Cloud KMS."""
    place = region.lower()
    return "europe" if place == "eu" else place


def location_of(key: str) -> str:
    """The location of a key, or of a ring, by its full name."""
    return key.split("/")[3]


ProjectId = Annotated[
    str,
    Syntax(
        "gcp:project",
        PROJECT,
        "ID of a project of Google Cloud",
        "write its ID, not its name or number: 6 to 30 lower-case letters, digits and hyphens, "
        "e.g. platform-shared",
        100,
    ),
]
Location = Annotated[
    str,
    Syntax(
        "gcp:location",
        rf"(?i:{LOCATION})",
        "location of a bucket",
        "write a region without a zone, e.g. europe-west1, or a wider one, e.g. EU or EUR4",
        32,
    ),
]
KeyName = Annotated[
    str,
    Syntax(
        "gcp:key",
        KEY,
        "key of Cloud KMS by its full name",
        "write projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY, without a version",
        512,
    ),
]
RingName = Annotated[
    str,
    Syntax(
        "gcp:key",
        RING,
        "ring of keys by its full name",
        "write projects/PROJECT/locations/LOCATION/keyRings/RING",
        512,
    ),
]
ProviderName = Annotated[
    str,
    Syntax(
        "gcp:provider",
        rf"{POOL}/providers/[a-z0-9-]{{4,32}}",
        "provider of a workload identity pool by its full name",
        "write projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, "
        "with the project's number",
        512,
    ),
]
AccountName = Annotated[
    str,
    Syntax(
        "gcp:name",
        r"[a-z][-a-z0-9]{4,28}[a-z0-9]",
        "name of a service account",
        "write 6 to 30 lower-case letters, digits and hyphens, e.g. prod-1-image-registry",
        30,
    ),
]
AccountEmail = Annotated[
    str,
    Syntax(
        "gcp:name",
        EMAIL,
        "service account by its address",
        "write NAME@PROJECT.iam.gserviceaccount.com",
        200,
    ),
]
NewKeyName = Annotated[
    str,
    Syntax(
        "gcp:name",
        r"[A-Za-z0-9_-]+",
        "name of a key",
        "write letters, digits, '_' and '-' only, e.g. image-registry",
        63,
    ),
]

BUCKET = Syntax(
    "gcs:bucket-name",
    r"(?!goog)(?!.*(google|g00gle))[a-z0-9][a-z0-9_-]+[a-z0-9]",
    "name that Google lets a bucket have",
    "write 3 to 63 lower-case letters, digits, hyphens and underscores, without google or goog, "
    "e.g. prod-1-image-registry",
    63,
)
BucketName = Annotated[str, BUCKET]
"""Of a bucket that is made here. One with dots would have to be a domain that was proved to be
its owner's."""

AnyBucketName = Annotated[
    str,
    Syntax(
        "gcs:bucket-name",
        rf"(?!{IP}$)[a-z0-9][a-z0-9._-]+[a-z0-9]",
        "name of a bucket",
        "write its name alone, without gs:// or a path",
        222,
    ),
]
"""Of a bucket that exists."""

INSTALLER = "kubernetes-io-cluster-"
MOST_LABELS = 64
OWN_LABELS = MOST_LABELS - 2


class _Labels(Checked):
    """A mapping of labels whose faults are said in one sentence."""

    def check(self, value: dict[str, str]) -> dict[str, str]:
        if is_encrypted(value):
            raise refusal(
                "secure-key",
                "is read by Pulumi as an encrypted value, because its only key is `secure`",
                "add a second key, or name it differently",
            )
        bad = [key for key, each in value.items() if not _fits(key, each)]
        if bad:
            raise refusal(
                "gcp:label",
                f"has labels that Google does not take, at {', '.join(map(quoted, bad))}",
                "write lower-case letters, digits, '_' and '-', at most 63, keys that begin with a "
                "letter",
            )
        if len(value) > OWN_LABELS:
            raise refusal(
                "gcp:label",
                f"has more than {OWN_LABELS} labels, and of the {MOST_LABELS} that Google takes "
                "two are the stack's",
                f"keep to {OWN_LABELS}",
            )
        if any(key.startswith(INSTALLER) for key in value):
            raise refusal(
                "gcp:label-installer",
                f"has the label {INSTALLER}..., by which `openshift-install destroy cluster` finds "
                "what it deletes",
                "leave it out",
            )
        return value


def _fits(key: str, value: str) -> bool:
    words = all(
        re.fullmatch(r"[\w-]{0,63}", each) and each == each.lower() for each in (key, value)
    )
    return words and key[:1].isalpha()


Labels = Annotated[dict[str, str], _Labels()]
