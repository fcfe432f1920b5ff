"""The pruner's fields against each other, the registry and the version."""

from collections.abc import Iterator

from settings.problems import Finding, shown
from settings.stack import StackSettings

DURATION_SINCE = (4, 5)


def nanoseconds(settings: StackSettings) -> Iterator[Finding]:
    """What the operator makes of `keepYoungerThan` beside `keepYoungerThanDuration`:
    cluster-image-registry-operator pkg/resource/prunercronjob.go, getKeepYoungerThan."""
    pruning = settings.pruning
    if pruning is None or pruning.keep_younger_than is None:
        return
    path, value = ("pruning", "keepYoungerThan"), str(pruning.keep_younger_than)
    given = pruning.keep_younger_than_duration
    if given is not None:
        meaning = f"has no effect beside keepYoungerThanDuration {given}; it is not written"
        fix = "leave it out"
    else:
        duration = pruning.spec()["keepYoungerThanDuration"]
        meaning = f"is written as keepYoungerThanDuration: {duration}"
        fix = f"write keepYoungerThanDuration: {duration}, or the same as hours and minutes"
        if settings.cluster.minor < DURATION_SINCE:
            yield Finding(
                path,
                "is written as keepYoungerThanDuration, which came with OpenShift 4.5, and "
                f"cluster.version is {settings.cluster.version}",
                'leave it out, or write version: "4.5" or later if the cluster has that',
                "version",
                value,
            )
            return
    yield Finding(
        path,
        f"is deprecated and {meaning}",
        fix,
        "deprecated:keep-younger-than",
        value,
        "warning",
    )


def registry_state(settings: StackSettings) -> Iterator[Finding]:
    """Guide 2.1; the operator looks at the registry's service (pkg/resource/prunercronjob.go)."""
    pruning, state = settings.pruning, settings.registry.management_state
    if pruning is None or pruning.suspend or state == "Managed":
        return
    if state == "Removed":
        meaning = (
            "leaves nothing to the pruner but image metadata in etcd: it runs with "
            "--prune-registry=false, and the storage keeps its blobs (guide 2.1)"
        )
        fix = "write Managed if the storage is to be pruned too, or suspend the pruner"
    else:
        meaning = (
            "stops the operator's work on the registry, not the pruner: it goes on deleting, also "
            "from the storage as long as the registry's service is there (guide 2.1)"
        )
        fix = "write `suspend: true` in openshift-registry:pruning if nothing is to be deleted"
    path = ("registry", "managementState")
    yield Finding(path, meaning, fix, "pruner:registry-state", shown(state), "warning")


def no_history(settings: StackSettings) -> Iterator[Finding]:
    """Red Hat's "Automatically pruning images": both must be 1 or more for metrics."""
    if settings.pruning is None:
        return
    spec = settings.pruning.spec()
    for name in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        if spec.get(name) == 0:
            yield Finding(
                ("pruning", name),
                "keeps no job to look at, and the operator then has no metrics of such runs",
                "write 1 or more, or leave the key out",
                "pruner:no-history",
                "0",
                "warning",
            )
