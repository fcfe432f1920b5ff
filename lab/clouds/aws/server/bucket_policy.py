"""What S3 says of a bucket policy that is put: well formed, about this bucket, not public.

S3 User Guide, "Bucket policies" and "Blocking public access"; S3 API, "Error responses":
MalformedPolicy.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lab.clouds.aws.server.policy import is_public, like, listed

LIMIT = 20 * 1024
"""Bytes of a bucket policy (S3 User Guide, "Policies and permissions in Amazon S3")."""

TOP = {"Version", "Id", "Statement"}
ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
ON_BUCKETS = re.compile(r"s3:(ListBucket|CreateBucket|DeleteBucket|HeadBucket|.*Bucket[A-Z]).*")
ON_OBJECTS = re.compile(
    r"s3:(Get|Put|Delete|Restore|Replicate)Object.*|s3:AbortMultipartUpload"
    r"|s3:ListMultipartUploadParts"
)
OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals(IgnoreCase)?|Like)|Arn(Not)?(Equals|Like)|Bool|BinaryEquals"
    r"|(Numeric|Date)(Not)?Equals|(Numeric|Date)(Less|Greater)Than(Equals)?|(Not)?IpAddress)"
    r"(IfExists)?|Null"
)
"""IAM User Guide, "IAM JSON policy elements: Condition operators"."""

PRINCIPAL = re.compile(r"arn:aws:(iam|sts)::(\d{12}):(root|user/.+|role/.+|assumed-role/.+)")


class Malformed(Exception):
    """MalformedPolicy, with S3's words."""


def check(text: bytes, bucket: str, exists: Callable[[str], bool]) -> Mapping[str, Any]:
    """The document, or Malformed. `exists` knows the ARNs of this account's users and roles."""
    if len(text) > LIMIT:
        raise Malformed("Policies must not exceed 20480 bytes")
    try:
        document = json.loads(text)
    except ValueError:
        raise Malformed("Policies must be valid JSON and the first byte must be '{'") from None
    if not isinstance(document, dict):
        raise Malformed("Policies must be valid JSON and the first byte must be '{'")
    for unknown in document.keys() - TOP:
        raise Malformed(f"Unknown field {unknown}")
    if document.get("Version", "2008-10-17") not in {"2008-10-17", "2012-10-17"}:
        raise Malformed("The policy must contain a valid version string")
    statements = listed(document.get("Statement"))
    if not statements:
        raise Malformed("Missing required field Statement")
    for statement in statements:
        _statement(statement, bucket, exists)
    return document


def refuses_public(document: Mapping[str, Any], block: Any) -> bool:
    """BlockPublicPolicy: "reject calls to PUT Bucket policy if the policy allows public access"."""
    return bool(block and block.block_public_policy and is_public(document))


def _statement(statement: Any, bucket: str, exists: Callable[[str], bool]) -> None:
    if not isinstance(statement, dict):
        raise Malformed("Statement must be an object")
    for unknown in statement.keys() - ELEMENTS:
        raise Malformed(f"Unknown field {unknown}")
    if statement.get("Effect") not in {"Allow", "Deny"}:
        raise Malformed(f"Invalid effect : {statement.get('Effect')}")
    for element in ("Principal", "Action", "Resource"):
        if (element in statement) == (f"Not{element}" in statement):
            raise Malformed(f"Missing required field {element}")
    _principals(statement.get("Principal", statement.get("NotPrincipal")), exists)
    actions = listed(statement.get("Action", statement.get("NotAction")))
    if not actions or not all(
        isinstance(each, str) and (each == "*" or re.fullmatch(r"s3:[A-Za-z*?]+", each))
        for each in actions
    ):
        raise Malformed("Policy has invalid action")
    resources = listed(statement.get("Resource", statement.get("NotResource")))
    mine = f"arn:aws:s3:::{bucket}"
    if not resources or not all(_about(each, mine) for each in resources):
        raise Malformed("Policy has invalid resource")
    if "Action" in statement and "Resource" in statement:
        _applies(actions, resources, mine)
    _condition(statement.get("Condition", {}))


def _about(resource: Any, mine: str) -> bool:
    if not isinstance(resource, str) or not resource.startswith("arn:aws:s3:::"):
        return False
    return like(resource.partition("/")[0], mine) or resource == "arn:aws:s3:::*"


def _applies(actions: list[str], resources: list[str], mine: str) -> None:
    buckets = any("/" not in each or "*" in each.partition("/")[0] for each in resources)
    objects = any("/" in each or each.endswith("*") for each in resources)
    for action in actions:
        wild = set("*?") & set(action)
        on_object, on_bucket = ON_OBJECTS.fullmatch(action), ON_BUCKETS.fullmatch(action)
        if not wild and ((on_object and not objects) or (on_bucket and not buckets)):
            raise Malformed("Action does not apply to any resource(s) in statement")


def _principals(named: Any, exists: Callable[[str], bool]) -> None:
    if named == "*":
        return
    if not isinstance(named, dict) or not named:
        raise Malformed("Invalid policy syntax.")
    for kind, entries in named.items():
        if kind not in {"AWS", "Service", "Federated", "CanonicalUser"}:
            raise Malformed("Invalid principal in policy")
        for each in listed(entries):
            if kind != "AWS" or each == "*" or re.fullmatch(r"\d{12}", str(each)):
                continue
            # Nobody of another account is known here, so nobody of one is refused.
            if not PRINCIPAL.fullmatch(str(each)) or not exists(str(each)):
                raise Malformed("Invalid principal in policy")


def _condition(conditions: Any) -> None:
    if not isinstance(conditions, dict) or not all(
        isinstance(block, dict) and block for block in conditions.values()
    ):
        raise Malformed("Invalid condition syntax")
    for operator in conditions:
        if not OPERATOR.fullmatch(operator):
            raise Malformed(f"Invalid Condition type : {operator}")
