"""Every rule by itself, with its own fixtures."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from declare import Judges, Level, Severity
from policy_cases import FOLDER, cases, fixture, judge, variants, verdict, with_strangers
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE

from rules import RULES
from rules._duration import seconds
from rules._quantity import quantity
from rules._registries import covers
from rules.credential_secret_keys import COMPLETE
from rules.trusted_ca_maps import _is_host

GOOD, BAD = cases("good"), cases("bad")
CANARY = "canary-7f3e"


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_a_good_example_passes(case):
    assert judge(case) == []


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_bad_example_fires_and_says_what_is_wrong_and_what_to_do(case):
    messages = judge(case)
    assert case.says and any(case.says in message for message in messages)
    names = {each["name"] for each in case.resources}
    for message in messages:
        assert message.split(":")[0] in names
        assert f"Fix: {RULES[case.rule].remedy}" in message
        assert message.endswith(f"Why: docs/reference/policies.md#{case.rule}")


@pytest.mark.parametrize("case", BAD, ids=str)
def test_no_message_repeats_a_property(case):
    assert judge(with_strangers(case, CANARY)), "the rule has to fire for this test to mean a thing"
    for changed in [with_strangers(case, CANARY), *(each for _, each in variants(case, CANARY))]:
        assert not any(CANARY in message for message in judge(changed))


@pytest.mark.parametrize("unknown", [UNKNOWN_STRING_VALUE, UNKNOWN_OBJECT_VALUE])
@pytest.mark.parametrize("case", GOOD, ids=str)
def test_an_unknown_value_never_makes_a_good_example_fire(case, unknown):
    found = {where: verdict(changed) for where, changed in variants(case, unknown)}
    assert "fires" not in found.values(), found


@pytest.mark.parametrize("unknown", [UNKNOWN_STRING_VALUE, UNKNOWN_OBJECT_VALUE])
@pytest.mark.parametrize("case", BAD, ids=str)
def test_an_unknown_value_never_lets_a_bad_example_pass(case, unknown):
    found = {where: verdict(changed) for where, changed in variants(case, unknown)}
    assert "clean" not in found.values(), found


@pytest.mark.parametrize("wrong", [None, "", "text", 7.0, True, [], {}, [{}], {"a": []}], ids=repr)
def test_values_of_a_wrong_type_crash_no_rule(wrong):
    for case in GOOD + BAD:
        for _, changed in variants(case, wrong):
            verdict(changed)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_is_complete(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert isinstance(rule.severity, Severity) and isinstance(rule.level, Level)
    assert rule.level is not Level.DISABLED and isinstance(rule.judges, Judges)
    assert rule.title and not rule.title.endswith(".")
    assert rule.why.endswith(".") and rule.remedy.endswith(".") and rule.source
    assert rule.framework.name and rule.framework.version and rule.framework.reference
    assert rule.types
    assert all({"type", "default", "description"} <= set(s) for s in rule.settings.values())
    assert fixture(rule.id, "good").exists() and fixture(rule.id, "bad").exists()


def test_critical_and_high_rules_block():
    severe = {Severity.CRITICAL, Severity.HIGH}
    assert {
        r.id for r in RULES.values() if r.severity in severe and r.level != Level.MANDATORY
    } == set()


def test_every_file_belongs_to_a_rule():
    owners = {path.name.split(".")[0].replace("_", "-") for path in FOLDER.glob("[!_]*.*")}
    assert owners == set(RULES)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("100Gi", 100 * 1024**3),
        ("100G", 100 * 10**9),
        ("0.5Ti", 1024**4 // 2),
        ("1e3", 1000),
        ("5k", 5000),
        ("500m", Decimal("0.5")),
        (107374182400.0, 100 * 1024**3),
        ("100GB", None),
        ("Gi", None),
        ("", None),
        (None, None),
    ],
)
def test_quantities(text, number):
    assert quantity(text) == number


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("60m", 3600),
        ("1h30m", 5400),
        ("1.5h", 5400),
        (".5s", 0.5),
        ("90000ms", 90),
        ("0", 0),
        ("0s", 0),
        ("60", None),
        ("3d", None),
        ("1h 30m", None),
        ("", None),
        (60.0, None),
        (None, None),
    ],
)
def test_durations(text, length):
    assert seconds(text) == length


@pytest.mark.parametrize(
    ("entry", "host", "allowed"),
    [
        ("quay.io", "quay.io", True),
        ("quay.io/openshift-release-dev", "quay.io", True),
        ("*.redhat.io", "registry.redhat.io", True),
        (
            "*.openshift-image-registry.svc",
            "image-registry.openshift-image-registry.svc:5000",
            True,
        ),
        ("*.quay.io", "quay.io", False),
        ("notquay.io", "quay.io", False),
        ("registry.example.test:5000", "registry.example.test", False),
        ("registry.example.test", "registry.example.test:5000", False),
        (None, "quay.io", False),
    ],
)
def test_lists_of_registries(entry, host, allowed):
    assert covers(entry, host) is allowed


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("registry.example.test", True),
        ("registry.example.test..5000", True),
        ("updateservice-registry", True),
        ("192.0.2.10..5000", True),
        ("registry.example.test..", False),
        ("registry.example.test..0", False),
        ("registry.example.test..65536", False),
        ("registry.example.test...5000", False),
        ("registry.example.test_5000", False),
        ("..5000", False),
        ("a" * 254, False),
        ("", False),
    ],
)
def test_keys_of_trusted_cas(key, host):
    assert _is_host(key) is host


def test_no_message_shows_a_private_key():
    found = [m for case in BAD if case.rule == "config-map-private-key" for m in judge(case)]
    assert found and not any("BEGIN" in m or "not shown" in m for m in found)


@pytest.mark.parametrize("keys", COMPLETE, ids=lambda keys: ", ".join(sorted(keys)))
def test_each_backends_credentials_pass_whole_and_are_missed_in_part(keys):
    (case, *_) = [case for case in GOOD if case.rule == "credential-secret-keys"]
    resource = case.resources[0]

    def judged(given):
        data = dict.fromkeys(given, "RVhBTVBMRQ==")
        changed = {**resource, "props": {**resource["props"], "data": data}}
        return judge(replace(case, resources=[changed]))

    assert judged(keys) == []
    for key in keys:
        assert any("not those of exactly one backend" in each for each in judged(keys - {key}))
