"""What S3 says of a lifecycle configuration that is put.

S3 User Guide, "Lifecycle configuration elements" and "Setting lifecycle configuration"; S3 API,
PutBucketLifecycleConfiguration. That a rule needs a Filter, moto sees to.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Rule = Mapping[str, Any]

ACTIONS = {
    "AbortIncompleteMultipartUpload": ("DaysAfterInitiation",),
    "Expiration": ("Days",),
    "NoncurrentVersionExpiration": ("NoncurrentDays",),
    "NoncurrentVersionTransition": ("NoncurrentDays",),
    "Transition": ("Days",),
}
LIMIT = 1000


class Refused(Exception):
    """An error code and S3's words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


SCHEMA = "The XML you provided was not well-formed or did not validate against our published schema"


def check(rules: Sequence[Rule]) -> None:
    if not rules or len(rules) > LIMIT:
        raise Refused("MalformedXML", SCHEMA)
    ids = [rule.get("ID") for rule in rules if rule.get("ID")]
    if len(ids) != len(set(ids)):
        raise Refused(
            "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule"
        )
    for rule in rules:
        _rule(rule)
    _overlaps(rules)


def _rule(rule: Rule) -> None:
    if len(rule.get("ID") or "") > 255:
        raise Refused("InvalidArgument", "ID length should not exceed allowed limit of 255")
    if rule.get("Status") not in {"Enabled", "Disabled"}:
        raise Refused("MalformedXML", SCHEMA)
    if not any(name in rule for name in ACTIONS):
        raise Refused("InvalidRequest", "At least one action needs to be specified in a rule")
    for action, fields in ACTIONS.items():
        for block in _blocks(rule.get(action)):
            for field in fields:
                _days(action, field, block.get(field))
    if "AbortIncompleteMultipartUpload" in rule and _by_tag(rule.get("Filter")):
        raise Refused(
            "InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags"
        )


def _days(action: str, field: str, value: Any) -> None:
    if value is None:
        return
    try:
        number = int(str(value))
    except ValueError:
        raise Refused("MalformedXML", SCHEMA) from None
    lowest = 0 if action in {"Transition", "NoncurrentVersionTransition"} else 1
    if number < lowest:
        kind = "nonnegative" if lowest == 0 else "positive"
        raise Refused("InvalidArgument", f"'{field}' for {action} action must be a {kind} integer")


def _overlaps(rules: Sequence[Rule]) -> None:
    """Two enabled rules that abort uploads under the same prefix are refused."""
    seen: list[str] = []
    for rule in rules:
        if rule.get("Status") != "Enabled" or "AbortIncompleteMultipartUpload" not in rule:
            continue
        prefix = _prefix(rule)
        for other in seen:
            if prefix.startswith(other) or other.startswith(prefix):
                raise Refused(
                    "InvalidRequest",
                    f"Found overlapping prefixes '{other}' and '{prefix}' for same action type "
                    "'AbortIncompleteMultipartUpload'",
                )
        seen.append(prefix)


def _prefix(rule: Rule) -> str:
    filter_ = rule.get("Filter") or {}
    return (
        filter_.get("Prefix")
        or (filter_.get("And") or {}).get("Prefix")
        or rule.get("Prefix")
        or ""
    )


def _by_tag(filter_: Any) -> bool:
    filter_ = filter_ or {}
    return "Tag" in filter_ or "Tag" in (filter_.get("And") or {})


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    return [each or {} for each in (value if isinstance(value, list) else [value])]
