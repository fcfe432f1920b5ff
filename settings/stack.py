"""Everything one stack file says."""

from typing import Any

from pydantic import PrivateAttr

from settings.cluster import ClusterSettings
from settings.form import Form, Maybe, entry
from settings.problems import Path, Problem
from settings.registry import RegistrySettings
from settings.secret import Secret
from settings.storage import Storage


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

    _warnings: tuple[Problem, ...] = PrivateAttr(())

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is doubtful and was let pass."""
        return self._warnings

    @property
    def effective_replicas(self) -> int | None:
        """As given, or as the storage demands; None only where a check has failed."""
        return self._effective(self.registry.replicas, "replicas")

    @property
    def effective_rollout_strategy(self) -> str | None:
        """As given, or as the storage demands; None leaves it to the operator."""
        return self._effective(self.registry.rollout_strategy, "rolloutStrategy")

    def _effective(self, given: Any, name: str) -> Any:
        demands = self.storage.demands if self.storage else {}
        return demands.get(name) if given is None else given

    @property
    def secrets(self) -> dict[Path, Secret]:
        """Every secret that was given, by its path."""
        given: dict[Path, Any] = {
            ("cluster", "kubeconfig"): self.cluster.kubeconfig,
            ("registry", "httpSecret"): self.registry.http_secret,
        }
        if self.registry.proxy is not None:
            given["registry", "proxy", "http"] = self.registry.proxy.http
            given["registry", "proxy", "https"] = self.registry.proxy.https
        return {path: value for path, value in given.items() if isinstance(value, Secret)}
