"""Everything one stack file says."""

from collections.abc import Iterator
from typing import Any

from pydantic import PrivateAttr

from settings.access import AccessSettings
from settings.cluster import ClusterSettings
from settings.credentials import CredentialsSection
from settings.exposure import ExposureSettings
from settings.form import Form, Maybe, entry
from settings.problems import Path, Problem
from settings.pruning import PruningSettings
from settings.registry import RegistrySettings
from settings.secret import Secret
from settings.storage import Storage
from settings.trust import TrustSettings


class StackSettings(Form):
    """The sections of a stack file, validated. Made by `settings.validate`."""

    cluster: ClusterSettings = entry(
        "Which cluster this stack is for.",
        default=...,
        example={
            "name": "prod-1",
            "version": "4.15",
            "environment": "production",
            "infrastructureName": "prod-1-x7k2p",
        },
    )
    storage: Maybe[Storage] = entry(
        "What the registry keeps its images on. Without it the cluster's own storage is left alone."
    )
    registry: RegistrySettings = entry(
        "The operator's parameters.",
        default=RegistrySettings,
        guide="2.5",
    )
    access: Maybe[AccessSettings] = entry(
        "Who may pull, push and read metrics. Other bindings are left alone.", guide="4"
    )
    pruning: Maybe[PruningSettings] = entry(
        "The image pruner. Without it the pruner is left alone.", guide="2.1"
    )
    credentials: Maybe[CredentialsSection] = entry(
        "The keys of storage that is left alone. Without it their secret is left alone too.",
        guide="2.8",
    )
    exposure: Maybe[ExposureSettings] = entry(
        "How the registry is reached from outside. Without it nothing of this is written.",
        guide="5",
    )
    trust: Maybe[TrustSettings] = entry(
        "Whom the registry and the nodes trust besides. Without it nothing of this is written.",
        guide="2.7",
    )

    _warnings: tuple[Problem, ...] = PrivateAttr(())

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is doubtful and was let pass."""
        return self._warnings

    @property
    def effective_replicas(self) -> int | None:
        """As given, or as the storage has it; None only where a check has failed."""
        return self._effective(self.registry.replicas, "replicas")

    @property
    def effective_rollout_strategy(self) -> str | None:
        """As given, or as the storage has it; None leaves it to the operator."""
        return self._effective(self.registry.rollout_strategy, "rolloutStrategy")

    def _effective(self, given: Any, name: str) -> Any:
        if given is not None or self.storage is None:
            return given
        return {**self.storage.suggests, **self.storage.demands}.get(name)

    @property
    def secrets(self) -> dict[Path, Secret]:
        """Every secret that was given, by its path."""
        return dict(_secrets(self, ()))


def _secrets(value: Any, path: Path) -> Iterator[tuple[Path, Secret]]:
    if isinstance(value, Secret):
        yield path, value
    elif isinstance(value, Form):
        # What was chosen stands in the file under the key that chose it.
        mode = getattr(value, "mode", None)
        here = (*path, mode) if mode else path
        for name, field in type(value).model_fields.items():
            yield from _secrets(getattr(value, name), (*here, field.alias or name))
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _secrets(each, (*path, index))
