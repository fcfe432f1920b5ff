"""The image pruner: `openshift-registry:pruning` (guide 2.1)."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from settings.affinity import Affinity
from settings.cron import Schedule
from settings.form import Form, Maybe, entry
from settings.labels import Labels
from settings.quantities import DURATION, Duration
from settings.refusal import refusal
from settings.registry import LogLevel
from settings.resources import Resources
from settings.tolerations import Toleration
from settings.types import INT32, INT64, Whole

NEGATIVE = "pruner:negative"

Count = Annotated[int, Whole(0, INT64, NEGATIVE)]
Jobs = Annotated[int, Whole(0, INT32, "cronjob:history", 32)]


def _no_text(value: Any) -> Any:
    if isinstance(value, str):
        meant = _duration(value)
        raise refusal(
            "pruner:nanoseconds",
            "is text, and this deprecated field takes whole nanoseconds",
            f"write keepYoungerThanDuration: {meant}",
        )
    return value


def _duration(value: str) -> str:
    """As a Go duration, which knows no days: 7d -> 168h."""
    if DURATION.fullmatch(value) and value != "0":
        return value
    days = re.fullmatch(r"([0-9]{1,4})d", value)
    if days:
        return f"{int(days[1]) * 24}h"
    return f"{int(value)}ns" if re.fullmatch(r"[0-9]{1,18}", value) else "60m, for example"


class PruningSettings(Form):
    """Fields of imagepruners.imageregistry.operator.openshift.io/cluster, spelled as there.

    Only what is written here is owned by the stack. Each field's default is the operator's,
    which a fresh cluster has already: it prunes every midnight.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "status": "is written by the operator",
        "pruneRegistry": "follows from `registry.managementState`",
        "timeZone": "is no field of the pruner; its schedule is in UTC",
        "concurrencyPolicy": "is always Forbid: one pruner at a time",
        "startingDeadlineSeconds": "is set by the operator",
    }

    schedule: Maybe[Schedule] = entry(
        "When to prune, as a CronJob's schedule. `0 0 * * *` unless given.",
        example="0 2 * * sun",
        since="4.4",
    )
    suspend: Maybe[bool] = entry("Leave out all runs from now on.", since="4.4")
    keep_tag_revisions: Maybe[Count] = entry(
        "How many images of each tag are kept. 3 unless given.", example=3, since="4.4"
    )
    keep_younger_than_duration: Maybe[Duration] = entry(
        "Images younger than this are kept. 60m unless given.", example="60m", since="4.5"
    )
    keep_younger_than: Maybe[Annotated[Count, BeforeValidator(_no_text)]] = entry(
        "Deprecated, use keepYoungerThanDuration. In nanoseconds, written as "
        "keepYoungerThanDuration.",
        since="4.4",
    )
    resources: Maybe[Resources] = entry(
        "What the pruner's container asks for. Replaces the operator's requests of cpu 100m and "
        "memory 256Mi.",
        since="4.4",
    )
    affinity: Maybe[Affinity] = entry("Where the pruner's pods run.", since="4.4")
    node_selector: Maybe[Labels] = entry(
        "Labels of the nodes that the pruner's pods run on.",
        example={"node-role.kubernetes.io/infra": ""},
        since="4.4",
    )
    tolerations: Maybe[list[Toleration]] = entry(
        "Taints that the pruner's pods put up with.", since="4.4"
    )
    successful_jobs_history_limit: Maybe[Jobs] = entry(
        "How many jobs that went well are kept. 3 unless given.", since="4.4"
    )
    failed_jobs_history_limit: Maybe[Jobs] = entry(
        "How many jobs that failed are kept. 3 unless given.", since="4.4"
    )
    ignore_invalid_image_references: Maybe[bool] = entry(
        "Go on when a pod or build names an image in a way that can't be read. A fresh cluster "
        "has true; without the field it is false, and such a name stops the pruner.",
        since="4.6",
    )
    log_level: Maybe[LogLevel] = entry("Log level of the pruner.", since="4.6")

    def spec(self) -> dict[str, Any]:
        """The pruner's fields that the user set, under the API's names, ready for JSON.

        The deprecated `keepYoungerThan` is said as `keepYoungerThanDuration`, which wins over it
        (cluster-image-registry-operator pkg/resource/prunercronjob.go, getKeepYoungerThan).
        """
        spec = self.plain()
        nanoseconds = spec.pop("keepYoungerThan", None)
        if nanoseconds is not None:
            spec.setdefault("keepYoungerThanDuration", f"{nanoseconds}ns")
        return spec
