"""The stack file against the live cluster (settings/guards.py and its neighbours)."""

from settings.rules.rule import OPERATOR, Rule

RULES = {
    "guard:cluster": Rule(
        "A kubeconfig that can't be used; in `up` also an API server that does not answer, or "
        "anything that has to be checked and can't be read.",
        "Nothing could be checked against the cluster, and nothing is applied unchecked.",
    ),
    "guard:lab-loopback": Rule(
        "A stack named `lab-*` on an API server that isn't loopback. Nothing is sent to it.",
        "Labs are thrown away.",
    ),
    "guard:infrastructure-name": Rule(
        "Another cluster than the one named.", "It would get this one's registry."
    ),
    "guard:other-stack": Rule(
        "A cluster whose objects another stack patches.",
        "Both are the same owner to the API server, and would undo each other.",
    ),
    "guard:platform": Rule(
        "Another platform than the one named.", "Checks were made for the wrong one."
    ),
    "guard:version": Rule(
        "Another minor version than the one named.", "Keys were judged by the wrong one."
    ),
    "guard:config-absent": Rule(
        "A cluster without configs/cluster.", "Server-side apply would create it."
    ),
    "guard:config-deleting": Rule(
        "A configs/cluster that is being deleted.", "The operator is about to make a new one."
    ),
    "guard:foreign-storage": Rule(
        "Live storage that the stack file neither wants nor names under `replaces`.",
        "Its images would be left behind unnoticed.",
    ),
    "guard:storage-dropped": Rule(
        "A stack file without the storage that the stack has given the registry.",
        "The keys would go from the custom resource, and the operator fills in its platform's "
        f"default then ({OPERATOR} pkg/resource/generator.go).",
    ),
    "guard:removed-managed": Rule(
        "`managementState: Removed` without a storage section, on storage that the operator "
        "manages.",
        "The operator deletes managed storage when the registry is removed (guide 2.5).",
    ),
    "guard:claim-gone": Rule(
        "A claim of this stack that is gone from the cluster while the registry uses it.",
        "A new one would be empty.",
    ),
    "guard:no-storage": Rule(
        "A registry without storage on a platform where the operator has no default.",
        f'It says "storage backend not configured" ({OPERATOR} pkg/storage/storage.go).',
    ),
    "guard:empty-dir-replicas": Rule(
        "More than one replica on live emptyDir storage.", "Each pod has images of its own."
    ),
    "guard:object-absent": Rule(
        "A cluster without image.config/cluster or imagepruner/cluster.",
        "Server-side apply would create it.",
    ),
    "guard:no-node": Rule(
        "A cluster without a node that fits the node selector, the tolerations and the place of a "
        "local volume.",
        "The registry's pods would stay Pending, and the operator would go Degraded.",
    ),
    "guard:second-node": Rule(
        "Two replicas where only one node can run them, without an affinity of one's own.",
        "With exactly two the operator keeps them on two nodes "
        f"({OPERATOR} pkg/resource/podtemplatespec.go), so one stays Pending.",
    ),
    "guard:no-proxy": Rule(
        "A `noProxy` that lacks hosts of the cluster's own list.",
        "It replaces that list instead of adding to it "
        f"({OPERATOR} pkg/resource/podtemplatespec.go).",
        warning=True,
    ),
    "guard:claim-lost": Rule("A claim whose volume is gone.", "Its images are gone with it."),
    "guard:claim-not-operators": Rule(
        "A blank claim where image-registry-storage exists and is somebody else's.",
        f"The operator refuses it ({OPERATOR} pkg/storage/pvc/pvc.go, CreateStorage).",
    ),
    "guard:no-default-class": Rule(
        "A blank claim on a cluster without a default StorageClass.",
        "The operator's claim would stay Pending.",
    ),
    "guard:class-block": Rule(
        "A ReadWriteMany claim on a live class of block devices, also on the default class for a "
        "blank claim.",
        "It would stay Pending (guide 3.7.3.1).",
    ),
    "guard:class-vsphere": Rule(
        "A ReadWriteMany claim on vSphere, also on the default class for a blank claim.",
        "Only vSAN File Service has shared files (guide 3.7.3.1).",
        warning=True,
    ),
    "guard:cephfs": Rule(
        "A claim on CephFS where the cluster has a class of Ceph RGW or NooBaa.",
        "Claims of volumes are not recommended where there is another way (guide 3.6.4, note).",
        warning=True,
    ),
    "guard:exists": Rule(
        "`create` of an object that another has made.", "It has an owner already."
    ),
    "guard:missing": Rule("`use` or `adopt` of an object that is not there.", "Nothing to use."),
    "guard:claim-immutable": Rule(
        "A claim whose access modes, volume mode or class would have to change.",
        "Kubernetes does not let them change; a replacement would lose the images.",
    ),
    "guard:claim-size": Rule("A claim that would have to shrink.", "Kubernetes has no such thing."),
    "guard:claim-access-modes": Rule(
        "Access modes given for a used claim that it does not have.",
        "The registry was judged by them.",
    ),
    "guard:claim-leaving": Rule("A claim that is being deleted.", "Its images go with it."),
    "guard:claim-block": Rule(
        "A live claim that is a raw block device.", "The registry mounts a file system."
    ),
    "guard:claim-mode": Rule(
        "A live claim with neither ReadWriteMany nor ReadWriteOnce.",
        f"The operator refuses it ({OPERATOR} pkg/storage/pvc/pvc.go).",
    ),
    "guard:claim-rwo": Rule(
        "A live ReadWriteOnce claim with more than one replica, or without Recreate.",
        f"The operator refuses it ({OPERATOR} pkg/storage/pvc/pvc.go).",
    ),
    "guard:class-immutable": Rule(
        "A class whose parameters, provisioner, reclaim policy or binding mode would have to "
        "change.",
        "Kubernetes does not let them change (openshift/installer issue 4806).",
    ),
}
