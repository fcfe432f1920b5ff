"""Generated volumes: mostly right, and wrong in every way a person or a tool might be."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings.strategies import (
    ODD_TEXTS,
    RIGHT,
    WILD,
    Strategy,
    Values,
    few,
    fixed,
    mutated,
    some,
)

ISCSI_NAMES = ["iqn.2024-01.test.example:registry", f"eui.{'0' * 16}", f"naa.{'a' * 32}"]
ODD_ISCSI_NAMES = ["iqn.2024-01.x", "iqn.24-01.x:y", "iqn.2024-01.x:a b", "eui.0", "naa.1", "x:y"]
ODD_ISCSI_NAMES += ["iqn", "a iqn.2024-01.x:y", "iqniqn.2024-01.x:y", f"euiX{'0' * 16}", ""]


def sources(values: Values) -> Strategy:
    pool = values.pool
    system = pool(["ext4", "xfs"], ["ntfs", ""])
    host = pool(["nas.example.test", "192.0.2.10", "2001:db8::10"], ["nas:/exports", "a b", ""])
    portal = pool(
        ["192.0.2.20", "192.0.2.20:3260", "[2001:db8::20]:3260"],
        ["2001:db8::20", "", "x" * 60],
    )
    iscsi_name = pool(ISCSI_NAMES, ODD_ISCSI_NAMES)
    lun = pool([0, 1, 255], [-1, 256, 2**31 - 1, 2**31])
    path = pool(["/", "/exports/registry", "/a/..b/c"], ["", "exports", "/a/../b", "/a/..", ".."])
    nfs = fixed(server=host, path=path)
    iscsi = some(
        {"targetPortal": portal, "iqn": iscsi_name, "lun": lun},
        portals=few(portal),
        fsType=system,
        iscsiInterface=pool(["default"], [""]),
        initiatorName=iscsi_name,
    )
    names = few(pool(["50060e801049cfd1"], ["50:06", ""]))
    ids = few(pool(["3600508b400105e210000900000490000"], [""]))
    target = some({"targetWWNs": few(st.just("50060e801049cfd1"), 1), "lun": lun}, fsType=system)
    by_id = some({"wwids": few(st.just("3600508b400105e210000900000490000"), 1)})
    loose = some(targetWWNs=names, wwids=ids, lun=lun, fsType=system)
    fc = values.pool_of(st.one_of(target, by_id), loose)
    local = some({"path": path}, fsType=system)
    secret = some(
        {
            "name": pool(["rook-csi-cephfs-node", "a.b"], ["Bad", "", "x" * 254]),
            "namespace": pool(["openshift-storage"], ["a.b", "", "x" * 64]),
        }
    )
    csi = some(
        {
            "driver": pool(["csi.example.test", "Driver.Example.COM"], ["a b", "x" * 64, ""]),
            "volumeHandle": pool(["vol-1", "a b"], [""]),
        },
        fsType=pool(["ext4", "gpfs"], [""]),
        volumeAttributes=st.dictionaries(st.sampled_from(["a", "b", "secure"]), ODD_TEXTS),
        nodeStageSecretRef=secret,
        nodePublishSecretRef=secret,
        controllerPublishSecretRef=secret,
    )
    one = st.one_of(
        fixed(nfs=nfs), fixed(iscsi=iscsi), fixed(fc=fc), fixed(local=local), fixed(csi=csi)
    )
    return values.pool_of(one, st.one_of(st.just({}), some(nfs=nfs, local=local, csi=csi)))


def owned(values: Values) -> Strategy:
    """What stands under `create` or `adopt`."""
    pool = values.pool
    nodes = st.lists(
        pool(["worker-0", "worker-1.example.test", "A_b"], ["a b", "-a", ""]),
        min_size=1,
        max_size=2,
    )
    names = ["registry-volume", "a.b"]
    odd_names = ["Bad_Name", "", "x" * 60, "x" * 253, "x" * 254]

    def with_nodes(volume: dict[str, Any]) -> Strategy:
        """Nodes where they belong, and sometimes where they don't."""
        right = st.fixed_dictionaries({"nodes": nodes} if "local" in volume["source"] else {})
        loose = some(nodes=st.one_of(nodes, st.just([])))
        return values.pool_of(right, loose).map(lambda more: {**volume, **more})

    return some(
        {"name": pool(names, odd_names), "source": sources(values)},
        mountOptions=few(pool(["noatime", "nfsvers=4.2"], ODD_TEXTS)),
        labels=st.dictionaries(values.label_key, values.label_value, max_size=2),
        annotations=st.dictionaries(values.label_key, ODD_TEXTS, max_size=2),
    ).flatmap(with_nodes)


OWNED = {False: owned(RIGHT), True: owned(WILD)}
SOURCES = sources(WILD)


@st.composite
def right_volume(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a volume that should be accepted."""
    return copy.deepcopy(draw(OWNED[False]))


@st.composite
def wild_volume(draw: st.DrawFn) -> dict[str, Any]:
    """The right keys and shapes, with values at their borders and beyond."""
    return copy.deepcopy(draw(OWNED[True]))


@st.composite
def odd_volume(draw: st.DrawFn) -> dict[str, Any]:
    """A right one but for its source."""
    volume = copy.deepcopy(draw(OWNED[False]))
    return {**volume, "source": copy.deepcopy(draw(SOURCES))}


DOUBTFUL = st.sampled_from(
    [
        {"nfs": {"server": "nas:/exports", "path": "/registry"}},
        {"nfs": {"server": "nas.example.test", "path": "/a/../b"}},
        {"iscsi": {"targetPortal": "2001:db8::20", "iqn": ISCSI_NAMES[0], "lun": 0}},
        {
            "iscsi": {
                "targetPortal": "192.0.2.20",
                "iqn": ISCSI_NAMES[1],
                "lun": 0,
                "fsType": "ntfs",
            }
        },
        {"fc": {"targetWWNs": ["50:06"], "lun": 0}},
        {"fc": {"wwids": ["3600508b4"], "lun": 0}},
        {"csi": {"driver": "csi.example.test", "volumeHandle": "a", "readOnly": False}},
    ]
)


@st.composite
def doubtful_volume(draw: st.DrawFn) -> dict[str, Any]:
    """What the API server takes and no node could mount, or the registry not write to."""
    volume = copy.deepcopy(draw(OWNED[False]))
    kept = {key: each for key, each in volume.items() if key != "nodes"}
    return {**kept, "source": copy.deepcopy(draw(DOUBTFUL))}


def owned_volumes() -> Strategy:
    """The fields of a volume under `create` or `adopt`."""
    # What is put wrong anywhere the API server refuses nearly always.
    wrong = mutated(right_volume, times=1)
    return st.one_of(right_volume(), doubtful_volume(), odd_volume(), wild_volume(), wrong)


def volumes() -> Strategy:
    """`volume` in `openshift-registry:storage`."""
    used = fixed(use=some({"name": WILD.pool(["registry-volume"], ["Bad", ""])}))
    return st.one_of(
        fixed(create=owned_volumes()),
        fixed(adopt=owned_volumes()),
        used,
        st.sampled_from([{}, {"use": {}}, {"create": None}, None, [], "x"]),
    )
