"""The image pruner: a controller of its own (pkg/operator/controllerimagepruner.go).

It makes a CronJob of imagepruners/cluster whatever the registry's managementState is.
Nothing in the lab runs jobs, so nothing is ever pruned.
"""

import logging
from collections.abc import Callable
from typing import Any

from lightkube import ApiError, Client

from lab import kinds
from lab.kinds import Object
from lab.openshift.documents import image_pruner
from lab.operator import names, objects
from lab.operator.errors import SyncError
from lab.operator.prunerjob import NAME, cron_job
from lab.operator.prunerstatus import judged
from lab.operator.writer import Writer

RETRY = 5.0
"""Seconds after which an error is looked at again."""

WATCHED = (
    (kinds.ImagePruner, None),
    (kinds.Image, None),
    (kinds.ClusterRoleBinding, None),
    (kinds.CronJob, names.NAMESPACE),
    (kinds.Job, names.NAMESPACE),
    (kinds.ServiceAccount, names.NAMESPACE),
    (kinds.ConfigMap, names.NAMESPACE),
)


class Pruner:
    """`reconcile()` brings the CronJob in line with imagepruners/cluster, and says how it went."""

    def __init__(self, client: Client, log: logging.Logger) -> None:
        self._client = client
        self._log = log
        self._writer = Writer(client, log)
        self._told = ""

    def reconcile(self) -> float | None:
        """One sync; the seconds after which to look again, or None."""
        pruner = self._get(kinds.ImagePruner, "cluster")
        if pruner is None:
            self._writer.create(image_pruner())
            return None
        error = self._apply(pruner["spec"])
        jobs = list(self._client.list(kinds.Job, namespace=names.NAMESPACE))
        after = judged(pruner, self._get(kinds.CronJob, NAME, names.NAMESPACE), jobs, error)
        if after["status"] != pruner.get("status"):
            self._client.replace(kinds.ImagePruner.Status(after), name="cluster")
            self._log.info("updated status of ImagePruner cluster")
        told, self._told = self._told, str(error or "")
        if error is not None and told != self._told:
            self._log.warning("(image pruner) unable to sync: %s", error)
        return None if error is None else RETRY

    def _apply(self, spec: Object) -> SyncError | None:
        """pkg/resource/generatorimagepruner.go: in order, up to the first that fails."""
        for kind, name, generate in (
            (kinds.ClusterRoleBinding, names.PRUNER_ROLE_BINDING, role_binding),
            (kinds.ServiceAccount, names.PRUNER_SERVICE_ACCOUNT, service_account),
            (kinds.ConfigMap, names.SERVICE_CA, objects.service_ca),
            (kinds.CronJob, NAME, lambda: self._cron_job(spec)),
        ):
            error = self._apply_one(kind, name, generate)
            if error is not None:
                return error
        return None

    def _apply_one(self, kind: Any, name: str, generate: Callable[[], Object]) -> SyncError | None:
        namespace = "" if kind is kinds.ClusterRoleBinding else names.NAMESPACE
        live = self._get(kind, name, namespace or None)
        try:
            self._writer.apply(generate(), live)
        except (SyncError, ApiError) as error:
            if isinstance(error, ApiError) and error.status.code == 409:
                raise  # somebody else wrote first: look again
            verb = "create" if live is None else "update"
            what = f"*v1.{kind.__name__}, " + (f"Namespace={namespace}, " if namespace else "")
            said = error.status.message if isinstance(error, ApiError) else error
            return SyncError(
                f"unable to apply objects: failed to {verb} object {what}Name={name}: {said}"
            )
        return None

    def _cron_job(self, spec: Object) -> Object:
        version = self._get(kinds.ClusterVersion, "version") or {}
        desired = version.get("status", {}).get("desired", {}).get("version", "")
        return cron_job(spec, self._get(kinds.Image, "cluster"), desired)

    def _get(self, kind: Any, name: str, namespace: str | None = None) -> Object | None:
        try:
            return self._client.get(kind, name, **({"namespace": namespace} if namespace else {}))
        except ApiError as error:
            if error.status.code == 404:
                return None
            raise


def service_account() -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": names.PRUNER_SERVICE_ACCOUNT, "namespace": names.NAMESPACE},
    }


def role_binding() -> Object:
    """What lets the job's pod read everything that may refer to an image, and delete images."""
    account = {"name": names.PRUNER_SERVICE_ACCOUNT, "namespace": names.NAMESPACE}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": names.PRUNER_ROLE_BINDING},
        "subjects": [{"kind": "ServiceAccount", **account}],
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": names.PRUNER_ROLE,
        },
    }
