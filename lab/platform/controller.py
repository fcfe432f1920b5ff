"""Read the cluster, do what is due: one round of the platform."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from lightkube import Client
from lightkube.types import PatchType

from lab import kinds
from lab.kinds import Object
from lab.platform import router
from lab.platform.kubelet import Surroundings, blockers
from lab.platform.registry import NAME, Registry
from lab.platform.rollout import deadline, status
from lab.platform.storage import MANAGER, Storage, stamp, title

REGISTRY = "openshift-image-registry"
INJECT_SERVICE_CA = "service.beta.openshift.io/inject-cabundle"

WATCHED = (
    (kinds.PersistentVolumeClaim, "*"),
    (kinds.PersistentVolume, None),
    (kinds.StorageClass, None),
    (kinds.Node, None),
    (kinds.Deployment, "*"),
    (kinds.Secret, REGISTRY),
    (kinds.ConfigMap, "*"),
    (kinds.Route, "*"),
    (kinds.Ingress, None),
)

REFERRING = (kinds.Deployment, kinds.ObjectBucketClaim)
"""What refers to secrets, config maps or claims."""


class Controller:
    """`reconcile()` is one round; each part reads what it needs and writes what is missing."""

    def __init__(self, client: Client, log: logging.Logger, registry: Registry) -> None:
        self._client = client
        self._registry = registry
        self._log = log
        self._storage = Storage(client, log)
        self._blocked: dict[str, list[str]] = {}

    def reconcile(self) -> float | None:
        """One round; the seconds after which to look again, or None."""
        # Before what they refer to.
        deployments = list(self._client.list(kinds.Deployment, namespace="*"))
        claims = list(self._client.list(kinds.PersistentVolumeClaim, namespace="*"))
        nodes = list(self._client.list(kinds.Node))
        config_maps = list(self._client.list(kinds.ConfigMap, namespace="*"))
        volumes = {
            each["metadata"]["name"]: each for each in self._client.list(kinds.PersistentVolume)
        }
        self._storage.reconcile(claims, volumes, deployments, nodes)
        self._inject(config_maps)
        self._routes()
        around = Surroundings(
            nodes,
            _ours(claims),
            volumes,
            _ours(self._client.list(kinds.Secret, namespace=REGISTRY)),
            _ours(config_maps),
        )
        running = _ours(deployments)
        broken = self._registry.keep(running.get(NAME), around)
        due = [self._registry.due]
        for name, each in running.items():
            own = replace(around, broken=broken) if name == NAME else around
            due.append(self._run(each, own))
        return min((each for each in due if each is not None), default=None)

    def _inject(self, config_maps: list[Object]) -> None:
        """The service CA operator: its certificate into every map that asks for it."""
        own = ("openshift-config-managed", "service-ca")
        found = [
            each for each in config_maps if (_namespace(each), each["metadata"]["name"]) == own
        ]
        if not found:
            return
        data = {"service-ca.crt": found[0]["data"]["ca-bundle.crt"]}
        for each in config_maps:
            asks = each["metadata"].get("annotations", {}).get(INJECT_SERVICE_CA) == "true"
            if asks and each.get("data") != data:
                self._patch(each, {"data": data})
                self._log.info("injected the service CA into %s", title(each))

    def _routes(self) -> None:
        domain = self._client.get(kinds.Ingress, "cluster")["spec"]["domain"]
        routes = self._client.list(kinds.Route, namespace="*")
        for route, ingress in router.admitted(routes, domain, stamp()):
            if not route["spec"].get("host"):
                self._patch(route, {"spec": {"host": ingress["host"]}})
            if route.get("status", {}).get("ingress") == [ingress]:
                continue
            self._client.patch(
                kinds.Route.Status,
                route["metadata"]["name"],
                {"status": {"ingress": [ingress]}},
                namespace=_namespace(route),
                patch_type=PatchType.MERGE,
            )
            state = ingress["conditions"][0]["status"]
            self._log.info("route %s: Admitted=%s %s", title(route), state, ingress["host"])

    def _run(self, deployment: Object, around: Surroundings) -> float | None:
        now = datetime.now(UTC)
        name = deployment["metadata"]["name"]
        after = status(deployment, around, now)
        problems = blockers(deployment["spec"]["template"]["spec"], around)
        if problems != self._blocked.get(name, []):
            self._blocked[name] = problems
            self._log.info("deployment %s: %s", name, "; ".join(problems) or "nothing in its way")
        if after != deployment.get("status"):
            document = kinds.Deployment.Status({**deployment, "status": after})
            self._client.replace(document, name=name, field_manager=MANAGER)
            running, wanted = after.get("readyReplicas", 0), after.get("replicas", 0)
            self._log.info("deployment %s: %s of %s ready", name, running, wanted)
        return deadline({**deployment, "status": after}, now)

    def _patch(self, live: Object, change: Object) -> None:
        self._client.patch(
            type(live),
            live["metadata"]["name"],
            change,
            namespace=_namespace(live),
            patch_type=PatchType.MERGE,
            field_manager=MANAGER,
        )


def _namespace(live: Object) -> str:
    return live["metadata"]["namespace"]


def _ours(found: Iterable[Object]) -> dict[str, Object]:
    """Those of the registry's namespace, by name."""
    return {each["metadata"]["name"]: each for each in found if _namespace(each) == REGISTRY}
