"""Selectors of pods and nodes, as in Kubernetes core/v1 and meta/v1.

The CRD takes any text here; what it takes and the registry's Deployment would then be
refused for is refused here (kubernetes pkg/apis/core/validation).
"""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import model_validator

from settings.form import Form, Maybe, entry
from settings.labels import VALUES, LabelKey, Labels, LabelValue
from settings.refusal import refusal
from settings.types import LABEL, OneOf, Syntax

RULE = "deployment:selector"
LABEL_KEYS = "pod:label-keys"

SELECTOR_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
NODE_OPERATORS = (*SELECTOR_OPERATORS, "Gt", "Lt")

NODE_NAME = Syntax(
    RULE,
    rf"{LABEL}(\.{LABEL})*",
    "name of a node",
    "write lower-case letters, digits, '-' and '.' only",
    253,
)


def _count(operator: str, values: Sequence[str] | None) -> None:
    """Refuse a number of values that does not fit the operator."""
    number = len(values or ())
    if operator in ("In", "NotIn") and not number:
        raise refusal(RULE, f"has no values for {operator}", "give at least one", ("values",))
    if operator in ("Exists", "DoesNotExist") and number:
        raise refusal(
            RULE, f"has values, and {operator} takes none", "leave `values` out", ("values",)
        )
    if operator in ("Gt", "Lt") and number != 1:
        raise refusal(RULE, f"has not exactly one value for {operator}", "give one", ("values",))


class LabelRequirement(Form):
    """One condition on labels."""

    key: LabelKey = entry("The label.", default=..., example="docker-registry")
    operator: Annotated[str, OneOf(*SELECTOR_OPERATORS, rule=RULE)] = entry(
        "How the label relates to `values`.", default=..., example="Exists"
    )
    values: Maybe[list[LabelValue]] = entry("For In and NotIn at least one, else none.")

    @model_validator(mode="after")
    def _values(self) -> Self:
        _count(self.operator, self.values)
        return self


class LabelSelector(Form):
    """All conditions must hold; an empty selector matches everything."""

    match_labels: Maybe[Labels] = entry("Labels that must have exactly these values.")
    match_expressions: Maybe[list[LabelRequirement]] = entry("Further conditions.")

    @property
    def keys(self) -> set[str]:
        return {*(self.match_labels or ()), *(each.key for each in self.match_expressions or ())}


class NodeRequirement(Form):
    """One condition on a node's labels."""

    key: LabelKey = entry("The node's label.", default=..., example="kubernetes.io/arch")
    operator: Annotated[str, OneOf(*NODE_OPERATORS, rule=RULE)] = entry(
        "How the label relates to `values`.", default=..., example="Exists"
    )
    values: Maybe[list[str]] = entry("For Gt and Lt one, for In and NotIn at least one.")

    @model_validator(mode="after")
    def _values(self) -> Self:
        _count(self.operator, self.values)
        return self


class NodeFieldRequirement(Form):
    """A condition on a node's fields; `metadata.name` is the only one there is."""

    key: Annotated[str, OneOf("metadata.name", rule=RULE)] = entry(
        "The field.", default=..., example="metadata.name"
    )
    operator: Annotated[str, OneOf("In", "NotIn", rule=RULE)] = entry(
        "How the field relates to `values`.", default=..., example="In"
    )
    values: Maybe[list[Annotated[str, NODE_NAME]]] = entry("Exactly one name of a node.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.values or ()) != 1:
            raise refusal(RULE, "has not exactly one value", "give one", ("values",))
        return self


class NodeSelectorTerm(Form):
    """All conditions must hold."""

    match_expressions: Maybe[list[NodeRequirement]] = entry("Conditions on labels.")
    match_fields: Maybe[list[NodeFieldRequirement]] = entry("Conditions on fields.")


class NodeSelector(Form):
    """One of the terms must hold."""

    node_selector_terms: list[NodeSelectorTerm] = entry(
        "At least one term.", default=..., example=[{}]
    )

    @model_validator(mode="after")
    def _terms(self) -> Self:
        if not self.node_selector_terms:
            raise refusal(
                RULE, "has no term", "give one, or leave the key out", ("nodeSelectorTerms",)
            )
        # Kubernetes asks for well-formed values where a match is required, and only there.
        for index, term in enumerate(self.node_selector_terms):
            for place, each in enumerate(term.match_expressions or ()):
                for position, value in enumerate(each.values or ()):
                    path = ("nodeSelectorTerms", index, "matchExpressions", place, "values")
                    VALUES.check(value, (*path, position))
        return self


def not_selected(keys: list[str], selector: LabelSelector | None) -> None:
    """The pod would be refused, because the API server writes each key into the selector."""
    twice = set(keys) & (selector.keys if selector else set())
    if twice:
        raise refusal(
            LABEL_KEYS,
            f"has keys that labelSelector has too: {', '.join(sorted(twice))}",
            "keep each in one of the two",
            ("matchLabelKeys",),
        )
