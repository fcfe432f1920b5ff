"""What the types of AWS have in common."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lab.clouds.base.kind import Kind
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs, has_unknown

if TYPE_CHECKING:
    from lab.clouds.aws.cloud import Aws

TAG_LIMIT = 50


class AwsKind(Kind):
    """A type of one service."""

    service: ClassVar[str]
    regional: ClassVar[bool] = True

    def __init__(self, aws: "Aws") -> None:
        self.aws = aws

    def client(self, properties: Mapping[str, Any]) -> Any:
        return self.aws.client(self.service, self.region(properties))

    def region(self, properties: Mapping[str, Any]) -> str:
        return properties.get("region") or self.aws.region

    def meaning(self) -> Mapping[str, Any]:
        found = {**self.absent}
        if self.regional:
            found["region"] = self.aws.region
        return found

    def tags_in(self, inputs: Inputs) -> dict[str, str]:
        """All tags of a resource, the provider's among them."""
        return {**self.aws.default_tags, **(inputs.get("tags") or {})}

    def tags_out(self, live: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
        own = known.get("tags") or {}
        mine = {
            key: value
            for key, value in live.items()
            if key in own or self.aws.default_tags.get(key) != value
        }
        return {"tags": mine, "tagsAll": dict(live)}


def retag(
    wanted: Mapping[str, str],
    old: Mapping[str, Any],
    untag: Callable[[list[str]], Any],
    tag: Callable[[Mapping[str, str]], Any],
) -> None:
    """Take off what `old` (the state) has too much, then put on what is wanted."""
    surplus = [key for key in old.get("tagsAll") or {} if key not in wanted]
    if surplus:
        untag(surplus)
    if wanted:
        tag(wanted)


def listed(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in tags.items()]


def mapped(tags: Any, key: str = "Key", value: str = "Value") -> dict[str, str]:
    return {each[key]: each[value] for each in tags or []}


def one_of(inputs: Inputs, values: Any, *path: str | int) -> Iterator[Failure]:
    """The value at `path` has to be one of these, if it is there."""
    found = at(inputs, *path)
    if found is not None and found != UNKNOWN and found not in values:
        yield Failure(path, f"has to be one of {', '.join(map(str, values))}")


def between(inputs: Inputs, low: int, high: int, *path: str | int) -> Iterator[Failure]:
    found = at(inputs, *path)
    if isinstance(found, int) and not low <= found <= high:
        yield Failure(path, f"is {found}, and has to be {low} to {high}")


def matches(inputs: Inputs, pattern: str, words: str, *path: str | int) -> Iterator[Failure]:
    found = at(inputs, *path)
    if isinstance(found, str) and found != UNKNOWN and not re.fullmatch(pattern, found):
        yield Failure(path, words)


def at(value: Any, *path: str | int) -> Any:
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def excluded(inputs: Inputs, first: str, second: str) -> Iterator[Failure]:
    if first in inputs and second in inputs:
        yield Failure((second,), f"conflicts with {first}; give one of them")


def tag_problems(inputs: Inputs) -> Iterator[Failure]:
    """AWS General Reference, "Tag naming limits and requirements"."""
    tags = inputs.get("tags") or {}
    if has_unknown(tags):
        return
    if len(tags) > TAG_LIMIT:
        yield Failure(("tags",), f"are {len(tags)}, and AWS takes {TAG_LIMIT}")
    for key in tags:
        if key.lower().startswith("aws:"):
            yield Failure(("tags", key), "begins with aws:, which is reserved")


def gone(call: Callable[[], Any], *codes: str) -> Any:
    """What the call answers; None if AWS says with one of these codes that there is none."""
    from botocore.exceptions import ClientError

    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in codes:
            return None
        raise
