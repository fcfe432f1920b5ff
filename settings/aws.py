"""Names as AWS has them."""

import re
from typing import Annotated

from settings.problems import is_encrypted, quoted
from settings.refusal import refusal
from settings.types import Checked, Syntax

PARTITION = r"aws(-[a-z]+)*"
REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]+"
ACCOUNT = r"[0-9]{12}"
KEY_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"
ALIAS = r"alias/[A-Za-z0-9/_-]+"
KEY_ARN = rf"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:key/({KEY_ID})"
ALIAS_ARN = rf"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:{ALIAS}"
ROLE_ARN = rf"arn:{PARTITION}:iam::{ACCOUNT}:role/[A-Za-z0-9+=,.@_/-]+"
POLICY_ARN = rf"arn:{PARTITION}:iam::({ACCOUNT}|aws):policy/[A-Za-z0-9+=,.@_/-]+"
PROVIDER_ARN = rf"arn:{PARTITION}:iam::{ACCOUNT}:oidc-provider/[A-Za-z0-9._~/-]+"

_OLD = """
af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1
eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 me-central-1
me-south-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1
us-iso-east-1 us-iso-west-1 us-isob-east-1
"""
KNOWN_REGIONS = frozenset(_OLD.split())
"""Regions older than the AWS SDK in the registry: it refuses a region that it does not know,
unless it is given an endpoint (distribution registry/storage/driver/s3-aws, "invalid region
provided")."""


def is_region(text: str) -> bool:
    """Could it be a region of AWS, old or new?"""
    return bool(re.fullmatch(REGION, text))


def partition(region: str) -> str:
    """The part of AWS that a region belongs to, as ARNs spell it."""
    parts = {
        "cn-": "aws-cn",
        "us-gov-": "aws-us-gov",
        "us-iso-": "aws-iso",
        "us-isob-": "aws-iso-b",
    }
    return next((each for begin, each in parts.items() if region.startswith(begin)), "aws")


def region_of(key: str) -> str | None:
    """The region of a key or alias that is given by its ARN."""
    return key.split(":")[3] if re.fullmatch(f"{KEY_ARN}|{ALIAS_ARN}", key) else None


def account_of(arn: str) -> str | None:
    """The account of what is given by its ARN; None for what is Amazon's own."""
    account = arn.split(":")[4]
    return account if re.fullmatch(ACCOUNT, account) else None


AccountId = Annotated[
    str,
    Syntax(
        "aws:account",
        ACCOUNT,
        "number of an account of AWS",
        'write its 12 digits in quotes, e.g. "111122223333"',
        12,
    ),
]
KeyArn = Annotated[
    str,
    Syntax(
        "aws:key",
        KEY_ARN,
        "key of AWS KMS by its ARN",
        "write arn:aws:kms:REGION:ACCOUNT:key/ID; an alias does not do here, it may be moved",
        2048,
    ),
]
KeyAlias = Annotated[
    str,
    Syntax(
        "aws:name",
        r"(?!alias/|aws/)[A-Za-z0-9/_-]+",
        "name of an alias",
        "write letters, digits, '/', '_' and '-' only, without alias/, e.g. image-registry",
        250,
    ),
]
RoleArn = Annotated[
    str,
    Syntax("aws:arn", ROLE_ARN, "role by its ARN", "write arn:aws:iam::ACCOUNT:role/NAME", 2048),
]
PolicyArn = Annotated[
    str,
    Syntax(
        "aws:arn", POLICY_ARN, "policy by its ARN", "write arn:aws:iam::ACCOUNT:policy/NAME", 2048
    ),
]
ProviderArn = Annotated[
    str,
    Syntax(
        "aws:arn",
        PROVIDER_ARN,
        "provider of identities by its ARN",
        "write arn:aws:iam::ACCOUNT:oidc-provider/HOST/PATH",
        2048,
    ),
]
IamName = Annotated[
    str,
    Syntax(
        "aws:name",
        r"[A-Za-z0-9+=,.@_-]+",
        "name of a user or role of IAM",
        "write letters, digits and +=,.@_- only, at most 64",
        64,
    ),
]

IP = r"[0-9]+(\.[0-9]+){3}"
PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
SUFFIXES = ("-s3alias", "--ol-s3", r"\.mrap", "--x-s3", "--table-s3")
BUCKET = Syntax(
    "s3:bucket-name",
    rf"(?!{IP}$)(?!.*\.\.)(?!{'|'.join(PREFIXES)})[a-z0-9][a-z0-9.-]+[a-z0-9]"
    + "".join(f"(?<!{each})" for each in SUFFIXES),
    "name that S3 lets a bucket have",
    "write 3 to 63 lower-case letters, digits and hyphens, none of S3's own prefixes and suffixes "
    "(xn--, -s3alias, ...), e.g. prod-1-image-registry",
    63,
)
BucketName = Annotated[str, BUCKET]
"""Of a bucket in AWS that is made or owned here (S3's general purpose buckets)."""

AnyBucketName = Annotated[
    str,
    Syntax(
        "s3:bucket-name",
        r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}",
        "name of a bucket",
        "write its name alone, without s3:// or a path",
        255,
    ),
]
"""Of a bucket that exists, in whatever service."""

TAG = r"[\w\s+=.:/@-]*"


OWN_TAGS = 48
INSTALLER = "kubernetes.io/cluster/"


class _Tags(Checked):
    """A mapping of tags whose faults are said in one sentence."""

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
                "aws:tag",
                f"has tags that AWS does not take, at {', '.join(map(quoted, bad))}",
                "write letters, digits, spaces and +-=._:/@, keys of 1 to 128 and values of up to "
                "256, no key that begins with aws:",
            )
        if len(value) > OWN_TAGS:
            raise refusal(
                "aws:tag",
                f"has more than {OWN_TAGS} tags, and of the 50 that AWS takes two are the stack's",
                f"keep to {OWN_TAGS}",
            )
        if any(key.startswith(INSTALLER) for key in value):
            raise refusal(
                "aws:tag-installer",
                f"has the tag {INSTALLER}..., by which `openshift-install destroy cluster` finds "
                "what it deletes, images and all",
                "leave it out",
            )
        return value


def _fits(key: str, value: str) -> bool:
    named = 1 <= len(key) <= 128 and not key.lower().startswith("aws:")
    return named and len(value) <= 256 and all(re.fullmatch(TAG, each) for each in (key, value))


Tags = Annotated[dict[str, str], _Tags()]
