"""CrossGuard's SDK, told to read a resource once for all policies."""

from collections.abc import Callable
from typing import Any

import pulumi_policy as crossguard
import pulumi_policy.policy as sdk
import pytest
from once import read_once
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

Servicer = sdk._PolicyAnalyzerServicer
CONVERTING = ("json_format", "deserialize_properties", "unknown_checking_proxy")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What policies were given, while resources are read once."""
    for where, names in ((sdk, CONVERTING), (Servicer, ("Analyze", "AnalyzeStack"))):
        for name in names:
            monkeypatch.setattr(where, name, getattr(where, name))  # as it is put back
    monkeypatch.setattr(Servicer, "_configure_runtime_settings", lambda self: None)
    read_once()
    return []


def servicer(*policies: crossguard.Policy) -> Any:
    return Servicer("pack", "1.0.0", list(policies), crossguard.EnforcementLevel.ADVISORY)


def each(name: str, validate: Callable[..., Any]) -> crossguard.Policy:
    return crossguard.ResourceValidationPolicy(name=name, description=name, validate=validate)


def together(name: str, validate: Callable[..., Any]) -> crossguard.Policy:
    return crossguard.StackValidationPolicy(name=name, description=name, validate=validate)


def asked(request: Any, name: str, **properties: Any) -> Any:
    request.type, request.name, request.urn = "kubernetes:core/v1:ConfigMap", name, f"urn:{name}"
    request.properties.update(properties)
    return request


def test_policies_of_a_resource_share_what_was_read(seen: list[Any]) -> None:
    def look(args: crossguard.ResourceValidationArgs, report: object) -> None:
        seen.append(args.props)

    one = servicer(each("a", look), each("b", look), each("c", look))
    request = asked(proto.AnalyzeRequest(), "map", data={"key": "value"})
    one.Analyze(request, None)
    assert [found["data"]["key"] for found in seen] == ["value"] * 3
    assert len({id(found) for found in seen}) == 1
    request.properties.update({"data": {"key": "other"}})
    one.Analyze(request, None)
    assert seen[-1]["data"]["key"] == "other"


def test_policies_of_a_stack_share_what_was_read_of_each_resource(seen: list[Any]) -> None:
    def look(args: crossguard.StackValidationArgs, report: object) -> None:
        seen.append([found.props for found in args.resources])

    names = ("first", "second", "third")
    resources = [asked(proto.AnalyzerResource(), name, data={"key": name}) for name in names]
    request = proto.AnalyzeStackRequest(resources=resources)
    servicer(together("a", look), together("b", look)).AnalyzeStack(request, None)
    a, b = seen
    assert [found["data"]["key"] for found in a] == list(names)
    assert [id(found) for found in a] == [id(found) for found in b]


def test_a_policy_that_stops_at_an_unknown_leaves_the_others_what_is_known(seen: list[Any]) -> None:
    def stop(args: crossguard.ResourceValidationArgs, report: object) -> None:
        args.props["data"]["later"]

    def look(args: crossguard.ResourceValidationArgs, report: object) -> None:
        seen.append(args.props["data"]["key"])

    data = {"key": "value", "later": UNKNOWN_STRING_VALUE}
    request = asked(proto.AnalyzeRequest(), "map", data=data)
    answer = servicer(each("a", stop), each("b", look), each("c", stop)).Analyze(request, None)
    assert seen == ["value"]
    assert [found.policyName for found in answer.diagnostics] == ["a", "c"]
    assert all(".data.later" in found.message for found in answer.diagnostics)


def test_nothing_is_kept_for_what_is_read_outside(seen: list[Any]) -> None:
    """A remediation writes to what it is given."""
    given = {"a": ["b"]}
    assert sdk.deserialize_properties(given) is not sdk.deserialize_properties(given)
