"""Backends that count as a backend but that the lab has nothing for."""

from lab.kinds import Object
from lab.operator.errors import SyncError
from lab.operator.storage.cloud import Cloud
from lab.operator.world import World


class Unmodelled(Cloud):
    def __init__(self, key: str, name: str) -> None:
        self.key, self.name, self.where = key, name, "bucket"

    def check(self, block: Object, world: World) -> None:
        raise SyncError(f"the lab has no {self.name}: spec.storage.{self.key} can't be judged here")


IBMCOS = Unmodelled("ibmcos", "IBMCOS")
OSS = Unmodelled("oss", "OSS")
