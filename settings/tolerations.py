"""Taints that the registry's pods put up with, as in Kubernetes core/v1."""

from typing import Annotated, Self

from pydantic import model_validator

from settings.form import Form, Maybe, entry
from settings.labels import KEY, VALUES
from settings.refusal import refusal
from settings.types import INT64, OneOf, Whole

RULE = "deployment:toleration"

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


class Toleration(Form):
    """A taint that the pods put up with."""

    key: Maybe[str] = entry("The taint's key; left out, with Exists, all taints are meant.")
    operator: Maybe[Annotated[str, OneOf("Equal", "Exists", rule=RULE)]] = entry(
        "Exists matches any value. Equal unless given."
    )
    value: Maybe[str] = entry("The taint's value, for Equal.")
    effect: Maybe[Annotated[str, OneOf(*EFFECTS, rule=RULE)]] = entry(
        "The taint's effect; left out, all effects are meant."
    )
    toleration_seconds: Maybe[Annotated[int, Whole(-INT64 - 1, INT64)]] = entry(
        "How long a NoExecute taint is put up with; left out, for ever."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        exists = self.operator == "Exists"
        if self.key:
            KEY.check(self.key, ("key",))
        elif not exists:
            raise refusal(RULE, "has no key, which only Exists may leave out", "give one")
        if exists and self.value:
            raise refusal(RULE, "stands beside Exists", "leave it out", ("value",))
        VALUES.check(self.value or "", ("value",))
        if self.toleration_seconds is not None and self.effect != "NoExecute":
            raise refusal(
                RULE,
                "is for the effect NoExecute only",
                "write `effect: NoExecute`, or leave it out",
                ("tolerationSeconds",),
            )
        return self
