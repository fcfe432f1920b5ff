"""An emptyDir (pkg/storage/emptydir/emptydir.go): always there, gone with the pod."""

from copy import deepcopy

from lab.kinds import Object
from lab.operator.conditions import put_storage_exists
from lab.operator.storage.driver import Variable
from lab.operator.world import World

ROOT = "/registry"


class EmptyDir:
    key = "emptyDir"
    name = "EmptyDir"

    def exists(self, config: Object, world: World) -> bool:
        return True

    def create(self, config: Object, world: World) -> list[Object]:
        message = "EmptyDir storage successfully created"
        put_storage_exists(config, "True", "Creation Successful", message)
        config["status"]["storage"] = {self.key: deepcopy(config["spec"]["storage"][self.key])}
        return []

    def remove(self, config: Object, world: World) -> list[Object]:
        return []

    def environment(self, block: Object, world: World) -> list[Variable]:
        return filesystem_environment()

    def volumes(self, block: Object) -> tuple[list[Object], list[Object]]:
        return filesystem_volume({"emptyDir": {}})

    def secret_files(self, block: Object, world: World) -> dict[str, str]:
        return {}

    def ca_bundle(self, block: Object, world: World) -> str:
        return ""


def filesystem_environment() -> list[Variable]:
    return [
        Variable("REGISTRY_STORAGE", "filesystem"),
        Variable("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", ROOT),
    ]


def filesystem_volume(source: Object) -> tuple[list[Object], list[Object]]:
    name = "registry-storage"
    return [{"name": name, **source}], [{"name": name, "mountPath": ROOT}]
