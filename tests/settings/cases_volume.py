"""Every way to put a volume wrong."""

import copy
from typing import Any

from tests.settings.case import Case

NFS = {"server": "nas.example.test", "path": "/exports/registry"}
ISCSI = {"targetPortal": "192.0.2.20:3260", "iqn": "iqn.2024-01.test.example:registry", "lun": 0}
FC = {"targetWWNs": ["50060e801049cfd1"], "lun": 0}
LOCAL = {"path": "/mnt/registry"}
CSI = {"driver": "csi.example.test", "volumeHandle": "vol-1"}
RWX = "ReadWriteMany"

VOLUME = "storage.volume.create"


def storage(source: dict[str, Any], mode: str = "ReadWriteOnce", **volume: Any) -> dict[str, Any]:
    """A right storage section with a volume of this source."""
    claim = {"name": "registry", "size": "100Gi", "accessModes": [mode]}
    if "local" in source:
        volume = {"nodes": ["worker-0"], **volume}
    made = {"name": "registry-volume", "source": source, **volume}
    return copy.deepcopy({"kind": "claim", "volume": {"create": made}, "claim": {"create": claim}})


def _case(
    rule: str, path: str, given: dict[str, Any], says: str, fix: str, replicas: int = 1
) -> Case:
    changes = {"storage": given, "registry.replicas": replicas}
    return Case(changes, rule, path, says, fix)


def _source(rule: str, source: dict[str, Any], at: str, says: str, fix: str) -> Case:
    kind = next(iter(source))
    return _case(rule, f"{VOLUME}.source.{kind}{at}", storage(source), says, fix)


def _without(block: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: each for key, each in block.items() if key not in keys}


NO_CLASS = storage({"nfs": NFS})
USED_CLAIM = {**NO_CLASS, "claim": {"use": {"name": "theirs", "accessModes": ["ReadWriteOnce"]}}}
LONG = "registry-volume-of-the-cluster-prod-1-in-the-first-hall"

