"""Each thing a backend needs is made here, taken over, or only referred to."""

from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, model_validator

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

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = sorted(self.model_fields_set)
        if len(given) != 1:
            names = [field.alias or name for name, field in type(self).model_fields.items()]
            fields = type(self).model_fields
            has = " and ".join(fields[name].alias or name for name in given) or "none"
            raise refusal(
                "exactly-one",
                f"takes exactly one {self.one_of}, and has {has}",
                f"write one of {', '.join(names)}",
            )
        return self

    @property
    def chosen(self) -> Any:
        return getattr(self, next(iter(self.model_fields_set)))


def chosen(choice: ExactlyOne) -> Any:
    """For use as the last validator of a field: who reads the settings needs no `create.`."""
    return choice.chosen
