"""Does the live volume agree with what the stack file says of it?"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.claim import ClaimStorage
from settings.contradiction import contradiction, flow
from settings.facts import ClaimFacts, LiveFacts, VolumeFacts
from settings.names import MEND, NAMESPACE
from settings.presence import presence
from settings.problems import Finding
from settings.quantities import quantity
from settings.stack import StackSettings

ONE_NODE = ("fc", "iscsi", "local")
NEW_NAMES = (
    "give volume and claim new names and name the present claim under `replaces`; images are not "
    "moved"
)
DEFAULTS = {"iscsiInterface": "default"}
"""What the API server writes where nothing is said."""


def volume(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """It is there or not as its mode says, is free for the claim, can become what is wanted,
    and the binder will take it."""
    storage = settings.storage
    if storage is None or storage.kind != "claim" or storage.volume is None:
        return
    path = ("storage", "volume", storage.volume.mode, "name")
    yield from presence(path, storage.volume, facts.volumes, settings.cluster.name)
    held = facts.claims.get(storage.claim.name)
    if held is not None:
        yield from _other_volume(storage, held)
        yield from _grows(storage, held)
    live = facts.volumes.get(storage.volume.name)
    if live is None:
        return
    yield from _taken(storage, live)
    if live.leaving:
        yield contradiction(
            _at(storage),
            storage.volume.name,
            "the live volume is being deleted",
            "name another volume, or wait until it is gone",
            "volume-leaving",
        )
    if storage.volume.mode != "use":
        yield from _source(storage.volume, live)
        yield from _nodes(storage.volume, live)
    if storage.volume.mode != "create":
        yield from _unfit(storage, live)
    yield from _writable(storage, live)


def _at(storage: ClaimStorage, key: str = "name") -> str:
    return f"storage.volume.{storage.volume.mode}.{key}"


def _other_volume(storage: ClaimStorage, held: ClaimFacts) -> Iterator[Finding]:
    if held.volume not in (None, "", storage.volume.name):
        yield contradiction(
            _at(storage),
            storage.volume.name,
            f"the live claim {storage.claim.name} has the volume {held.volume}, and a claim can't "
            "change it",
            f"write {held.volume}, or give the claim a new name and name the present one under "
            "`replaces`; images are not moved",
            "volume-of-claim",
        )


def _grows(storage: ClaimStorage, held: ClaimFacts) -> Iterator[Finding]:
    has, wants = quantity(held.size or "0"), quantity(storage.claim.size)
    if storage.storage_class is None and has is not None and wants is not None and wants > has:
        yield contradiction(
            f"storage.claim.{storage.claim.mode}.size",
            storage.claim.size,
            f"the live claim {storage.claim.name} has {held.size}, and only a claim on a volume "
            "that a class provisions can grow",
            f"write {held.size}; for more, {NEW_NAMES}",
            "volume-resize",
        )


def _taken(storage: ClaimStorage, live: VolumeFacts) -> Iterator[Finding]:
    """Is it somebody else's, or was it, or was it this claim's and has to be given back?"""
    name, mine = storage.volume.name, (NAMESPACE, storage.claim.name)
    if live.claim is not None and live.claim != mine:
        theirs = "/".join(live.claim)
        yield contradiction(
            _at(storage),
            name,
            f"the live volume is {live.phase} and kept for the claim {theirs}",
            "name another volume; if that claim is gone for good and its data are to be used: "
            f"{_freed(name, live, '/spec/claimRef')}",
            "volume-claimed",
        )
    elif live.phase in ("Released", "Failed"):
        yield contradiction(
            _at(storage),
            name,
            f"the live volume is {live.phase}: its claim is gone, and a new one is not bound to it "
            "unless somebody says so",
            f"the images are still on it; to use them: {_freed(name, live, '/spec/claimRef/uid')}, "
            f"then {MEND}",
            "volume-released",
        )


def _freed(name: str, live: VolumeFacts, path: str) -> str:
    """How an administrator gives a volume free, in an order that never deletes it."""
    freed = f'oc patch pv {name} --type=json -p \'[{{"op":"remove","path":"{path}"}}]\''
    return freed if live.reclaim_policy == "Retain" else f"{_kept(name)}, then {freed}"


def _kept(name: str) -> str:
    return f'oc patch pv {name} -p \'{{"spec":{{"persistentVolumeReclaimPolicy":"Retain"}}}}\''


def _source(wanted: Any, live: VolumeFacts) -> Iterator[Finding]:
    """Where a volume is can't change. An adopted one may have what the stack file leaves out."""
    kind, block = wanted.source.kind, getattr(wanted.source, wanted.source.kind)
    at, said = f"storage.volume.{wanted.mode}.source", block.plain()
    if kind not in live.source:
        has = next(iter(live.source), "another kind")
        yield _moved(at, kind, f"is on {has}")
        return
    has = live.source[kind]
    for field in type(block).model_fields.values():
        key = field.alias or ""
        unsaid = key not in said and (wanted.mode == "adopt" or has.get(key) == DEFAULTS.get(key))
        if not unsaid and (has.get(key) or None) != (said.get(key) or None):
            stated = f"has {key} {flow(has[key])}" if key in has else f"has no {key}"
            yield _moved(f"{at}.{kind}.{key}", said.get(key, "not given"), stated)


