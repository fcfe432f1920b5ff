"""Every way to put the section `pruning` wrong."""

from typing import Any

from tests.settings.case import GONE, Case

Row = tuple[dict[str, Any], str, str, str, str]


def _one(rule: str, key: str, value: Any, says: str, fix: str, at: str = "") -> Row:
    return {"pruning": {key: value}}, rule, f"pruning.{key}{at}", says, fix


def _schedule(
    value: str, says: str, fix: str = "0 2 * * sun", rule: str = "cronjob:schedule"
) -> Row:
    return _one(rule, "schedule", value, says, fix)


ROWS: list[Row] = [
    _schedule("0 0 * *", "has 4 of the five fields"),
    _schedule("0 0 * * * *", "has 6 of the five fields"),
    _schedule("0 0 * * 7", "weekday 7, which is not within 0 to 6"),
    _schedule("60 0 * * *", "minute 60, which is not within 0 to 59"),
    _schedule("0 0 0 * *", "day 0, which is not within 1 to 31"),
    _schedule("0 5-1 * * *", "hour 5-1, which is not within 0 to 23"),
    _schedule("*/0 * * * *", "minute */0"),
    _schedule("0 0 L * *", "has L for a number"),
    _schedule("0 0 * * sun#2", "has sun#2 for a number"),
    _schedule("0 0-1-2 * * *", "too many parts in the hour"),
    _schedule("0 0 * * 1/2/3", "too many parts in the weekday"),
    _schedule("- 0 * * *", "has nothing for a number"),
    _schedule("@reboot", "none of @yearly, @annually"),
    _schedule("@every 1 day", "no duration after @every"),
    _schedule("CRON_TZ=Europe/Berlin 0 0 * * *", "has a time zone", "UTC"),
    _schedule("TZ=UTC 0 0 * * *", "has a time zone", "UTC"),
    _schedule("", "is empty", "leave the key out", "empty"),
    _schedule("0 0 30 feb *", "no time that ever comes", rule="pruner:schedule"),
    _schedule("0 0 31 4,6,9 ?", "no time that ever comes", rule="pruner:schedule"),
    _schedule(", 0 * * *", "no time that ever comes", rule="pruner:schedule"),
    _schedule("@every 30s", "less than a minute", "@every 1h", "pruner:schedule"),
    _schedule("@every -1h", "less than a minute", "@every 1h", "pruner:schedule"),
    _one("cronjob:history", "successfulJobsHistoryLimit", -1, "is below 0", "from 0"),
    _one("cronjob:history", "failedJobsHistoryLimit", -1, "is below 0", "from 0"),
    _one("range", "failedJobsHistoryLimit", 2**31, "is above 2147483647", "from 0"),
    _one("pruner:negative", "keepTagRevisions", -1, "is below 0", "from 0"),
    _one("pruner:negative", "keepYoungerThan", -1, "is below 0", "from 0"),
    _one("duration", "keepYoungerThanDuration", "-1h", "not a duration", "not below zero"),
    _one("duration", "keepYoungerThanDuration", "3 days", "not a duration", "1h30m"),
    # Public case R5.
    _one("pruner:nanoseconds", "keepYoungerThan", "60m", "whole nanoseconds", "Duration: 60m"),
    _one("pruner:nanoseconds", "keepYoungerThan", "2h", "whole nanoseconds", "Duration: 2h"),
    _one("pruner:nanoseconds", "keepYoungerThan", "3 days", "deprecated", "Duration: 60m, for"),
    _one("pruner:nanoseconds", "keepYoungerThan", "7d", "deprecated", "Duration: 168h"),
    _one("pruner:nanoseconds", "keepYoungerThan", "7200000000000", "", "7200000000000ns"),
    _one("type", "keepYoungerThan", 3.6e12, "not a whole number", "whole number"),
    _one(
        *("deprecated:keep-younger-than", "keepYoungerThan", 3_600_000_000_000),
        *("written as keepYoungerThanDuration: 3600000000000ns", "keepYoungerThanDuration: 3600"),
    ),
    (
        {"pruning": {"keepYoungerThan": 5, "keepYoungerThanDuration": "60m"}},
        *("deprecated:keep-younger-than", "pruning.keepYoungerThan"),
        *("no effect beside keepYoungerThanDuration 60m; it is not written", "leave it out"),
    ),
    (
        {"cluster.version": "4.4", "pruning": {"keepYoungerThan": 5}},
        *("version", "pruning.keepYoungerThan", "came with OpenShift 4.5", 'version: "4.5"'),
    ),
    *(
        (
            {"cluster.version": version, "pruning": {key: value}},
            *("version", f"pruning.{key}", f"came with OpenShift {since}", f'version: "{since}"'),
        )
        for version, key, value, since in [
            ("4.4", "keepYoungerThanDuration", "60m", "4.5"),
            ("4.5", "ignoreInvalidImageReferences", True, "4.6"),
            ("4.5", "logLevel", "Debug", "4.6"),
        ]
    ),
    _one("value", "logLevel", "debug", "not one of", "write Debug"),
    _one("empty", "logLevel", "", "is empty", "leave the key out"),
    _one("not-settable", "pruneRegistry", True, "registry.managementState", "leave it out"),
    _one("not-settable", "timeZone", "UTC", "in UTC", "leave it out"),
    _one("not-settable", "concurrencyPolicy", "Allow", "always Forbid", "leave it out"),
    _one("not-settable", "startingDeadlineSeconds", 60, "by the operator", "leave it out"),
    _one("not-settable", "status", {}, "by the operator", "leave it out"),
    _one("unknown-key", "keepYoungerThen", "60m", "not a known key", "keepYoungerThan"),
    _one("deployment:label", "nodeSelector", {"a b": ""}, '"a b"', "infra"),
    _one("deployment:toleration", "tolerations", [{"value": "x"}], "no key", "give one", "[0]"),
    _one(
        *("deployment:resources", "resources", {"limits": {"gpu": 1}}),
        *("not a resource", "cpu, memory", ".limits.gpu"),
    ),
    *(
        _one("pruner:no-history", key, 0, "no metrics", "1 or more")
        for key in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    ),
    (
        {
            "pruning": {},
            "registry": {"managementState": "Unmanaged", "replicas": 2},
            "storage": GONE,
        },
        *("pruner:registry-state", "registry.managementState"),
        *("goes on deleting", "suspend: true"),
    ),
]

CASES = [Case(*row) for row in ROWS]
