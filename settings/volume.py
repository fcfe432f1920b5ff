"""The PersistentVolume of a claim, for storage that is there already: an export, a LUN, a disk.

Nothing provisions it (guide 3.6.3.3); the volume says where it is, and for which claim it is kept.
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, model_validator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.labels import VALUE, Annotations, Labels
from settings.names import NAMESPACE
from settings.problems import is_encrypted
from settings.refusal import refusal
from settings.storage_class import ANY_CASE
from settings.types import Checked, DnsLabel, ObjectName, OneOf, Syntax, Text, Whole

FILE_SYSTEMS = ("ext3", "ext4", "xfs")

HOST = r"[A-Za-z0-9]([-A-Za-z0-9._]{0,251}[A-Za-z0-9])?"
IPV6 = r"(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}"
QUALIFIED_ISCSI = r"iqn\.[0-9]{4}-[0-9]{2}\.[-A-Za-z0-9.]+:[^,;*&$|\s\x00-\x1f]+"

Host = Annotated[
    str,
    Syntax(
        "volume:address",
        rf"{HOST}|{IPV6}",
        "host name or IP address",
        "write the server alone, without a path or a port, e.g. nas.example.test or 192.0.2.10",
        253,
    ),
]
Portal = Annotated[
    str,
    Syntax(
        "volume:address",
        rf"({HOST}|\[{IPV6}\])(:[1-9][0-9]{{0,4}})?",
        "portal, an address with or without a port",
        "write it like 192.0.2.20, 192.0.2.20:3260 or [2001:db8::20]:3260",
        253 + 6,
    ),
]
AbsolutePath = Annotated[
    str,
    Syntax(
        "volume:path",
        r"(/(?!\.\.(/|$))[^/\x00-\x1f]*)+",
        "path from the root without '..'",
        "write all of it, e.g. /exports/registry",
        4096,
    ),
]
IscsiName = Annotated[
    str,
    Syntax(
        "volume:iscsi-name",
        rf"{QUALIFIED_ISCSI}|eui\.[A-Za-z0-9]{{16}}|naa\.[A-Za-z0-9]{{32}}",
        "name that Kubernetes takes for iSCSI",
        "write it like iqn.2024-01.test.example:registry, eui. and 16 digits, or naa. and 32",
        223,
    ),
]
Wwn = Annotated[
    str,
    Syntax(
        "volume:wwn",
        r"[0-9a-f]{16}",
        "world wide name as the nodes spell it",
        "write 16 hexadecimal digits in lower case, without 0x and ':', e.g. 50060e801049cfd1",
        16,
    ),
]
DriverName = Annotated[
    str,
    Syntax(
        "name",
        # Kubernetes lower-cases it before it looks.
        rf"{ANY_CASE}(\.{ANY_CASE})*",
        "name of a CSI driver",
        "write it as the driver calls itself, at most 63 characters, e.g. csi.example.test",
        63,
    ),
]
NodeName = Annotated[
    str,
    Syntax(
        "name",
        VALUE,
        "name of a node",
        "write the value of its label kubernetes.io/hostname, e.g. worker-0",
        63,
    ),
]
FileSystem = Annotated[str, OneOf(*FILE_SYSTEMS, rule="volume:file-system")]
Lun = Annotated[int, Whole(0, 255, bits=32)]

READ_ONLY = {"readOnly": "would keep the registry from writing its images"}
CHAP = "needs a secret on the nodes' side, which a stack does not hold"
GROWS = {
    f"{call}ExpandSecretRef": "is for volumes that grow, and a static one does not"
    for call in ("controller", "node")
}


class NfsSource(Form):
    """An export of an NFS server."""

    not_settable: ClassVar[dict[str, str]] = READ_ONLY

    server: Host = entry("Its host name or address.", default=..., example="nas.example.test")
    path: AbsolutePath = entry("What it exports.", default=..., example="/exports/registry")


class IscsiSource(Form):
    """A LUN of an iSCSI target."""

    not_settable: ClassVar[dict[str, str]] = {
        **READ_ONLY,
        "secretRef": CHAP,
        "chapAuthDiscovery": CHAP,
        "chapAuthSession": CHAP,
    }

    target_portal: Portal = entry(
        "The target's address, with its port if that isn't 3260.",
        default=...,
        example="192.0.2.20:3260",
    )
    portals: Maybe[list[Portal]] = entry("Further portals of the same target, for multipath.")
    iqn: IscsiName = entry(
        "The target's name.", default=..., example="iqn.2024-01.test.example:registry"
    )
    lun: Lun = entry("The number of the LUN.", default=..., example=0)
    fs_type: Maybe[FileSystem] = entry("The file system; Kubernetes' own default is ext4.")
    iscsi_interface: Maybe[Text] = entry("The nodes' iSCSI interface; by default `default`.")
    initiator_name: Maybe[IscsiName] = entry("The name by which the nodes call themselves.")


class FcSource(Form):
    """A LUN on Fibre Channel: `targetWWNs` and `lun`, or `wwids`."""

    not_settable: ClassVar[dict[str, str]] = READ_ONLY

    target_wwns: Maybe[list[Wwn]] = entry(
        "World wide names of the target's ports.",
        alias="targetWWNs",
        example=["50060e801049cfd1"],
    )
    lun: Maybe[Lun] = entry("The number of the LUN.")
    wwids: Maybe[list[Text]] = entry(
        "Identifiers of the volume itself, as under /dev/disk/by-id without `scsi-`.",
        example=["3600508b400105e210000900000490000"],
    )
    fs_type: Maybe[FileSystem] = entry("The file system; Kubernetes' own default is ext4.")

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        by_target = (bool(self.target_wwns), self.lun is not None)
        if by_target != ((False, False) if self.wwids else (True, True)):
            raise refusal(
                "volume:fc",
                "does not say which LUN is meant",
                "write targetWWNs and lun, or wwids and neither of the two",
            )
        return self


class LocalSource(Form):
    """A disk or a directory of one node."""

    path: AbsolutePath = entry("The device or directory.", default=..., example="/mnt/registry")
    fs_type: Maybe[FileSystem] = entry("The file system of a device; found out by default.")


class _Attributes(Checked):
    def check(self, value: dict[str, str]) -> dict[str, str]:
        if is_encrypted(value):
            raise refusal(
                "secure-key",
                "is read by Pulumi as an encrypted value, because its only key is `secure`",
                "add a second key",
            )
        return value


class SecretReference(Form):
    """A secret of the driver's, which is there already and never written."""

    name: ObjectName = entry("Name of the secret.", default=..., example="rook-csi-cephfs-node")
    namespace: DnsLabel = entry("Where it is.", default=..., example="openshift-storage")


