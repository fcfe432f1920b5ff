"""Each thing a backend needs is made here, taken over, or only referred to."""

from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from settings.form import Form
from settings.refusal import refusal

Mode = Literal["create", "adopt", "use"]


class ExactlyOne(Form):
    """A form of which exactly one key is given; `chosen` is its value.

    Subclasses declare the keys, as in `create: Maybe[...]`. The forms behind them say in a
    class variable `mode` which one they are.
    """

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    one_of: ClassVar[str] = "of its keys"

    @model_validator(mode="before")
    @classmethod
    def _not_several(cls, value: Any) -> Any:
        """Said before what is wrong in one of them, which may be the one that goes."""
        given = [key for key in cls._keys() if isinstance(value, dict) and key in value]
        if len(given) > 1:
            raise cls._not_one(" and ".join(sorted(given)))
        return value

    @model_validator(mode="after")
    def _not_none(self) -> Self:
        if not self.model_fields_set:
            raise self._not_one("none")
        return self

    @classmethod
    def _not_one(cls, has: str) -> PydanticCustomError:
        return refusal(
            "exactly-one",
            f"takes exactly one {cls.one_of}, and has {has}",
            f"write one of {', '.join(cls._keys())}",
        )

    @classmethod
    def _keys(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]

    @property
    def chosen(self) -> Any:
        return getattr(self, next(iter(self.model_fields_set)))


def chosen(choice: ExactlyOne) -> Any:
    """For use as the last validator of a field: who reads the settings needs no `create.`."""
    return choice.chosen
