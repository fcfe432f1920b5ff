"""The account of AWS that a lab has, as its administrator and as others see it."""

import base64
import json
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from lab import kinds
from lab.clouds.aws.server.__main__ import ADMINISTRATOR
from lab.clouds.aws.service import AwsService
from lab.lab import Lab
from tests.lab.clouds.enforced import enforced as iam_enforced
from tests.lab.project import get, take_away, until_storage

NAMESPACE = "openshift-image-registry"
SECRET = "image-registry-private-configuration-user"
ACCESS_KEY, SECRET_KEY = "REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"


def service(lab: Lab) -> AwsService:
    found = lab.clouds.aws
    assert found is not None, f"{lab.stack} has no AWS"
    return found


def admin(lab: Lab, name: str) -> Any:
    """boto3's client of the service of that name, made once: that takes as long as some calls."""
    found = service(lab)
    return _admin(found, found.notes()["https"][0], name)


@cache
def _admin(found: AwsService, https: str, name: str) -> Any:
    return found.client(name)


def as_user(lab: Lab, keys: tuple[str, str], name: str = "s3", plain: bool = False) -> Any:
    """The same of whoever has these keys; by http if `plain`."""
    return service(lab).client(name, keys, plain)


def live_keys(lab: Lab) -> tuple[str, str]:
    """What the cluster's secret holds, and nothing else."""
    data = get(lab, kinds.Secret, SECRET, NAMESPACE)["data"]
    assert data.keys() == {ACCESS_KEY, SECRET_KEY}
    decoded = {key: base64.b64decode(value).decode() for key, value in data.items()}
    return decoded[ACCESS_KEY], decoded[SECRET_KEY]


def enforced(lab: Lab) -> AbstractContextManager[None]:
    """Within it, each call is authenticated and authorised."""
    return iam_enforced(service(lab))


def code(call: Any, **arguments: Any) -> str:
    """How AWS refuses the call; "" if it doesn't."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def statements(document: Any) -> dict[str, dict[str, Any]]:
    """Of a policy, by their Sid."""
    parsed = json.loads(document) if isinstance(document, str) else document
    return {each["Sid"]: each for each in parsed["Statement"]}


def reset_aws(lab: Lab) -> None:
    """Make the lab's registry what a fresh installation on AWS has and the account empty, and
    forget the stack's state."""
    take_away(lab)
    empty(lab)
    until_storage(lab, lambda found: found == {"s3": {}})


def empty(lab: Lab) -> None:
    """All that the account has but its administrator goes. Keys can't: they lose their tags."""
    s3, iam, kms = admin(lab, "s3"), admin(lab, "iam"), admin(lab, "kms")
    for bucket in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.delete_bucket_policy(Bucket=bucket)
        found = s3.list_object_versions(Bucket=bucket)
        for each in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
        s3.delete_bucket(Bucket=bucket)
    for user in [each["UserName"] for each in iam.list_users()["Users"]]:
        if user == ADMINISTRATOR:
            continue
        for key in access_keys(lab, user):
            iam.delete_access_key(UserName=user, AccessKeyId=key)
        for policy in iam.list_user_policies(UserName=user)["PolicyNames"]:
            iam.delete_user_policy(UserName=user, PolicyName=policy)
        iam.delete_user(UserName=user)
    for alias in kms.list_aliases()["Aliases"]:
        if not alias["AliasName"].startswith("alias/aws/"):
            kms.delete_alias(AliasName=alias["AliasName"])
    for key in kms_keys(lab):
        tags = kms.list_resource_tags(KeyId=key)["Tags"]
        kms.untag_resource(KeyId=key, TagKeys=[each["TagKey"] for each in tags])


def access_keys(lab: Lab, user: str) -> list[str]:
    found = admin(lab, "iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
    return [each["AccessKeyId"] for each in found]


def kms_keys(lab: Lab) -> list[str]:
    """The ARNs of keys that have tags."""
    pages = admin(lab, "resourcegroupstaggingapi").get_paginator("get_resources")
    found = pages.paginate(ResourceTypeFilters=["kms:key"])
    return [each["ResourceARN"] for page in found for each in page["ResourceTagMappingList"]]
