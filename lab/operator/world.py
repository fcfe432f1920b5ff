"""Everything the operator looks at besides its own configuration, read in one go."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lightkube import ApiError, Client

from lab import kinds
from lab.clouds.lab import Clouds
from lab.kinds import Object
from lab.operator import names


@dataclass(frozen=True)
class World:
    """Objects are keyed by name. What can be absent on a cluster can be absent here."""

    infrastructure: Object
    namespace: Object
    proxy: Object = field(default_factory=dict)
    image_config: Object | None = None
    image_pruner: Object | None = None
    version: str = ""
    """The release the cluster runs, as clusterversion/version wants it."""
    nodes: Sequence[Object] = ()
    claims: Mapping[str, Object] = field(default_factory=dict)
    secrets: Mapping[str, Object] = field(default_factory=dict)
    config_maps: Mapping[str, Object] = field(default_factory=dict)
    openshift_config: Mapping[str, Object] = field(default_factory=dict)
    """ConfigMaps of namespace openshift-config."""
    pull_secret: Object | None = None
    kube_cloud_config: Object | None = None
    service: Object | None = None
    service_account: Object | None = None
    deployment: Object | None = None
    routes: Mapping[str, Object] = field(default_factory=dict)
    clouds: Clouds | None = None
    """What the lab has of them, for the operator to ask."""

    @property
    def platform(self) -> Object:
        """infrastructure/cluster `status.platformStatus`."""
        return self.infrastructure.get("status", {}).get("platformStatus", {})

    def live(self, wanted: Object) -> Object | None:
        """The object on the cluster that `wanted` describes, if it is one of those read."""
        name = wanted["metadata"]["name"]
        many = {
            "PersistentVolumeClaim": self.claims,
            "Secret": self.secrets,
            "ConfigMap": self.config_maps,
            "Route": self.routes,
        }
        if wanted["kind"] in many:
            return many[wanted["kind"]].get(name)
        one = {
            "Service": self.service,
            "ServiceAccount": self.service_account,
            "Deployment": self.deployment,
        }
        return one[wanted["kind"]]


def read(client: Client, clouds: Clouds | None = None) -> World:
    """The world as it is now. Raises ApiError when infrastructure or namespace are missing."""
    ours = names.NAMESPACE

    def get(kind: Any, name: str, namespace: str | None = None) -> Object | None:
        try:
            return client.get(kind, name, **({"namespace": namespace} if namespace else {}))
        except ApiError as error:
            if error.status.code == 404:
                return None
            raise

    def named(kind: Any, namespace: str = ours) -> dict[str, Object]:
        return {each["metadata"]["name"]: each for each in client.list(kind, namespace=namespace)}

    version = get(kinds.ClusterVersion, "version") or {}
    return World(
        infrastructure=client.get(kinds.Infrastructure, "cluster"),
        namespace=client.get(kinds.Namespace, ours),
        proxy=get(kinds.Proxy, "cluster") or {},
        image_config=get(kinds.Image, "cluster"),
        image_pruner=get(kinds.ImagePruner, "cluster"),
        version=version.get("status", {}).get("desired", {}).get("version", ""),
        nodes=list(client.list(kinds.Node)),
        claims=named(kinds.PersistentVolumeClaim),
        secrets=named(kinds.Secret),
        config_maps=named(kinds.ConfigMap),
        openshift_config=named(kinds.ConfigMap, names.OPENSHIFT_CONFIG),
        pull_secret=get(kinds.Secret, "pull-secret", names.OPENSHIFT_CONFIG),
        kube_cloud_config=get(kinds.ConfigMap, "kube-cloud-config", names.OPENSHIFT_CONFIG_MANAGED),
        service=get(kinds.Service, names.REGISTRY, ours),
        service_account=get(kinds.ServiceAccount, names.SERVICE_ACCOUNT, ours),
        deployment=get(kinds.Deployment, names.REGISTRY, ours),
        routes=named(kinds.Route),
        clouds=clouds,
    )


WATCHED = (
    (kinds.Config, None),
    (kinds.Infrastructure, None),
    (kinds.Proxy, None),
    (kinds.Image, None),
    (kinds.ImagePruner, None),
    (kinds.ClusterOperator, None),
    (kinds.PersistentVolumeClaim, names.NAMESPACE),
    (kinds.Secret, names.NAMESPACE),
    (kinds.ConfigMap, names.NAMESPACE),
    (kinds.Service, names.NAMESPACE),
    (kinds.Deployment, names.NAMESPACE),
    (kinds.Route, names.NAMESPACE),
    (kinds.ConfigMap, names.OPENSHIFT_CONFIG),
    (kinds.Secret, names.OPENSHIFT_CONFIG),
    # What else is read in each round: what is watched need not be asked for.
    (kinds.ClusterVersion, None),
    (kinds.Namespace, None),
    (kinds.Node, None),
    (kinds.ConfigMap, names.OPENSHIFT_CONFIG_MANAGED),
)
"""What wakes the operator: the informers of pkg/operator/controller.go `NewController`."""

REFERRING = (kinds.Config, kinds.Image, kinds.Proxy, kinds.Infrastructure)
"""What users write that refers to secrets, config maps or claims. `read` reads it before those."""


def data_of(secret: Object) -> dict[str, str]:
    """A secret's data as text; a binary value reads as something that is no credential."""
    return {
        key: base64.b64decode(value).decode(errors="replace")
        for key, value in (secret.get("data") or {}).items()
    }
