"""What a pod needs from its namespace."""

from lab.kinds import Object


def references(pod: Object, kind: str) -> dict[str, bool]:
    """The objects of `kind` ("secret" or "configMap") that a pod spec mounts or reads.

    Returns name -> may it be absent? A name that is needed once is needed.
    """
    found: dict[str, bool] = {}

    def add(name: str, source: Object) -> None:
        found[name] = found.get(name, True) and source.get("optional", False)

    for volume in pod.get("volumes", []):
        if kind in volume:
            add(volume[kind]["secretName" if kind == "secret" else "name"], volume[kind])
        for projected in volume.get("projected", {}).get("sources", []):
            if kind in projected:
                add(projected[kind]["name"], projected[kind])
    for container in pod.get("containers", []):
        for variable in container.get("env", []):
            reference = variable.get("valueFrom", {}).get(f"{kind}KeyRef")
            if reference is not None:
                add(reference["name"], reference)
    return found


def claims(pod: Object) -> list[str]:
    """The names of the claims that a pod spec mounts."""
    sources = [volume.get("persistentVolumeClaim") for volume in pod.get("volumes", [])]
    return [source["claimName"] for source in sources if source is not None]
