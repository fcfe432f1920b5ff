"""YAML as Pulumi reads it.

Pulumi reads stack files with gopkg.in/yaml.v3, PyYAML speaks YAML 1.1: `yes` is a text for
the one and true for the other, `1e3` a number for the one and text for the other. A check
that read other values than the program gets would be worth little, so plain scalars are
resolved here by the rules of yaml.v3 (resolve.go).
"""

from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from settings.yaml_scalars import FIRST, FLOAT, INT, MAP, MERGE, SEQ, STR, plain

MOST_NODES = 100_000
DEEPEST = 100


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
        return plain(value or "")[0]

    def descend_resolver(self, parent: Any, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class PureComposer(
    yaml.reader.Reader,
    yaml.scanner.Scanner,
    yaml.parser.Parser,
    yaml.composer.Composer,
    _Resolver,
):
    """Where PyYAML was built without libyaml: slower, and with other words for what is wrong."""

    def __init__(self, text: str):
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)
        yaml.composer.Composer.__init__(self)


if yaml.__with_libyaml__:

    class FastComposer(yaml.cyaml.CParser, _Resolver):  # type: ignore[misc]
        def __init__(self, text: str):
            yaml.cyaml.CParser.__init__(self, text)

else:
    FastComposer = PureComposer  # type: ignore[misc,assignment]


def compose(text: str, composer_type: type = FastComposer) -> Node | None:
    """The one document of `text` as nodes with line numbers; None if it is empty.

    Raises `YamlError`.
    """
    composer = None
    try:
        composer = composer_type(text)
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
                out = {**self._value(base, depth), **out}
        return out


def _scalar(tag: str, text: str, line: int) -> Any:
    found, value = plain(text)
    if found == tag:
        return value
    if tag == FLOAT and found == INT:
        return float(value)
    raise YamlError(f"the tag {tag!r} does not fit here", line)
