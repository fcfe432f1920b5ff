"""What the operator does about a configuration: a function of it and of the world, no more.

pkg/operator/controller.go `createOrUpdateResources`, pkg/resource/generator.go `Apply`.
"""

from copy import deepcopy
from dataclasses import dataclass

from lab.kinds import Object
from lab.operator import names, objects, routes, storage
from lab.operator.deployment import deployment
from lab.operator.errors import PermanentError, SyncError
from lab.operator.verify import apply_defaults, verify
from lab.operator.world import World


@dataclass(frozen=True)
class Verdict:
    """The configuration as the operator leaves it, and what it makes of it.

    `config` has its finalizer, spec, storage status and condition StorageExists as judged;
    `objects` are to be created or updated in this order, also when there is an `error`:
    the real operator works through its list and stops at the first that fails.
    """

    config: Object
    objects: tuple[Object, ...] = ()
    obsolete: tuple[Object, ...] = ()
    """To be deleted."""
    error: SyncError | None = None


def judge(config: Object, world: World) -> Verdict:
    """Judge a configuration whose managementState is Managed."""
    config = deepcopy(config)
    made: list[Object] = []
    finalizers = config["metadata"].setdefault("finalizers", [])
    if names.FINALIZER not in finalizers:
        finalizers.append(names.FINALIZER)
    try:
        verify(config["spec"])
        apply_defaults(config["spec"])
        driver = _sync_storage(config, world, made)
        _generate(config, driver, world, made)
    except SyncError as error:
        return Verdict(config, tuple(made), error=error)
    return Verdict(config, tuple(made), tuple(routes.obsolete(config["spec"], world)))


def remove(config: Object, world: World) -> Verdict:
    """Judge a configuration that is Removed, or going: everything of ours goes.

    Storage goes with it if it is managed (pkg/resource/generator.go `Remove`). The service
    CA stays: the real operator deletes it, and its pruner, whose job mounts it, makes it again.
    """
    config = deepcopy(config)
    try:
        storage.select(config["spec"].get("storage"))
    except SyncError as error:
        return Verdict(config, error=SyncError(f"unable to get generators: {error}"))
    named = [
        world.deployment,
        world.service,
        world.service_account,
        world.secrets.get(names.PULL_SECRETS),
        world.secrets.get(names.PRIVATE_CONFIGURATION),
        *routes.made_by_operator(world),
    ]
    gone = [each for each in named if each is not None]
    gone += storage.remove(config, world)
    return Verdict(config, obsolete=tuple(gone))


def _sync_storage(config: Object, world: World, made: list[Object]) -> storage.Driver:
    try:
        driver, created = storage.sync(config, world)
    except PermanentError:
        raise
    except SyncError as error:
        raise SyncError(f"unable to sync storage configuration: {error}") from None
    made += created
    return driver


def _generate(config: Object, driver: storage.Driver, world: World, made: list[Object]) -> None:
    generators = [
        ("ServiceAccount", objects.service_account),
        ("ConfigMap", objects.service_ca),
        ("Secret", lambda: objects.pull_secret(world)),
        ("Secret", lambda: objects.private_configuration(config, driver, world)),
        ("Service", objects.service),
        ("Deployment", lambda: deployment(config, driver, world)),
    ]
    for wish in routes.wanted(config["spec"]):
        generators.append(("Route", lambda wish=wish: routes.route(wish, world)))
    for kind, generate in generators:
        try:
            made.append(generate())
        except SyncError as error:
            raise SyncError(f"unable to apply objects: failed to make {kind}: {error}") from None
