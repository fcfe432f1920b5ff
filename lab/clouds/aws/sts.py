"""Data functions: who is asking, and where."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.clouds.base.values import Inputs

if TYPE_CHECKING:
    from lab.clouds.aws.cloud import Aws


def caller_identity(aws: "Aws", given: Inputs) -> dict[str, Any]:
    found = aws.client("sts").get_caller_identity()
    account = found["Account"]
    return {"accountId": account, "arn": found["Arn"], "id": account, "userId": found["UserId"]}


def region(aws: "Aws", given: Inputs) -> dict[str, Any]:
    name = given.get("region") or aws.region
    return {
        "description": name,
        "endpoint": f"ec2.{name}.amazonaws.com",
        "id": name,
        "name": name,
        "region": name,
    }


def partition(aws: "Aws", given: Inputs) -> dict[str, Any]:
    return {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }


FUNCTIONS: dict[str, Callable[["Aws", Inputs], dict[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": caller_identity,
    "aws:index/getPartition:getPartition": partition,
    "aws:index/getRegion:getRegion": region,
}
