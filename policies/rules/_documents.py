"""Policy documents of AWS: statements, and what they are about.

A document is JSON text, or a map where a program gave one and its plugin has not written it yet.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from declare import Resource

from ._objects import entries, mapping, text

# By these a statement that names everybody is still about somebody in particular (Amazon S3 User
# Guide, The meaning of "public"; AWS KMS Developer Guide, kms:CallerAccount).
NARROWING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)


@dataclass(frozen=True)
class Condition:
    """One line of a statement's conditions; operator and key in lower case, which AWS ignores."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    number: int
    """Its place in the document, from one: what a message may say of it."""
    body: Any

    def __str__(self) -> str:
        return f"statement {self.number}"

    @property
    def allows(self) -> bool:
        return text(self.body, "Effect") == "Allow"

    @property
    def denies(self) -> bool:
        return text(self.body, "Effect") == "Deny"

    def words(self, key: str) -> list[str]:
        """The strings of an element, which may also be one string."""
        one = text(self.body, key)
        return [one] if one is not None else _strings(entries(self.body, key))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(
            Condition(operator.lower(), key.lower(), tuple(_values(lines, key)))
            for operator, lines in mapping(self.body, "Condition").items()
            if isinstance(operator, str) and isinstance(lines, Mapping)
            for key in lines
        )

    @property
    def principals(self) -> dict[str, list[str]]:
        """Kind (AWS, Federated, Service, CanonicalUser) -> who; a lone star is everybody."""
        if text(self.body, "Principal") == "*":
            return {"AWS": ["*"]}
        return {kind: _values(mapping(self.body, "Principal"), kind) for kind in self._kinds()}

    def _kinds(self) -> list[str]:
        return list(mapping(self.body, "Principal"))

    @property
    def is_for_everybody(self) -> bool:
        if self.words("NotPrincipal") or mapping(self.body, "NotPrincipal"):
            return self.allows
        return any("*" in who for who in self.principals.values())

    @property
    def is_narrowed(self) -> bool:
        """Whether a condition leaves less than everybody."""
        return any(
            each.key in NARROWING
            and each.values
            and not each.operator.endswith("ifexists")
            and not {"*", "0.0.0.0/0", "::/0"} & set(each.values)
            and not re.search("not|null", each.operator)
            for each in self.conditions
        )

    def covers_action(self, action: str) -> bool:
        if unwanted := self.words("NotAction"):
            return not any(matches(each, action) for each in unwanted)
        return any(matches(each, action) for each in self.words("Action"))

    def covers_resource(self, arn: str) -> bool:
        """Whether it is about this; a star as its partition stands for any."""
        if unwanted := self.words("NotResource"):
            return not any(_covers(each, arn) for each in unwanted)
        return any(_covers(each, arn) for each in self.words("Resource"))


def statements(resource: Resource, key: str = "policy") -> list[Statement]:
    """Of the document in a property; none where it is no document, which AWS refuses itself."""
    document = resource.props.get(key)
    if isinstance(document, str):
        document = _parsed(document)
    found = mapping(document).get("Statement")
    listed = [found] if isinstance(found, Mapping) else entries(document, "Statement")
    return [
        Statement(number, each)
        for number, each in enumerate(listed, start=1)
        if isinstance(each, Mapping)
    ]


def matches(pattern: str, value: str) -> bool:
    """With * and ?; the names of actions have no case."""
    parts = {"*": ".*", "?": "."}
    translated = "".join(parts.get(each) or re.escape(each) for each in pattern)
    return re.fullmatch(translated, value, re.IGNORECASE | re.DOTALL) is not None


def bucket_arn(name: str) -> str:
    return f"arn:*:s3:::{name}"


def object_arn(name: str) -> str:
    """What stands for every image: a path of the registry's."""
    return f"arn:*:s3:::{name}/docker/registry/v2/blobs/x"


def _covers(pattern: str, arn: str) -> bool:
    if pattern == "*":
        return True
    return matches(re.sub(r"^arn:[a-z-]+:", "arn:*:", pattern), arn)


def _values(lines: Mapping[str, Any], key: str) -> list[str]:
    value = lines[key]
    if isinstance(value, bool | str):
        return [_text(value)]
    return _strings(entries(lines, key))


def _strings(values: list[Any]) -> list[str]:
    return [_text(each) for each in values if isinstance(each, bool | str)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _parsed(document: str) -> Any:
    try:
        return json.loads(document)
    except ValueError:
        return None


def granting(found: list[Statement]) -> Iterator[Statement]:
    return (each for each in found if each.allows)
