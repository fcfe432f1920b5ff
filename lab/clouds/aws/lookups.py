"""Data functions: what is there already."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.clouds.aws.kind import gone
from lab.clouds.base.kind import CloudError
from lab.clouds.base.values import Inputs

if TYPE_CHECKING:
    from lab.clouds.aws.cloud import Aws

NO_ENTITY = ("NoSuchEntity", "NoSuchEntityException")


def bucket(aws: "Aws", given: Inputs) -> dict[str, Any]:
    """internal/service/s3/bucket_data_source.go: HeadBucket, which another region redirects."""
    name, s3 = given["bucket"], aws.client("s3", given.get("region"))
    if gone(lambda: s3.head_bucket(Bucket=name), "NoSuchBucket", "404") is None:
        raise CloudError(f"reading S3 Bucket ({name}): couldn't find resource")
    region = s3.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
    return {
        "arn": f"arn:aws:s3:::{name}",
        "bucket": name,
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "hostedZoneId": "",
        "id": name,
        "region": region,
        "websiteDomain": "",
        "websiteEndpoint": "",
    }


def bucket_policy(aws: "Aws", given: Inputs) -> dict[str, Any]:
    name, s3 = given["bucket"], aws.client("s3", given.get("region"))
    found = gone(lambda: s3.get_bucket_policy(Bucket=name), "NoSuchBucketPolicy", "NoSuchBucket")
    if found is None:
        raise CloudError(f"reading S3 Bucket ({name}) Policy: couldn't find resource")
    return {"bucket": name, "id": name, "policy": found["Policy"], "region": aws.region}


def user(aws: "Aws", given: Inputs) -> dict[str, Any]:
    name, iam = given["userName"], aws.client("iam")
    found = gone(lambda: iam.get_user(UserName=name), *NO_ENTITY)
    if found is None:
        raise CloudError(f"reading IAM User ({name}): couldn't find resource")
    return {
        "arn": found["User"]["Arn"],
        "id": found["User"]["UserId"],
        "path": found["User"]["Path"],
        "permissionsBoundary": "",
        "tags": _tags(iam.list_user_tags(UserName=name)["Tags"]),
        "userId": found["User"]["UserId"],
        "userName": name,
    }


def role(aws: "Aws", given: Inputs) -> dict[str, Any]:
    name, iam = given["name"], aws.client("iam")
    found = gone(lambda: iam.get_role(RoleName=name), *NO_ENTITY)
    if found is None:
        raise CloudError(f"reading IAM Role ({name}): couldn't find resource")
    return {
        "arn": found["Role"]["Arn"],
        "assumeRolePolicy": str(found["Role"]["AssumeRolePolicyDocument"]),
        "createDate": found["Role"]["CreateDate"].isoformat(),
        "description": found["Role"].get("Description", ""),
        "id": name,
        "maxSessionDuration": found["Role"].get("MaxSessionDuration", 3600),
        "name": name,
        "path": found["Role"]["Path"],
        "permissionsBoundary": "",
        "roleLastUseds": [],
        "tags": _tags(iam.list_role_tags(RoleName=name)["Tags"]),
        "uniqueId": found["Role"]["RoleId"],
    }


def access_keys(aws: "Aws", given: Inputs) -> dict[str, Any]:
    name, iam = given["user"], aws.client("iam")
    found = gone(lambda: iam.list_access_keys(UserName=name), *NO_ENTITY)
    if found is None:
        raise CloudError(f"reading IAM Access Keys ({name}): NoSuchEntity")
    keys = [
        {
            "accessKeyId": each["AccessKeyId"],
            "createDate": each["CreateDate"].isoformat(),
            "status": each["Status"],
        }
        for each in found["AccessKeyMetadata"]
    ]
    return {"accessKeys": keys, "id": name, "user": name}


def alias(aws: "Aws", given: Inputs) -> dict[str, Any]:
    name = given["name"]
    pages = aws.client("kms", given.get("region")).get_paginator("list_aliases").paginate()
    for each in (each for page in pages for each in page["Aliases"]):
        if each["AliasName"] == name and each.get("TargetKeyId"):
            arn, target = each["AliasArn"], each["TargetKeyId"]
            return {
                "arn": arn,
                "id": arn,
                "name": name,
                "region": aws.region,
                "targetKeyArn": f"{arn.rpartition(':')[0]}:key/{target}",
                "targetKeyId": target,
            }
    raise CloudError(f"reading KMS Alias ({name}): couldn't find resource")


def key(aws: "Aws", given: Inputs) -> dict[str, Any]:
    """internal/service/kms/key_data_source.go: DescribeKey."""
    name, kms = given["keyId"], aws.client("kms", given.get("region"))
    found = gone(lambda: kms.describe_key(KeyId=name), "NotFoundException")
    if found is None:
        raise CloudError(f"reading KMS Key ({name}): NotFoundException")
    described = found["KeyMetadata"]
    return {
        "arn": described["Arn"],
        "description": described.get("Description", ""),
        "enabled": described["Enabled"],
        "id": described["KeyId"],
        "keyId": name,
        "keyState": described["KeyState"],
        "keyUsage": described.get("KeyUsage") or "ENCRYPT_DECRYPT",
        "region": aws.region,
    }


def resources(aws: "Aws", given: Inputs) -> dict[str, Any]:
    filters = [
        {"Key": each["key"], "Values": each.get("values") or []}
        for each in given.get("tagFilters") or []
    ]
    tagging = aws.client("resourcegroupstaggingapi", given.get("region"))
    pages = tagging.get_paginator("get_resources").paginate(
        TagFilters=filters, ResourceTypeFilters=given.get("resourceTypeFilters") or []
    )
    found = [each for page in pages for each in page["ResourceTagMappingList"]]
    return {
        "id": aws.region,
        "region": aws.region,
        "resourceTagMappingLists": [
            {
                "complianceDetails": [],
                "resourceArn": each["ResourceARN"],
                "tags": _tags(each["Tags"]),
            }
            for each in found
        ],
    }


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in tags}


FUNCTIONS: dict[str, Callable[["Aws", Inputs], dict[str, Any]]] = {
    "aws:iam/getAccessKeys:getAccessKeys": access_keys,
    "aws:iam/getRole:getRole": role,
    "aws:iam/getUser:getUser": user,
    "aws:kms/getAlias:getAlias": alias,
    "aws:kms/getKey:getKey": key,
    "aws:resourcegroupstaggingapi/getResources:getResources": resources,
    "aws:s3/getBucket:getBucket": bucket,
    "aws:s3/getBucketPolicy:getBucketPolicy": bucket_policy,
}
