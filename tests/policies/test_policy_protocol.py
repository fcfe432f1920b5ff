"""The pack as the engine sees it: a process of its own, spoken to over gRPC."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from declare import Judges, Level
from fixtures import KINDS, cases_of, urn, with_outputs
from policy_cases import cases, variants, verdict
from protocol import HERE, Analyzer, running
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from rules import RULES

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
def pack() -> Iterator[Analyzer]:
    with running() as analyzer:
        yield analyzer


def test_the_pack_introduces_itself(pack):
    assert pack.info.name == yaml.safe_load((HERE / "PulumiPolicy.yaml").read_text())["name"]
    assert list(pack.policies) == list(RULES)
    for policy in pack.policies.values():
        rule = RULES[policy.name]
        assert policy.description == policy.displayName == rule.title
        assert policy.enforcementLevel == LEVELS[rule.level]
        assert policy.severity == getattr(proto, f"POLICY_SEVERITY_{rule.severity.upper()}")
        assert policy.framework.reference == rule.framework.reference
        assert policy.remediation_steps == rule.remedy
        assert policy.url == rule.url
        assert set(policy.configSchema.properties) == set(rule.settings)


@pytest.mark.parametrize("rule", RULES)
def test_a_bad_example_is_caught(pack, rule):
    for case in cases_of(rule, "bad"):
        found = pack.diagnose(case)
        assert any(case.says in each.message for each in found), case
        assert {each.policyName for each in found} == {rule}, case
        assert {each.enforcementLevel for each in found} == {LEVELS[RULES[rule].level]}, case
        if RULES[rule].judges is Judges.STACK:
            assert {each.urn for each in found} <= {urn(each) for each in case.resources}, case


@pytest.mark.parametrize("rule", RULES)
def test_a_good_example_is_clean(pack, rule):
    for case in cases_of(rule, "good"):
        assert pack.diagnose(case) == [], case


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_what_a_preview_cannot_know_becomes_an_advisory_that_names_the_policy(pack, rule):
    examples = [case for kind in KINDS for case in cases_of(rule, kind)]
    unjudged = [
        changed
        for case in examples
        for _, changed in variants(case, UNKNOWN_STRING_VALUE)
        if verdict(changed) == "later"
    ]
    assert bool(unjudged) != (rule in ALWAYS_KNOWN)
    for changed in unjudged:
        advisories = [each for each in pack.diagnose(changed) if "can't run policy" in each.message]
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
            (found,) = pack.diagnose(changed)
            assert found.enforcementLevel == proto.ADVISORY
    for where, changed in variants(case, secret | {"value": 2.0}):
        if where.endswith("replicas"):
            assert [each.enforcementLevel for each in pack.diagnose(changed)] == [proto.MANDATORY]


def test_the_classes_of_a_cluster_that_could_not_be_read_become_an_advisory(pack):
    """As an output of the component that a preview can't know."""
    case = next(case for case in cases("bad") if case.rule == "object-storage-over-cephfs")
    unknown = dict(variants(case, UNKNOWN_STRING_VALUE))["prod-eu1.storageClasses"]
    (found,) = pack.diagnose(unknown)
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
    pack.stub.Configure(proto.ConfigureAnalyzerRequest())
    resources = with_outputs(yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text()))
    found = pack.each(resources)
    assert {each.policyName for each in found} == set(LATER[name])
    assert all(each.enforcementLevel == proto.ADVISORY for each in found)
    assert pack.together(resources) == []
