"""Wait until the operator is done with the last change, and say how it judged it."""

import time

from lab.errors import LabError
from lab.lab import Lab, Say

WANTED = {"Available": "True", "Progressing": "False", "Degraded": "False"}


def settle(
    lab: Lab, say: Say, seconds: float = 60, state: str = "Managed"
) -> dict[str, tuple[str, str, str]]:
    """Condition -> (status, reason, message) once `healthy`, or after `seconds`.

    Raises `LabError` when a process of the lab has stopped: there is nothing to wait for.
    """
    from lightkube.generic_resource import create_global_resource

    configs = create_global_resource(
        "imageregistry.operator.openshift.io", "v1", "Config", "configs"
    )
    client = lab.client()
    began, told = time.monotonic(), 0.0
    while True:
        losses = lab.losses()
        if losses:
            raise LabError("\n".join(losses))
        live = client.get(configs, "cluster").to_dict()
        status = live.get("status") or {}
        conditions = {
            each["type"]: (each["status"], each.get("reason", ""), each.get("message", ""))
            for each in status.get("conditions") or []
        }
        spent = time.monotonic() - began
        seen = status.get("observedGeneration") == live["metadata"]["generation"]
        if seen and healthy(conditions, state):
            return conditions
        if spent > seconds:
            return conditions
        if spent - told > 5:
            told = spent
            say(f"  waiting for the operator, {spent:.0f} s: {_said(conditions)}")
        time.sleep(0.2)


def healthy(conditions: dict[str, tuple[str, str, str]], state: str = "Managed") -> bool:
    """Available as the managementState `state` has it: a registry that is gone is so too."""
    stated = all(conditions.get(name, ("",))[0] == status for name, status in WANTED.items())
    # Each of the operator's controllers has one of its own.
    stated &= not any(
        name.endswith("Degraded") and said[0] == "True" for name, said in conditions.items()
    )
    return stated and (conditions["Available"][1] == "Removed") == (state == "Removed")


def _said(conditions: dict[str, tuple[str, str, str]]) -> str:
    return ", ".join(f"{name}={conditions.get(name, ('?',))[0]}" for name in WANTED)