CASES = [
    # Shape.
    _case(
        "exactly-one",
        "storage.volume",
        {**NO_CLASS, "volume": {}},
        "has none",
        "create, adopt, use",
    ),
    _case(
        "exactly-one",
        f"{VOLUME}.source",
        storage({"nfs": NFS, "iscsi": ISCSI}),
        "takes exactly one of nfs, iscsi, fc, local and csi, and has iscsi and nfs",
        "one of nfs, iscsi, fc, local, csi",
    ),
    _case(
        "required",
        f"{VOLUME}.source",
        storage({}) | {"volume": {"create": {"name": "registry-volume"}}},
        "is missing",
        "source: {nfs: {",
    ),
    _source("required", {"nfs": _without(NFS, "path")}, ".path", "is missing", "/exports/registry"),
    _source("required", {"iscsi": _without(ISCSI, "lun")}, ".lun", "is missing", "lun: 0"),
    _source("required", {"csi": _without(CSI, "volumeHandle")}, ".volumeHandle", "", "vol-1"),
    _case("name", f"{VOLUME}.name", storage({"nfs": NFS}, name="Registry"), "", "lower-case"),
    *(
        _source("not-settable", {kind: {**block, key: True}}, f".{key}", says, "leave it out")
        for kind, block, key, says in [
            ("nfs", NFS, "readOnly", "keep the registry from writing"),
            ("iscsi", ISCSI, "readOnly", "keep the registry from writing"),
            ("fc", FC, "readOnly", "keep the registry from writing"),
            ("csi", CSI, "readOnly", "keep the registry from writing"),
            ("iscsi", ISCSI, "secretRef", "does not hold"),
            ("iscsi", ISCSI, "chapAuthSession", "does not hold"),
            ("iscsi", ISCSI, "chapAuthDiscovery", "does not hold"),
            ("csi", CSI, "nodeExpandSecretRef", "volumes that grow"),
            ("csi", CSI, "controllerExpandSecretRef", "volumes that grow"),
        ]
    ),
    *(
        _case(
            "not-settable", f"{VOLUME}.{key}", storage({"nfs": NFS}, **{key: "x"}), says, "leave it"
        )
        for key, says in [
            ("capacity", "the claim's `size`"),
            ("accessModes", "the claim's"),
            ("volumeMode", "the claim's"),
            ("persistentVolumeReclaimPolicy", "always Retain"),
            ("storageClassName", "nothing provisions"),
            ("claimRef", "from the name of the claim"),
            ("nodeAffinity", "from `nodes`"),
        ]
    ),
    _case(
        "not-settable",
        f"{VOLUME}.source.hostPath",
        storage({"nfs": NFS, "hostPath": LOCAL}),
        "whichever node",
        "leave it out",
    ),
    # Text with a syntax.
    *(
        _source("volume:address", {kind: {**block, key: value}}, f".{key}", says, fix)
        for kind, block, key, value, says, fix in [
            ("nfs", NFS, "server", "nas.example.test:/exports", "not a host name", "without a"),
            ("nfs", NFS, "server", "nfs://nas.example.test", "not a host name", "nas.example.test"),
            ("iscsi", ISCSI, "targetPortal", "2001:db8::20", "not a portal", "[2001:db8::20]:3260"),
            ("iscsi", ISCSI, "targetPortal", "192.0.2.20:0", "not a portal", "192.0.2.20:3260"),
        ]
    ),
    _source(
        "volume:address",
        {"iscsi": {**ISCSI, "portals": ["192.0.2.21", "a b"]}},
        ".portals[1]",
        "not a portal",
        "192.0.2.20",
    ),
    _source("volume:path", {"nfs": {**NFS, "path": "exports"}}, ".path", "from the root", "all of"),
    _source("volume:path", {"local": {"path": "/mnt/../etc"}}, ".path", "without '..'", "all of"),
    _source("volume:iscsi-name", {"iscsi": {**ISCSI, "iqn": "iqn.x"}}, ".iqn", "for iSCSI", "eui."),
    _source(
        "volume:iscsi-name",
        {"iscsi": {**ISCSI, "initiatorName": "worker-0"}},
        ".initiatorName",
        "for iSCSI",
        "iqn.2024-01",
    ),
    _source("range", {"iscsi": {**ISCSI, "lun": 256}}, ".lun", "is above 255", "from 0 to 255"),
    _source(
        "volume:wwn",
        {"fc": {**FC, "targetWWNs": ["50:06:0E:80:10:49:CF:D1"]}},
        ".targetWWNs[0]",
        "as the nodes spell it",
        "lower case, without 0x and ':'",
    ),
    _source("volume:fc", {"fc": _without(FC, "lun")}, "", "which LUN", "targetWWNs and lun, or"),
    _source("volume:fc", {"fc": {"lun": 1}}, "", "which LUN", "targetWWNs and lun, or wwids"),
    _source("volume:fc", {"fc": {**FC, "wwids": ["3600508b4"]}}, "", "which LUN", "neither of"),
    _source("volume:fc", {"fc": {"lun": 1, "wwids": ["3600508b4"]}}, "", "which LUN", "neither"),
    _source(
        "volume:file-system", {"iscsi": {**ISCSI, "fsType": "ntfs"}}, ".fsType", "", "ext4, xfs"
    ),
    _source("name", {"csi": {**CSI, "driver": "a b"}}, ".driver", "CSI driver", "csi.example.test"),
    _source(
        "secure-key",
        {"csi": {**CSI, "volumeAttributes": {"secure": "true"}}},
        ".volumeAttributes",
        "encrypted",
        "second key",
    ),
    _case(
        "name",
        f"{VOLUME}.nodes[0]",
        storage({"local": LOCAL}, nodes=["worker 0"]),
        "name of a node",
        "kubernetes.io/hostname",
    ),
    # The volume with the claim and the class.
    _case(
        "volume:claim-used", "storage.volume", USED_CLAIM, "only used", "create or adopt"
    )._replace(changes={"storage": USED_CLAIM}),
    _case(
        "volume:claim-used",
        "storage.volume",
        {**NO_CLASS, "claim": {"blank": {}}},
        "made by the operator",
        "leave volume out",
    ),
    *(
        _case(
            "volume:class",
            "storage.storageClass",
            {
                **NO_CLASS,
                "volume": {mode: NO_CLASS["volume"]["create"]},
                "storageClass": {"use": {"name": "manual"}},
            },
            f"beside a volume under `{mode}`",
            "leave storageClass out",
        )
        for mode in ("create", "adopt")
    ),
    _case(
        "volume:nodes",
        f"{VOLUME}.nodes",
        storage({"nfs": NFS}, nodes=["worker-0"]),
        "given for nfs",
        "leave it out",
    ),
    _case(
        "volume:nodes",
        f"{VOLUME}.nodes",
        storage({"local": LOCAL}, nodes=[]),
        "on one node",
        "nodes: [worker-0]",
    ),
    _case(
        "volume:several-nodes",
        f"{VOLUME}.nodes",
        storage({"local": LOCAL}, nodes=["worker-0", "worker-1"]),
        "the same storage on each",
        "make sure",
    ),
    _case(
        "volume:local-shared",
        "storage.claim.create.accessModes",
        storage({"local": LOCAL}, RWX),
        "out of the others' reach",
        "[ReadWriteOnce]",
        2,
    ),
    *(
        _case(
            "volume:device-shared",
            "storage.claim.create.accessModes",
            storage(source, RWX),
            says,
            "[ReadWriteOnce]",
            2,
        )
        for source, says in [
            ({"iscsi": ISCSI}, "shares a LUN of an iSCSI target"),
            ({"fc": FC}, "shares a LUN on Fibre Channel"),
            ({"csi": {**CSI, "driver": "ebs.csi.aws.com"}}, "shares a volume of EBS"),
        ]
    ),
    _case(
        "volume:read-only",
        f"{VOLUME}.mountOptions[1]",
        storage({"nfs": NFS}, mountOptions=["hard", "nfsvers=4.2,ro"]),
        "the registry writes",
        "leave `ro` out",
    ),
    _case(
        "volume:iscsi-initiator",
        f"{VOLUME}.source.iscsi.initiatorName",
        storage({"iscsi": {**ISCSI, "initiatorName": ISCSI["iqn"]}}, name=LONG),
        "takes 64 characters and would have 71",
        "shorter name",
    ),
    *(
        _case(
            "volume:reserved-key",
            f'{VOLUME}.{section}["{key}"]',
            storage({"nfs": NFS}, **{section: {key: "x"}}),
            "by the stack itself, or by Kubernetes",
            "leave it out",
        )
        for section, key in [
            ("labels", "app.kubernetes.io/instance"),
            ("annotations", "pulumi.com/skipAwait"),
            ("annotations", "pv.kubernetes.io/provisioned-by"),
            ("annotations", "volume.beta.kubernetes.io/mount-options"),
        ]
    ),
]
