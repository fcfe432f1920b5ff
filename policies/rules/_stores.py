"""What a cloud keeps images in, and which of them are the registry's."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from declare import Resource

from ._objects import BACKENDS, CONFIGS, at, text
from ._origins import is_among, origins

Resources = Sequence[Resource]


@dataclass(frozen=True)
class Store:
    """Buckets, containers or accounts of one cloud."""

    types: tuple[str, ...]
    backend: str
    """The key of spec.storage."""
    field: str
    """The field of that which names one."""
    name: str
    """The property of its own that is its name."""
    part: str
    """The property by which a part of its configuration says whose it is."""
    is_spare: Callable[[Resource, Resources], bool] = lambda store, resources: False
    """Whether one holds something else, where no configuration says which holds images."""

    @property
    def deciding(self) -> tuple[str, ...]:
        """What decides which are the registry's: types of every rule about them."""
        return (*self.types, *CONFIGS)

    def all(self, resources: Resources) -> list[Resource]:
        return [each for each in resources if each.resource_type in self.types]

    def configs(self, resources: Resources) -> list[Resource]:
        """The registry's configuration, where that has this backend."""
        return [
            each
            for each in resources
            if each.resource_type in CONFIGS
            and at(each.props, "spec", "storage", self.backend) is not None
        ]

    def of_registry(self, resources: Resources) -> Iterator[Resource]:
        """Those of the stack that hold images.

        Those that the registry's configuration names, if it is in the stack and has storage.
        Without, as in a stack of the cloud alone, every one that is not known to be for something
        else.
        """
        stores = self.all(resources)
        if not stores:
            return
        configs = [each for each in resources if each.resource_type in CONFIGS and _stores(each)]
        for store in stores:
            if configs:
                if any(self.is_named(store, config) for config in configs):
                    yield store
            elif not self.is_spare(store, resources):
                yield store

    def is_named(self, store: Resource, config: Resource) -> bool:
        """Whether the registry's configuration names this one."""
        if found := origins(config, "spec", self.types):
            return is_among(store, found)
        named = text(config.props, "spec", "storage", self.backend, self.field)
        return named is not None and named == self.name_of(store)

    def name_of(self, store: Resource) -> str | None:
        """Where a cloud's API calls it otherwise than the inputs do, it is plain `name` there."""
        return text(store.props, self.name) or text(store.props, "name")

    def has(self, store: Resource, part: Resource) -> bool:
        """Whether the part configures this one, by its origin or else by its name."""
        if found := origins(part, self.part, self.types):
            return is_among(store, found)
        said = text(part.props, self.part)
        return said is not None and said == self.name_of(store)

    def parts(self, resources: Resources, store: Resource, types: Collection[str]) -> list:
        """The resources of these types that configure it."""
        return [each for each in resources if each.resource_type in types and self.has(store, each)]


def _stores(config: Resource) -> bool:
    return any(at(config.props, "spec", "storage", each) is not None for each in BACKENDS)
