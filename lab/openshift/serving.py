"""The CAs that a cluster makes for itself, and what they sign.

The service CA operator has one for services (annotation serving-cert-secret-name), the ingress
operator another for the hosts of routes. Both are made at installation, once; their keys are
not kept.
"""

import base64
from dataclasses import dataclass

from lab.authority import Authority
from lab.kinds import Object

NAMESPACE = "openshift-image-registry"


@dataclass(frozen=True)
class Authorities:
    """Those of one cluster."""

    service: Authority
    ingress: Authority

    @classmethod
    def make(cls) -> "Authorities":
        return cls(Authority("openshift-service-serving-signer"), Authority("ingress-operator"))

    def of_service(self, service: str, namespace: str) -> tuple[str, str]:
        """A certificate for a service's names within the cluster, and its key."""
        host = f"{service}.{namespace}.svc"
        return self.service.sign(host, f"{host}.cluster.local")

    def registry_secret(self) -> Object:
        """The Secret that the registry's service asks for."""
        return tls_secret(
            "image-registry-tls", NAMESPACE, *self.of_service("image-registry", NAMESPACE)
        )


def tls_secret(name: str, namespace: str, chain: str, key: str) -> Object:
    data = {"tls.crt": chain, "tls.key": key}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "type": "kubernetes.io/tls",
        "data": {name: base64.b64encode(each.encode()).decode() for name, each in data.items()},
    }
