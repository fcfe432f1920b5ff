"""The file, its shape, the storage and the operator's parameters."""

from settings.rules.rule import KUBERNETES, OPERATOR, Rule

RULES = {
    # The file.
    "file": Rule("A file that can't be read, or isn't UTF-8.", "Pulumi can't read it either."),
    "file-name": Rule(
        "A file that isn't called `Pulumi.<stack>.yaml`.", "Pulumi would not find it."
    ),
    "yaml": Rule(
        "Text that is no YAML, more than one document, unknown tags, nesting or aliases without "
        "end.",
        "Pulumi can't read it either (gopkg.in/yaml.v3).",
    ),
    "duplicate-key": Rule("A key that stands twice in a mapping.", "Pulumi refuses the file."),
    "encrypted-section": Rule(
        "A whole section as one secret.", "Nobody could review what the stack does."
    ),
    "plain-secret": Rule(
        "`kubeconfig`, `httpSecret`, a proxy's password, a route's `tls.key` or credentials in "
        "plain text.",
        "Whoever reads the repository has it.",
    ),
    # Shape.
    "unknown-key": Rule(
        "A key that does not exist.",
        "The API server refuses it too (strict validation).",
        ours=False,
    ),
    "not-settable": Rule(
        "`observedConfig`, `unsupportedConfigOverrides`, `status`, `finalizers`, "
        "`storage.managementState`, `resources.claims` and other keys that are not the user's.",
        "The operator writes the first for itself; the second blocks upgrades; the storage of a "
        "stack is always Unmanaged (guide 2.5); the registry's pod has no resource claims.",
    ),
    "required": Rule(
        "A key that must be there and isn't: of a form, `replicas` where the storage does not "
        "settle it, the storage class of a claim that is written.",
        "The API server requires `replicas`, and each object its fields.",
        ours=False,
    ),
    "null": Rule(
        "A key without a value.",
        "The API server drops it silently. Not set means left out.",
    ),
    "empty": Rule(
        "Empty text where it means nothing.",
        "The API server takes it for not set. Not set means left out.",
    ),
    "type": Rule(
        "Text for a number, a number for text, and so on; a number with a decimal point where "
        "a whole one is wanted, even `1.0`.",
        "The API server refuses most of it, and reads `1.0` as 1.",
    ),
    "value": Rule(
        "A word that is none of the few a key takes.",
        "The API server refuses it.",
        ours=False,
    ),
    "range": Rule(
        "A whole number that its field can't hold (32 or 64 bits).",
        "The API server does not look at the 32; the operator could not decode its own custom "
        "resource.",
    ),
    "exactly-one": Rule(
        "None or several of create, adopt and use; of the backends in `replaces`.",
        "There is one thing of each.",
    ),
    "kind": Rule("A kind of storage that does not exist here.", "Nothing could be made of it."),
    # Text with a syntax.
    "cluster-version": Rule(
        "A version that is not `4.N` with N from 1.", "Gates compare minor versions."
    ),
    "version-quotes": Rule(
        "A version that YAML reads as a number.", "`4.10` would be read as 4.1."
    ),
    "kubeconfig": Rule("A kubeconfig that is none, such as a path.", "The content is wanted."),
    "name": Rule(
        "A name that no Kubernetes object can have.", "The API server refuses the object."
    ),
    "size": Rule(
        "A capacity that is no positive number of bytes; parameters of a class or a map of "
        "CAs that are larger than Kubernetes takes.",
        "The API server refuses the object.",
    ),
    "availability": Rule(
        "`availability` for another provisioner than Cinder's, or beside the parameter.",
        "It is short for that parameter of Cinder's CSI driver (guide 3.5.1).",
    ),
    "secure-key": Rule(
        "Labels, or a map of CAs, whose only key is `secure`.",
        "Pulumi reads such a mapping as an encrypted value.",
    ),
    "quantity": Rule(
        "A quantity that passes the CRD's pattern but is none (`1e1.5`), or that Kubernetes does "
        "not keep as written (above 2^63-1, finer than a billionth).",
        "The operator could not decode its own custom resource.",
    ),
    "duration": Rule(
        "A duration that Go can't read (`1 day`), or below zero.",
        "The CRD's format takes it; the operator could not decode its own custom resource.",
    ),
    "proxy-url": Rule(
        "A proxy without a scheme.",
        f"The registry can't use it ({OPERATOR} pull request 369); the CRD takes any text.",
    ),
    # Versions.
    "version": Rule(
        "A key that is newer than `cluster.version`.",
        "The API server of that version drops it, or the operator does not know it.",
    ),
    # The operator.
    "operator:force": Rule(
        "`managementState: Force`.", "The CRD takes it; the operator logs it as unknown."
    ),
    "operator:negative": Rule(
        "Replicas or limits of requests below zero.",
        f"The operator goes Degraded ({OPERATOR} pkg/operator/complete.go, "
        "pkg/resource/podtemplatespec.go).",
    ),
    "operator:access-mode": Rule(
        "A claim with neither ReadWriteMany nor ReadWriteOnce.",
        f"The operator refuses it ({OPERATOR} pkg/storage/pvc/pvc.go).",
    ),
    "operator:block-volume": Rule(
        "`volumeMode: Block`.", "The registry mounts a file system at /registry."
    ),
    "operator:rwo-replicas": Rule(
        "More than one replica on a ReadWriteOnce claim.",
        f"The operator refuses it ({OPERATOR} pkg/storage/pvc/pvc.go).",
    ),
    "operator:rwo-rollout": Rule(
        "`rolloutStrategy: RollingUpdate` on a ReadWriteOnce claim.",
        f"The operator refuses it ({OPERATOR} pkg/storage/pvc/pvc.go).",
    ),
    "operator:no-storage": Rule(
        "`Managed` without storage on BareMetal, VSphere, Nutanix, None, KubeVirt, EquinixMetal "
        "or External.",
        f"The operator has no default there (guide 2.2; {OPERATOR} pkg/storage/storage.go).",
    ),
    "operator:unmanaged": Rule(
        "Storage beside `managementState: Unmanaged`.",
        "The operator ignores its custom resource, so nothing is moved (guide 2.5).",
        warning=True,
    ),
    "operator:defaults-dropped": Rule(
        "A node selector without spread constraints, an affinity without podAntiAffinity, "
        "resources without cpu or memory.",
        f"Each drops a default of the operator's ({OPERATOR} pkg/resource/podtemplatespec.go).",
        warning=True,
    ),
    "operator:no-proxy": Rule(
        "A `noProxy` without .svc or .cluster.local.",
        "It replaces the cluster's list instead of adding to it "
        f"({OPERATOR} pkg/resource/podtemplatespec.go).",
        warning=True,
    ),
    "deprecated:logging": Rule(
        "`logging`.",
        f"`logLevel` took its place ({OPERATOR} pkg/resource/podtemplatespec.go).",
        warning=True,
    ),
    # Storage.
    "storage:block-shared": Rule(
        "ReadWriteMany with a file system on a provisioner of block devices (Ceph RBD, Cinder, "
        "Nutanix Volumes, LVM, the clouds' disks).",
        "It is for one node at a time, and the claim stays Pending "
        "(kubernetes/cloud-provider-openstack issue 1367; ceph-csi gives several nodes raw block "
        "only).",
    ),
    "storage:vsphere-shared": Rule(
        "ReadWriteMany on vSphere.",
        "Only vSAN File Service has shared files, and nobody can see from here whether it is on.",
        warning=True,
    ),
    "storage:empty-dir": Rule(
        "`kind: emptyDir`.",
        "Images are lost whenever the pod goes (guide 3.6.3.2).",
        warning=True,
    ),
    "storage:empty-dir-replicas": Rule(
        "emptyDir with more than one replica.",
        "Each pod has images of its own (openshift/api imageregistry/v1 types.go).",
    ),
    "storage:in-tree-cinder": Rule(
        "The provisioner kubernetes.io/cinder.",
        "Kubernetes took it out; the CSI driver stands in for it.",
        warning=True,
    ),
    "storage:class-unused": Rule(
        "A storage class beside a claim that is only used.", "The claim has its class already."
    ),
    "storage:operator-claim": Rule(
        "A created claim called image-registry-storage.",
        "The operator makes a claim of that name when none is named "
        f"({OPERATOR} pkg/storage/pvc/pvc.go).",
        warning=True,
    ),
    "storage:reserved-key": Rule(
        "A label or an annotation of the claim that is not the user's: "
        "`app.kubernetes.io/managed-by`, `app.kubernetes.io/instance`, `pulumi.com/...`, "
        "`pv.kubernetes.io/...`, `volume.kubernetes.io/...`, `volume.beta.kubernetes.io/...`.",
        "It marks whose the object is, or steers the plugin or Kubernetes' volume controllers.",
    ),
    "operator:removed": Rule(
        "`managementState: Removed`.",
        "If the operator manages the storage, it deletes it with all images (guide 2.5); on a "
        "stack's own storage they stay, and the pruner prunes metadata only (guide 2.1).",
        warning=True,
    ),
    "storage:replaces-itself": Rule(
        "`replaces` that names the stack's own claim.", "There would be nothing to switch."
    ),
    # The registry's Deployment and its pods.
    "deployment:label": Rule(
        "A label, label key or value that Kubernetes does not take.",
        f"The Deployment would be refused ({KUBERNETES}).",
    ),
    "deployment:selector": Rule(
        "An operator of a selector that does not exist, or values that don't fit it.",
        f"The Deployment would be refused ({KUBERNETES}).",
    ),
    "deployment:toleration": Rule(
        "A toleration whose parts don't fit together.",
        f"The Deployment would be refused ({KUBERNETES}).",
    ),
    "deployment:affinity": Rule(
        "A weight outside 1 to 100, namespaces that are no names, label keys without a selector.",
        f"The Deployment would be refused ({KUBERNETES}).",
    ),
    "deployment:topology-spread": Rule(
        "A spread constraint whose parts don't fit together, or two of the same kind.",
        f"The Deployment would be refused ({KUBERNETES}).",
    ),
    "deployment:resources": Rule(
        "Resources that a container can't ask for, negative, or more than their limit.",
        f"The Deployment would be refused ({KUBERNETES}).",
    ),
    "pod:count": Rule(
        "More than 2^63/1000 of an extended resource.",
        "Kubernetes counts thousandths; past that it takes some numbers and refuses others, by how "
        "they are written (apimachinery resource.Quantity.MilliValue).",
    ),
    "pod:label-keys": Rule(
        "`matchLabelKeys` that the selector names too.",
        f"The pods would be refused ({KUBERNETES}).",
    ),
}
