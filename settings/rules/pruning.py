"""The image pruner."""

from settings.rules.rule import OPERATOR, Rule

CRONJOB = "kubernetes pkg/apis/batch/validation/validation.go"
PRUNER = f"{OPERATOR} pkg/resource/prunercronjob.go"

RULES = {
    "cronjob:schedule": Rule(
        "A schedule that no CronJob takes: not five fields, weekday 7, `L`, `W`, `#`, a time zone.",
        f"The custom resource takes any text; the operator's CronJob would be refused ({CRONJOB}).",
    ),
    "cronjob:history": Rule(
        "Fewer than 0 jobs to keep.",
        f"The custom resource takes it; the operator's CronJob would be refused ({CRONJOB}).",
    ),
    "pruner:schedule": Rule(
        "A schedule that never comes, such as February 30, or comes more often than once a minute.",
        "Kubernetes takes it; the pruner would never run, or all the time.",
    ),
    "pruner:negative": Rule(
        "`keepTagRevisions` or `keepYoungerThan` below zero.",
        "The custom resource takes it; `oc adm prune images` refuses it in each run.",
    ),
    "pruner:nanoseconds": Rule(
        "`keepYoungerThan` as text, such as 60m.",
        "It takes whole nanoseconds (openshift/openshift-docs pull request 23824).",
        ours=False,
    ),
    "pruner:registry-state": Rule(
        "Pruning beside `managementState: Removed` or `Unmanaged`, unless it is suspended.",
        f"It prunes no storage, or goes on pruning it (guide 2.1; {PRUNER}).",
        warning=True,
    ),
    "pruner:no-history": Rule(
        "`successfulJobsHistoryLimit` or `failedJobsHistoryLimit` of 0.",
        "The operator's metrics come from the jobs that are kept (Red Hat, Automatically pruning "
        "images).",
        warning=True,
    ),
    "deprecated:keep-younger-than": Rule(
        "`keepYoungerThan`.",
        f"`keepYoungerThanDuration` took its place ({PRUNER}).",
        warning=True,
    ),
}
