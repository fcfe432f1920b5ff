"""What a stand-in needs of its cloud."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from lab.clouds.base.kind import Kind
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

Function = Callable[[Inputs], dict[str, Any]]


class Cloud(ABC):
    """Configured once for each provider of a program."""

    package: ClassVar[str]
    """As in pulumi-resource-<package>."""
    title: ClassVar[str]
    """For messages."""
    settings: ClassVar[frozenset[str]]
    """What of the provider's arguments the lab plays."""

    kinds: Mapping[str, Kind]
    """Token -> type."""
    functions: Mapping[str, Function]
    """Token -> data function."""

    @abstractmethod
    def configure(self, settings: Inputs) -> None:
        """Reach the cloud as the provider's arguments say, or CloudError."""

    def check_settings(self, settings: Inputs) -> list[Failure]:
        """Provider arguments that the lab has no equal of are refused, never ignored."""
        return [
            Failure((key,), f"the lab's {self.title} does not play this provider argument")
            for key in settings
            if key not in self.settings
        ]

    def sentence(self, error: Exception) -> str | None:
        """An error of the cloud's client in words; None if it isn't one."""
        return None
