"""Where the registry's pods may run, as in Kubernetes core/v1.

What the CRD takes and the registry's Deployment would be refused for is refused here
(kubernetes pkg/apis/core/validation). A `since` that is later than the CRD's is the first
OpenShift whose API server does not drop the field from the Deployment.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from settings.form import Form, Maybe, entry
from settings.labels import KEY, VALUES, LabelKey
from settings.refusal import refusal
from settings.selectors import LabelSelector, NodeSelector, NodeSelectorTerm
from settings.types import INT32, INT64, LABEL, OneOf, Syntax, Text, Whole

TOLERATION = "deployment:toleration"
AFFINITY = "deployment:affinity"
SPREAD = "deployment:topology-spread"
LABEL_KEYS = "pod:label-keys"

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")

Namespace = Annotated[
    str,
    Syntax(AFFINITY, LABEL, "name of a namespace", "write lower-case letters, digits and '-'", 63),
]
Weight = Annotated[int, Whole(1, 100, AFFINITY)]
Positive = Annotated[int, Whole(1, INT32, SPREAD)]
NodePolicy = Annotated[str, OneOf("Honor", "Ignore", rule=SPREAD)]


class Toleration(Form):
    """A taint that the pods put up with."""

    key: Maybe[str] = entry("The taint's key; left out, with Exists, all taints are meant.")
    operator: Maybe[Annotated[str, OneOf("Equal", "Exists", rule=TOLERATION)]] = entry(
        "Exists matches any value. Equal unless given."
    )
    value: Maybe[str] = entry("The taint's value, for Equal.")
    effect: Maybe[Annotated[str, OneOf(*EFFECTS, rule=TOLERATION)]] = entry(
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
            raise refusal(TOLERATION, "has no key, which only Exists may leave out", "give one")
        if exists and self.value:
            raise refusal(TOLERATION, "stands beside Exists", "leave it out", ("value",))
        VALUES.check(self.value or "", ("value",))
        if self.toleration_seconds is not None and self.effect != "NoExecute":
            raise refusal(
                TOLERATION,
                "is for the effect NoExecute only",
                "write `effect: NoExecute`, or leave it out",
                ("tolerationSeconds",),
            )
        return self


class PodAffinityTerm(Form):
    """Which pods, and how near."""

    topology_key: LabelKey = entry(
        "The node label that says what near is.", default=..., example="kubernetes.io/hostname"
    )
    label_selector: Maybe[LabelSelector] = entry("Which pods are meant.")
    namespaces: Maybe[list[Namespace]] = entry("Where those pods are.")
    namespace_selector: Maybe[LabelSelector] = entry(
        "Where those pods are, by the namespaces' labels.", since="4.9"
    )
    match_label_keys: Maybe[list[LabelKey]] = entry(
        "Pods with the same values of these labels as the new pod.", since="4.18"
    )
    mismatch_label_keys: Maybe[list[LabelKey]] = entry(
        "Pods with other values of these labels than the new pod.", since="4.18"
    )

    @model_validator(mode="after")
    def _label_keys(self) -> Self:
        match, mismatch = self.match_label_keys or [], self.mismatch_label_keys or []
        for name, keys in (("matchLabelKeys", match), ("mismatchLabelKeys", mismatch)):
            if keys and self.label_selector is None:
                raise refusal(
                    AFFINITY, "stands without a labelSelector", "add labelSelector", (name,)
                )
        if set(match) & set(mismatch):
            raise refusal(
                AFFINITY,
                "has a key that mismatchLabelKeys has too",
                "keep it in one of the two",
                ("matchLabelKeys",),
            )
        _not_selected(match, self.label_selector)
        return self


class WeightedPodAffinityTerm(Form):
    """A term that counts for the choice of a node."""

    weight: Weight = entry("From 1 to 100.", default=..., example=100)
    pod_affinity_term: PodAffinityTerm = entry(
        "The term.", default=..., example={"topologyKey": "kubernetes.io/hostname"}
    )


class PodAffinity(Form):
    """Near to, or away from, other pods."""

    required_during_scheduling_ignored_during_execution: Maybe[list[PodAffinityTerm]] = entry(
        "A node that does not fit is not taken."
    )
    preferred_during_scheduling_ignored_during_execution: Maybe[list[WeightedPodAffinityTerm]] = (
        entry("The node that fits best is taken.")
    )


class PreferredSchedulingTerm(Form):
    """A kind of node that is preferred."""

    weight: Weight = entry("From 1 to 100.", default=..., example=100)
    preference: NodeSelectorTerm = entry("The kind of node.", default=..., example={})


class NodeAffinity(Form):
    """On which nodes."""

    required_during_scheduling_ignored_during_execution: Maybe[NodeSelector] = entry(
        "A node that does not fit is not taken."
    )
    preferred_during_scheduling_ignored_during_execution: Maybe[list[PreferredSchedulingTerm]] = (
        entry("The node that fits best is taken.")
    )


class Affinity(Form):
    """Replaces the operator's default, which keeps two replicas off the same node."""

    node_affinity: Maybe[NodeAffinity] = entry("On which nodes.")
    pod_affinity: Maybe[PodAffinity] = entry("Near which pods.")
    pod_anti_affinity: Maybe[PodAffinity] = entry("Away from which pods.")


class TopologySpreadConstraint(Form):
    """How evenly the pods are spread."""

    max_skew: Positive = entry("By how many pods two places may differ.", default=..., example=1)
    topology_key: Text = entry(
        "The node label that says what a place is.",
        default=...,
        example="topology.kubernetes.io/zone",
    )
    when_unsatisfiable: Annotated[str, OneOf("DoNotSchedule", "ScheduleAnyway", rule=SPREAD)] = (
        entry("What happens when it can't be kept.", default=..., example="DoNotSchedule")
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
                SPREAD,
                "is for whenUnsatisfiable DoNotSchedule only",
                "leave it out",
                ("minDomains",),
            )
        if self.match_label_keys and self.label_selector is None:
            raise refusal(
                SPREAD, "stands without a labelSelector", "add labelSelector", ("matchLabelKeys",)
            )
        _not_selected(self.match_label_keys or [], self.label_selector)
        return self


def _no_twins(constraints: list[TopologySpreadConstraint]) -> list[TopologySpreadConstraint]:
    seen: set[tuple[str, str]] = set()
    for index, each in enumerate(constraints):
        kind = (each.topology_key, each.when_unsatisfiable)
        if kind in seen:
            raise refusal(
                SPREAD,
                "has the topologyKey and whenUnsatisfiable of one before it",
                "keep one of the two",
                (index,),
            )
        seen.add(kind)
    return constraints


TopologySpread = Annotated[list[TopologySpreadConstraint], AfterValidator(_no_twins)]


def _not_selected(keys: list[str], selector: LabelSelector | None) -> None:
    """The pod would be refused, because the API server writes each key into the selector."""
    twice = set(keys) & (selector.keys if selector else set())
    if twice:
        raise refusal(
            LABEL_KEYS,
            f"has keys that labelSelector has too: {', '.join(sorted(twice))}",
            "keep each in one of the two",
            ("matchLabelKeys",),
        )
