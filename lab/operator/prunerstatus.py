"""The image pruner's conditions (pkg/operator/status.go `syncPrunerStatus`, release 4.15)."""

from collections.abc import Iterable
from copy import deepcopy

from lab.kinds import Object
from lab.operator.conditions import put
from lab.operator.errors import SyncError


def judged(
    pruner: Object, cron_job: Object | None, jobs: Iterable[Object], error: SyncError | None
) -> Object:
    """`pruner` with the status that it deserves. The registry's state is not asked for."""
    after = deepcopy(pruner)
    if cron_job is None:
        put(after, "Available", "False", "Error", "Pruner CronJob does not exist")
    else:
        put(after, "Available", "True", "AsExpected", "Pruner CronJob has been created")
    failure = failed(jobs)
    if failure is None:
        put(after, "Failed", "False", "Complete", "Pruner completed successfully")
    else:
        put(after, "Failed", "True", failure.get("reason", ""), failure.get("message", ""))
    if pruner["spec"].get("suspend"):
        put(after, "Scheduled", "False", "Suspended", "The pruner job has been suspended")
    else:
        put(after, "Scheduled", "True", "Scheduled", "The pruner job has been scheduled")
    if error is not None:
        put(after, "Degraded", "True", "SyncError", f"Error: {error}")
    elif failure is not None:
        put(after, "Degraded", "True", "JobFailed", failure.get("message", ""))
    else:
        put(after, "Degraded", "False", "AsExpected", "")
    after["status"]["observedGeneration"] = pruner["metadata"]["generation"]
    return after


def failed(jobs: Iterable[Object]) -> Object | None:
    """The condition `Failed` of the newest job that has ended, if it has.

    Any job of the namespace counts: the real operator's selector by label selects all
    (pkg/operator/controllerimagepruner.go `sync`).
    """
    ended = [each for each in jobs if each.get("status", {}).get("conditions")]
    if not ended:
        return None
    newest = max(ended, key=lambda job: job["metadata"]["creationTimestamp"])
    found = [each for each in newest["status"]["conditions"] if each["type"] == "Failed"]
    return found[-1] if found else None
