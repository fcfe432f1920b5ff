"""The next lab on an API server that another one had finds what a new one has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightkube.types import PatchType

from lab import kinds
from lab.lab import say
from tests.lab.planes import Plane, SharedLab
from tests.lab.project import get

pytestmark = pytest.mark.lab

ADMIN, BASIC = "cluster-admin", "system:basic-user"
DEFINITION = "configs.imageregistry.operator.openshift.io"

Two = tuple[SharedLab, SharedLab]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """The second one is to be started when the first has stopped."""
    found = SharedLab("lab-vsphere", tmp_path / "first"), SharedLab("lab-cinder", tmp_path / "next")
    found[0].start(say)
    yield found
    for each in found:
        each.stop()


def had(lab: SharedLab) -> Plane:
    assert lab.had is not None
    return lab.had


def config_map(name: str, namespace: str) -> Any:
    metadata = {"name": name, "namespace": namespace}
    return kinds.ConfigMap(apiVersion="v1", kind="ConfigMap", metadata=metadata, data={"a": "b"})


def test_what_was_made_changed_or_deleted_is_as_it_was(two: Two) -> None:
    first, second = two
    client, plane = first.client(), had(first)
    before = get(first, kinds.ClusterRole, ADMIN)
    for number in range(300):  # more than etcd takes at once
        client.create(config_map(f"left-{number}", "default"))
    client.patch(kinds.ClusterRole, ADMIN, {"rules": []}, patch_type=PatchType.MERGE)
    client.delete(kinds.ClusterRole, BASIC)
    first.stop()
    second.start(say)
    assert had(second) is plane and plane.running()
    client = second.client()
    left = [each["metadata"]["name"] for each in client.list(kinds.ConfigMap, namespace="default")]
    assert not [each for each in left if each.startswith("left-")]
    live = get(second, kinds.ClusterRole, ADMIN)
    assert live["rules"] == before["rules"] and live["metadata"]["uid"] == before["metadata"]["uid"]
    assert get(second, kinds.ClusterRole, BASIC)["rules"]
    infrastructure = get(second, kinds.Infrastructure, "cluster")
    assert infrastructure["status"]["infrastructureName"] == "lab-cinder-x7k2p"
    names = [each["metadata"]["name"] for each in client.list(kinds.Node)]
    assert names and all(each.startswith("lab-cinder") for each in names)


def test_where_a_definition_was_changed_there_is_a_new_one(two: Two) -> None:
    first, second = two
    plane, annotations = had(first), {"metadata": {"annotations": {"changed": "yes"}}}
    kind = kinds.CustomResourceDefinition
    first.client().patch(kind, DEFINITION, annotations, patch_type=PatchType.MERGE)
    first.stop()
    second.start(say)
    assert had(second) is not plane and not plane.running()
    found = get(second, kind, DEFINITION)["metadata"].get("annotations", {})
    assert "changed" not in found


def test_one_that_died_is_not_given_to_the_next(two: Two) -> None:
    first, second = two
    plane = had(first)
    plane.plane.stop()
    first.stop()
    second.start(say)
    assert had(second) is not plane and second.running()
