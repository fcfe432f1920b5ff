"""Objects as the API server returns them, with what the operator reads."""

import base64

from lab.kinds import Object


def claim(name: str, *modes: str, annotations: dict[str, str] | None = None) -> Object:
    return {
        "metadata": {"name": name, "annotations": annotations or {}},
        "spec": {"accessModes": list(modes)},
    }


def secret(name: str, **data: str) -> Object:
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {"metadata": {"name": name}, "data": encoded}


def config_map(name: str, **data: str) -> Object:
    return {"metadata": {"name": name}, "data": {k.replace("__", "."): v for k, v in data.items()}}


def condition(live: Object, kind: str) -> tuple[str, str, str]:
    """Status, reason and message; empty as long as nobody has said anything of it."""
    for each in live.get("status", {}).get("conditions", ()):
        if each["type"] == kind:
            return each["status"], each.get("reason", ""), each.get("message", "")
    return "", "", ""
