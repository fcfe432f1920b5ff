"""What the settings accept of a volume and its claim, a real API server accepts; and what it
refuses, they refuse.

Each generated volume goes to the API server as a dry run, as the PersistentVolume that would be
made of it. Where the settings refuse more, the rule is one that docs/reference/refusals.md marks
as ours.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given

from lab.lab import Lab
from settings import SettingsError, StackSettings, validate
from settings.rules import OURS
from settings.volume import volume_spec
from tests.lab.test_dry_run import DRY_RUN, EXAMPLES, Server, many
from tests.settings.cases_volume import CASES, CSI, FC, ISCSI, LOCAL, NFS
from tests.settings.strategies_volume import owned_volumes

pytestmark = pytest.mark.lab

VOLUMES = "/api/v1/persistentvolumes"
CLAIMS = "/api/v1/namespaces/openshift-image-registry/persistentvolumeclaims"
CLAIM = {"name": "registry", "size": "100Gi", "accessModes": ["ReadWriteOnce"]}
METADATA = ("name", "labels", "annotations")
SOURCE = "storage.volume.create.source"
REQUIRED_HERE = (
    # The API takes none for 0; the wrong LUN is the wrong disk.
    f"{SOURCE}.iscsi.lun",
    # The API looks at every reference to a secret but this one, and the node can mount nothing.
    f"{SOURCE}.csi.nodeStageSecretRef.name",
    f"{SOURCE}.csi.nodeStageSecretRef.namespace",
)


class Volumes(Server):
    """The lab's API server, asked about volumes."""

    def refuses(self, path: str, kind: str, metadata: Any, spec: Any) -> str | None:
        """What it says against an object, None if nothing."""
        body = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}
        return self._refuses(path, body)

    def refuses_volume(self, volume: dict[str, Any]) -> str | None:
        """The volume as it stands in the stack file, right or wrong."""
        return self.refuses(VOLUMES, "PersistentVolume", *as_given(volume))


