"""The storage that a stack would give the registry, as far as the cluster tells."""

from collections.abc import Mapping
from typing import Any

from settings.facts import LiveFacts
from settings.stack import StackSettings


def wanted_backend(
    settings: StackSettings, facts: LiveFacts
) -> Mapping[str, Mapping[str, Any]] | None:
    """The backend key of `spec.storage` and its block; None to leave the storage alone."""
    storage = settings.storage
    if storage is None:
        return None
    return storage.known(facts) if storage.kind == "objectBucketClaim" else storage.backend
