"""What no single key can be blamed for: the parts of a stack file against each other."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from settings import registry_checks, storage_checks
from settings.problems import Finding, Path
from settings.stack import StackSettings
from settings.versions import too_new
from settings.walk import ANY

CLUSTER_VERSION = ("cluster", "version")
PLATFORM = ("cluster", "platform")
CLAIM = ("storage", "claim")
CLAIM_NAME = (*CLAIM, ANY, "name")
MODES = (*CLAIM, ANY, "accessModes")
LABELS = (*CLAIM, ANY, "labels")
ANNOTATIONS = (*CLAIM, ANY, "annotations")
CLASS = ("storage", "storageClass")
CLASS_NAME = (*CLASS, ANY, "name")
PROVISIONER = (*CLASS, ANY, "provisioner")
REPLACES = ("storage", "replaces")
STATE = ("registry", "managementState")
REPLICAS = ("registry", "replicas")
STRATEGY = ("registry", "rolloutStrategy")


class Check(NamedTuple):
    """`judge` is asked unless one of `needs` is wrong already: then it could only guess."""

    judge: Callable[[StackSettings], Iterator[Finding]]
    needs: tuple[Path, ...]


def _of_storage(judge: Callable[[Any], Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
    def with_storage(settings: StackSettings) -> Iterator[Finding]:
        if settings.storage is not None:
            yield from judge(settings.storage)

    return with_storage


CHECKS = (
    Check(_of_storage(storage_checks.class_needed), (CLASS_NAME, CLAIM_NAME)),
    Check(_of_storage(storage_checks.access_modes), (MODES,)),
    Check(_of_storage(storage_checks.volume_mode), ((*CLAIM, ANY, "volumeMode"),)),
    Check(_of_storage(storage_checks.shared_block_storage), (MODES, CLASS_NAME, PROVISIONER)),
    Check(_of_storage(storage_checks.in_tree_cinder), (PROVISIONER,)),
    Check(_of_storage(storage_checks.claim_name), (CLAIM_NAME,)),
    Check(_of_storage(storage_checks.replaces_itself), (REPLACES, CLAIM_NAME)),
    Check(_of_storage(storage_checks.reserved_keys), (LABELS, ANNOTATIONS)),
    Check(registry_checks.storage_needed, (STATE, PLATFORM, ("storage",))),
    Check(registry_checks.removed, (STATE, ("storage",))),
    Check(registry_checks.unmanaged, (STATE, ("storage",))),
    Check(registry_checks.replicas_needed, (REPLICAS, MODES)),
    Check(registry_checks.one_replica, (REPLICAS, MODES)),
    Check(registry_checks.recreate, (STRATEGY, MODES)),
    Check(registry_checks.old_logging, (("registry", "logging"), ("registry", "logLevel"))),
    Check(registry_checks.no_proxy, (("registry", "proxy", "noProxy"),)),
)


def findings(
    settings: StackSettings, config: Mapping[str, Any], wrong: set[Path]
) -> Iterator[Finding]:
    """All that `CHECKS` and the version gate find. `wrong` are paths known to be wrong."""
    for check in CHECKS:
        if not (wrong and any(_touch(bad, need) for bad in wrong for need in check.needs)):
            yield from check.judge(settings)
    if not any(_touch(bad, CLUSTER_VERSION) for bad in wrong):
        yield from too_new(config, settings)


def _touch(bad: Path, need: Path) -> bool:
    """Is one of the two inside the other?"""
    return all(b == n or n == ANY for b, n in zip(bad, need, strict=False))
