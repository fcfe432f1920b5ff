"""Pulumi's mocks: what the program registers, with nothing made."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, settings

from cluster.kubeconfig import ClusterAccess
from components import image_registry
from components.image_registry import ImageRegistry
from settings import validate
from settings.facts import LiveFacts

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
