"""image.config.openshift.io/cluster: its status is the registry's (pkg/operator/imageconfig.go)."""

from lab.kinds import Object
from lab.operator import names, routes
from lab.operator.world import World


def status(world: World) -> Object | None:
    """The status that image.config/cluster should have, or None if it has it (or is absent)."""
    if world.image_config is None:
        return None
    present = world.image_config.get("status") or {}
    internal = ""
    if world.service is not None:
        internal = f"{names.REGISTRY}.{names.NAMESPACE}.svc:{names.PORT}"
    hosts = routes.host_names(world)
    if (present.get("internalRegistryHostname") or "") == internal and (
        present.get("externalRegistryHostnames") or []
    ) == hosts:
        return None
    wanted = {**present, "internalRegistryHostname": internal, "externalRegistryHostnames": hosts}
    return {key: value for key, value in wanted.items() if value}
