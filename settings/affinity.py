"""On which nodes, and near which pods the registry's pods run, as in Kubernetes core/v1.

A `since` that is later than the CRD's is the first OpenShift whose API server does not
drop the field from the Deployment.
"""

from typing import Annotated, Self

from pydantic import model_validator

from settings.form import Form, Maybe, entry
from settings.labels import LabelKey
from settings.refusal import refusal
from settings.selectors import LabelSelector, NodeSelector, NodeSelectorTerm, not_selected
from settings.types import LABEL, Syntax, Whole

RULE = "deployment:affinity"

Namespace = Annotated[
    str,
    Syntax(RULE, LABEL, "name of a namespace", "write lower-case letters, digits and '-'", 63),
]
Weight = Annotated[int, Whole(1, 100, RULE, 32)]


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
                raise refusal(RULE, "stands without a labelSelector", "add labelSelector", (name,))
        if set(match) & set(mismatch):
            raise refusal(
                RULE,
                "has a key that mismatchLabelKeys has too",
                "keep it in one of the two",
                ("matchLabelKeys",),
            )
        not_selected(match, self.label_selector)
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
