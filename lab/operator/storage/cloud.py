"""What the backends outside the cluster share.

The lab's operator looks at buckets and containers that the lab's network leads to (bucket.py,
container.py). Any other storage that is `Unmanaged`, named, and has complete credentials is taken
to exist.
Everything else the real operator would ask the cloud for is refused.
"""

from copy import deepcopy

from lab.kinds import Object
from lab.operator import names
from lab.operator.conditions import put_storage_exists
from lab.operator.errors import SyncError
from lab.operator.storage.bucket import NotThere
from lab.operator.storage.driver import Variable
from lab.operator.world import World, data_of

UNKNOWN = "Unknown Error Occurred"
USER_SECRET = f"{names.NAMESPACE}/{names.USER_CONFIGURATION}"
MINTED_SECRET = f"{names.NAMESPACE}/{names.MINTED_CREDENTIALS}"


class Cloud:
    """A bucket or container; a subclass knows its fields and its credentials."""

    key = ""
    name = ""
    where = ""
    """The field that names the bucket or container."""
    found: tuple[str, str] = ("", "")
    """Reason and message of StorageExists when it is there."""

    def check(self, block: Object, world: World) -> None:
        """Raises SyncError unless fields and credentials are complete and well-formed."""
        raise NotImplementedError

    def effective(self, block: Object, world: World) -> Object:
        """The block as it is used, with what the operator takes from the infrastructure."""
        return deepcopy(block)

    def exists(self, config: Object, world: World) -> bool:
        self._reach(config, world)
        return True

    def create(self, config: Object, world: World) -> list[Object]:
        self._reach(config, world)
        block = config["spec"]["storage"][self.key]
        config["status"]["storage"] = {self.key: self.effective(block, world)}
        return []

    def _reach(self, config: Object, world: World) -> None:
        storage = config["spec"]["storage"]
        block = storage[self.key]
        self.check(block, world)
        state = storage.get("managementState", "")
        if state != "Unmanaged" or not block.get(self.where):
            message = (
                f"no cloud in this lab: spec.storage.managementState is {state!r} and "
                f"spec.storage.{self.key}.{self.where} is {block.get(self.where, '')!r}; set the "
                "first to Unmanaged and name what exists"
            )
            put_storage_exists(config, "Unknown", UNKNOWN, message)
            raise SyncError(message)
        try:
            self.look(block, world)
        except NotThere as error:
            status, reason = ("False", error.code) if error.code else ("Unknown", UNKNOWN)
            put_storage_exists(config, status, reason, str(error))
            raise SyncError(str(error)) from None
        put_storage_exists(config, "True", *self.found)

    def look(self, block: Object, world: World) -> None:
        """Raises NotThere if the lab has the cloud, and the bucket isn't in it."""

    def remove(self, config: Object, world: World) -> list[Object]:
        """Nothing of an unmanaged bucket; a managed one can't come into being here."""
        return []

    def environment(self, block: Object, world: World) -> list[Variable]:
        raise NotImplementedError

    def volumes(self, block: Object) -> tuple[list[Object], list[Object]]:
        return [], []

    def secret_files(self, block: Object, world: World) -> dict[str, str]:
        return {}

    def ca_bundle(self, block: Object, world: World) -> str:
        return ""


def user_credentials(world: World) -> dict[str, str]:
    """The user's secret; if it exists it wins, complete or not (each driver's `GetConfig`)."""
    secret = world.secrets.get(names.USER_CONFIGURATION)
    if secret is not None:
        return data_of(secret)
    minted_credentials(world)
    raise SyncError(
        f'the lab does not read "{MINTED_SECRET}" for this storage; make secret "{USER_SECRET}"'
    )


def minted_credentials(world: World) -> dict[str, str]:
    """What the cluster has for its operator, from the cloud or from an administrator."""
    secret = world.secrets.get(names.MINTED_CREDENTIALS)
    if secret is not None:
        return data_of(secret)
    raise SyncError(
        f'unable to get cluster minted credentials "{MINTED_SECRET}": '
        f'secret "{names.MINTED_CREDENTIALS}" not found'
    )


def required(credentials: dict[str, str], key: str) -> str:
    if key not in credentials:
        raise SyncError(f'secret "{USER_SECRET}" does not contain required key "{key}"')
    return credentials[key]