def _nodes(wanted: Any, live: VolumeFacts) -> Iterator[Finding]:
    wants = sorted(wanted.nodes or [])
    if "local" in live.source and wants != sorted(live.nodes):
        path = f"storage.volume.{wanted.mode}.nodes"
        yield _moved(path, wants, f"is on {flow(sorted(live.nodes)) if live.nodes else 'no node'}")


def _moved(path: str, value: Any, has: str) -> Finding:
    return contradiction(
        path,
        value,
        f"the live volume {has}, and Kubernetes does not let a volume change where it is",
        f"write what it has, or {NEW_NAMES}",
        "volume-source",
    )


def _unfit(storage: ClaimStorage, live: VolumeFacts) -> Iterator[Finding]:
    """Would the binder take what somebody else has made (checkVolumeSatisfyClaim)?"""
    claim, name = storage.claim, storage.volume.name
    has, wants = quantity(live.size or "0"), quantity(claim.size)
    if live.phase != "Bound" and has is not None and wants is not None and has != wants:
        yield contradiction(
            f"storage.claim.{claim.mode}.size",
            claim.size,
            f"the live volume {name} has {live.size}, and its claim gets all of it",
            f"write {live.size}, or name another volume",
            "volume-size",
        )
    missing = [mode for mode in claim.access_modes if mode not in live.access_modes]
    if missing:
        yield contradiction(
            f"storage.claim.{claim.mode}.accessModes",
            claim.access_modes,
            f"the live volume {name} has {flow(live.access_modes)}",
            "write modes that it has, or name another volume",
            "volume-access-modes",
        )
    device = next((kind for kind in ONE_NODE if kind in live.source), None)
    if device and "ReadWriteMany" in claim.access_modes and not missing:
        yield contradiction(
            f"storage.claim.{claim.mode}.accessModes",
            claim.access_modes,
            f"the live volume {name} is on {device}, whatever it says: a file system there is for "
            "one node at a time",
            "write [ReadWriteOnce], or name a volume with shared files",
            "volume-access-modes",
        )
    if live.volume_mode != claim.volume_mode:
        yield contradiction(
            _at(storage),
            name,
            f"the live volume has volumeMode {live.volume_mode}, and the registry mounts a file "
            "system",
            "name a volume with volumeMode Filesystem",
            "volume-mode",
        )
    yield from _class(storage, live)


def _class(storage: ClaimStorage, live: VolumeFacts) -> Iterator[Finding]:
    wanted = storage.storage_class.name if storage.storage_class else ""
    if live.storage_class == wanted:
        return
    named = f"storageClass: {{use: {{name: {live.storage_class}}}}}"
    fix = f"write {named}" if live.storage_class else "leave storageClass out"
    if storage.volume.mode != "use":
        fix = f"write `use` for the volume, and {named}"
    yield contradiction(
        _at(storage),
        storage.volume.name,
        f"the live volume is of {_named(live.storage_class)}, and the claim would be of "
        f"{_named(wanted)}",
        fix,
        "volume-class",
    )


def _named(storage_class: str) -> str:
    return f"the class {storage_class}" if storage_class else "no class"


def _writable(storage: ClaimStorage, live: VolumeFacts) -> Iterator[Finding]:
    """Will the images get there, and stay?"""
    blocks: list[Mapping[str, Any]] = list(live.source.values())
    if any(block.get("readOnly") for block in blocks):
        yield contradiction(
            _at(storage),
            storage.volume.name,
            "the live volume is mounted read-only (readOnly), and the registry writes its images",
            "name another volume, or make this one anew without readOnly",
            "volume-read-only",
        )
    if storage.volume.mode == "use" and live.reclaim_policy != "Retain":
        found = contradiction(
            _at(storage),
            storage.volume.name,
            f"the live volume has reclaim policy {live.reclaim_policy}, so its images may go with "
            "the claim",
            f"{_kept(storage.volume.name)}, or write `adopt`",
            "volume-reclaim",
        )
        yield found._replace(severity="warning")
