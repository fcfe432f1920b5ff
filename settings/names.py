"""Names that several modules spell alike."""

NAMESPACE = "openshift-image-registry"
"""Where the operator and everything of the registry are."""

CONFIG_NAMESPACE = "openshift-config"
"""Where image.config looks for what it refers to."""

FIELD_MANAGER = "openshift-registry"
"""Who owns what a stack sets. Fixed: a state made anew finds its own again."""

STACK = "openshift-registry/instance"
"""Annotation of what is patched: the cluster name of the stack that patches it."""

MEND = "pulumi up --refresh --run-program"
"""Makes the cluster as the stack file says where the engine's state is behind."""

OURS = (FIELD_MANAGER, "Apply")
"""Our manager and how it writes, as in managedFields."""
