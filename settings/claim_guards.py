"""Do the live claim and class agree with what the stack file says of them?"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings import StackSettings
from settings.contradiction import contradiction, flow
from settings.facts import ClaimFacts, LiveFacts
from settings.operator_spec import FIELD_MANAGER
from settings.problems import Finding
from settings.quantities import quantity

OURS = (FIELD_MANAGER, "Apply")


def claim(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Each thing is there or not as its mode says, can become what is wanted, and is usable."""
    storage = settings.storage
    if storage is None or storage.kind != "claim":
        return
    wanted_class = storage.storage_class
    if wanted_class is not None:
        yield from _presence("storageClass", wanted_class, facts.storage_classes, settings)
        yield from _class_changes(wanted_class, facts)
    yield from _presence("claim", storage.claim, facts.claims, settings)
    yield from _gone(storage.claim, facts)
    live = facts.claims.get(storage.claim.name)
    if live is None:
        return
    if storage.claim.mode == "use":
        yield from _misjudged(storage.claim, live)
    else:
        yield from _claim_changes(storage.claim, wanted_class, live)
        yield from _shrinks(storage.claim, live)
    yield from _unfit(settings, storage.claim, live)


def _gone(wanted: Any, facts: LiveFacts) -> Iterator[Finding]:
    """A new claim under the old name would be an empty one."""
    if wanted.name not in facts.claims or facts.claims[wanted.name] is not None:
        return
    used = facts.backends.get("pvc", {}).get("claim") == wanted.name
    if wanted.mode == "create" and used and OURS in facts.owners(("storage", "pvc")):
        yield contradiction(
            "storage.claim.create.name",
            wanted.name,
            "this stack has given the registry that claim, and it is gone from the cluster; a new "
            "one would be empty",
            "restore it: its volume is kept (`oc get pv`, Released) and can be bound again; or "
            "give the claim a new name and name this one under `replaces`",
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


def _unfit(settings: StackSettings, wanted: Any, live: ClaimFacts) -> Iterator[Finding]:
    """Would the operator take this claim (pkg/storage/pvc/pvc.go, checkPVC), and can the
    registry mount it?"""
    path = f"storage.claim.{wanted.mode}.name"
    if live.leaving:
        yield contradiction(
            path,
            wanted.name,
            "the live claim is being deleted",
            "name another claim, or wait until it is gone",
            "claim-leaving",
        )
    if live.volume_mode == "Block":
        yield contradiction(
            path,
            wanted.name,
            "the live claim is a raw block device, and the registry mounts a filesystem",
            "name a claim with volumeMode Filesystem",
            "claim-block",
        )
    if "ReadWriteMany" in live.access_modes:
        return
    replicas, strategy = settings.effective_replicas, settings.effective_rollout_strategy
    if "ReadWriteOnce" not in live.access_modes:
        yield contradiction(
            path,
            wanted.name,
            "the operator takes ReadWriteMany or ReadWriteOnce, and the live claim has "
            f"{', '.join(live.access_modes)}",
            "name another claim",
            "claim-mode",
        )
    elif (replicas or 0) > 1 or strategy != "Recreate":
        yield contradiction(
            "registry",
            {"replicas": replicas, "rolloutStrategy": strategy or "RollingUpdate"},
            f"the live claim {wanted.name} is ReadWriteOnce, which works with one replica "
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
    live = facts.storage_classes.get(thing.name)
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


def _presence(
    what: str,
    thing: Any,
    live: Mapping[str, Any],
    settings: StackSettings,
) -> Iterator[Finding]:
    if thing.name not in live:
        return
    found, path = live[thing.name], f"storage.{what}.{thing.mode}.name"
    if thing.mode == "create" and found is not None:
        if found.made_for(settings.cluster.name):
            return
        yield contradiction(
            path,
            thing.name,
            "it exists already and was not made by this stack",
            "write `adopt` to take it over, `use` to leave it to its owner, or another name",
            "exists",
        )
    elif thing.mode != "create" and found is None:
        yield contradiction(
            path,
            thing.name,
            "there is no such object in the cluster",
            "check the name, or write `create`",
            "missing",
        )
