"""Certificates that the cluster publishes for whoever talks to what it serves."""

from typing import NamedTuple

from settings.names import NAMESPACE


class Authority(NamedTuple):
    """A ConfigMap and the key of it that holds the certificates."""

    namespace: str
    name: str
    key: str


SERVICE_CA = Authority(NAMESPACE, "openshift-service-ca.crt", "service-ca.crt")
"""Who signs the certificates of Services; OpenShift puts it into every namespace."""

INGRESS = Authority("openshift-config-managed", "default-ingress-cert", "ca-bundle.crt")
"""What the router shows by default, also when that was replaced: the ingress operator keeps it
up to date (cluster-ingress-operator pkg/operator/controller/certificate-publisher)."""
