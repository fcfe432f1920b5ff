"""What an account of AWS has before a stack comes: the buckets that its file refers to."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.clouds.aws.service import AwsService

BLOB = "docker/registry/v2/blobs/sha256/00/0000/data"
"""Where a registry would have put it."""


def make_buckets(aws: "AwsService", storage: Any) -> None:
    """`storage` is a stack file's section, of whatever shape it is."""
    buckets = [*_named(storage, "name")]
    logs = [*_named(storage, "accessLogging", "targetBucket")]
    if not buckets and not logs:
        return
    s3 = aws.client("s3")
    for name in buckets:
        _make(s3, name, aws.region)
        s3.put_object(Bucket=name, Key=BLOB, Body=b"of an image that was there before")
    for name in logs:
        _make(s3, name, aws.region)
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(_takes_logs(name)))


def _named(storage: Any, *path: str) -> list[str]:
    """Names of buckets that are adopted or used; of logs in whatever mode the bucket is."""
    choice = storage.get("bucket") if isinstance(storage, dict) else None
    found = []
    for mode, form in choice.items() if isinstance(choice, dict) else ():
        value = form
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and (mode != "create" or len(path) > 1):
            found.append(value)
    return found


def _make(s3: Any, name: str, region: str) -> None:
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **({} if region == "us-east-1" else place))


def _takes_logs(bucket: str) -> dict[str, Any]:
    """S3 user guide, "Permissions for log delivery"."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
