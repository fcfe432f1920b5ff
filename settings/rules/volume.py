"""A volume that nothing provisions (settings/volume.py, its checks and its guards)."""

from settings.rules.rule import KUBERNETES, Rule

BINDER = "kubernetes pkg/controller/volume/persistentvolume/pv_controller.go"

RULES = {
    "volume:address": Rule(
        "A server or portal that is no host name or IP address, such as `nas:/exports`.",
        "The API server takes any text; the nodes could not mount it.",
    ),
    "volume:path": Rule(
        "A path that does not start at the root, or holds `..`.",
        f"The API server refuses the first of NFS and the second of local volumes ({KUBERNETES}).",
    ),
    "volume:iscsi-name": Rule(
        "A target or initiator that is no iqn., eui. or naa. name.",
        f"The API server refuses it ({KUBERNETES}); what it takes beyond that is none either.",
    ),
    "volume:wwn": Rule(
        "A world wide name in another spelling than 16 hexadecimal digits in lower case.",
        "The nodes look for that under /dev/disk/by-path (kubernetes pkg/volume/fc/fc_util.go).",
    ),
    "volume:fc": Rule(
        "Fibre Channel without targetWWNs and lun, and without wwids; or with both.",
        f"The API server refuses most of it ({KUBERNETES}); a lun beside wwids means nothing.",
    ),
    "volume:file-system": Rule(
        "A file system for a device that is not ext3, ext4 or xfs.",
        "OpenShift's nodes could not make or mount it.",
    ),
    "volume:iscsi-initiator": Rule(
        "`initiatorName` where the names of volume and portal are longer than 64 together.",
        f"The API server refuses it ({KUBERNETES}).",
        ours=False,
    ),
    "volume:claim-used": Rule(
        "A volume beside a claim that is only used or left blank.",
        "Such a claim gets its volume without the stack.",
    ),
    "volume:class": Rule(
        "A storage class beside a volume that is created or adopted.",
        "A class provisions volumes; this one is there already, and belongs to none.",
    ),
    "volume:nodes": Rule(
        "A local volume without `nodes`, or another one with them.",
        f"The API server refuses the first ({KUBERNETES}); all nodes reach the others.",
    ),
    "volume:several-nodes": Rule(
        "A local volume of several nodes.",
        "Each may have a disk of its own there, and the images are on one.",
        warning=True,
    ),
    "volume:local-shared": Rule(
        "ReadWriteMany on a local volume.", "One node's disk is out of the others' reach."
    ),
    "volume:device-shared": Rule(
        "ReadWriteMany on iSCSI, Fibre Channel, or a CSI driver of block devices.",
        "Two nodes that write one file system destroy it (guide 3.6.3.3 asks for ReadWriteOnce).",
    ),
    "volume:read-only": Rule("The mount option `ro`.", "The registry writes its images there."),
    "volume:reserved-key": Rule(
        "A label or an annotation of the volume that is set here or by Kubernetes: "
        "`app.kubernetes.io/managed-by`, `app.kubernetes.io/instance`, `pulumi.com/...`, "
        "`pv.kubernetes.io/...`, `volume.beta.kubernetes.io/...`.",
        "It marks whose the object is, and steers the plugin and the binder.",
    ),
    "guard:volume-leaving": Rule("A volume that is being deleted.", "Its images go with it."),
    "guard:volume-claimed": Rule(
        "A live volume that is bound to, or kept for, another claim.",
        "It has somebody else's data, or is about to.",
    ),
    "guard:volume-released": Rule(
        "A live volume whose claim is gone (Released or Failed).",
        f"It is not bound again until somebody says that its data are meant ({BINDER}).",
    ),
    "guard:volume-source": Rule(
        "A volume whose source would have to change.",
        f"Kubernetes does not let it change ({KUBERNETES}, ValidatePersistentVolumeUpdate).",
    ),
    "guard:volume-read-only": Rule(
        "A live volume that is mounted read-only.", "The registry writes its images there."
    ),
    "guard:volume-size": Rule(
        "A live volume of another size than its claim asks for.",
        f"A larger claim would not be bound ({BINDER}); a smaller one gets all of it, and could "
        "not say so afterwards.",
    ),
    "guard:volume-resize": Rule(
        "A claim on a volume without a class that would have to grow.",
        "The API server expands only what a class provisions (PersistentVolumeClaimResize).",
    ),
    "guard:volume-access-modes": Rule(
        "A live volume without the claim's access modes; or with ReadWriteMany on a block device "
        "or a node's disk, for a claim that asks for it.",
        f"It would not be bound ({BINDER}), or not bear two nodes.",
    ),
    "guard:volume-mode": Rule(
        "A live volume that is a raw block device.", "The registry mounts a file system."
    ),
    "guard:volume-class": Rule(
        "A live volume of another class than the claim's, or of any class if it is adopted.",
        f"It would not be bound ({BINDER}).",
    ),
    "guard:volume-of-claim": Rule(
        "A live claim that has, or asks for, another volume.",
        "Kubernetes does not let it change; a replacement would lose the images.",
    ),
    "guard:volume-reclaim": Rule(
        "A used volume whose reclaim policy is not Retain.",
        "Its data may go with the claim.",
        warning=True,
    ),
}
