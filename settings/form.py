"""What a section of a stack file is made of: a form with keys, strict and frozen."""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticUndefined

T = TypeVar("T")


class Form(BaseModel):
    """A mapping with known keys, spelled as the API spells them; attributes are snake_case.

    Nothing is coerced. `not_settable` names keys that exist in the API but not here, each
    with the reason as a clause.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        hide_input_in_errors=True,
    )

    not_settable: ClassVar[dict[str, str]] = {}
    instead: ClassVar[dict[str, str]] = {}
    """What to do with some of them, where it is not to leave them out."""

    def plain(self) -> dict[str, Any]:
        """What the user set, as plain values under the API's names; a `Secret` stays one."""
        fields = type(self).model_fields
        return {
            fields[name].alias or name: _plain(getattr(self, name))
            for name in fields
            if name in self.model_fields_set and getattr(self, name) is not None
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Form):
        return value.plain()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return dict(value) if isinstance(value, dict) else value


class _NotNull:
    """None is how a field says that it is absent, and never something to write."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


Maybe = Annotated[T | None, _NotNull()]
"""A key that may be left out; then the attribute is None. `null` in a file is refused."""


def entry(
    meaning: str,
    *,
    default: Any = None,
    example: Any = None,
    since: str | None = None,
    guide: str | None = None,
    **more: Any,
) -> Any:
    """A key of a form: its meaning, the first OpenShift minor that has it (for the version
    gate) and the section of Red Hat's guide (for the reference page).

    `default=...` makes the key required; then `example` is a value that would do. A type is
    called for each default anew.
    """
    if isinstance(default, type):
        default, more["default_factory"] = PydanticUndefined, default
    facts = {name: fact for name, fact in {"since": since, "guide": guide}.items() if fact}
    return Field(
        default,
        description=meaning,
        examples=None if example is None else [example],
        json_schema_extra=facts or None,
        **more,
    )
