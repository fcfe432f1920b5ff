"""YAML as Pulumi reads it.

Pulumi reads stack files with gopkg.in/yaml.v3, PyYAML speaks YAML 1.1: `yes` is a text for
the one and true for the other, `1e3` a number for the one and text for the other. A check
that read other values than the program gets would be worth little, so plain scalars are
resolved here by the rules of yaml.v3 (resolve.go).
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MOST_NODES = 100_000
DEEPEST = 100

TAG = "tag:yaml.org,2002:"
STR, INT, FLOAT, BOOL, NULL = (f"{TAG}{each}" for each in ("str", "int", "float", "bool", "null"))
TIME, MAP, SEQ, MERGE = (f"{TAG}{each}" for each in ("timestamp", "map", "seq", "merge"))

WORDS: dict[str, tuple[str, Any]] = {
    **{word: (BOOL, True) for word in ("true", "True", "TRUE")},
    **{word: (BOOL, False) for word in ("false", "False", "FALSE")},
    **{word: (NULL, None) for word in ("", "~", "null", "Null", "NULL")},
    **{word: (FLOAT, float("nan")) for word in (".nan", ".NaN", ".NAN")},
    **{
        f"{sign}{word}": (FLOAT, float("inf"))
        for sign in ("", "+")
        for word in (".inf", ".Inf", ".INF")
    },
    **{word: (FLOAT, float("-inf")) for word in ("-.inf", "-.Inf", "-.INF")},
    "<<": (MERGE, "<<"),
}
FIRST = frozenset("+-.0123456789tTfFnN~<")
"""How a plain scalar that is not text can begin."""
INTEGER = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[+-]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][+-]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)?")


@dataclass(frozen=True)
class Date:
    """A plain scalar that Pulumi reads as a point in time, and hands on in another spelling."""

    text: str

    def __repr__(self) -> str:
        return self.text


class YamlError(Exception):
    """The text can't be read. `line` counts from 1."""

    def __init__(self, message: str, line: int | None):
        super().__init__(message)
        self.line = line


class _Resolver:
    """What a PyYAML composer asks about each node."""

    def resolve(self, kind: type[Node], value: str | None, implicit: Any) -> str:
        if kind is not ScalarNode:
            return MAP if kind is MappingNode else SEQ
        if not implicit[0] or (value and value[0] not in FIRST):
            return STR
        return _plain(value or "")[0]

    def descend_resolver(self, parent: Any, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


if yaml.__with_libyaml__:

    class _Composer(yaml.cyaml.CParser, _Resolver):  # type: ignore[misc]
        def __init__(self, text: str):
            yaml.cyaml.CParser.__init__(self, text)

else:

    class _Composer(  # type: ignore[no-redef]
        yaml.reader.Reader,
        yaml.scanner.Scanner,
        yaml.parser.Parser,
        yaml.composer.Composer,
        _Resolver,
    ):
        def __init__(self, text: str):
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)


def compose(text: str) -> Node | None:
    """The one document of `text` as nodes with line numbers; None if it is empty.

    Raises `YamlError`.
    """
    composer = None
    try:
        composer = _Composer(text)
        return composer.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(error.problem or str(error), mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0], None) from None
    except RecursionError:
        raise YamlError("it is nested too deeply", None) from None
    finally:
        if composer is not None:
            composer.dispose()


class Reading:
    """The plain values of a document. `twice` are keys that stand in their mapping twice."""

    def __init__(self, node: Node | None):
        self.twice: list[tuple[str, int]] = []
        self._nodes = 0
        self.value = None if node is None else self._value(node, 0)

    def _value(self, node: Node, depth: int) -> Any:
        if isinstance(node, ScalarNode):
            tag, text = node.tag, node.value
            return text if tag == STR else _scalar(tag, text, node.start_mark.line + 1)
        # Counted as they are used, so that aliases of aliases don't grow without end.
        self._nodes += len(node.value)
        if self._nodes > MOST_NODES or depth > DEEPEST:
            raise YamlError("it is too large or nested too deeply", node.start_mark.line + 1)
        if node.tag == MAP:
            return self._mapping(node, depth + 1)
        if node.tag == SEQ:
            return [self._value(each, depth + 1) for each in node.value]
        raise YamlError(f"the tag {node.tag!r} is not known", node.start_mark.line + 1)

    def _mapping(self, node: MappingNode, depth: int) -> dict[Any, Any]:
        out: dict[Any, Any] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                merged.append(value_node)
                continue
            name = self._value(key_node, depth)
            if isinstance(name, dict | list):
                raise YamlError("a key must be plain text", key_node.start_mark.line + 1)
            if name in out:
                self.twice.append((str(name), key_node.start_mark.line + 1))
            out[name] = self._value(value_node, depth)
        for each in merged:
            for base in each.value if isinstance(each, SequenceNode) else [each]:
                if not isinstance(base, MappingNode):
                    raise YamlError("`<<` takes a mapping", base.start_mark.line + 1)
                out = {**self._mapping(base, depth), **out}
        return out


@lru_cache(maxsize=4096)
def _plain(text: str) -> tuple[str, Any]:
    """The tag and value of a plain scalar."""
    if text in WORDS:
        return WORDS[text]
    if DATE.fullmatch(text) and _exists(text):
        return TIME, Date(text)
    digits = text.replace("_", "") if text[0] != "." else text
    if INTEGER.fullmatch(digits):
        number = _integer(digits)
        if -(2**63) <= number < 2**64:
            return INT, number
    if DECIMAL.fullmatch(digits) and isfinite(float(digits)):
        return FLOAT, float(digits)
    return STR, text


def _exists(day: str) -> bool:
    try:
        date(*(int(each) for each in re.findall("[0-9]+", day)[:3]))
    except ValueError:
        return False
    return True


def _integer(digits: str) -> int:
    sign, rest = (-1, digits[1:]) if digits[0] == "-" else (1, digits.lstrip("+"))
    old_octal = len(rest) > 1 and rest[0] == "0" and rest[1].isdigit()
    return sign * (int(rest, 8) if old_octal else int(rest, 0))


def _scalar(tag: str, text: str, line: int) -> Any:
    found, value = _plain(text)
    if found == tag:
        return value
    if tag == FLOAT and found == INT:
        return float(value)
    raise YamlError(f"the tag {tag!r} does not fit here", line)
