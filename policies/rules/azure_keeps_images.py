from collections.abc import Iterator
from typing import Any

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._azure import MANAGEMENT_POLICY
from ._objects import at, entries

# What takes a blob away, or puts it where it can't be read at once. Cool and Cold can.
DEEDS = {"delete": "deletes", "tierToArchive": "archives"}


@resource_rule(
    title="No rule of a storage account deletes layers that are in use",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("distribution", "3", "garbage collection"),
    types=(MANAGEMENT_POLICY,),
    why=(
        "A layer is as old as its first push and may be part of an image that was pushed today. "
        "A rule goes by age: it deletes the layer, or archives it, where reading takes hours, "
        "while manifests still name it, and the pull fails. Blocks of uploads that broke off go "
        "by themselves, after a week: no rule is needed for them."
    ),
    source=(
        "distribution/distribution issue 4363: lifecycle rules are never for images; Azure "
        "Storage documentation, lifecycle management; Put Block, remarks"
    ),
    remedy=(
        "Take baseBlob.delete and baseBlob.tierToArchive out of the enabled rules. Rules for "
        "snapshots and versions may stay; old images go by the pruner."
    ),
)
def azure_keeps_images(policy: Resource, settings: Settings) -> Iterator[str]:
    for number, rule in enumerate(entries(policy.props, "policy", "rules"), start=1):
        for deed, does in DEEDS.items():
            if at(rule, "definition", "actions", "baseBlob", deed) is not None and _is_on(rule):
                yield f"rule {number} {does} blobs by age"


def _is_on(rule: Any) -> bool:
    return at(rule, "enabled") is not False
