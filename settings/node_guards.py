"""Is there a node that the registry's pods may run on?"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings import StackSettings
from settings.contradiction import contradiction, flow
from settings.facts import LiveFacts, NodeFacts
from settings.problems import Finding
from settings.tolerations import Toleration

HOSTNAME = "kubernetes.io/hostname"
PASSING = "node.kubernetes.io/"
"""Taints of nodes that are being upgraded, cordoned or not ready just now."""


def nodes(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Without one the pods stay Pending, and the operator goes Degraded.

    Node affinity is not looked at: it may prefer what it does not require.
    """
    registry = settings.registry
    unwanted = registry.management_state != "Managed" or settings.effective_replicas == 0
    if facts.nodes is None or unwanted:
        return
    selector, hosts = registry.node_selector or {}, _hosts(settings)
    labelled = [each for each in facts.nodes if selector.items() <= each.labels.items()]
    near = [each for each in labelled if hosts is None or each.labels.get(HOSTNAME) in hosts]
    if labelled and not near:
        yield contradiction(
            f"storage.volume.{settings.storage.volume.mode}.nodes",
            hosts,
            "no node that the registry may run on has this "
            f"{HOSTNAME}, and the volume is nowhere else",
            f"write one that is there, e.g. {_some(labelled)}",
            "no-node",
        )
        return
    if not near:
        yield contradiction(
            "registry.nodeSelector",
            selector,
            "no node of the cluster has these labels, so the registry's pods would stay Pending",
            "label the nodes first (`oc label node`), or write what they have",
            "no-node",
        )
        return
    tolerations = registry.tolerations or []
    fit = {each.labels.get(HOSTNAME) for each in near if _tolerated(each, tolerations)}
    if len(fit) == 1 and settings.effective_replicas == 2 and registry.affinity is None:
        yield _one_node(next(iter(fit)) or "one node")
    if not fit:
        taints = {flow(taint) for each in near for taint in each.taints}
        yield contradiction(
            "registry.tolerations",
            [each.plain() for each in registry.tolerations or []],
            f"every node that the registry may run on has a taint that is not tolerated, of "
            f"{', '.join(sorted(taints))}, so its pods would stay Pending",
            "tolerate it, or select other nodes",
            "no-node",
        )


def one_node(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """The same of a cluster that has only one node at all."""
    managed = settings.registry.management_state == "Managed"
    two = settings.effective_replicas == 2 and settings.registry.affinity is None
    if facts.single_node and managed and two:
        yield _one_node("the cluster's only node")


def _some(found: list[NodeFacts]) -> str:
    names = sorted(filter(None, (each.labels.get(HOSTNAME) for each in found)))
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _one_node(name: str) -> Finding:
    return contradiction(
        "registry.replicas",
        2,
        f"both pods would have to run on {name}, and the operator asks for two: with two replicas "
        "it sets a podAntiAffinity by host name (pkg/resource/podtemplatespec.go)",
        "write replicas: 1, or an affinity of your own, or let more nodes have the labels",
        "second-node",
    )


def _hosts(settings: StackSettings) -> list[str] | None:
    """Where a local volume is."""
    storage = settings.storage
    volume = storage.volume if storage is not None and storage.kind == "claim" else None
    return getattr(volume, "nodes", None)


def _tolerated(node: NodeFacts, tolerations: list[Toleration]) -> bool:
    lasting = [each for each in node.taints if not each["key"].startswith(PASSING)]
    return all(any(_tolerates(each, taint) for each in tolerations) for taint in lasting)


def _tolerates(toleration: Toleration, taint: Mapping[str, Any]) -> bool:
    """As the scheduler matches them (k8s.io/api core/v1, ToleratesTaint)."""
    if toleration.effect not in (None, taint["effect"]):
        return False
    if toleration.key and toleration.key != taint["key"]:
        return False
    return toleration.operator == "Exists" or (toleration.value or "") == (taint.get("value") or "")
