"""The object stores of OpenShift Data Foundation, as they show on a cluster.

red-hat-storage/ocs-operator controllers/storagecluster/{cephobjectstores,routes}.go and
noobaa/noobaa-operator deploy/internal/{service,route}-s3.yaml: each has a service with a
certificate of the service CA, and routes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab.kinds import Object
from lab.openshift.serving import Authorities, tls_secret

NAMESPACE = "openshift-storage"
ON_CLOUDS = {"AWS", "Azure", "GCP", "IBMCloud"}
"""Where the operator makes no Ceph object store (platform.go `SkipObjectStorePlatforms`)."""


@dataclass(frozen=True)
class ObjectStore:
    name: str
    provisioner: str
    service: str
    ports: Mapping[int, str]
    secret: str
    """With the service's certificate."""
    routes: Mapping[str, Object]
    """Name -> the part of its spec that is its own."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """On all that its provisioner makes, besides the provisioner's name."""

    @property
    def host(self) -> str:
        """The service's name within the cluster."""
        return f"{self.service}.{NAMESPACE}.svc"

    def hosts(self, domain: str) -> list[str]:
        """Its routes' hosts."""
        return [f"{name}-{NAMESPACE}.apps.{domain}" for name in self.routes]

    def documents(self, authorities: Authorities) -> list[Object]:
        asks = {"service.beta.openshift.io/serving-cert-secret-name": self.secret}
        ports = [
            {"name": name, "port": port, "protocol": "TCP"} for port, name in self.ports.items()
        ]
        service = _object("v1", "Service", self.service, {"ports": ports}, annotations=asks)
        chain, key = authorities.of_service(self.service, NAMESPACE)
        to = {"to": {"kind": "Service", "name": self.service, "weight": 100}}
        return [
            service,
            tls_secret(self.secret, NAMESPACE, chain, key),
            *(
                _object("route.openshift.io/v1", "Route", name, {**to, **own})
                for name, own in self.routes.items()
            ),
        ]


def _object(version: str, kind: str, name: str, spec: Object, **metadata: Object) -> Object:
    place = {"name": name, "namespace": NAMESPACE, **metadata}
    return {"apiVersion": version, "kind": kind, "metadata": place, "spec": spec}


def _route(port: str, termination: str, **tls: str) -> Object:
    return {"port": {"targetPort": port}, "tls": {"termination": termination, **tls}}


_STORE = "ocs-storagecluster-cephobjectstore"

CEPH = ObjectStore(
    "rgw",
    f"{NAMESPACE}.ceph.rook.io/bucket",
    f"rook-ceph-rgw-{_STORE}",
    {80: "http", 443: "https"},
    "ocs-storagecluster-cos-ceph-rgw-tls-cert",
    {
        _STORE: _route("http", "edge", insecureEdgeTerminationPolicy="Allow"),
        f"{_STORE}-secure": _route("https", "reencrypt", insecureEdgeTerminationPolicy="Redirect"),
    },
)
NOOBAA = ObjectStore(
    "noobaa",
    f"{NAMESPACE}.noobaa.io/obc",
    "s3",
    {80: "s3", 443: "s3-https"},
    "noobaa-s3-serving-cert",
    {"s3": _route("s3-https", "reencrypt")},
    {"app": "noobaa", "noobaa-domain": f"{NAMESPACE}.noobaa.io"},
)


def object_stores(platform: str) -> Sequence[ObjectStore]:
    return (NOOBAA,) if platform in ON_CLOUDS else (CEPH, NOOBAA)
