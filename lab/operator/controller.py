"""Read, judge, write: one sync of the operator (pkg/operator/controller.go `sync`)."""

import logging
from copy import deepcopy

from lightkube import ApiError, Client

from lab import kinds
from lab.clouds.lab import Clouds
from lab.kinds import Object
from lab.operator import conditions, names, publish, routes
from lab.operator.bootstrap import bootstrap
from lab.operator.certificates import certificates
from lab.operator.errors import PermanentError, SyncError
from lab.operator.judge import Verdict, judge, remove
from lab.operator.world import World, read
from lab.operator.writer import Writer

RETRY = 5.0
"""Seconds after which an error that is not permanent is looked at again."""

CERTIFICATES_DEGRADED = "ImageRegistryCertificatesControllerDegraded"


class Controller:
    """`reconcile()` brings the cluster one step nearer to what configs/cluster says.

    `inertia` is how many seconds the registry must be unavailable to be Degraded:
    a minute for the real operator, less here by default, so that nobody waits for it.
    """

    def __init__(
        self,
        client: Client,
        log: logging.Logger,
        inertia: float = 2.0,
        clouds: Clouds | None = None,
    ) -> None:
        self._client = client
        self._log = log
        self._inertia = inertia
        self._clouds = clouds
        self._writer = Writer(client, log)
        self._told = ""

    def reconcile(self) -> float | None:
        """One sync; the seconds after which to look again, or None."""
        try:
            config = self._client.get(kinds.Config, "cluster")
        except ApiError as error:
            if error.status.code != 404:
                raise
            self._bootstrap()
            return None
        world = read(self._client, self._clouds)
        if config["metadata"].get("deletionTimestamp"):
            self._finalize(config, world)
            return None
        return self._sync(config, world)

    def _bootstrap(self) -> None:
        for each in bootstrap(self._client.get(kinds.Infrastructure, "cluster")):
            try:
                self._writer.create(each)
            except ApiError as error:
                # A claim of that name is taken as it is (bootstrap.go `createPVC`).
                if error.status.code != 409:
                    raise

    def _finalize(self, config: Object, world: World) -> None:
        """finalizer.go `finalizeResources`; the sync after it makes a new configuration."""
        if names.FINALIZER not in config["metadata"].get("finalizers", []):
            return
        error = self._carry_out(remove(config, world), world)
        if error is not None:
            raise error
        config["metadata"]["finalizers"].remove(names.FINALIZER)
        self._client.replace(config)
        self._log.info("finalized Config cluster")

    def _sync(self, config: Object, world: World) -> float | None:
        writes = self._writer.changed
        untrusted = self._certificates(config, world)
        if self._writer.changed != writes:
            world = read(self._client, self._clouds)
        writes = self._writer.changed
        verdict = self._judge(config, world)
        error = self._carry_out(verdict, world)
        if self._writer.changed != writes:
            # What was just written counts, as it does in the real one's caches.
            world = read(self._client, self._clouds)
        after = verdict.config
        wanted = [each["name"] for each in routes.wanted(after["spec"])]
        exposed = [world.routes[name] for name in wanted if name in world.routes]
        conditions.put_overall(after, world.deployment, exposed, error, self._inertia)
        conditions.put(after, CERTIFICATES_DEGRADED, *_trust(untrusted))
        _put_generation(after, world.deployment)
        publish.config(self._client, self._log, config, after)
        publish.cluster_operator(self._client, after, world)
        publish.image_config(self._client, self._log, world)
        due = [self._until_degraded(after), self._until_retry(error)]
        return min((each for each in due if each is not None), default=None)

    def _certificates(self, config: Object, world: World) -> SyncError | None:
        """A controller of its own in the real operator, with a condition of its own."""
        try:
            wanted = certificates(config, world)
        except SyncError as error:
            return error
        self._writer.apply(wanted, world.config_maps.get(names.CERTIFICATES))
        return None

    def _judge(self, config: Object, world: World) -> Verdict:
        state = config["spec"].get("managementState")
        if state == "Managed":
            return judge(config, world)
        if state == "Removed":
            return remove(config, world)
        if state != "Unmanaged":
            self._log.warning("unknown custom resource state: %s", state)
        return Verdict(deepcopy(config))

    def _carry_out(self, verdict: Verdict, world: World) -> SyncError | None:
        """Write what was judged; the error to report, if any."""
        try:
            for each in verdict.objects:
                generation = None
                if each["kind"] == "Deployment":
                    generation = _last_generation(verdict.config)
                self._writer.apply(each, world.live(each), generation)
            for each in verdict.obsolete:
                self._writer.delete(each)
        except ApiError as error:
            if error.status.code == 409:
                raise
            return SyncError(f"unable to apply objects: {error.status.message}")
        return verdict.error

    def _until_retry(self, error: SyncError | None) -> float | None:
        """Most of what mends an error is watched; an API server's bad moment is not."""
        told, self._told = self._told, str(error or "")
        if error is None or isinstance(error, PermanentError):
            return None
        if told != self._told:
            self._log.warning("unable to sync: %s", error)
        return RETRY

    def _until_degraded(self, config: Object) -> float | None:
        found = config["status"]["conditions"]
        available = conditions.find(found, "Available") or {}
        degraded = conditions.find(found, "Degraded") or {}
        if available["status"] == "True" or degraded["status"] == "True":
            return None
        passed = conditions.seconds_since(available["lastTransitionTime"])
        return max(0.1, self._inertia - passed + 0.1)


def _trust(error: SyncError | None) -> tuple[str, str, str]:
    return ("False", "AsExpected", "") if error is None else ("True", "Error", str(error))


def _last_generation(config: Object) -> int | None:
    """The deployment's generation the operator wrote last (deployment.go `LastGeneration`)."""
    for each in config.get("status", {}).get("generations", []):
        if each["resource"] == "deployments":
            return each["lastGeneration"]
    return None


def _put_generation(config: Object, deployment: Object | None) -> None:
    if deployment is None or config["spec"].get("managementState") != "Managed":
        return
    config["status"]["generations"] = [
        {
            "group": "apps",
            "resource": "deployments",
            "namespace": names.NAMESPACE,
            "name": names.REGISTRY,
            "lastGeneration": deployment["metadata"]["generation"],
        }
    ]
