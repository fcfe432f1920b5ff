"""Does the stack file agree with the live cluster? Judged before anything is planned."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings import StackSettings
from settings.facts import ClaimFacts, LiveFacts
from settings.operator_spec import FIELD_MANAGER
from settings.problems import Finding
from settings.quantities import quantity


def foreign_storage(
    live: Mapping[str, Any],
    wanted: Mapping[str, Any],
    replaces: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, Any]:
    """The live backends (of `spec.storage`) that are neither wanted nor named to be replaced.

    A backend is the wanted one if all its wanted fields are as wanted, and the named one
    if all its named fields are as named.
    """

    def fits(backend: str, block: Mapping[str, Any], named: Mapping[str, Any] | None) -> bool:
        if named is None or backend not in named:
            return False
        return all((block or {}).get(key) == value for key, value in named[backend].items())

    return {
        backend: block
        for backend, block in live.items()
        if backend != "managementState"
        and block is not None
        and not fits(backend, block, wanted)
        and not fits(backend, block, replaces)
    }


def loopback_only(stack: str, server: str, loopback: bool) -> Finding | None:
    """A stack named `lab-*` is for a lab: it is thrown away, so it must not be a real cluster."""
    if not stack.startswith("lab-") or loopback:
        return None
    return _finding(
        "cluster",
        server,
        "a lab stack works on a lab's API server on loopback only, and this is another one",
        'point KUBECONFIG at the lab (eval "$(make -s env)"), or rename the stack',
        "lab-loopback",
    )


def disagreements(
    settings: StackSettings, facts: LiveFacts, wanted_storage: Mapping[str, Any] | None
) -> list[Finding]:
    """All contradictions between the stack file and the cluster.

    `wanted_storage` is the backend that the stack would write, None to leave it alone.
    """
    return [
        *_cluster(settings, facts),
        *_config(facts),
        *_storage(settings, facts, wanted_storage),
        *_claim(settings, facts),
    ]


def _finding(path: str, value: Any, message: str, fix: str, rule: str) -> Finding:
    return Finding(tuple(path.split(".")), message, fix, f"guard:{rule}", flow(value))


def _cluster(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    cluster = settings.cluster
    live_name = facts.infrastructure_name
    if live_name is not None and live_name != cluster.infrastructure_name:
        yield _finding(
            "cluster.infrastructureName",
            cluster.infrastructure_name,
            f"the cluster that answers is another one: its infrastructure name is {live_name}",
            "use the kubeconfig of the cluster this stack is for; change the name only if this "
            "stack has never been applied",
            "infrastructure-name",
        )
    if facts.platform is not None and cluster.platform not in (None, facts.platform):
        yield _finding(
            "cluster.platform",
            cluster.platform,
            f"the cluster says its platform is {facts.platform}",
            f"write {facts.platform}, or leave the key out",
            "platform",
        )
    if facts.version is not None:
        minor = ".".join(facts.version.split(".")[:2])
        if minor != cluster.version:
            yield _finding(
                "cluster.version",
                cluster.version,
                f"the cluster runs {facts.version}",
                f'write "{minor}"',
                "version",
            )


def _config(facts: LiveFacts) -> Iterator[Finding]:
    if facts.config_absent:
        yield _finding(
            "cluster",
            "configs.imageregistry.operator.openshift.io/cluster",
            "the cluster has no such object: the image registry operator is not installed (the "
            "ImageRegistry capability is off) or has not started yet; a patch would create it",
            "enable the capability in clusterversion/version, or wait for the operator",
            "config-absent",
        )
    elif (facts.config or {}).get("metadata", {}).get("deletionTimestamp"):
        yield _finding(
            "cluster",
            "configs.imageregistry.operator.openshift.io/cluster",
            "the object is being deleted",
            "wait until the operator has made a new one",
            "config-deleting",
        )


def _storage(
    settings: StackSettings,
    facts: LiveFacts,
    wanted: Mapping[str, Any] | None,
) -> Iterator[Finding]:
    if facts.config is None:
        return
    if wanted is None:
        yield from _dropped(facts)
        return
    replaces = settings.storage.replaces if settings.storage else None
    foreign = foreign_storage(facts.backends, wanted, replaces)
    for backend, block in foreign.items():
        named = {backend: _identity(backend, block)}
        yield _finding(
            "storage",
            named,
            "the registry keeps its images in this storage now, and the stack file wants another; "
            "images are not moved by a switch",
            f"if the switch is meant, write `replaces: {flow(named)}` under "
            "openshift-registry:storage; else name this storage there",
            "foreign-storage",
        )


def _dropped(facts: LiveFacts) -> Iterator[Finding]:
    """Giving the fields up would take the storage out of the custom resource."""
    for backend, block in facts.backends.items():
        if (FIELD_MANAGER, "Apply") in facts.owners(("storage", backend)):
            yield _finding(
                "storage",
                {backend: _identity(backend, block)},
                "this stack has given the registry that storage; without the section it would be "
                "taken out of the custom resource, and the operator would fill in its own default",
                "leave the section in (a claim that the stack should no longer own is a `use`)",
                "storage-dropped",
            )


IDENTITY = {
    "pvc": ("claim",),
    "s3": ("bucket",),
    "gcs": ("bucket",),
    "azure": ("accountName", "container"),
    "swift": ("container",),
    "ibmcos": ("bucket",),
    "oss": ("bucket",),
}
"""Which fields of a backend say where the images are."""


def _identity(backend: str, block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: block[key] for key in IDENTITY.get(backend, ()) if key in block}


def flow(value: Any) -> str:
    """A value as one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


