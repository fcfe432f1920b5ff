"""Lifecycle rules, as the SDK and as S3 write them."""

from collections.abc import Iterator
from typing import Any

from lab.clouds.aws.kind import at, between, one_of
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs, has_unknown

NAMES = {
    "abortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
    "and": "And",
    "date": "Date",
    "days": "Days",
    "daysAfterInitiation": "DaysAfterInitiation",
    "expiration": "Expiration",
    "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
    "filter": "Filter",
    "id": "ID",
    "key": "Key",
    "newerNoncurrentVersions": "NewerNoncurrentVersions",
    "noncurrentDays": "NoncurrentDays",
    "noncurrentVersionExpiration": "NoncurrentVersionExpiration",
    "noncurrentVersionTransitions": "NoncurrentVersionTransitions",
    "objectSizeGreaterThan": "ObjectSizeGreaterThan",
    "objectSizeLessThan": "ObjectSizeLessThan",
    "prefix": "Prefix",
    "status": "Status",
    "storageClass": "StorageClass",
    "tag": "Tag",
    "tags": "Tags",
    "transitions": "Transitions",
    "value": "Value",
}
BACK = {api: name for name, api in NAMES.items()}
LONGEST = 2**31 - 1
DAYS = (
    ("abortIncompleteMultipartUpload", "daysAfterInitiation"),
    ("expiration", "days"),
    ("noncurrentVersionExpiration", "noncurrentDays"),
)
ACTIONS = (
    "abortIncompleteMultipartUpload",
    "expiration",
    "noncurrentVersionExpiration",
    "noncurrentVersionTransitions",
    "transitions",
)


class Rules:
    def problems(self, inputs: Inputs) -> Iterator[Failure]:
        """What terraform-provider-aws refuses at plan (bucket_lifecycle_configuration.go)."""
        rules = inputs.get("rules")
        if not isinstance(rules, list):
            if rules is None:
                yield Failure(("rules",), "are missing; a configuration has at least one")
            return
        if not rules:
            yield Failure(("rules",), "are none; a configuration has at least one")
        for index, rule in enumerate(rules):
            if isinstance(rule, dict):
                yield from self._rule(inputs, index, rule)

    def to_api(self, rule: Inputs) -> dict[str, Any]:
        made = _renamed(rule, NAMES)
        if "Filter" in made and not made["Filter"]:
            made["Filter"] = {"Prefix": ""}  # the plugin's own way of saying "all objects"
        both = (made.get("Filter") or {}).get("And")
        if both and "Tags" in both:
            both["Tags"] = [{"Key": key, "Value": each} for key, each in both["Tags"].items()]
        return made

    def from_api(self, rule: dict[str, Any]) -> Inputs:
        both = (rule.get("Filter") or {}).get("And")
        if both and "Tags" in both:
            tags = {each["Key"]: each["Value"] for each in both["Tags"]}
            rule = {**rule, "Filter": {"And": {**both, "Tags": tags}}}
        made = _renamed(rule, BACK)
        expiration = made.get("expiration")
        if expiration and hasattr(expiration.get("date"), "isoformat"):
            expiration["date"] = f"{expiration['date']:%Y-%m-%dT%H:%M:%SZ}"
        return made

    @staticmethod
    def _rule(inputs: Inputs, index: int, rule: Inputs) -> Iterator[Failure]:
        here = ("rules", index)
        yield from one_of(inputs, ("Enabled", "Disabled"), *here, "status")
        for action, field in DAYS:
            yield from between(inputs, 1, LONGEST, *here, action, field)
        name = rule.get("id")
        if isinstance(name, str) and not 1 <= len(name) <= 255:
            yield Failure((*here, "id"), "has to have 1 to 255 characters")
        if not has_unknown(rule) and not any(rule.get(each) for each in ACTIONS):
            yield Failure(here, f"has no action; one of {', '.join(ACTIONS)} is needed")
        filter_ = at(rule, "filter")
        if isinstance(filter_, dict) and len(filter_) > 1:
            yield Failure((*here, "filter"), "takes one condition; several go into `and`")
        if "filter" in rule and "prefix" in rule:
            yield Failure((*here, "prefix"), "conflicts with filter; use filter.prefix")
        if "filter" not in rule and "prefix" not in rule:
            # "Invalid Attribute Combination": one of rules[*].filter and prefix is wanted; the
            # plugin warns today and says that it will be an error.
            yield Failure((*here, "filter"), "is missing; {} is a rule for all objects")


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(each, names) for key, each in value.items()}
    return [_renamed(each, names) for each in value] if isinstance(value, list) else value


LIFECYCLE = Rules()