class CsiSource(Form):
    """A volume that a CSI driver knows already."""

    not_settable: ClassVar[dict[str, str]] = {**READ_ONLY, **GROWS}

    driver: DriverName = entry("The driver.", default=..., example="csi.example.test")
    volume_handle: Text = entry("What the driver calls the volume.", default=..., example="vol-1")
    fs_type: Maybe[Text] = entry("The file system, where the driver makes or mounts one.")
    volume_attributes: Maybe[Annotated[dict[str, str], _Attributes()]] = entry(
        "What else the driver wants to know, text to text."
    )
    controller_publish_secret_ref: Maybe[SecretReference] = entry(
        "With what the driver attaches the volume to a node."
    )
    node_stage_secret_ref: Maybe[SecretReference] = entry(
        "With what a node mounts the volume first; CephFS and SMB want it."
    )
    node_publish_secret_ref: Maybe[SecretReference] = entry(
        "With what a node mounts it for the pod."
    )


class SourceChoice(ExactlyOne):
    """Where the images are, spelled as in the spec of a PersistentVolume."""

    one_of: ClassVar[str] = "of nfs, iscsi, fc, local and csi"
    not_settable: ClassVar[dict[str, str]] = {
        "hostPath": "is a path of whichever node the registry is on; `local` stays on its node"
    }

    nfs: Maybe[NfsSource] = entry(
        "An export of an NFS server; Red Hat advises against RHEL's own (guide 3.7.3.1)."
    )
    iscsi: Maybe[IscsiSource] = entry("A LUN of an iSCSI target.")
    fc: Maybe[FcSource] = entry("A LUN on Fibre Channel.")
    local: Maybe[LocalSource] = entry("A disk or a directory of one node.")
    csi: Maybe[CsiSource] = entry("A volume that a CSI driver knows already.")

    @property
    def kind(self) -> str:
        """Which of them it is."""
        return next(iter(self.model_fields_set))


