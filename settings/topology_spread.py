"""How the registry's pods are spread, as in Kubernetes core/v1.

A `since` that is later than the CRD's is the first OpenShift whose API server does not
drop the field from the Deployment.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from settings.form import Form, Maybe, entry
from settings.labels import LabelKey
from settings.refusal import refusal
from settings.selectors import LabelSelector, not_selected
from settings.types import INT32, OneOf, Text, Whole

RULE = "deployment:topology-spread"

Positive = Annotated[int, Whole(1, INT32, RULE, 32)]
NodePolicy = Annotated[str, OneOf("Honor", "Ignore", rule=RULE)]


class TopologySpreadConstraint(Form):
    """How evenly the pods are spread."""

    max_skew: Positive = entry("By how many pods two places may differ.", default=..., example=1)
    topology_key: Text = entry(
        "The node label that says what a place is.",
        default=...,
        example="topology.kubernetes.io/zone",
    )
    when_unsatisfiable: Annotated[str, OneOf("DoNotSchedule", "ScheduleAnyway", rule=RULE)] = entry(
        "What happens when it can't be kept.", default=..., example="DoNotSchedule"
    )
    label_selector: Maybe[LabelSelector] = entry("Which pods are counted.")
    min_domains: Maybe[Positive] = entry(
        "Fewer places than this count as empty ones; for DoNotSchedule.", since="4.14"
    )
    node_affinity_policy: Maybe[NodePolicy] = entry(
        "Honor (default) counts the nodes that nodeSelector and nodeAffinity allow.", since="4.13"
    )
    node_taints_policy: Maybe[NodePolicy] = entry(
        "Honor counts the nodes whose taints are tolerated; Ignore is the default.", since="4.13"
    )
    match_label_keys: Maybe[list[LabelKey]] = entry(
        "Pods with the same values of these labels as the new pod are counted.", since="4.14"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.min_domains is not None and self.when_unsatisfiable != "DoNotSchedule":
            raise refusal(
                RULE,
                "is for whenUnsatisfiable DoNotSchedule only",
                "leave it out",
                ("minDomains",),
            )
        if self.match_label_keys and self.label_selector is None:
            raise refusal(
                RULE, "stands without a labelSelector", "add labelSelector", ("matchLabelKeys",)
            )
        not_selected(self.match_label_keys or [], self.label_selector)
        return self


def _no_twins(constraints: list[TopologySpreadConstraint]) -> list[TopologySpreadConstraint]:
    seen: set[tuple[str, str]] = set()
    for index, each in enumerate(constraints):
        kind = (each.topology_key, each.when_unsatisfiable)
        if kind in seen:
            raise refusal(
                RULE,
                "has the topologyKey and whenUnsatisfiable of one before it",
                "keep one of the two",
                (index,),
            )
        seen.add(kind)
    return constraints


TopologySpread = Annotated[list[TopologySpreadConstraint], AfterValidator(_no_twins)]
