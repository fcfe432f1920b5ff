"""Which nodes terms select, and what a volume's node affinity does to the registry's pods."""

import pytest

from lab.kinds import Object
from lab.platform.affinity import matches
from lab.platform.kubelet import Surroundings, blockers, ready
from lab.platform.scheduler import fitting, reaching

HOST = "kubernetes.io/hostname"


def node(name: str, **labels: str) -> Object:
    return {"metadata": {"name": name, "labels": {HOST: name, **labels}}, "spec": {}}


def expression(key: str, operator: str, *values: str) -> Object:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


def terms(*expressions: Object) -> Object:
    """One term of all of them."""
    return {"nodeSelectorTerms": [{"matchExpressions": list(expressions)}]}


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (expression("rack", "In", "a", "b"), True),
        (expression("rack", "In", "c"), False),
        (expression("rack", "NotIn", "c"), True),
        (expression("rack", "NotIn", "a"), False),
        (expression("other", "NotIn", "a"), True),
        (expression("rack", "Exists"), True),
        (expression("other", "Exists"), False),
        (expression("other", "DoesNotExist"), True),
        (expression("rack", "DoesNotExist"), False),
        (expression("disks", "Gt", "3"), True),
        (expression("disks", "Gt", "4"), False),
        (expression("disks", "Lt", "5"), True),
        (expression("disks", "Lt", "4"), False),
        (expression("rack", "Gt", "1"), False),
        (expression("other", "Lt", "1"), False),
        (expression("rack", "Resembles", "a"), False),
    ],
)
def test_one_expression(asked: Object, fits: bool) -> None:
    assert matches(node("w", rack="a", disks="4"), terms(asked)) is fits


def test_terms_are_alternatives_and_their_parts_are_not() -> None:
    here, there = expression("rack", "In", "a"), expression("rack", "In", "b")
    found = node("w", rack="a")
    assert not matches(found, terms(here, there))
    either = {"nodeSelectorTerms": [{"matchExpressions": [each]} for each in (there, here)]}
    assert matches(found, either)
    assert matches(found, None)
    assert not matches(found, {"nodeSelectorTerms": [{}]})
    assert not matches(found, {"nodeSelectorTerms": []})


def test_a_node_is_named() -> None:
    by_name = {"matchFields": [expression("metadata.name", "In", "w1")]}
    nodes = [node("w1"), node("w2")]
    assert [matches(each, {"nodeSelectorTerms": [by_name]}) for each in nodes] == [True, False]


def test_a_pod_can_require_nodes() -> None:
    rack = terms(expression("rack", "In", "b"))
    pod = {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": rack}}}
    nodes = [node("w1", rack="a"), node("w2", rack="b")]
    assert [each["metadata"]["name"] for each in fitting(pod, nodes)] == ["w2"]


def local(*hosts: str) -> Object:
    return {"spec": {"nodeAffinity": {"required": terms(expression(HOST, "In", *hosts))}}}


def test_every_volume_has_to_be_in_reach() -> None:
    nodes = [node("w1"), node("w2"), node("w3")]

    def names(*volumes: Object) -> list[str]:
        return [each["metadata"]["name"] for each in reaching(nodes, volumes)]

    assert names() == ["w1", "w2", "w3"]
    assert names({"spec": {}}) == ["w1", "w2", "w3"]
    assert names(local("w1", "w2"), local("w2", "w3")) == ["w2"]


SHARED = {
    "spec": {"accessModes": ["ReadWriteMany"], "volumeName": "pv"},
    "status": {"phase": "Bound"},
}


@pytest.mark.parametrize(
    ("volume", "running"),
    [(local("w1"), 1), (local("w1", "w2"), 2), (local("elsewhere"), 0), ({"spec": {}}, 3)],
)
def test_pods_run_where_their_volume_is_one_a_host(volume: Object, running: int) -> None:
    mount = {"name": "v", "persistentVolumeClaim": {"claimName": "images"}}
    pod = {"containers": [{}], "volumes": [mount]}
    deployment = {"spec": {"replicas": 3, "template": {"spec": pod}}}
    nodes = [node("w1"), node("w2"), node("w3")]
    around = Surroundings(nodes, {"images": SHARED}, {"pv": volume})
    assert ready(deployment, around) == running
    problem = "no node that fits can mount the volume: its node affinity is another"
    assert blockers(pod, around) == ([] if running else [problem])
