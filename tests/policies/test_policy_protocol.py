"""The pack as the engine sees it: a process of its own, spoken to over gRPC."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import yaml
from declare import Judges, Level
from policy_cases import PROVIDER, Case, cases, origins, urn, variants, verdict, with_outputs
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

import rules
from rules import RULES

PACK = Path(rules.__file__).parents[1]
# These read a resource's type, its options or the names of its properties, and no value.
ALWAYS_KNOWN = (
    "azure-key-protected",
    "azure-storage-protected",
    "bucket-current-types",
    "bucket-parts-apart",
    "patch-secret-outputs",
    "role-parts-apart",
)
LEVELS = {Level.ADVISORY: proto.ADVISORY, Level.MANDATORY: proto.MANDATORY}


@pytest.fixture(scope="module")
def pack() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    # What the language host runs. Nobody listens on the engine's address: rules never call it.
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.terminate()


def configure(pack, case: Case) -> None:
    """Only the case's rule, at its own level; the engine sends every policy's level like this."""
    request = proto.ConfigureAnalyzerRequest()
    for rule in RULES.values():
        level = LEVELS[rule.level] if rule.id == case.rule else proto.DISABLED
        request.policyConfig[rule.id].enforcementLevel = level
    request.policyConfig[case.rule].properties.update(case.settings)
    pack.Configure(request)


def diagnose(pack, case: Case) -> list:
    configure(pack, case)
    if RULES[case.rule].judges is Judges.STACK:
        return list(pack.AnalyzeStack(stack_request(case.resources)).diagnostics)
    return [
        found
        for each in case.resources
        for found in pack.Analyze(_fill(proto.AnalyzeRequest(), each)).diagnostics
    ]


def stack_request(resources: list[dict]) -> proto.AnalyzeStackRequest:
    filled = [_fill(proto.AnalyzerResource(), each) for each in resources]
    urns = {each["name"]: urn(each) for each in resources}
    for resource, request in zip(resources, filled, strict=True):
        for key, names in origins(resource).items():
            request.propertyDependencies[key].urns.extend(urns[name] for name in names)
    return proto.AnalyzeStackRequest(resources=filled)


def _fill(request, resource: dict):
    request.type, request.name, request.urn = resource["type"], resource["name"], urn(resource)
    request.properties.update(resource.get("props", {}))
    opts = resource.get("opts", {})
    request.options.protect = opts.get("protect", False)
    request.options.additionalSecretOutputs.extend(opts.get("additionalSecretOutputs", []))
    if "provider" in resource:
        request.provider.type = PROVIDER
        request.provider.name = resource["provider"]["name"]
    return request


def test_the_pack_introduces_itself(pack):
    info = pack.GetAnalyzerInfo(proto.google_dot_protobuf_dot_empty__pb2.Empty())
    assert info.name == yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())["name"]
    assert [policy.name for policy in info.policies] == list(RULES)
    for policy in info.policies:
        rule = RULES[policy.name]
        assert policy.description == policy.displayName == rule.title
        assert policy.enforcementLevel == LEVELS[rule.level]
        assert policy.severity == getattr(proto, f"POLICY_SEVERITY_{rule.severity.upper()}")
        assert policy.framework.reference == rule.framework.reference
        assert policy.remediation_steps == rule.remedy
        assert policy.url == rule.url
        assert set(policy.configSchema.properties) == set(rule.settings)


@pytest.mark.parametrize("case", cases("bad"), ids=str)
def test_a_bad_example_is_caught(pack, case):
    found = diagnose(pack, case)
    assert any(case.says in each.message for each in found)
    assert {each.policyName for each in found} == {case.rule}
    assert {each.enforcementLevel for each in found} == {LEVELS[RULES[case.rule].level]}
    if RULES[case.rule].judges is Judges.STACK:
        assert {each.urn for each in found} <= {urn(each) for each in case.resources}


@pytest.mark.parametrize("case", cases("good"), ids=str)
def test_a_good_example_is_clean(pack, case):
    assert diagnose(pack, case) == []


@pytest.mark.parametrize("rule", RULES)
def test_what_a_preview_cannot_know_becomes_an_advisory_that_names_the_policy(pack, rule):
    examples = [case for kind in ("bad", "good") for case in cases(kind) if case.rule == rule]
    unjudged = [
        changed
        for case in examples
        for _, changed in variants(case, UNKNOWN_STRING_VALUE)
        if verdict(changed) == "later"
    ]
    assert bool(unjudged) != (rule in ALWAYS_KNOWN)
    for changed in unjudged:
        advisories = [
            each for each in diagnose(pack, changed) if "can't run policy" in each.message
        ]
        assert advisories
        for each in advisories:
            assert each.enforcementLevel == proto.ADVISORY
            assert each.policyName == rule and f"'{rule}'" in each.message
            assert "can't be known during preview; it is judged" in each.message


def test_an_unknown_secret_is_unknown_too(pack):
    (case,) = [case for case in cases("bad") if case.rule == "empty-dir-single-replica"]
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    for where, changed in variants(case, secret | {"value": UNKNOWN_STRING_VALUE}):
        if where.endswith("spec"):
            (found,) = diagnose(pack, changed)
            assert found.enforcementLevel == proto.ADVISORY
    for where, changed in variants(case, secret | {"value": 2.0}):
        if where.endswith("replicas"):
            assert [each.enforcementLevel for each in diagnose(pack, changed)] == [proto.MANDATORY]


def test_the_classes_of_a_cluster_that_could_not_be_read_become_an_advisory(pack):
    """As an output of the component that a preview can't know."""
    case = next(case for case in cases("bad") if case.rule == "object-storage-over-cephfs")
    unknown = dict(variants(case, UNKNOWN_STRING_VALUE))["prod-eu1.storageClasses"]
    (found,) = diagnose(pack, unknown)
    assert found.enforcementLevel == proto.ADVISORY
    assert "'object-storage-over-cephfs'" in found.message and ".storageClasses" in found.message


# What each of these can't know before it is made: a new key, and so whether it is empty.
LATER = {
    "guide_3_5_1": (),
    "whole_aws_keys": ("credential-secret-keys",),
    "whole_aws_role": (),
    "whole_azure_identity": (),
    "whole_azure_key": ("credential-secret-keys",),
    "whole_gcs_identity": (),
    "whole_gcs_key": ("credential-secret-keys", "gcs-keyfile"),
    "whole_stack": (),
    "whole_swift_credential": ("credential-secret-keys",),
    "whole_swift_user": (),
}


@pytest.mark.parametrize("name", LATER)
def test_a_stack_as_wanted_is_clean_under_all_policies(pack, name):
    """OpenStack Cinder, guide 3.5.1; each cloud with keys and without; all that a stack can
    register."""
    pack.Configure(proto.ConfigureAnalyzerRequest())
    resources = with_outputs(yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text()))
    found = [
        diagnostic
        for each in resources
        for diagnostic in pack.Analyze(_fill(proto.AnalyzeRequest(), each)).diagnostics
    ]
    assert {each.policyName for each in found} == set(LATER[name])
    assert all(each.enforcementLevel == proto.ADVISORY for each in found)
    assert list(pack.AnalyzeStack(stack_request(resources)).diagnostics) == []
