"""Storage in Google Cloud, Azure and Swift against what the cluster has."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from settings import StackSettings, validate
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts, Patched, SecretFacts, labels
from settings.guards import disagreements
from settings.problems import Finding
from settings.questions import questions
from settings.rules import RULES, azure, clouds
from settings.wanted import wanted_backend
from tests.settings import cases_azure, cases_gcs, cases_swift
from tests.settings.cases import GOOD
from tests.settings.cases_azure import AZURE
from tests.settings.cases_gcs import EMAIL, GCS, PROVIDER
from tests.settings.cases_swift import BY_USER, SWIFT

OURS = labels("prod-1")
NO_SECRET = LiveFacts(secrets={SECRET_NAME: None})
AT = "storage.credentials"


def stack(section: dict[str, Any]) -> StackSettings:
    config = {**GOOD, "cluster": dict(GOOD["cluster"]), "storage": section}
    del config["cluster"]["platform"]
    return validate(copy.deepcopy(config), stack="prod-1")


def judge(section: dict[str, Any], facts: LiveFacts) -> list[Finding]:
    settings = stack(section)
    return disagreements(settings, facts, wanted_backend(settings, facts))


def secret(*keys: str, immutable: bool = False, **marks: str) -> LiveFacts:
    live = SecretFacts(marks, (), "Opaque", keys, None, immutable=immutable)
    return LiveFacts(secrets={SECRET_NAME: live})


def on(platform: str, facts: LiveFacts) -> LiveFacts:
    return replace(facts, platform=platform)


def adopting(section: dict[str, Any]) -> dict[str, Any]:
    keys = {**section["credentials"]["given"], "adoptSecret": True}
    return {**section, "credentials": {"given": keys}}


GCS_GIVEN = cases_gcs.storage(credentials=cases_gcs.GIVEN)
GCS_FOUND = cases_gcs.storage(credentials={"use": {}})
GCS_NEW = cases_gcs.storage(credentials=cases_gcs.identity(create={"provider": PROVIDER}))
GCS_ACTS = cases_gcs.storage(
    credentials=cases_gcs.identity(use={"provider": PROVIDER, "serviceAccount": EMAIL})
)
AZURE_NEW = cases_azure.storage(credentials={"workloadIdentity": {"create": {}}})
AZURE_ACTS = cases_azure.storage(credentials=cases_azure.ACTING)
GIVEN = {
    "gcs": GCS_GIVEN,
    "azure": cases_azure.storage(credentials=cases_azure.GIVEN),
    "swift": BY_USER,
}
FOUND = {"gcs": GCS_FOUND, "azure": cases_azure.FOUND, "swift": cases_swift.FOUND}
KEYS = {
    "gcs": (cases_gcs.KEYFILE,),
    "azure": (cases_azure.KEY,),
    "swift": (cases_swift.USERNAME, cases_swift.PASSWORD),
}
HOME = {"gcs": "GCP", "azure": "Azure", "swift": "OpenStack"}
ACTING = [
    (GCS_NEW, f"{AT}.workloadIdentity.create"),
    (GCS_ACTS, f"{AT}.workloadIdentity.use"),
    (AZURE_NEW, f"{AT}.workloadIdentity.create"),
    (AZURE_ACTS, f"{AT}.workloadIdentity.use"),
]

REFUSED = [
    *(
        ("exists", section, secret(), f"{AT}.given", "not made by this stack", "adoptSecret")
        for section in GIVEN.values()
    ),
    ("exists", SWIFT, secret(), f"{AT}.create", "not made by this stack", "adoptSecret"),
    ("exists", AZURE, secret(), f"{AT}.accountKey", "not made by this stack", "adoptSecret"),
    *(
        ("cloud-secret-first", section, secret(**marks), path, "before any identity", "delete it")
        for section, path in ACTING
        if section["kind"] == "azure"
        for marks in ({}, OURS)
    ),
    ("exists", GCS, secret(), f"{AT}.create", "not made by this stack", "adoptSecret"),
    (
        *("exists", GCS_ACTS, secret(), f"{AT}.workloadIdentity.use"),
        *("not made by this stack", "adoptSecret"),
    ),
    *(
        ("missing", adopting(section), NO_SECRET, f"{AT}.given.adoptSecret", "no such", "leave")
        for section in GIVEN.values()
    ),
    *(
        (
            *("immutable", section, secret(immutable=True, **OURS), f"{AT}.given"),
            *("no change", "by hand"),
        )
        for section in GIVEN.values()
    ),
    *(
        (
            *("cloud-no-identity", section, LiveFacts(service_account_issuer=issuer), path),
            *("not set up for workload identity", "`given`"),
        )
        for section, path in ACTING
        for issuer in ("", "https://kubernetes.default.svc")
    ),
    *(
        (
            *("cloud-secret-keys", section, secret("REGISTRY_STORAGE_S3_ACCESSKEY"), f"{AT}.use"),
            *(f"lacks {' and '.join(KEYS[kind])}", "`given`"),
        )
        for kind, section in FOUND.items()
    ),
    *(
        (
            *("cloud-no-keys", section, on("AWS", NO_SECRET), f"{AT}.use"),
            *(f"on AWS the operator has no keys for {kind}", "`given`"),
        )
        for kind, section in FOUND.items()
    ),
]


@pytest.mark.parametrize(("rule", "section", "facts", "path", "says", "fix"), REFUSED)
def test_each_contradiction_has_its_words(
    rule: str, section: dict[str, Any], facts: LiveFacts, path: str, says: str, fix: str
) -> None:
    (found,) = judge(section, facts)
    assert (found.rule, ".".join(map(str, found.path))) == (f"guard:{rule}", path)
    assert says in found.message and fix in found.fix
    assert (found.severity == "warning") == RULES[found.rule].warning


def test_every_guard_of_clouds_has_a_test() -> None:
    tested = {f"guard:{rule}" for rule, *_ in REFUSED}
    assert {name for name in {**clouds.RULES, **azure.RULES} if name.startswith("guard:")} <= tested


@pytest.mark.parametrize("kind", GIVEN)
def test_what_is_right(kind: str) -> None:
    for section, facts in [
        (GIVEN[kind], NO_SECRET),
        (GIVEN[kind], secret(**OURS)),
        (adopting(GIVEN[kind]), secret()),
        (FOUND[kind], secret(*KEYS[kind])),
        (FOUND[kind], on(HOME[kind], NO_SECRET)),
        (FOUND[kind], NO_SECRET),
        (FOUND[kind], LiveFacts(platform="AWS")),
    ]:
        assert judge(section, facts) == []


def test_an_issuer_of_its_own() -> None:
    issuer = "https://oidc.example.test/prod-1"
    for section, _ in ACTING:
        assert judge(section, replace(NO_SECRET, service_account_issuer=issuer)) == []


@pytest.mark.parametrize("kind", GIVEN)
def test_what_is_asked_of_the_cluster(kind: str) -> None:
    asked = questions(stack(GIVEN[kind]))
    assert (asked.secrets, asked.issuer, asked.config_maps) == ((SECRET_NAME,), False, ())
    for section, _ in ACTING:
        asked = questions(stack(section))
        assert (asked.secrets, asked.issuer) == ((SECRET_NAME,), True)


IN_SWIFT = {"container": "prod-1-image-registry"}
IN_CHINA = {**cases_azure.FOUND, "environment": "china"}
IN_AZURE = {"accountName": "prod1registry", "container": "image-registry"}


def live(backend: str, **fields: Any) -> LiveFacts:
    return LiveFacts(config=Patched({"spec": {"storage": {backend: fields}}}))


@pytest.mark.parametrize(
    ("section", "facts", "foreign"),
    [
        (GCS, live("gcs"), False),
        (GCS, live("gcs", bucket="registry-of-prod-1"), False),
        (GCS, live("gcs", bucket="registry-of-prod-1", region="us-east1", keyID="x"), False),
        (GCS, live("gcs", bucket="other", region="europe-west1"), True),
        (GCS, live("s3", bucket="registry-of-prod-1"), True),
        (AZURE, live("azure", **IN_AZURE), False),
        (AZURE, live("azure", **IN_AZURE, cloudName="AzurePublicCloud"), False),
        (AZURE, live("azure", **{**IN_AZURE, "container": "other"}), True),
        (AZURE, live("azure", **{**IN_AZURE, "accountName": "other"}), True),
        (IN_CHINA, live("azure", **IN_AZURE), False),
        (IN_CHINA, live("azure", **IN_AZURE, cloudName="AzureChinaCloud"), False),
        (IN_CHINA, live("azure", **IN_AZURE, cloudName="AzureGermanCloud"), True),
        (BY_USER, live("swift", container="prod-1-image-registry"), False),
        (BY_USER, live("swift", container="other"), True),
        (BY_USER, live("swift", **IN_SWIFT, authURL="https://keystone.example.test:5000"), False),
        (BY_USER, live("swift", **IN_SWIFT, authURL="https://elsewhere.example.test/v3"), True),
        (BY_USER, live("swift", **IN_SWIFT, tenant="registries", regionName="x"), False),
        (BY_USER, live("swift", **IN_SWIFT, tenant="other"), True),
        (SWIFT, live("swift", **IN_SWIFT, tenant="other"), False),
    ],
)
def test_which_storage_is_another(section: Any, facts: LiveFacts, foreign: bool) -> None:
    rules = [each.rule for each in judge(section, facts)]
    assert rules == (["guard:foreign-storage"] if foreign else [])


@pytest.mark.parametrize("keys", [cases_swift.TRIO, (cases_swift.TOKEN,)])
def test_each_set_of_swift_will_do(keys: tuple[str, ...]) -> None:
    assert judge(cases_swift.FOUND, secret(*keys)) == []
    found = judge(cases_swift.FOUND, secret(*keys[:-1], "REGISTRY_STORAGE_SWIFT_USER"))
    assert [each.rule for each in found] == ["guard:cloud-secret-keys"]
