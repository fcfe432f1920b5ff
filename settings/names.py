"""Names that several modules spell alike."""

NAMESPACE = "openshift-image-registry"
"""Where the operator and everything of the registry are."""

CONFIG_NAMESPACE = "openshift-config"
"""Where image.config looks for what it refers to."""

FIELD_MANAGER = "openshift-registry"
"""Who owns what a stack sets. Fixed: a state made anew finds its own again."""

OURS = (FIELD_MANAGER, "Apply")
"""Our manager and how it writes, as in managedFields."""
