"""One resource type of a cloud: what it takes, and the calls that make it so."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

State = dict[str, Any]


class CloudError(Exception):
    """What the cloud answers, as one sentence."""


class Kind(ABC):
    """A subclass is a row of the cloud's table. It may keep nothing of its own."""

    token: ClassVar[str]
    identity: ClassVar[frozenset[str]] = frozenset()
    """A change of one of these makes a new resource."""
    name: ClassVar[tuple[str, int] | None] = None
    """The property that is made up if the program names none, and its greatest length."""
    absent: ClassVar[Mapping[str, Any]] = {}
    """What an input that isn't given means; of the others the cloud's own choice stands."""
    local: ClassVar[Mapping[str, Any]] = {}
    """Inputs that only the plugin knows of, and what they are if not given."""
    kept: ClassVar[frozenset[str]] = frozenset()
    """Outputs that the cloud tells once."""
    secret: ClassVar[frozenset[str]] = frozenset()
    """Outputs that are always secret."""
    documents: ClassVar[frozenset[str]] = frozenset()
    """Inputs that are JSON, and compared as such."""
    not_played: ClassVar[frozenset[str]] = frozenset()
    """Inputs that the real plugin takes and the lab does not."""

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        """What the real plugin refuses before it asks the cloud. Values may be unknown."""
        return iter(())

    def claims(self, inputs: Inputs) -> str | None:
        """What only one resource of the type may have; see `Plugin`."""
        return None

    def meaning(self) -> Mapping[str, Any]:
        """`absent`, and what follows from the provider's configuration."""
        return self.absent

    def made_up(self, logical: str) -> str:
        """What a name made up from a resource's logical name begins with."""
        return logical

    def planned(self, state: State) -> State:
        """Of a preview: where an output has another form than the input of its name."""
        return state

    @abstractmethod
    def create(self, inputs: Inputs) -> tuple[str, State]:
        """Its id, and what can't be read later."""

    @abstractmethod
    def read(self, identifier: str, known: State) -> State | None:
        """Its properties as they are; None if it is gone. `known` is empty at an import."""

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        raise CloudError(f"{self.token} can't be updated")  # all of it is identity

    @abstractmethod
    def delete(self, identifier: str, state: State) -> None:
        """No error if it is gone."""

    def normal(self, key: str, value: Any) -> Any:
        """The one form of values that mean the same."""
        if key in self.documents and isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value
