"""Do the live claim and class agree with what the stack file says of them?"""

from collections.abc import Iterator
from typing import Any

from settings import StackSettings
from settings.claim import BlankClaim, ClaimStorage
from settings.contradiction import contradiction, flow
from settings.facts import ClaimFacts, LiveFacts
from settings.names import MEND, NAMESPACE
from settings.presence import presence
from settings.problems import Finding
from settings.provisioners import VSPHERE, block_device
from settings.quantities import quantity

RWX = ("ReadWriteMany",)
OPERATORS = "imageregistry.openshift.io"
"""Annotation of the claim that the operator has made."""


def claim(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Each thing is there or not as its mode says, can become what is wanted, and is usable."""
    storage = settings.storage
    if storage is None:
        yield from _left_alone(settings, facts)
        return
    if storage.kind != "claim":
        return
    wanted_class = storage.storage_class
    if wanted_class is not None and facts.storage_classes is not None:
        live_class = {wanted_class.name: facts.storage_classes.get(wanted_class.name)}
        path = ("storage", "storageClass", wanted_class.mode, "name")
        yield from presence(path, wanted_class, live_class, settings.cluster.name)
        yield from _class_changes(wanted_class, facts)
    if storage.claim.mode == "blank":
        yield from _blank(storage.claim, facts)
    else:
        path = ("storage", "claim", storage.claim.mode, "name")
        gone = list(_gone(storage, facts))
        yield from gone or presence(path, storage.claim, facts.claims, settings.cluster.name)
    live = facts.claims.get(storage.claim.name)
    if live is None:
        yield from _unshared(storage, facts)
        return
    if storage.claim.mode == "use":
        yield from _misjudged(storage.claim, live)
    elif storage.claim.mode != "blank":
        yield from _claim_changes(storage.claim, wanted_class, live)
        yield from _shrinks(storage.claim, live)
    at = f"storage.claim.{storage.claim.mode}"
    path = at if storage.claim.mode == "blank" else f"{at}.name"
    yield from _unfit(settings, path, storage.claim.name, live)


def _left_alone(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Storage that nobody here names binds replicas and rollout all the same."""
    replicas = settings.effective_replicas or 0
    if "emptyDir" in facts.backends and replicas > 1:
        yield contradiction(
            "registry.replicas",
            replicas,
            "the registry keeps its images in emptyDir, where each pod has images of its own",
            "write replicas: 1",
            "empty-dir-replicas",
        )
    name = facts.backends.get("pvc", {}).get("claim")
    live = facts.claims.get(name) if name else None
    if name and live is not None and settings.registry.management_state == "Managed":
        yield from _unfit(settings, "storage", name, live, facts)


def _blank(blank: BlankClaim, facts: LiveFacts) -> Iterator[Finding]:
    """Would the operator make, or take, its claim (pkg/storage/pvc/pvc.go, CreateStorage)?"""
    live = facts.claims.get(blank.name)
    named = facts.backends.get("pvc", {}).get("claim")
    if live is not None and named != blank.name and OPERATORS not in live.annotations:
        yield contradiction(
            "storage.claim.blank",
            blank.name,
            "a claim of that name exists and is not the operator's, which would refuse it",
            f"name it: use: {{name: {blank.name}}}, or adopt it",
            "claim-not-operators",
        )
    if named == blank.name and blank.name in facts.claims and live is None:
        yield contradiction(
            "storage.claim.blank",
            blank.name,
            "the registry has been given that claim, and it is gone from the cluster",
            "restore it: `oc get pv` shows whether its volume is still there; or create a claim "
            "with another name and name this one under `replaces`",
            "claim-gone",
        )
    defaults = [name for name, each in (facts.storage_classes or {}).items() if each.default]
    unmade = blank.name in facts.claims and live is None
    if unmade and facts.storage_classes is not None and not defaults:
        yield contradiction(
            "storage.claim.blank",
            blank.name,
            "the cluster has no default StorageClass, so the operator's claim would stay Pending",
            "mark a class as the default, or create a claim with a class that is named",
            "no-default-class",
        )


def _unshared(storage: ClaimStorage, facts: LiveFacts) -> Iterator[Finding]:
    """A claim that is to be made, on a class that can't share a file system."""
    classes, wanted = facts.storage_classes or {}, storage.storage_class
    if storage.claim.mode == "blank":
        names, modes = [name for name, each in classes.items() if each.default], RWX
    else:
        names, modes = [wanted.name] if wanted else [], storage.access_modes or ()
    if "ReadWriteMany" not in modes:
        return
    blank = storage.claim.mode == "blank"
    path = f"storage.storageClass.{wanted.mode}.name" if wanted else "storage.claim.blank"
    for name in names:
        live = classes.get(name)
        device = block_device(live.provisioner, live.parameters) if live else None
        if device is not None:
            yield contradiction(
                path,
                name,
                f"the class {'by default ' if blank else ''}gives {device}: a block device, for "
                "one node at a time; a ReadWriteMany claim with a file system would stay Pending",
                "name a class with shared files, or write accessModes: [ReadWriteOnce]",
                "class-block",
            )
        elif live is not None and live.provisioner == VSPHERE:
            yield contradiction(
                path,
                name,
                "on vSphere only vSAN File Service has files that several nodes share; without it "
                "a ReadWriteMany claim stays Pending",
                "make sure that it is enabled, or create a claim with [ReadWriteOnce]",
                "class-vsphere",
            )._replace(severity="warning")


def _gone(storage: ClaimStorage, facts: LiveFacts) -> Iterator[Finding]:
    """A new claim under the name of the live one would be an empty one, whoever has named it.

    Not so on a static volume: where it is, is in the stack file, and its data are there.
    """
    wanted = storage.claim
    named = facts.backends.get("pvc", {}).get("claim") == wanted.name
    if not named or facts.claims.get(wanted.name, ...) is not None:
        return
    if storage.volume is not None and storage.volume.mode != "use":
        return
    kept = facts.volumes.get(storage.volume.name) if storage.volume else None
    if kept is not None and kept.claim == (NAMESPACE, wanted.name) and kept.phase == "Available":
        return
    yield contradiction(
        f"storage.claim.{wanted.mode}.name",
        wanted.name,
        "the registry has been given that claim, and it is gone from the cluster; a new one "
        "would be empty",
        "restore it: a volume that is kept (`oc get pv`, Released) can be bound again, see "
        "docs/how-to/refresh-and-hand-over.md; or give the claim a new name and name this one "
        "under `replaces`",
        "claim-gone",
    )


def _misjudged(used: Any, live: ClaimFacts) -> Iterator[Finding]:
    if used.access_modes is not None and set(used.access_modes) != set(live.access_modes):
        yield contradiction(
            "storage.claim.use.accessModes",
            used.access_modes,
            f"the live claim has {', '.join(live.access_modes)}",
            "write what the claim has, or leave the key out",
            "claim-access-modes",
        )


def _claim_changes(owned: Any, wanted_class: Any, live: ClaimFacts) -> Iterator[Finding]:
    """What Kubernetes does not let a claim change."""
    pairs = {
        "accessModes": (sorted(live.access_modes), sorted(owned.access_modes)),
        "volumeMode": (live.volume_mode, owned.volume_mode),
    }
    if wanted_class is not None:
        pairs["storageClassName"] = (live.storage_class, wanted_class.name)
    for field, (has, wants) in pairs.items():
        if has != wants:
            key = f"storage.claim.{owned.mode}.{field}"
            if field == "storageClassName":
                key = f"storage.storageClass.{wanted_class.mode}.name"
            yield contradiction(
                key,
                wants,
                f"the live claim {owned.name} has {flow(has)}, and a claim can't change it",
                f"write {flow(has)}, or give the claim a new name and name this one under "
                "`replaces`; images are not moved",
                "claim-immutable",
            )


def _unfit(
    settings: StackSettings, path: str, name: str, live: ClaimFacts, left: LiveFacts | None = None
) -> Iterator[Finding]:
    """Would the operator take this claim (pkg/storage/pvc/pvc.go, checkPVC), and can the
    registry mount it? `left` is given for a claim that is left alone."""
    if live.lost:
        yield contradiction(
            path,
            name,
            "the live claim is Lost: the volume that it is bound to is gone from the cluster",
            "if only the PersistentVolume was deleted, its data are where they were: delete the "
            f"claim too and bring both back (a static volume: {MEND}); else restore the volume, "
            "or name another claim",
            "claim-lost",
        )
    if live.leaving:
        yield contradiction(
            path,
            name,
            "the live claim is being deleted",
            "name another claim, or wait until it is gone",
            "claim-leaving",
        )
    if live.volume_mode == "Block":
        yield contradiction(
            path,
            name,
            "the live claim is a raw block device, and the registry mounts a filesystem",
            "name a claim with volumeMode Filesystem",
            "claim-block",
        )
    if "ReadWriteMany" in live.access_modes:
        return
    replicas, strategy = settings.effective_replicas, settings.effective_rollout_strategy
    if left is not None and strategy is None:
        strategy = left.config.spec.get("rolloutStrategy")
    if "ReadWriteOnce" not in live.access_modes:
        yield contradiction(
            path,
            name,
            "the operator takes ReadWriteMany or ReadWriteOnce, and the live claim has "
            f"{', '.join(live.access_modes)}",
            "name another claim",
            "claim-mode",
        )
    elif (replicas or 0) > 1 or strategy != "Recreate":
        yield contradiction(
            "registry",
            {"replicas": replicas, "rolloutStrategy": strategy or "RollingUpdate"},
            f"the live claim {name} is ReadWriteOnce, which works with one replica "
            "and rolloutStrategy Recreate only",
            "write `replicas: 1` and `rolloutStrategy: Recreate`, or name a ReadWriteMany claim",
            "claim-rwo",
        )


def _shrinks(claim: Any, live: ClaimFacts) -> Iterator[Finding]:
    has, wants = quantity(live.size or "0"), quantity(claim.size)
    if has is not None and wants is not None and wants < has:
        yield contradiction(
            f"storage.claim.{claim.mode}.size",
            claim.size,
            f"the live claim {claim.name} has {live.size}, and a claim can't shrink",
            f"write {live.size} or more",
            "claim-size",
        )


def _class_changes(thing: Any, facts: LiveFacts) -> Iterator[Finding]:
    live = (facts.storage_classes or {}).get(thing.name)
    if live is None or thing.mode == "use":
        return
    pairs = {
        "parameters": (dict(live.parameters), dict(thing.parameters)),
        "provisioner": (live.provisioner, thing.provisioner),
        "reclaimPolicy": (live.reclaim_policy, thing.reclaim_policy),
        "volumeBindingMode": (live.volume_binding_mode, thing.volume_binding_mode),
    }
    for field, (has, wants) in pairs.items():
        if has != wants:
            yield contradiction(
                f"storage.storageClass.{thing.mode}.{field}",
                flow(wants),
                f"the live class {thing.name} has {flow(has) or 'none'}, and Kubernetes does not "
                "let a class change it; a volume that exists keeps what it was made with anyway",
                "leave it as it is, or give class and claim new names and name the present claim "
                "under `replaces`; images are not moved",
                "class-immutable",
            )