class _OwnedVolume(Form):
    """A volume for the claim and nobody else's. Capacity, access modes and volume mode are the
    claim's; the reclaim policy is Retain; there is no class."""

    not_settable: ClassVar[dict[str, str]] = {
        "capacity": "is the claim's `size`",
        "accessModes": "is the claim's",
        "volumeMode": "is the claim's",
        "persistentVolumeReclaimPolicy": "is always Retain: images can't be made again",
        "storageClassName": 'is always "": nothing provisions such a volume',
        "claimRef": "is written by the stack from the name of the claim",
        "nodeAffinity": "is written by the stack from `nodes`",
    }

    name: ObjectName = entry(
        "Name of the volume, of which there is one in the cluster.",
        default=...,
        example="registry-volume",
        guide="3.6.3.3",
    )
    source: SourceChoice = entry(
        "Where the images are.",
        default=...,
        example={"nfs": {"server": "nas.example.test", "path": "/exports/registry"}},
        guide="3.6.3.3",
    )
    nodes: Maybe[list[NodeName]] = entry(
        "Of a local volume, and only of one: the node that has it, by its label "
        "kubernetes.io/hostname.",
        example=["worker-0"],
    )
    mount_options: list[Text] = entry("Options for mounting the volume.", default=list)
    annotations: Annotations = entry("Further annotations of the volume.", default=dict)
    labels: Labels = entry("Further labels of the volume.", default=dict)


class CreatedVolume(_OwnedVolume):
    """A volume made and owned here."""

    mode: ClassVar[Mode] = "create"


class AdoptedVolume(_OwnedVolume):
    """A volume that exists, imported with these fields, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"


class UsedVolume(Form):
    """A volume that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the volume.", default=..., example="registry-volume")


class VolumeChoice(ExactlyOne):
    """The volume of the claim."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedVolume] = entry("Make the volume and own it.")
    adopt: Maybe[AdoptedVolume] = entry("Import the volume, then own it. Give what it has.")
    use: Maybe[UsedVolume] = entry("Refer to a volume and never write it.")


OwnedVolume = CreatedVolume | AdoptedVolume
VolumeSettings = OwnedVolume | UsedVolume

Volume = Annotated[VolumeChoice, AfterValidator(chosen)]
"""A field of this type holds a `VolumeSettings`."""


def volume_spec(volume: OwnedVolume, claim: Any) -> dict[str, Any]:
    """The spec of the volume, kept for this claim.

    Without a storageClassName: the API server drops an empty one, and takes its absence for it.
    """
    spec = {
        "capacity": {"storage": claim.size},
        "accessModes": list(claim.access_modes),
        "volumeMode": claim.volume_mode,
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "namespace": NAMESPACE,
            "name": claim.name,
        },
        **volume.source.plain(),
    }
    if volume.nodes:
        spec["nodeAffinity"] = {"required": {"nodeSelectorTerms": [_on(volume.nodes)]}}
    if volume.mount_options:
        spec["mountOptions"] = list(volume.mount_options)
    return spec


def _on(nodes: list[str]) -> dict[str, Any]:
    hosts = {"key": "kubernetes.io/hostname", "operator": "In", "values": list(nodes)}
    return {"matchExpressions": [hosts]}
