"""Pulumi's mocks: what the program registers, with nothing made."""

import asyncio
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi import Resource, ResourceOptions
from pulumi.runtime import mocks, settings

from cluster.kubeconfig import ClusterAccess
from components import image_registry
from components.image_registry import ImageRegistry
from components.kubernetes_object import KubernetesObject, Place
from settings import validate
from settings.facts import LiveFacts
from tests.components.declared import Declared
from tests.settings.cases import GOOD

SECRET = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret value on the wire."""

ACCESS = ClusterAccess("https://127.0.0.1:1", "a test", {"users": [{"token": "CANARY-token"}]})


@dataclass
class Recorder(mocks.Mocks):
    """Keeps the inputs of every resource; answers with them, as a preview does."""

    made: list[mocks.MockResourceArgs] = field(default_factory=list)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.made.append(args)
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program calls {args.token}")

    def one(self, kind: str) -> mocks.MockResourceArgs:
        """The only resource whose type ends in `kind`."""
        found = [each for each in self.made if each.typ.endswith(f":{kind}")]
        assert len(found) == 1, [each.typ for each in self.made]
        return found[0]


Declare = Callable[..., Recorder]


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def declare(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Declare]:
    """`declare(config)`: run the program's components on these settings, under mocks.

    `declare(program=...)` runs another program instead.
    """

    # There is no cluster to look at afterwards.
    monkeypatch.setattr(image_registry, "confirm", lambda *told: None)
    monkeypatch.setattr(image_registry, "confirm_there", lambda *told: None)

    def run(
        config: dict[str, Any] | None = None,
        access: ClusterAccess | None = ACCESS,
        live: LiveFacts | None = None,
        program: Callable[[], None] | None = None,
    ) -> Recorder:
        recorder = Recorder()
        asyncio.set_event_loop(asyncio.new_event_loop())
        mocks.set_mocks(recorder, "openshift-registry", "test", preview=request.param)

        def registry() -> None:
            ImageRegistry(validate(config or {}, stack="test"), access, live)

        pulumi.runtime.test(program or registry)()
        return recorder

    yield run
    settings.reset_options()


OnCloud = Callable[..., Declared]


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def on_cloud(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnCloud]:
    """`on_cloud(package, cloud, storage)`: run the program's components on this storage section,
    under mocks. `cloud` answers as the plugin of that package does."""
    monkeypatch.setattr(image_registry, "confirm", lambda *told: None)
    monkeypatch.setattr(image_registry, "confirm_there", lambda *told: None)
    options: dict[str, ResourceOptions] = {}
    register = Resource.__init__

    def record(
        self: Any, typ: str, name: str, custom: bool, props: Any, opts: Any, *rest: Any, **more: Any
    ) -> None:
        options[typ.rpartition(":")[2]] = opts
        register(self, typ, name, custom, props, opts, *rest, **more)

    monkeypatch.setattr(Resource, "__init__", record)

    def run(
        package: str,
        cloud: Recorder,
        storage: dict[str, Any],
        live: LiveFacts | None = None,
        **cluster: Any,
    ) -> Declared:
        config = {"cluster": {**GOOD["cluster"], **cluster}, "storage": copy.deepcopy(storage)}
        asyncio.set_event_loop(asyncio.new_event_loop())
        mocks.set_mocks(cloud, "openshift-registry", "test", preview=request.param)

        def program() -> None:
            ImageRegistry(validate(config, stack="test"), ACCESS, live)

        pulumi.runtime.test(program)()
        return Declared(cloud, options, package)

    yield run
    settings.reset_options()


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, ResourceOptions]:
    """Mocks don't show options: those of each object, by its name."""
    seen: dict[str, ResourceOptions] = {}
    register = KubernetesObject.__init__

    def record(self: Any, package: str, api: str, kind: str, name: str, *rest: Any) -> None:
        seen[name] = rest[-1]
        register(self, package, api, kind, name, *rest)

    monkeypatch.setattr(KubernetesObject, "__init__", record)
    return seen


@dataclass
class Order:
    """What the patch of configs/cluster waits for, and what is looked for after the run."""

    before: list[Place] = field(default_factory=list)
    after: list[Place] = field(default_factory=list)


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> Order:
    seen, patched = Order(), image_registry.registry_patch

    def patch(spec: Any, name: str, hook: Any, opts: ResourceOptions) -> Any:
        seen.before.extend(each.place for each in opts.depends_on)
        return patched(spec, name, hook, opts)

    def look(made: Any, access: Any) -> None:
        seen.after.extend(each.place for each in made)

    monkeypatch.setattr(image_registry, "registry_patch", patch)
    monkeypatch.setattr(image_registry, "confirm_there", look)
    return seen