def _claim(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    storage = settings.storage
    if storage is None or storage.kind != "claim":
        return
    if storage.storage_class is not None:
        yield from _presence("storageClass", storage.storage_class, facts.storage_classes, settings)
        yield from _immutable(storage.storage_class, facts)
    yield from _presence("claim", storage.claim, facts.claims, settings)
    live = facts.claims.get(storage.claim.name)
    if live is None:
        return
    wanted_class = storage.storage_class.name if storage.storage_class else None
    if storage.claim.mode != "use" and wanted_class not in (None, live.storage_class):
        yield _finding(
            f"storage.storageClass.{storage.storage_class.mode}.name",
            wanted_class,
            f"the live claim {storage.claim.name} was made with the class {live.storage_class}, "
            "and a claim can't change its class",
            f"write {live.storage_class}, or give the claim a new name too and name this one "
            "under `replaces`; images are not moved",
            "claim-class",
        )
    if storage.claim.mode != "use":
        yield from _shrinks(storage.claim, live)
    if storage.claim.mode == "create":
        return
    given = storage.claim.access_modes
    if given is not None and set(given) != set(live.access_modes):
        yield _finding(
            f"storage.claim.{storage.claim.mode}.accessModes",
            list(given),
            f"the live claim has {', '.join(live.access_modes)}",
            "write what the claim has, or leave the key out",
            "claim-access-modes",
        )
    if live.volume_mode == "Block":
        yield _finding(
            f"storage.claim.{storage.claim.mode}.name",
            storage.claim.name,
            "the live claim is a raw block device, and the registry mounts a filesystem",
            "name a claim with volumeMode Filesystem",
            "claim-block",
        )
    if "ReadWriteMany" in live.access_modes:
        return
    replicas, strategy = settings.effective_replicas, settings.effective_rollout_strategy
    if "ReadWriteOnce" not in live.access_modes:
        yield _finding(
            f"storage.claim.{storage.claim.mode}.name",
            storage.claim.name,
            f"the operator takes ReadWriteMany or ReadWriteOnce, and the live claim has "
            f"{', '.join(live.access_modes)}",
            "name another claim",
            "claim-access-modes",
        )
    elif (replicas or 0) > 1 or strategy != "Recreate":
        yield _finding(
            "registry",
            {"replicas": replicas, "rolloutStrategy": strategy or "RollingUpdate"},
            f"the live claim {storage.claim.name} is ReadWriteOnce, which works with one replica "
            "and rolloutStrategy Recreate only",
            "write `replicas: 1` and `rolloutStrategy: Recreate`, or name a ReadWriteMany claim",
            "claim-rwo",
        )


def _shrinks(claim: Any, live: ClaimFacts) -> Iterator[Finding]:
    has, wants = quantity(live.size or "0"), quantity(claim.size)
    if has is not None and wants is not None and wants < has:
        yield _finding(
            f"storage.claim.{claim.mode}.size",
            claim.size,
            f"the live claim {claim.name} has {live.size}, and a claim can't shrink",
            f"write {live.size} or more",
            "claim-size",
        )


def _immutable(thing: Any, facts: LiveFacts) -> Iterator[Finding]:
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
            yield _finding(
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
        yield _finding(
            path,
            thing.name,
            "it exists already and was not made by this stack",
            "write `adopt` to take it over, `use` to leave it to its owner, or another name",
            "exists",
        )
    elif thing.mode != "create" and found is None:
        yield _finding(
            path,
            thing.name,
            "there is no such object in the cluster",
            "check the name, or write `create`",
            "missing",
        )