def as_given(volume: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metadata and spec, each key where it belongs, and unknown ones in the spec."""
    metadata = {key: volume[key] for key in METADATA if key in volume}
    spec: dict[str, Any] = {
        "capacity": {"storage": CLAIM["size"]},
        "accessModes": CLAIM["accessModes"],
    }
    for key, value in volume.items():
        if key == "source":
            spec |= value if isinstance(value, dict) else {"source": value}
        elif key == "nodes":
            hosts = {"key": "kubernetes.io/hostname", "operator": "In", "values": value}
            spec["nodeAffinity"] = {
                "required": {"nodeSelectorTerms": [{"matchExpressions": [hosts]}]}
            }
        elif key not in METADATA:
            spec[key] = value
    return metadata, spec


def judge(volume: dict[str, Any]) -> StackSettings | SettingsError:
    cluster = {
        "name": "dry-run",
        "version": "4.15",
        "environment": "development",
        "infrastructureName": "dry-run-x7k2p",
    }
    storage = {"kind": "claim", "volume": {"create": volume}, "claim": {"create": CLAIM}}
    try:
        return validate({"cluster": cluster, "storage": storage}, stack="dry-run")
    except SettingsError as error:
        return error


def accepted(server: Volumes, settings: StackSettings) -> None:
    """The volume as the component sends it, and the claim that goes with it."""
    volume, claim = settings.storage.volume, settings.storage.claim
    metadata = {"name": volume.name, "labels": volume.labels, "annotations": volume.annotations}
    spec = volume_spec(volume, claim)
    assert server.refuses(VOLUMES, "PersistentVolume", metadata, spec) is None
    spec = {
        "accessModes": claim.access_modes,
        "volumeMode": claim.volume_mode,
        "storageClassName": "",
        "volumeName": volume.name,
        "resources": {"requests": {"storage": claim.size}},
    }
    assert server.refuses(CLAIMS, "PersistentVolumeClaim", {"name": claim.name}, spec) is None


def ours(error: SettingsError) -> bool:
    """Is each refusal one that the API server need not share?"""
    return all(problem.rule in OURS or problem.path in REQUIRED_HERE for problem in error.problems)


@pytest.fixture(scope="module")
def server(lab: Lab) -> Volumes:
    return Volumes(lab)


def test_same_verdict_on_volumes(server: Volumes) -> None:
    seen = {"accepted by both": 0, "refused by both": 0, "refused here": 0}

    @many
    @given(owned_volumes())
    @example(
        volume={
            "name": "registry-volume",
            "source": {
                "csi": {
                    "driver": "csi.example.test",
                    "volumeHandle": "vol-1",
                    "nodeStageSecretRef": {},
                }
            },
        }
    )
    def same(volume: dict[str, Any]) -> None:
        verdict, refused = judge(volume), server.refuses_volume(volume)
        if isinstance(verdict, StackSettings):
            assert refused is None
            accepted(server, verdict)
            seen["accepted by both"] += 1
        elif refused is None:
            assert ours(verdict), str(verdict)
            seen["refused here"] += 1
        else:
            seen["refused by both"] += 1

    same()
    assert min(seen.values()) > EXAMPLES / 20, seen


LUNS = [-1, 0, 255, 256, 2**31 - 1, 2**31, "1", 1.0, None]
IQNS = ["iqn.2024-01.a:b", "iqn.2024-01.a", "iqn.2024-1.a:b", "iqn.2024-01.a_b:c", "iqn", ""]
IQNS += ["IQN.2024-01.a:b", "iqn.2024-01.a:b c", "iqn.2024-01.a:b,c", "iqn.2024-01.a:ü", "eui"]
IQNS += ["x iqn.2024-01.a:b", "iqnx iqn.2024-01.a:b", "eui." + "0" * 16, "eui." + "0" * 15]
IQNS += ["eui-" + "0" * 16, "naa." + "f" * 32, "naa." + "f" * 16]
PATHS = ["/", "/a", "a", "", "/a/..", "/../a", "/a/../b", "/..a", "/a..", "..", "//a", "."]
DRIVERS = ["a", "A.b", "a" * 63, "a" * 64, "a_b", "a/b", "-a", "a.", "", "\u212a"]
FCS = [{}, {"wwids": []}, {"wwids": ["1"]}, {"targetWWNs": [], "lun": 1}, {**FC, "wwids": []}]
FCS += [{**FC, "wwids": ["1"]}, {"wwids": ["1"], "lun": 1}]
SOURCES = [{}, {"nfs": None}, {"nfs": NFS, "local": LOCAL}, {"nfs": {}}, {"hostPath": LOCAL}]
NAMES = ["a" * 253, "a" * 254, "a.b", "a..b", "A", "-", ""]


def borders() -> Iterator[tuple[str, dict[str, Any]]]:
    """A name and a source, at and just beyond what the API takes."""
    for lun in LUNS:
        yield "pv", {"iscsi": {**ISCSI, "lun": lun}}
        yield "pv", {"fc": {**FC, "lun": lun}}
    for iqn in IQNS:
        yield "pv", {"iscsi": {**ISCSI, "iqn": iqn}}
        yield "pv", {"iscsi": {**ISCSI, "initiatorName": iqn}}
    for path in PATHS:
        yield "pv", {"nfs": {**NFS, "path": path}}
        yield "pv", {"local": {**LOCAL, "path": path}}
    for length in (47, 48, 49, 50):
        yield "x" * length, {"iscsi": {**ISCSI, "initiatorName": ISCSI["iqn"]}}
        yield "x" * length, {"iscsi": ISCSI}
    yield from (("pv", {"csi": {**CSI, "driver": driver}}) for driver in DRIVERS)
    yield from (("pv", {"fc": fc}) for fc in FCS)
    yield from (("pv", source) for source in SOURCES)
    yield from ((name, {"nfs": NFS}) for name in NAMES)


def test_same_verdict_on_volumes_at_the_borders(server: Volumes) -> None:
    for name, source in borders():
        for more in ({}, {"nodes": ["worker-0"]}, {"nodes": []}, {"nodes": ["a b"]}):
            volume = {"name": name, "source": source, **more}
            verdict, refused = judge(volume), server.refuses_volume(volume)
            if isinstance(verdict, StackSettings):
                assert refused is None, volume
                accepted(server, verdict)
            else:
                assert refused or ours(verdict), f"{volume}\n{verdict}"


def test_rules_that_are_not_ours_are_the_servers(server: Volumes) -> None:
    """Each such case of the messages is refused by the API server too."""
    asked = 0
    for case in CASES:
        created = (case.changes["storage"].get("volume") or {}).get("create")
        if case.rule in OURS or case.path in REQUIRED_HERE or not created:
            continue
        assert server.refuses_volume(created), case
        asked += 1
    assert asked > 3


def test_a_name_is_asked_for_strictly(server: Volumes) -> None:
    """Otherwise a misspelt key would pass here unseen."""
    assert "fieldValidation=Strict" in DRY_RUN
    assert server.refuses_volume({"name": "pv", "source": {"nfs": {**NFS, "pathh": "/a"}}})
