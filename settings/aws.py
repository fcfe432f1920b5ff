"""Names as AWS has them."""

import re
from typing import Annotated

from settings.types import Syntax

PARTITION = r"aws(-[a-z]+)*"
REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]+"
ACCOUNT = r"[0-9]{12}"
KEY_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"
ALIAS = r"alias/[A-Za-z0-9/_-]+"
KEY_ARN = rf"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:key/({KEY_ID})"
ALIAS_ARN = rf"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:{ALIAS}"

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


def region_of(key: str) -> str | None:
    """The region of a key or alias that is given by its ARN."""
    return key.split(":")[3] if re.fullmatch(f"{KEY_ARN}|{ALIAS_ARN}", key) else None


IP = r"[0-9]+(\.[0-9]+){3}"

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
