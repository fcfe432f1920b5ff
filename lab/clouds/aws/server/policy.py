"""Policies, evaluated as IAM does: bucket, key, user and role policies alike.

IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
What can't be evaluated here counts against the caller.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

Statement = Mapping[str, Any]
Values = Mapping[str, str]

KNOWN = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:username",
    "aws:viaawsservice",
    "kms:calleraccount",
    "kms:viaservice",
    "s3:authtype",
    "s3:delimiter",
    "s3:max-keys",
    "s3:prefix",
    "s3:resourceaccount",
    "s3:signatureversion",
    "s3:tlsversion",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-storage-class",
}
"""Condition keys that a request either has or lacks; of any other one nothing is known."""


class Decision(Enum):
    ALLOW = "allow"
    DENY = "deny"
    SILENT = "says nothing"


class Unclear(Exception):
    """A condition that the lab can't evaluate."""


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def like(pattern: str, text: str) -> bool:
    """`*` and `?` as in a policy; brackets mean themselves."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def decide(
    documents: Iterable[Mapping[str, Any]],
    action: str,
    resource: str,
    values: Values,
    principal: str | None = None,
    whose: bool = False,
) -> Decision:
    """What the policies together say. `whose`: they are a resource's, and name principals."""
    found = Decision.SILENT
    for document in documents:
        for statement in listed(document.get("Statement")):
            if not _covers(statement, "Action", action.lower(), lower=True):
                continue
            if not _covers(statement, "Resource", resource):
                continue
            if whose and not _names(statement, principal):
                continue
            denies = statement.get("Effect") == "Deny"
            if not _met(statement.get("Condition") or {}, values, unclear=denies):
                continue
            if denies:
                return Decision.DENY
            found = Decision.ALLOW
    return found


def _covers(statement: Statement, element: str, value: str, lower: bool = False) -> bool:
    inverse = f"Not{element}"
    if element not in statement and inverse not in statement:
        return True  # a trust policy has no Resource
    patterns = listed(statement.get(element, statement.get(inverse)))
    hit = any(like(each.lower() if lower else each, value) for each in patterns)
    return hit if element in statement else not hit


def _names(statement: Statement, principal: str | None) -> bool:
    named = statement.get("Principal", statement.get("NotPrincipal"))
    entries = listed(named) if not isinstance(named, Mapping) else listed(named.get("AWS"))
    account = principal.split(":")[4] if principal else None
    whole = {account, f"arn:aws:iam::{account}:root"} if account else set()
    hit = any(each == "*" or each == principal or each in whole for each in entries)
    return hit if "Principal" in statement else not hit


def _met(conditions: Mapping[str, Any], values: Values, unclear: bool) -> bool:
    known = {name.lower(): value for name, value in values.items()}
    try:
        return all(
            _test(operator, known, name.lower(), [_text(each) for each in listed(wanted)])
            for operator, block in conditions.items()
            for name, wanted in block.items()
        )
    except Unclear:
        return unclear


def _test(operator: str, values: Values, name: str, wanted: list[str]) -> bool:
    if name not in KNOWN:
        raise Unclear(name)
    if operator == "Null":
        return any((name not in values) == (each.lower() == "true") for each in wanted)
    optional = operator.endswith("IfExists")
    operator = operator.removesuffix("IfExists")
    match = OPERATORS.get(operator.replace("Not", "", 1) if "Not" in operator else operator)
    if match is None:
        raise Unclear(operator)
    if name not in values:
        return optional or "Not" in operator
    try:
        hit = any(match(values[name], each) for each in wanted)
    except ValueError:
        raise Unclear(operator) from None
    return hit != ("Not" in operator)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _address(value: str, wanted: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)


OPERATORS = {
    "ArnEquals": lambda value, wanted: like(wanted, value),
    "ArnLike": lambda value, wanted: like(wanted, value),
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "IpAddress": _address,
    "NumericEquals": lambda value, wanted: float(value) == float(wanted),
    "NumericGreaterThan": lambda value, wanted: float(value) > float(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: float(value) >= float(wanted),
    "NumericLessThan": lambda value, wanted: float(value) < float(wanted),
    "NumericLessThanEquals": lambda value, wanted: float(value) <= float(wanted),
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": lambda value, wanted: like(wanted, value),
}
"""`Not` in a name turns it round."""

FIXING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
}
POSITIVE = re.compile(r"(String|Arn|Ip|Numeric|Bool)(?!.*Not)")


def is_public(document: Mapping[str, Any]) -> bool:
    """S3 User Guide, "The meaning of 'public'": everybody allowed, and no fixed value asked of
    the caller."""
    return any(
        statement.get("Effect") == "Allow"
        and _everybody(statement)
        and not any(_fixes(*each) for each in (statement.get("Condition") or {}).items())
        for statement in listed(document.get("Statement"))
    )


def _everybody(statement: Statement) -> bool:
    if "NotPrincipal" in statement:
        return True
    named = statement.get("Principal")
    if isinstance(named, Mapping):
        return any("*" in listed(each) for each in named.values())
    return named == "*"


def _fixes(operator: str, block: Mapping[str, Any]) -> bool:
    return bool(POSITIVE.match(operator)) and any(
        name.lower() in FIXING
        and not any(set("*?") & set(str(each)) or each == "0.0.0.0/0" for each in listed(wanted))
        for name, wanted in block.items()
    )
