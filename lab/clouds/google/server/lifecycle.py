"""Rules by which Cloud Storage clears a bucket (Cloud Storage, "Object Lifecycle Management")."""

from typing import Any

from lab.clouds.google.server.refused import Refused

ABORT = "AbortIncompleteMultipartUpload"
ACTIONS = {"Delete", "SetStorageClass", ABORT}
OF_ABORT = {"age", "matchesPrefix", "matchesSuffix"}
CONDITIONS = {
    *("age", "createdBefore", "customTimeBefore", "daysSinceCustomTime", "isLive"),
    *("daysSinceNoncurrentTime", "matchesPrefix", "matchesStorageClass", "matchesSuffix"),
    *("noncurrentTimeBefore", "numNewerVersions"),
}


def check(rules: list[dict[str, Any]]) -> None:
    if len(rules) > 100:
        raise Refused(400, f"A lifecycle has 100 rules at most, not {len(rules)}")
    for each in rules:
        action, condition = each.get("action") or {}, each.get("condition") or {}
        kind = action.get("type")
        if kind not in ACTIONS:
            raise Refused(400, f"Invalid value for action type: {kind}")
        if not condition:
            raise Refused(400, f"A {kind} rule must have a condition")
        allowed = OF_ABORT if kind == ABORT else CONDITIONS
        if wrong := sorted(condition.keys() - allowed):
            raise Refused(400, f"A {kind} rule takes no condition {', '.join(wrong)}")
        if kind == "SetStorageClass" and not action.get("storageClass"):
            raise Refused(400, "A SetStorageClass rule must have a storageClass")
