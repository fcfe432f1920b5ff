"""The image pruner's CronJob (pkg/resource/prunercronjob.go)."""

from lab.kinds import Object
from lab.operator import duration, names
from lab.operator.errors import SyncError

NAME = "image-pruner"
SCHEDULE = "0 0 * * *"
KEEP_YOUNGER_THAN = "60m"
DEADLINE = 3600
"""Seconds that a run may start late."""
RESOURCES = {"requests": {"cpu": "100m", "memory": "256Mi"}}
CREATED_BY = {"created-by": NAME}
SERVICE_CA_PATH = "/var/run/configmaps/serviceca"

# `oc` prints every stack at 2, which is what Normal is elsewhere.
LOG_LEVELS = {"Normal": 1, "Debug": 4, "Trace": 6, "TraceAll": 8}


def cron_job(spec: Object, image_config: Object | None, version: str) -> Object:
    """The job for an ImagePruner's `spec`. Raises SyncError."""
    container = {
        "name": NAME,
        "image": f"cli:{version or 'unknown'}",
        "command": ["oc"],
        "args": arguments(spec, image_config),
        "resources": spec.get("resources") or RESOURCES,
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [
            {"name": names.SERVICE_CA, "mountPath": SERVICE_CA_PATH, "readOnly": True}
        ],
    }
    pod = {
        "restartPolicy": "Never",
        "serviceAccountName": names.PRUNER_SERVICE_ACCOUNT,
        "affinity": spec.get("affinity") or {},
        "nodeSelector": spec.get("nodeSelector") or {},
        "tolerations": spec.get("tolerations") or [],
        "volumes": [{"name": names.SERVICE_CA, "configMap": {"name": names.SERVICE_CA}}],
        "containers": [container],
    }
    job = {"backoffLimit": 0, "template": {"spec": pod}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": NAME, "namespace": names.NAMESPACE},
        "spec": {
            "suspend": spec.get("suspend", False),
            "schedule": spec.get("schedule") or SCHEDULE,
            "concurrencyPolicy": "Forbid",
            "failedJobsHistoryLimit": spec.get("failedJobsHistoryLimit", 3),
            "successfulJobsHistoryLimit": spec.get("successfulJobsHistoryLimit", 3),
            "startingDeadlineSeconds": DEADLINE,
            "jobTemplate": {"metadata": {"labels": dict(CREATED_BY)}, "spec": job},
        },
    }


def arguments(spec: Object, image_config: Object | None) -> list[str]:
    """`oc adm prune images ...`. Blobs are pruned as long as the registry tells where it is:
    without one (guide 2.1, `Removed`) only the image objects are. Raises SyncError."""
    if image_config is None:
        raise SyncError('image.config.openshift.io "cluster" not found')
    host = (image_config.get("status") or {}).get("internalRegistryHostname")
    ignore = "true" if spec.get("ignoreInvalidImageReferences") else "false"
    return [
        *("adm", "prune", "images", "--confirm=true"),
        f"--certificate-authority={SERVICE_CA_PATH}/service-ca.crt",
        f"--keep-tag-revisions={spec.get('keepTagRevisions', 3)}",
        f"--keep-younger-than={keep_younger_than(spec)}",
        f"--ignore-invalid-refs={ignore}",
        f"--loglevel={LOG_LEVELS.get(spec.get('logLevel') or 'Normal', 1)}",
        *(
            ("--prune-registry=true", f"--registry-url=https://{host}")
            if host
            else ("--prune-registry=false",)
        ),
    ]


def keep_younger_than(spec: Object) -> str:
    """The duration wins over the deprecated nanoseconds. Raises SyncError.

    The schema's durations may say days, which Go's may not: the real operator can't even read
    such an object, and stops with the same words.
    """
    if spec.get("keepYoungerThanDuration") is not None:
        try:
            return duration.write(duration.parse(spec["keepYoungerThanDuration"]))
        except ValueError as error:
            raise SyncError(f"spec.keepYoungerThanDuration: {error}") from None
    if spec.get("keepYoungerThan") is not None:
        return duration.write(spec["keepYoungerThan"])
    return KEEP_YOUNGER_THAN
