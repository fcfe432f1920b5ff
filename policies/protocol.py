"""The pack as the engine sees it: a process of its own, spoken to over gRPC."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from fixtures import PROVIDER, Case, origins, urn
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2_grpc

HERE = Path(__file__).parent
PATIENCE = 60
"""Seconds for one answer, which takes some milliseconds."""
LINES = 5
"""So many of what a pack says that does not start: the last name the file and the error."""


EMPTY = proto.google_dot_protobuf_dot_empty__pb2.Empty()


class NotStarted(Exception):
    """The pack's process has ended before it could be asked. The message is what it said."""


class Analyzer:
    """One running pack. `policies` are those it says it has, by name."""

    def __init__(self, stub: analyzer_pb2_grpc.AnalyzerStub) -> None:
        self.stub = stub
        self.info = stub.GetAnalyzerInfo(EMPTY, timeout=PATIENCE)
        self.policies = {each.name: each for each in self.info.policies}

    def configure(self, case: Case) -> None:
        """Only the case's policy, at its own level; the engine sends every level like this."""
        request = proto.ConfigureAnalyzerRequest()
        for name in self.policies:
            request.policyConfig[name].enforcementLevel = proto.DISABLED
        level = self.policies[case.rule].enforcementLevel
        request.policyConfig[case.rule].enforcementLevel = level
        request.policyConfig[case.rule].properties.update(case.settings)
        self.stub.Configure(request, timeout=PATIENCE)

    def diagnose(self, case: Case) -> list[Any]:
        """What the case's policy says, whether it judges each resource or all together."""
        self.configure(case)
        return [*self.each(case.resources), *self.together(case.resources)]

    def each(self, resources: list[dict[str, Any]]) -> list[Any]:
        """What the policies say of each resource by itself."""
        asked = [_filled(proto.AnalyzeRequest(), each) for each in resources]
        answers = [self.stub.Analyze(each, timeout=PATIENCE) for each in asked]
        return [found for each in answers for found in each.diagnostics]

    def together(self, resources: list[dict[str, Any]]) -> list[Any]:
        """What they say of the stack as a whole."""
        answer = self.stub.AnalyzeStack(_stack(resources), timeout=PATIENCE)
        return list(answer.diagnostics)


@contextmanager
def running(pack: Path = HERE) -> Iterator[Analyzer]:
    """The pack in a process as the language host starts it, with this process's Python."""
    # Nobody listens on the engine's address: rules never call it.
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(pack)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            port = process.stdout.readline().strip()
            if not port.isdigit():
                process.wait()
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip().splitlines()
                raise NotStarted("\n".join([port, *said[-LINES:]]).strip())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Analyzer(analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.terminate()


def _stack(resources: list[dict[str, Any]]) -> Any:
    filled = [_filled(proto.AnalyzerResource(), each) for each in resources]
    urns = {each["name"]: urn(each) for each in resources}
    for resource, request in zip(resources, filled, strict=True):
        for key, names in origins(resource).items():
            request.propertyDependencies[key].urns.extend(urns[name] for name in names)
    return proto.AnalyzeStackRequest(resources=filled)


def _filled(request: Any, resource: dict[str, Any]) -> Any:
    request.type, request.name, request.urn = resource["type"], resource["name"], urn(resource)
    request.properties.update(resource.get("props", {}))
    opts = resource.get("opts", {})
    request.options.protect = opts.get("protect", False)
    request.options.additionalSecretOutputs.extend(opts.get("additionalSecretOutputs", []))
    if "provider" in resource:
        request.provider.type = PROVIDER
        request.provider.name = resource["provider"]["name"]
    return request
