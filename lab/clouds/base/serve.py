"""A plugin served to the engine.

Pulumi's provider SDK does the talking. What it gets wrong is done here instead: it has no Attach,
its DiffConfig fails, its Diff is not told the old inputs, and it answers an error with a traceback.
"""

import argparse
import asyncio
import functools
import sys
from collections.abc import Callable
from typing import Any

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.provider import Provider
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime import proto
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from lab.clouds.base.cloud import Cloud
from lab.clouds.base.kind import CloudError
from lab.clouds.base.plugin import Plugin
from lab.clouds.base.values import Secrets, plain_map

KINDS = {
    "add": proto.PropertyDiff.ADD,
    "delete": proto.PropertyDiff.DELETE,
    "update": proto.PropertyDiff.UPDATE,
}
REPLACE = {
    "add": proto.PropertyDiff.ADD_REPLACE,
    "delete": proto.PropertyDiff.DELETE_REPLACE,
    "update": proto.PropertyDiff.UPDATE_REPLACE,
}


def in_words(method: Callable[..., Any]) -> Callable[..., Any]:
    """Answer in a thread, so that calls to the cloud overlap; an error in one sentence."""

    @functools.wraps(method)
    async def wrapped(self: "Servicer", request: Any, context: grpc.aio.ServicerContext) -> Any:
        try:
            return await asyncio.to_thread(method, self, request)
        except Exception as error:
            await context.abort(grpc.StatusCode.UNKNOWN, self.words(error, request))

    return wrapped


class Servicer(ProviderServicer):
    def __init__(self, cloud: Cloud, version: str, engine: str) -> None:
        super().__init__([], version, Provider(), engine)
        self.cloud = cloud
        self.plugin = Plugin(cloud)

    def words(self, error: Exception, request: Any) -> str:
        said = self.cloud.sentence(error)
        if said is None:
            known = isinstance(error, CloudError)
            said = str(error) if known else f"{type(error).__name__}: {error}"
        maps = [
            PropertyValue.unmarshal_map(getattr(request, name))
            for name in ("news", "olds", "properties", "inputs", "args")
            if hasattr(request, name)
        ]
        return Secrets(*maps).hide(" ".join(said.split()))

    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @in_words
    def CheckConfig(self, request: Any) -> proto.CheckResponse:
        given = plain_map(PropertyValue.unmarshal_map(request.news))
        failures = [
            proto.CheckFailure(property=each.property, reason=each.reason)
            for each in self.cloud.check_settings(given)
        ]
        return proto.CheckResponse(inputs=request.news, failures=failures)

    @in_words
    def DiffConfig(self, request: Any) -> proto.DiffResponse:
        # The engine goes on with the old configuration if it is told of no difference.
        same = PropertyValue.unmarshal_map(request.olds) == PropertyValue.unmarshal_map(
            request.news
        )
        changes = proto.DiffResponse.DIFF_NONE if same else proto.DiffResponse.DIFF_SOME
        return proto.DiffResponse(changes=changes)

    @in_words
    def Configure(self, request: Any) -> proto.ConfigureResponse:
        self.cloud.configure(plain_map(PropertyValue.unmarshal_map(request.args)))
        return proto.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @in_words
    def Check(self, request: Any) -> proto.CheckResponse:
        olds, news = map(PropertyValue.unmarshal_map, (request.olds, request.news))
        inputs, failures = self.plugin.check(
            request.urn, plain_map(olds), plain_map(news), request.randomSeed
        )
        return proto.CheckResponse(
            inputs=PropertyValue.marshal_map(Secrets(news).wrap(inputs, frozenset())),
            failures=[
                proto.CheckFailure(property=each.property, reason=each.reason) for each in failures
            ],
        )

    @in_words
    def Diff(self, request: Any) -> proto.DiffResponse:
        found = self.plugin.diff(
            _type(request),
            plain_map(PropertyValue.unmarshal_map(request.old_inputs)),
            plain_map(PropertyValue.unmarshal_map(request.olds)),
            plain_map(PropertyValue.unmarshal_map(request.news)),
            list(request.ignoreChanges),
        )
        detailed = {}
        for path, what in found.changed.items():
            kinds = REPLACE if _top(path) in found.replaces else KINDS
            detailed[path] = proto.PropertyDiff(kind=kinds[what])
        some = proto.DiffResponse.DIFF_SOME if found.changed else proto.DiffResponse.DIFF_NONE
        return proto.DiffResponse(
            changes=some,
            replaces=found.replaces,
            deleteBeforeReplace=found.delete_first,
            diffs=sorted({_top(path) for path in found.changed}),
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )

    @in_words
    def Create(self, request: Any) -> proto.CreateResponse:
        given = PropertyValue.unmarshal_map(request.properties)
        identifier, state = self.plugin.create(_type(request), plain_map(given), request.preview)
        return proto.CreateResponse(id=identifier, properties=self._state(request, state, given))

    @in_words
    def Read(self, request: Any) -> proto.ReadResponse:
        old, inputs = map(PropertyValue.unmarshal_map, (request.properties, request.inputs))
        found = self.plugin.read(_type(request), request.id, plain_map(old), plain_map(inputs))
        if found is None:
            return proto.ReadResponse(id="")
        state, described = found
        again = Secrets(inputs, old).wrap(described, frozenset())
        return proto.ReadResponse(
            id=request.id,
            properties=self._state(request, state, old, inputs),
            inputs=PropertyValue.marshal_map(again),
        )

    @in_words
    def Update(self, request: Any) -> proto.UpdateResponse:
        old, new = map(PropertyValue.unmarshal_map, (request.olds, request.news))
        state = self.plugin.update(
            _type(request), request.id, plain_map(old), plain_map(new), request.preview
        )
        return proto.UpdateResponse(properties=self._state(request, state, new))

    @in_words
    def Delete(self, request: Any) -> empty_pb2.Empty:
        state = plain_map(PropertyValue.unmarshal_map(request.properties))
        self.plugin.delete(_type(request), request.id, state)
        return empty_pb2.Empty()

    @in_words
    def Invoke(self, request: Any) -> proto.InvokeResponse:
        given = plain_map(PropertyValue.unmarshal_map(request.args))
        found = self.plugin.invoke(request.tok, given)
        answer = PropertyValue.marshal_map(Secrets().wrap(found, frozenset()))
        return proto.InvokeResponse(**{"return": answer})

    def _state(self, request: Any, state: dict[str, Any], *given: Any) -> Any:
        secret = self.plugin.kind(_type(request)).secret
        return PropertyValue.marshal_map(Secrets(*given).wrap(state, secret))


def _type(request: Any) -> str:
    return request.urn.split("::")[-2].rpartition("$")[2]


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


async def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    return True


def serve(cloud: Cloud, version: str) -> None:
    """Serve until the engine ends the process, or is gone itself; the port goes to standard output
    first."""
    parser = argparse.ArgumentParser(description=f"Plays pulumi-resource-{cloud.package}.")
    parser.add_argument("engine", nargs="?", default="", help="the engine's address")
    engine = parser.parse_known_args()[0].engine

    async def run() -> None:
        server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
        servicer = Servicer(cloud, version, engine)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(port, flush=True)
        while not engine or await _answers(engine):
            await asyncio.sleep(1)

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        sys.exit(130)
