"""ClusterOperator image-registry: a mirror of the conditions (pkg/resource/clusteroperator.go)."""

from collections.abc import Sequence
from copy import deepcopy

from lab.kinds import Object
from lab.operator import names
from lab.operator.conditions import find, now
from lab.operator.world import World

NORMAL = {"Available": "True", "Progressing": "False", "Degraded": "False"}

RELATED = [
    {"group": "imageregistry.operator.openshift.io", "resource": "configs", "name": "cluster"},
    {"group": "imageregistry.operator.openshift.io", "resource": "imagepruners", "name": "cluster"},
    {
        "group": "rbac.authorization.k8s.io",
        "resource": "clusterroles",
        "name": "system:registry",
    },
    {
        "group": "rbac.authorization.k8s.io",
        "resource": "clusterrolebindings",
        "name": names.PRUNER_ROLE_BINDING,
    },
    {"group": "", "resource": "namespaces", "name": names.NAMESPACE},
]


def status(present: Object, config: Object, world: World) -> Object:
    """The status for the ClusterOperator whose status is `present` now."""
    wanted = deepcopy(present)
    conditions = wanted.setdefault("conditions", [])
    ours = [*config.get("status", {}).get("conditions", []), *_pruner(world)]
    for kind, normal in NORMAL.items():
        new = _union(kind, normal, ours)
        old = find(conditions, kind)
        if old is None:
            conditions.append({**new, "lastTransitionTime": now()})
            continue
        if old["status"] != new["status"]:
            old["lastTransitionTime"] = now()
        old.update(new)
    version = _version(config, world)
    if version:
        wanted["versions"] = [{"name": "operator", "version": version}]
    wanted["relatedObjects"] = RELATED
    return wanted


def _pruner(world: World) -> list[Object]:
    """The image pruner's conditions count too, each as `ImagePruner...` (`prefixConditions`)."""
    status = (world.image_pruner or {}).get("status") or {}
    return [
        {**each, "type": f"ImagePruner{each['type']}"} for each in status.get("conditions") or []
    ]


def _union(kind: str, normal: str, conditions: Sequence[Object]) -> Object:
    """All conditions whose type ends in `kind` as one (`unionCondition`)."""
    related = [each for each in conditions if each["type"].endswith(kind)]
    states = {each["status"] for each in related} - {normal}
    wrong = sorted(states - {"Unknown"})
    state = wrong[0] if wrong else ("Unknown" if states else normal)
    reasons = sorted(
        each["type"].removesuffix(kind) + each["reason"]
        for each in related
        if each.get("reason") not in {None, "AsExpected"}
    )
    messages = [
        f"{each['type']}: {line}"
        for each in related
        if each.get("message")
        for line in each["message"].split("\n")
    ]
    reason = "::".join(reasons) or ("AsExpected" if state == normal else "")
    return {"type": kind, "status": state, "reason": reason, "message": "\n".join(messages)}


def _version(config: Object, world: World) -> str:
    """The release is reached once the registry of that release runs alone (`syncVersions`)."""
    if config["spec"].get("managementState") != "Managed":
        return world.version
    state = (world.deployment or {}).get("status", {})
    if not state.get("availableReplicas") or state.get("updatedReplicas") != state.get("replicas"):
        return ""
    return world.version
