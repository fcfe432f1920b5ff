"""How the live cluster is asked."""

import copy
from typing import Any

from cluster.kubeconfig import ClusterAccess

PATIENCE = 5.0
"""Seconds to connect: a preview without a reachable cluster must not take long."""

EXEC = "client.authentication.k8s.io"


class Unreachable(Exception):
    """The API server could not be asked. The message says why, in words."""


def client(access: ClusterAccess) -> Any:
    """A lightkube client that goes where the plugin goes. Raises `Unreachable`."""
    try:
        return _client(access)
    except Exception as error:  # a kubeconfig can be wrong in many ways
        raise Unreachable(cant_ask(access, error)) from None


def _client(access: ClusterAccess) -> Any:
    from httpx2 import Timeout
    from lightkube import Client, KubeConfig

    config = copy.deepcopy(dict(access.config))
    helper = config["users"][0]["user"].get("exec")
    if helper and helper.get("apiVersion") == f"{EXEC}/v1":
        helper["apiVersion"] = f"{EXEC}/v1beta1"  # the same, under the name that lightkube knows
    proxy = config["clusters"][0]["cluster"].get("proxy-url")
    return Client(
        KubeConfig.from_dict(config),
        timeout=Timeout(30, connect=PATIENCE),
        proxy=proxy,
        # A proxy of the environment is meant for the world outside, not for loopback.
        trust_env=proxy is None and not access.loopback,
    )


def cant_ask(access: ClusterAccess, error: Exception) -> str:
    """The kind of the error alone: its text may quote what it was given."""
    helper = access.config["users"][0]["user"].get("exec")
    by = f", by way of the helper {helper.get('command')}" if isinstance(helper, dict) else ""
    return f"{access.server} can't be asked{by} ({type(error).__name__})"
