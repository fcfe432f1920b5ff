"""What removes an upload that was left behind, where the registry's storage can tell.

In S3 it is a multipart upload. The registry's own purge deletes what it noted of it, never the
parts: only a lifecycle rule of the bucket does (S3 User Guide, "Configuring a bucket lifecycle
configuration to delete incomplete multipart uploads").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROOT = "docker/registry/v2/repositories"
PURGED = "the registry purges such uploads after a week"


@dataclass(frozen=True)
class Removal:
    """In words; `warning` if nobody will."""

    text: str
    warning: str | None = None


def removal(storage: Mapping[str, Any], repository: str) -> Removal:
    """`storage`: of configs/cluster, empty if it was not asked. Reads Amazon S3 with whatever
    credentials there are, and gets along without."""
    s3 = storage.get("s3")
    if s3 is None:
        return Removal(PURGED)
    bucket, endpoint = s3.get("bucket", ""), s3.get("regionEndpoint")
    lies = f"in S3 it stays in bucket {bucket}"
    if endpoint:
        return Removal(f"{lies} of {endpoint}, whose lifecycle was not asked")
    try:
        rules = _rules(bucket, s3.get("region"))
    except NotRead as reason:
        return Removal(f"{lies}, whose lifecycle was not asked: {reason}")
    fitting = sorted(
        (rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"], rule.get("ID", ""))
        for rule in rules
        if _applies(rule, f"{ROOT}/{repository}/_uploads/")
    )
    if fitting:
        days, name = fitting[0]
        unit = "day" if days == 1 else "days"
        return Removal(f"lifecycle rule {name!r} of bucket {bucket} removes it after {days} {unit}")
    return Removal(
        f"{lies}, and no lifecycle rule removes it",
        f"uploads that break off stay in bucket {bucket} for ever and are paid for: it has no "
        "lifecycle rule that is enabled, has no filter and sets AbortIncompleteMultipartUpload",
    )


class NotRead(Exception):
    """The bucket's lifecycle could not be read; why, in words."""


def _rules(bucket: str, region: str | None) -> list[dict[str, Any]]:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise NotRead("boto3 is not installed (pip install boto3)") from None
    try:
        session = boto3.Session()
        if session.get_credentials() is None:
            raise NotRead("there are no AWS credentials here")
        patience = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1})
        client = session.client("s3", region_name=region, config=patience)
        return client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "?")
        if code == "NoSuchLifecycleConfiguration":
            return []
        raise NotRead(f"AWS says {code} to who asks for it") from None
    except (BotoCoreError, ValueError) as error:
        raise NotRead(f"{type(error).__name__}") from None


def _applies(rule: Mapping[str, Any], key: str) -> bool:
    found = rule.get("Filter") or {}
    prefix = found.get("Prefix", rule.get("Prefix", ""))
    return (
        rule.get("Status") == "Enabled"
        and "DaysAfterInitiation" in rule.get("AbortIncompleteMultipartUpload", {})
        and not set(found) - {"Prefix"}
        and key.startswith(prefix)
    )
