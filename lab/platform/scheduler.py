"""Which nodes a pod may run on, and which node a waiting claim is made for."""

from collections.abc import Iterable, Sequence

from lab.kinds import Object
from lab.platform.affinity import matches
from lab.platform.volumes import SELECTED_NODE
from lab.pods import claims as claims_of


def fitting(pod: Object, nodes: Iterable[Object]) -> list[Object]:
    """Nodes that have what the pod selects and requires, and no taint that it can't tolerate."""
    selector = (pod.get("nodeSelector") or {}).items()
    affinity = (pod.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    tolerations = pod.get("tolerations") or []
    return [
        node
        for node in nodes
        if selector <= node["metadata"].get("labels", {}).items()
        and matches(node, required)
        and all(
            any(_tolerates(each, taint) for each in tolerations)
            for taint in node.get("spec", {}).get("taints") or []
            if taint["effect"] != "PreferNoSchedule"
        )
    ]


def reaching(nodes: Iterable[Object], volumes: Iterable[Object]) -> list[Object]:
    """Those of `nodes` on which every one of the PersistentVolumes can be mounted."""
    required = [(each["spec"].get("nodeAffinity") or {}).get("required") for each in volumes]
    return [node for node in nodes if all(matches(node, each) for each in required)]


def to_select(
    claims: Iterable[Object],
    classes: dict[str, Object],
    deployments: Sequence[Object],
    nodes: Sequence[Object],
) -> list[tuple[Object, str]]:
    """Claims that wait for their first consumer and have one now, each with the node for it."""
    selected = []
    for claim in claims:
        found = classes.get(claim["spec"].get("storageClassName") or "", {})
        metadata = claim["metadata"]
        if (
            found.get("volumeBindingMode") != "WaitForFirstConsumer"
            or claim["spec"].get("volumeName")
            or SELECTED_NODE in metadata.get("annotations", {})
        ):
            continue
        for pod in _consumers(claim, deployments):
            fit = [node for node in fitting(pod, nodes) if _in_topology(node, found)]
            if fit:
                selected.append((claim, fit[0]["metadata"]["name"]))
                break
    return selected


def _consumers(claim: Object, deployments: Sequence[Object]) -> Iterable[Object]:
    for each in deployments:
        pod = each["spec"]["template"]["spec"]
        if (
            each["metadata"]["namespace"] == claim["metadata"]["namespace"]
            and claim["metadata"]["name"] in claims_of(pod)
            and each["spec"].get("replicas", 1) > 0
            and not each["metadata"].get("deletionTimestamp")
        ):
            yield pod


def _in_topology(node: Object, storage_class: Object) -> bool:
    terms = storage_class.get("allowedTopologies") or []
    labels = node["metadata"].get("labels", {})
    return not terms or any(
        all(
            labels.get(each["key"]) in each["values"]
            for each in term.get("matchLabelExpressions", [])
        )
        for term in terms
    )


def _tolerates(toleration: Object, taint: Object) -> bool:
    """As the scheduler matches them (k8s.io/api core/v1 `ToleratesTaint`)."""
    if toleration.get("effect") not in {None, "", taint["effect"]}:
        return False
    if toleration.get("key") not in {None, "", taint["key"]}:
        return False
    exists = toleration.get("operator") == "Exists"
    return exists or toleration.get("value", "") == taint.get("value", "")
