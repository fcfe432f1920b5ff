"""What a storage backend tells the operator (pkg/storage/storage.go, `Driver`)."""

from dataclasses import dataclass
from typing import Protocol

from lab.kinds import Object
from lab.operator.world import World


@dataclass(frozen=True)
class Variable:
    """An environment variable of the registry; a secret one reaches it through a Secret."""

    name: str
    value: str
    secret: bool = False


class Driver(Protocol):
    """A backend. The functions that take `config` change its spec, status and conditions in place,
    as the real ones do, and raise SyncError when the storage can't be used."""

    key: str
    """The key under spec.storage."""
    name: str
    """The name in messages."""

    def exists(self, config: Object, world: World) -> bool:
        """Is the configured storage there (`StorageExists`)?"""

    def create(self, config: Object, world: World) -> list[Object]:
        """Take changed or missing storage into use; what to create (`CreateStorage`)."""

    def remove(self, config: Object, world: World) -> list[Object]:
        """What to delete when the registry is removed (`RemoveStorage`)."""

    def environment(self, block: Object, world: World) -> list[Variable]:
        """`ConfigEnv`"""

    def volumes(self, block: Object) -> tuple[list[Object], list[Object]]:
        """Volumes and mounts (`Volumes`)."""

    def secret_files(self, block: Object, world: World) -> dict[str, str]:
        """What the volumes need in secret image-registry-private-configuration."""

    def ca_bundle(self, block: Object, world: World) -> str:
        """CA certificates the registry's storage needs; empty if the system's will do."""


def default_management_state(config: Object, state: str) -> None:
    """The operator writes the state into the spec, but only where there is none."""
    storage = config["spec"]["storage"]
    if not storage.get("managementState"):
        storage["managementState"] = state
