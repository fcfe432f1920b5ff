"""Names that the operator and its users agree on (pkg/defaults/defaults.go)."""

FIELD_MANAGER = "cluster-image-registry-operator"
NAMESPACE = "openshift-image-registry"
OPENSHIFT_CONFIG = "openshift-config"
OPENSHIFT_CONFIG_MANAGED = "openshift-config-managed"

FINALIZER = "imageregistry.operator.openshift.io/finalizer"
CHECKSUM = "imageregistry.operator.openshift.io/checksum"
DEPENDENCIES_CHECKSUM = "imageregistry.operator.openshift.io/dependencies-checksum"
VERSION_ANNOTATION = "release.openshift.io/version"
OWNER_ANNOTATION = "imageregistry.openshift.io"
"""On claims and routes: the operator made this."""
SUPPLEMENTAL_GROUPS = "openshift.io/sa.scc.supplemental-groups"

REGISTRY = "image-registry"
"""Deployment, Service and ClusterOperator."""
DEFAULT_CLAIM = "image-registry-storage"
DEFAULT_ROUTE = "default-route"
SERVICE_ACCOUNT = "registry"
PRUNER_SERVICE_ACCOUNT = "pruner"
PRUNER_ROLE = "system:image-pruner"
PRUNER_ROLE_BINDING = "openshift-image-registry-pruner"
PORT = 5000
LABELS = {"docker-registry": "default"}

PRIVATE_CONFIGURATION = "image-registry-private-configuration"
USER_CONFIGURATION = "image-registry-private-configuration-user"
MINTED_CREDENTIALS = "installer-cloud-credentials"
PULL_SECRETS = "installation-pull-secrets"
CERTIFICATES = "image-registry-certificates"
SERVICE_CA = "serviceca"
TRUSTED_CA = "trusted-ca"
