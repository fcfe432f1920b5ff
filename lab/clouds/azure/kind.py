"""What the types of Azure have in common: an ID, a place in the store, the rules for a resource."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lab.clouds.base.kind import CloudError, Kind, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs, has_unknown

if TYPE_CHECKING:
    from lab.clouds.azure.cloud import AzureNative

TAGS = 50


class ArmError(CloudError):
    """As the plugin tells what Resource Manager answers."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"RESPONSE {status}: ERROR CODE: {code}: {message}")
        self.code = code


def not_found(identifier: str, code: str = "ResourceNotFound") -> ArmError:
    return ArmError(404, code, f"The resource {identifier!r} was not found.")


class ArmKind(Kind):
    """A type whose resources are in the store.

    What is in the path of its ID is identity (the schema's `willReplaceOnChanges`).
    """

    path: ClassVar[str]
    """Of its ID, with the names of the properties that are in it."""
    exists_already: ClassVar[bool] = False
    """There is one of it with its parent, which nobody creates or deletes."""
    absent: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, azure: "AzureNative") -> None:
        self.azure = azure

    @property
    def store(self) -> Any:
        return self.azure.service.store

    @classmethod
    def in_path(cls) -> list[str]:
        return re.findall(r"\{(\w+)\}", cls.path)

    def identifier(self, inputs: Mapping[str, Any]) -> str:
        """Of a path that begins with a scope, the scope's own; else within the subscription."""
        told = self.path.format(**{name: inputs[name] for name in self.in_path()})
        scoped = self.path.startswith("{")
        return told if scoped else f"/subscriptions/{self.azure.subscription}{told}"

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        tags = inputs.get("tags") or {}
        if not has_unknown(tags):
            yield from _tag_problems(tags)

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        """What Azure refuses beyond the shape; raises ArmError."""

    def made(self, identifier: str, inputs: Inputs, old: Mapping[str, Any]) -> State:
        """What Azure makes of itself."""
        return {}

    def create(self, inputs: Inputs) -> tuple[str, State]:
        identifier = self.identifier(inputs)
        self.azure.reach(identifier)
        live = self.store.get(identifier)
        if live is not None and not self.exists_already:
            # pulumi-azure-native provider/pkg/provider/crud.go, `CanCreate`.
            raise CloudError(f"cannot create already existing resource '{identifier}'")
        self._put(identifier, inputs, live)
        return identifier, {}

    def read(self, identifier: str, known: State) -> State | None:
        self.azure.reach(identifier)
        live = self.store.get(identifier)
        if live is None:
            return None
        found = {**live["properties"], **live["path"], **live.get("made", {})}
        return {key: self.shown(key, each) for key, each in found.items()}

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        self.azure.reach(identifier)
        live = self.store.get(identifier)
        if live is None:
            raise not_found(identifier)
        self._put(identifier, new, live)

    def delete(self, identifier: str, state: State) -> None:
        self.azure.reach(identifier)
        if not self.exists_already:
            self.store.remove(identifier)

    def look_up(self, given: Inputs) -> dict[str, Any]:
        """For the data function of the type; raises ArmError if there is none."""
        identifier = self.identifier(given)
        found = self.read(identifier, {})
        if found is None:
            raise not_found(identifier)
        name = identifier.rpartition("/")[2]
        return {"id": identifier, "name": name, **found}

    def shown(self, key: str, value: Any) -> Any:
        """An output where it differs from the input of that name."""
        return value

    def planned(self, state: State) -> State:
        return {key: self.shown(key, each) for key, each in state.items()}

    def _put(self, identifier: str, inputs: Inputs, live: Any) -> None:
        self.rules(identifier, inputs, live["properties"] if live else None)
        path = {name: inputs[name] for name in self.in_path()}
        given = {key: each for key, each in inputs.items() if key not in path}
        # A PUT leaves what it does not name as it is.
        kept = live["properties"] if live else {}
        made = self.made(identifier, inputs, live.get("made", {}) if live else {})
        resource = {"path": path, "properties": {**kept, **given}, "made": made}
        self.store.put(identifier, resource)

    def parent(self, identifier: str, code: str = "ParentResourceNotFound") -> Any:
        """The resource that has to be there before."""
        found = self.store.get(identifier)
        if found is None:
            raise ArmError(404, code, f"The resource {identifier!r} was not found.")
        return found


GROUP = "/resourceGroups/{resourceGroupName}/providers/"


def _tag_problems(tags: Mapping[str, str]) -> Iterator[Failure]:
    """ARM, "Use tags to organize your Azure resources": limitations."""
    if len(tags) > TAGS:
        yield Failure(("tags",), f"are {len(tags)}, and Azure takes {TAGS}")
    for key, value in tags.items():
        if len(key) > 512 or re.search(r"[<>%&\\?/]", key):
            yield Failure(("tags", key), "may not hold any of <>%&\\?/")
        if isinstance(value, str) and len(value) > 256:
            yield Failure(("tags", key), "is longer than 256 characters")


def matches(inputs: Inputs, pattern: str, words: str, *path: str) -> Iterator[Failure]:
    found: Any = inputs
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, str) and found != UNKNOWN and not re.fullmatch(pattern, found):
        yield Failure(path, words)
