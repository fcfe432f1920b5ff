"""Names that several modules spell alike."""

NAMESPACE = "openshift-image-registry"
"""Where the operator and everything of the registry are."""

CONFIG_NAMESPACE = "openshift-config"
"""Where image.config looks for what it refers to."""

OPERATORS = "imageregistry.openshift.io"
"""Annotation of the claim and the routes that the operator has made (pkg/storage/pvc/pvc.go,
pkg/resource/route.go)."""

HOSTNAME = "kubernetes.io/hostname"
"""Label of a node by which volumes and pods are tied to it."""

FIELD_MANAGER = "openshift-registry"
"""Who owns what a stack sets. Fixed: a state made anew finds its own again."""

STACK = "openshift-registry/instance"
"""Annotation of what is patched: the cluster name of the stack that patches it."""

MEND = "pulumi up --refresh --run-program"
"""Makes the cluster as the stack file says where the engine's state is behind."""

ACCESS_KEY, SECRET_KEY = "REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"
"""Of the secret with the keys of a bucket (guide 3.1.1)."""

APPLICATION_ID = "REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALID"
"""Of the secret with an application credential of Keystone."""

OURS = (FIELD_MANAGER, "Apply")
"""Our manager and how it writes, as in managedFields."""
