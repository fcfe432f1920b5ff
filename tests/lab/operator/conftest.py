"""Small clusters, as data."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from lab.kinds import Object
from lab.openshift import PROFILES
from lab.openshift.documents import namespaces
from lab.openshift.nodes import nodes
from lab.openshift.singletons import singletons
from lab.operator.world import World


@pytest.fixture
def make_world() -> Callable[..., World]:
    """A world on `platform`; objects are given as lists and keyed here."""

    def make(platform: str = "OpenStack", **parts: Any) -> World:
        profile = PROFILES[platform]
        parts = {
            key: {each["metadata"]["name"]: each for each in value}
            if isinstance(value, list) and key != "nodes"
            else value
            for key, value in parts.items()
        }
        return World(
            **{
                "infrastructure": singletons(profile)[0],
                "namespace": namespaces()[0],
                "nodes": nodes(profile),
                "version": "4.15.12",
                "pull_secret": {"data": {".dockerconfigjson": "e30="}},
                **parts,
            }
        )

    return make


@pytest.fixture
def make_config() -> Callable[..., Object]:
    """configs/cluster with `spec`; Managed, one replica and Recreate unless told otherwise."""

    def make(status: Object | None = None, **spec: Any) -> Object:
        defaults = {"managementState": "Managed", "replicas": 1, "rolloutStrategy": "Recreate"}
        return deepcopy(
            {
                "metadata": {"name": "cluster", "generation": 1},
                "spec": {**defaults, **spec},
                "status": status or {},
            }
        )

    return make
