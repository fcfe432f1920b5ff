"""A new access key gets to the registry before the old one goes.

The engine deletes what has left the program once the program has ended, so the program ends when
the registry's pods run with the new key; when it fails, the engine deletes nothing. Makes nothing.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import Output, Resource

from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess
from cluster.registry_key import Looks, NotReadable, Overwritten
from settings.credentials import SECRET_NAME
from settings.names import MEND, NAMESPACE

PATIENCE = 180.0
"""Seconds. The operator has written within a few; two pods swap within a minute, as a rule."""
PAUSE = 1.0
"""Seconds between two looks."""


def wait_for_new_key(
    key: Output[str | None],
    applied: Resource,
    access: ClusterAccess | None,
    spec: Mapping[str, Any],
) -> None:
    """`key` is the new one; None in it when no older one goes. `applied` comes after the secret
    that holds it. A preview does not wait, nor does a registry without pods or operator."""
    operated = spec.get("managementState") == "Managed" and spec.get("replicas") != 0
    if operated and access is not None and not pulumi.runtime.is_dry_run():
        Output.all(key, applied.id).apply(lambda both: _until_in_use(access, both[0]))


async def _until_in_use(access: ClusterAccess, key: str | None) -> None:
    if key is None:
        return
    began, told, looks = time.monotonic(), False, Looks(access, key)
    while True:
        still = await _look(looks)
        spent = time.monotonic() - began
        if not still:
            if told:
                pulumi.log.info(f"the registry runs with the new access key, after {spent:.0f} s")
            return
        if spent >= PATIENCE:
            raise pulumi.RunError(
                f"after {PATIENCE:.0f} seconds the registry does not run with the new access key: "
                f"{still}. The old key was left in place, and so the registry goes on; the next "
                "`pulumi up` waits again and then removes it\n    fix: see what the operator says: "
                "`oc describe configs.imageregistry.operator.openshift.io cluster`, `oc get pods "
                f"-n {NAMESPACE}`; then run this again, with the same `rotation`"
            )
        if not told:
            pulumi.log.info(
                "the old access key stays until the registry runs with the new one, for which this "
                f"waits up to {PATIENCE:.0f} s: {still}"
            )
            told = True
        await asyncio.sleep(PAUSE)


async def _look(looks: Looks) -> str:
    """What is missing; beside the event loop, so that all else goes on."""
    try:
        return await asyncio.to_thread(looks.missing)
    except NotReadable as error:
        pulumi.log.warn(
            "the old access key goes without waiting until the registry runs with the new one: "
            f"{error}\n    fix: allow it; docs/how-to/permissions.md"
        )
        return ""
    except Overwritten:
        raise pulumi.RunError(
            f"Secret {NAMESPACE}/{SECRET_NAME} was changed by somebody else since the last run, "
            "and the engine did not see it: it has not this stack's access key, so the registry "
            f"does not get it either. No key was removed\n    fix: {MEND}"
        ) from None
    except Unreachable as error:
        return str(error)  # for a moment, it may be; the deadline says it otherwise
