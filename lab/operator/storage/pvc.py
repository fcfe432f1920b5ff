"""A claim in the registry's namespace (pkg/storage/pvc/pvc.go)."""

from copy import deepcopy

from lab.kinds import Object
from lab.operator import names
from lab.operator.bootstrap import claim_of
from lab.operator.conditions import put_storage_exists
from lab.operator.errors import SyncError
from lab.operator.storage.driver import Variable, default_management_state
from lab.operator.storage.emptydir import filesystem_environment, filesystem_volume
from lab.operator.world import World

RWX, RWO = "ReadWriteMany", "ReadWriteOnce"


class PVC:
    key = "pvc"
    name = "PVC"

    def exists(self, config: Object, world: World) -> bool:
        claim = config["spec"]["storage"]["pvc"].get("claim")
        if claim in world.claims:
            put_storage_exists(config, "True", "PVC Exists")
            return True
        put_storage_exists(config, "False", "PVC does not exist")
        return False

    def create(self, config: Object, world: World) -> list[Object]:
        """A named claim is only checked, and is the user's; a blank one is made, and is managed.

        A missing named claim ends as reason "PVC Issues Found": the check that the
        real operator does last overwrites "PVC Exists" (`CreateStorage`).
        """
        block = config["spec"]["storage"]["pvc"]
        made: list[Object] = []
        if block.get("claim"):
            default_management_state(config, "Unmanaged")
            claim = world.claims.get(block["claim"])
            put_storage_exists(config, "True", "PVC Exists")
        else:
            claim = self._default_claim(config, world, made)
            block["claim"] = names.DEFAULT_CLAIM
            default_management_state(config, "Managed")
        try:
            check(block["claim"], claim, config["spec"])
        except SyncError as error:
            put_storage_exists(config, "False", "PVC Issues Found", str(error))
            raise
        config["status"]["storage"] = {"pvc": deepcopy(block)}
        return made

    def _default_claim(self, config: Object, world: World, made: list[Object]) -> Object:
        claim = world.claims.get(names.DEFAULT_CLAIM)
        if claim is None:
            claim = claim_of(names.DEFAULT_CLAIM, RWX)
            made.append(claim)
            put_storage_exists(config, "True", "PVC Created")
        elif names.OWNER_ANNOTATION not in claim["metadata"].get("annotations", {}):
            message = (
                "could not create default PVC, it already exists and is not owned by the operator"
            )
            put_storage_exists(config, "False", "PVC Already Exists", message)
            raise SyncError(message)
        return claim

    def remove(self, config: Object, world: World) -> list[Object]:
        """The claim goes, and its images with it, if storage is managed (`RemoveStorage`)."""
        claim = config["status"]["storage"]["pvc"].get("claim")
        managed = (config["spec"].get("storage") or {}).get("managementState") == "Managed"
        return [world.claims[claim]] if managed and claim in world.claims else []

    def environment(self, block: Object, world: World) -> list[Variable]:
        return filesystem_environment()

    def volumes(self, block: Object) -> tuple[list[Object], list[Object]]:
        return filesystem_volume({"persistentVolumeClaim": {"claimName": block["claim"]}})

    def secret_files(self, block: Object, world: World) -> dict[str, str]:
        return {}

    def ca_bundle(self, block: Object, world: World) -> str:
        return ""


def check(name: str, claim: Object | None, spec: Object) -> None:
    """Can the registry share this claim the way it is rolled out (`checkPVC`)?"""
    if claim is None:
        raise SyncError(f'persistentvolumeclaims "{name}" not found')
    modes = claim["spec"].get("accessModes", [])
    if RWX in modes:
        return
    if RWO not in modes:
        raise SyncError(f"PVC {name} does not contain the necessary access modes: {RWX} or {RWO}")
    if spec.get("replicas", 0) > 1:
        raise SyncError(
            f"cannot use {RWO} access mode with more than one replica of the image registry"
        )
    strategy = spec.get("rolloutStrategy", "")
    if strategy != "Recreate":
        raise SyncError(f"cannot use {RWO} access mode with {strategy} rollout strategy")
