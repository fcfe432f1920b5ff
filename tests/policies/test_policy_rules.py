"""Every rule by itself, with its own fixtures."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from declare import Judges, Level, Severity
from fixtures import FOLDER, cases_of, fixture
from policy_cases import cases, judge, said, variants, verdict, with_strangers
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE

from rules import RULES
from rules._duration import seconds
from rules._quantity import quantity
from rules._registries import covers
from rules.credential_secret_keys import COMPLETE
from rules.static_volume_writable import SOURCES
from rules.trusted_ca_maps import _is_host, _looks_like_a_host

GOOD, BAD = cases("good"), cases("bad")
UNKNOWN = (UNKNOWN_STRING_VALUE, UNKNOWN_OBJECT_VALUE)
CANARY = "canary-7f3e"


@pytest.mark.parametrize("rule", RULES)
def test_a_good_example_passes(rule):
    for case in cases_of(rule, "good"):
        assert judge(case) == [], case


@pytest.mark.parametrize("rule", RULES)
def test_a_bad_example_fires_and_says_what_is_wrong_and_what_to_do(rule):
    for case in cases_of(rule, "bad"):
        messages = judge(case)
        assert case.says and any(case.says in message for message in messages), case
        names = {each["name"] for each in case.resources}
        for message in messages:
            assert message.split(":")[0] in names, case
            assert f"Fix: {RULES[rule].remedy}" in message, case
            assert message.endswith(f"Why: docs/reference/policies.md#{rule}"), case


@pytest.mark.parametrize("rule", RULES)
def test_no_message_repeats_a_property(rule):
    for case in cases_of(rule, "bad"):
        strange = with_strangers(case, CANARY)
        assert judge(strange), f"{case}: it has to fire for this test to mean a thing"
        for changed in [strange, *(each for _, each in variants(case, CANARY))]:
            assert not any(CANARY in message for message in said(changed)), case


@pytest.mark.parametrize("rule", RULES)
def test_an_unknown_value_never_makes_a_good_example_fire(rule):
    for case, found in with_unknowns(rule, "good"):
        assert "fires" not in found.values(), (case, found)


@pytest.mark.parametrize("rule", RULES)
def test_an_unknown_value_never_lets_a_bad_example_pass(rule):
    for case, found in with_unknowns(rule, "bad"):
        assert "clean" not in found.values(), (case, found)


def with_unknowns(rule, kind):
    """Each example, and the verdict on it by the property that is unknown."""
    for case in cases_of(rule, kind):
        for unknown in UNKNOWN:
            yield case, {where: verdict(each) for where, each in variants(case, unknown)}


def test_what_is_unknown_hides_no_finding_about_something_else():
    """As the ARN of a new key does, in a document of its own that comes first."""
    case = next(c for c in BAD if c.rule == "credentials-actions" and "second" in c.title)
    bucket, user, rights, more = case.resources
    unknown = {
        **rights,
        "name": "key",
        "props": {**rights["props"], "policy": UNKNOWN_STRING_VALUE},
    }
    changed = replace(case, resources=[bucket, user, unknown, rights, more])
    (message,) = said(changed)
    assert case.says in message and verdict(changed) == "later"


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
        ("+90m", 5400),
        ("-90m", -5400),
        ("90\u00b5s", 90e-6),
        ("90\u03bcs", 90e-6),
        ("90us", 90e-6),
        ("0", 0),
        ("+0", 0),
        ("0s", 0),
        ("60", None),
        ("3d", None),
        ("+", None),
        ("++90m", None),
        ("1h-30m", None),
        ("\u0669m", None),
        ("1h 30m", None),
        ("", None),
        (60.0, None),
        (None, None),
    ],
)
def test_durations(text, length):
    assert seconds(text) == (length if length is None else pytest.approx(length))


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


@pytest.mark.parametrize(
    ("key", "like"),
    [
        ("registry.example.test", True),
        ("registry.example.test:5000", True),
        ("registry.example.test..70000", True),
        ("registry..5000", True),
        ("192.0.2.10", True),
        ("updateservice-registry", True),
        ("bundle", False),
        ("ca_bundle", False),
        ("README", False),
        ("README.md", False),
        ("ca.crt", False),
        ("tls-ca-bundle.pem", False),
        ("", False),
    ],
)
def test_which_maps_are_of_cas_by_host(key, like):
    assert _looks_like_a_host(key) is like


SECRET_KEYS = (
    "-----BEGIN-PRIVATE-KEY-----" + CANARY,
    f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----",
    f"{CANARY}\n{CANARY}",
    CANARY * 12,
    f"sha256~{CANARY}",
    f"{CANARY}+/=",
)


@pytest.mark.parametrize("rule", ["trusted-ca-maps", "config-map-private-key"])
@pytest.mark.parametrize("key", SECRET_KEYS, ids=range(len(SECRET_KEYS)))
def test_no_message_shows_a_key_that_may_be_a_secret(rule, key):
    """As it is when a certificate or a token is pasted where the key belongs."""
    (case, *_) = [case for case in BAD if case.rule == rule]
    messages = judge(with_keys(case, {key: "-----BEGIN PRIVATE KEY-----"}))
    assert any("a key (withheld, it may be a secret)" in each for each in messages)
    assert not any(CANARY in each for each in messages)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        (f"sha256~{CANARY}:5000", "", "it may be a secret): a port comes after two dots"),
        (f"sha256~{CANARY}.key", "", "is a file's name"),
        (f"sha256~{CANARY}", "", "is not a host or host..port"),
        (f"{CANARY}." * 12 + "test", "", "holds no PEM certificate"),
        (f"{CANARY}." * 12 + "test", "-----BEGIN CERTIFICATE-----", "that can't be read"),
    ],
)
def test_no_finding_about_a_map_of_cas_shows_a_key_that_may_be_a_secret(key, value, says):
    (case, *_) = [case for case in BAD if case.rule == "trusted-ca-maps"]
    messages = judge(with_keys(case, {key: value}))
    assert any("a key (withheld" in each and says in each for each in messages)
    assert not any(CANARY in each for each in messages)


@pytest.mark.parametrize(
    "key",
    [
        *SECRET_KEYS,
        CANARY,
        f"AWS_SECRET_{CANARY}",
        f"REGISTRY_STORAGE_S3_SECRETKEY={CANARY}",
        f"REGISTRY_STORAGE_S3_SECRETKEY_{CANARY}",
    ],
)
@pytest.mark.parametrize("kind", ["Secret", "SecretPatch"])
def test_of_the_credentials_only_the_names_of_variables_are_shown(kind, key):
    (case, *_) = [case for case in BAD if case.rule == "credential-secret-keys"]
    changed = with_keys(
        case, {key: "", "REGISTRY_STORAGE_S3_KEY": ""}, f"kubernetes:core/v1:{kind}"
    )
    messages = judge(changed)
    assert any("a key (withheld, it may be a secret) is none" in each for each in messages)
    assert any("key REGISTRY_STORAGE_S3_KEY is none" in each for each in messages)
    assert not any(CANARY in each for each in messages)


def with_keys(case, data, kind=None):
    """The case with these keys in its first resource."""
    first, *rest = case.resources
    changed = {**first, "type": kind or first["type"], "props": {**first["props"], "data": data}}
    return replace(case, resources=[changed, *rest])


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


@pytest.mark.parametrize("keys", COMPLETE, ids=lambda keys: ", ".join(sorted(keys)))
def test_a_part_of_each_backends_credentials_may_be_patched(keys):
    (case, *_) = [case for case in GOOD if case.rule == "credential-secret-keys"]
    for key in keys:
        assert judge(with_keys(case, {key: "RVhBTVBMRQ=="}, "kubernetes:core/v1:SecretPatch")) == []


@pytest.mark.parametrize(
    ("resource", "images"),
    [
        ("images", True),
        ("imagestreams", True),
        ("imagestreams/layers", True),
        ("*/layers", True),
        ("imagestreamimports", True),
        ("imagestreammappings", True),
        ("imagestreamtags", True),
        ("imagetags", True),
        ("imagesignatures", False),
        ("imagestreams/status", False),
    ],
)
def test_what_is_taken_for_writing_images(resource, images):
    (case, *_) = [case for case in BAD if case.rule == "own-role-for-everybody"]
    role, binding = case.resources
    for verb in ("create", "update", "patch", "delete", "deletecollection", "*", "get", "list"):
        rule = {"apiGroups": ["image.openshift.io"], "resources": [resource], "verbs": [verb]}
        changed = {**role, "props": {**role["props"], "rules": [rule]}}
        fires = bool(judge(replace(case, resources=[changed, binding])))
        assert fires is (images and verb not in ("get", "list"))


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_of_a_volume_can_be_read_only(source):
    (case, *_) = [case for case in BAD if case.rule == "static-volume-writable"]
    (volume,) = case.resources
    spec = {key: each for key, each in volume["props"]["spec"].items() if key != "nfs"}
    spec |= {source: {"readOnly": True}}
    changed = {**volume, "props": {**volume["props"], "spec": spec}}
    (message,) = judge(replace(case, resources=[changed]))
    assert f"spec.{source}.readOnly is true" in message


def example(rule, kind="bad", title=None):
    return next(
        case for case in cases(kind) if case.rule == rule and (title is None or title == case.title)
    )


def without(resource, *keys):
    """As a cloud answers, which does not repeat what it was asked by."""
    props = {key: value for key, value in resource["props"].items() if key not in keys}
    return {**resource, "props": props}


def test_blob_settings_without_an_accounts_name_are_of_the_only_account():
    case = example("azure-blob-service", "good", "By its name")
    account, service = case.resources
    nameless = without(service, "accountName", "resourceGroupName")
    assert judge(replace(case, resources=[account, nameless])) == []
    other = {**account, "name": "other", "props": {**account["props"], "accountName": "other"}}
    messages = judge(replace(case, resources=[account, other, nameless]))
    assert [each.split(":")[0] for each in messages] == ["account", "other"]


def test_an_account_takes_keys_where_nothing_is_said():
    case = example("azure-shared-keys", title="An identity, and keys")
    account, secret = case.resources
    said = judge(replace(case, resources=[without(account, "allowSharedKeyAccess"), secret]))
    assert len(said) == 1 and case.says in said[0]


@pytest.mark.parametrize(
    ("acl", "is_open"),
    [
        (".r:*", True),
        (".r : *", True),
        (".ref:*.example.com", True),
        (".referer:example.com", True),
        ("a:b,.rlistings", True),
        ("*", True),
        ("*:*", True),
        (".r:-example.com", False),
        ("0c1a2b3c:*", False),
        ("*:9d8e7f6a", False),
        ("", False),
    ],
)
def test_who_an_acl_of_swift_lets_in(acl, is_open):
    case = example("swift-container-private", title="Everybody")
    (container,) = case.resources
    changed = {**container, "props": {**container["props"], "containerRead": acl}}
    assert bool(judge(replace(case, resources=[changed]))) is is_open


@pytest.mark.parametrize(
    ("path", "wide"),
    [
        ("/v1/AUTH_0c1a2b3c/prod-1-images", False),
        ("/v1/AUTH_0c1a2b3c/prod-1-images/**", False),
        ("/v1/AUTH_*/prod-1-images/docker/*", False),
        ("/v1/AUTH_0c1a2b3c/prod-1-imagesx/**", True),
        ("/v1/AUTH_0c1a2b3c/{container}/**", True),
        ("/v1/AUTH_0c1a2b3c/", True),
        ("/v1/**/prod-1-images", True),
        ("/v1/**", True),
        ("/**", True),
    ],
)
def test_what_an_access_rule_opens(path, wide):
    case = example("swift-credential-scoped", title="All containers")
    container, credential = case.resources
    rules = [{"service": "object-store", "method": "GET", "path": path}]
    changed = {**credential, "props": {"accessRules": rules}}
    assert bool(judge(replace(case, resources=[container, changed]))) is wide


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A" * 86 + "==", True),
        (f"  {'b+/0' * 21}b0==\n", True),
        ("A" * 85 + "==", False),
        ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=x", True),
        ("BlobEndpoint=https://a.example.com;SharedAccessSignature=x", True),
        ("AccountKey=", False),
        ('{\n  "type": "service_account",\n  "project_id": "a"\n}', True),
        ('{"type": "external_account"}', False),
        ("prod-1-images", False),
    ],
)
def test_what_is_taken_for_a_credential(text, found):
    for rule in ("config-map-credentials", "outputs-no-credentials"):
        case = example(rule)
        (resource,) = case.resources
        props = {"data": {"key": text}} if "ConfigMap" in resource["type"] else {"key": text}
        assert bool(judge(replace(case, resources=[{**resource, "props": props}]))) is found
