"""What a stack with storage in a cloud declares there."""

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pulumi import ResourceOptions
from pulumi.runtime.mocks import MockResourceArgs


class Cloud(Protocol):
    """A `Recorder` that answers as a cloud's plugin does."""

    made: list[MockResourceArgs]

    def one(self, kind: str) -> MockResourceArgs: ...


C = TypeVar("C", bound=Cloud)


@dataclass
class Declared(Generic[C]):
    """By the ends of types, as in `:Bucket`."""

    cloud: C
    options: dict[str, ResourceOptions]
    package: str
    """Of the cloud's plugin, as in `aws`."""

    def one(self, kind: str) -> dict[str, Any]:
        return self.cloud.one(kind).inputs

    def every(self, kind: str) -> list[dict[str, Any]]:
        """By their names: what nothing depends on is registered in any order."""
        found = [each for each in self.cloud.made if each.typ.endswith(f":{kind}")]
        return [each.inputs for each in sorted(found, key=lambda each: each.name)]

    def kinds(self) -> list[str]:
        every = [each.typ for each in self.cloud.made if each.typ.startswith(f"{self.package}:")]
        return sorted(each.rpartition(":")[2] for each in every)
