"""Storage: which backend is configured, and whether it can be used (pkg/storage/storage.go)."""

from lab.kinds import Object
from lab.operator.bootstrap import platform_storage
from lab.operator.conditions import put_storage_exists
from lab.operator.errors import PermanentError, SyncError
from lab.operator.storage.azure import Azure
from lab.operator.storage.driver import Driver
from lab.operator.storage.emptydir import EmptyDir
from lab.operator.storage.gcs import GCS
from lab.operator.storage.pvc import PVC
from lab.operator.storage.s3 import S3
from lab.operator.storage.swift import Swift
from lab.operator.storage.unmodelled import IBMCOS, OSS
from lab.operator.world import World

# The order in which the real operator counts them, seen in its message.
DRIVERS: tuple[Driver, ...] = (EmptyDir(), S3(), Swift(), GCS(), IBMCOS, PVC(), Azure(), OSS)


def select(storage: Object | None) -> Driver | None:
    """The one configured backend, or None (`NewDriver`). An empty block counts as one."""
    found = [each for each in DRIVERS if (storage or {}).get(each.key) is not None]
    if len(found) > 1:
        raise SyncError(
            "exactly one storage type should be configured at the same time, "
            f"got {len(found)}: [{' '.join(each.name for each in found)}]"
        )
    return found[0] if found else None


def sync(config: Object, world: World) -> tuple[Driver, list[Object]]:
    """Make sure of the storage (pkg/resource/generator.go `syncStorage`).

    Spec, status and condition StorageExists of `config` change in place. Returns the driver
    and what to create. Raises SyncError; PermanentError where the platform has no storage.
    Without a backend the platform's own one is filled in first.
    """
    spec = config["spec"]
    driver = select(spec.get("storage"))
    if driver is None:
        spec["storage"], _ = platform_storage(world.infrastructure)
        driver = select(spec["storage"])
    if driver is None:
        raise PermanentError("StorageNotConfigured", "storage backend not configured")
    status = config.setdefault("status", {})
    made: list[Object] = []
    if (status.get("storage") or {}).get(driver.key) != spec["storage"][driver.key]:
        put_storage_exists(
            config,
            "Unknown",
            f"{driver.name} Configuration Changed",
            f"{driver.name} storage is in an unknown state",
        )
        made = driver.create(config, world)
    elif not driver.exists(config, world):
        made = driver.create(config, world)
    if (status.get("storage") or {}).get(driver.key) is not None:
        state = spec["storage"].get("managementState", "")
        status["storage"]["managementState"] = state
        # Deprecated, but required by the schema and still read by people.
        status["storageManaged"] = state == "Managed"
    return driver, made


def remove(config: Object, world: World) -> list[Object]:
    """Managed storage goes with the registry (pkg/resource/generator.go `Remove`).

    Returns what to delete; the status forgets the storage.
    """
    status = config.setdefault("status", {})
    driver = select(status.get("storage"))
    gone = driver.remove(config, world) if driver is not None else []
    status["storage"] = {}
    status["storageManaged"] = False
    return gone
