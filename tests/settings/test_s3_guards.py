"""Storage in a bucket against what the cluster has."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from settings import StackSettings, validate
from settings.credentials import SECRET_NAME
from settings.facts import (
    ConfigMapFacts,
    LiveFacts,
    Patched,
    SecretFacts,
    labels,
)
from settings.guards import disagreements
from settings.problems import Finding
from settings.questions import questions
from settings.rules import RULES, s3
from settings.storage_guards import foreign_storage
from tests.certificates import LEAF, ROOT
from tests.settings.cases import GOOD
from tests.settings.cases_s3 import AWS, FRONT, KEYS, OTHER, storage

BUNDLE = "image-registry-s3-bundle"
OURS = labels("prod-1")
PEM = {"ca-bundle.crt": ROOT.pem}
INJECTED = {"config.openshift.io/inject-trusted-cabundle": "true"}


def stack(section: dict[str, Any], **sections: Any) -> StackSettings:
    return validate(copy.deepcopy({**GOOD, "storage": section, **sections}), stack="prod-1")


def judge(section: dict[str, Any], facts: LiveFacts, **sections: Any) -> list[Finding]:
    settings = stack(section, **sections)
    return disagreements(settings, facts, settings.storage.backend)


def secret(*keys: str, name: str = SECRET_NAME, **marks: str) -> LiveFacts:
    return LiveFacts(secrets={name: SecretFacts(marks, (), "Opaque", keys, None)})


def bundle(data: dict[str, str] | None = None, name: str = BUNDLE, **marks: str) -> LiveFacts:
    return LiveFacts(config_maps={name: ConfigMapFacts(marks, (), PEM if data is None else data)})


def frozen(facts: LiveFacts) -> LiveFacts:
    """The same, immutable."""
    return replace(
        facts,
        secrets={k: each and replace(each, immutable=True) for k, each in facts.secrets.items()},
        config_maps={
            k: each and replace(each, immutable=True) for k, each in facts.config_maps.items()
        },
    )


def live(**fields: Any) -> Patched:
    return Patched({"spec": {"storage": {"s3": fields}}})


NO_SECRET = LiveFacts(secrets={SECRET_NAME: None})
ADOPT_SECRET = {"given": {**KEYS, "adoptSecret": True}}
ADOPT_BUNDLE = {"adopt": {"name": "theirs", "certificates": ROOT.pem}}
FOUND = storage(OTHER, credentials={"use": {}})
CREATED = storage(OTHER, trustedCA={"create": {"certificates": ROOT.pem}})
ADOPTED = storage(OTHER, trustedCA=ADOPT_BUNDLE)
USED = storage(OTHER, trustedCA={"use": {"name": "theirs"}})
FRONTED = storage(AWS, cloudFront=FRONT)
USED_FRONT = {**FRONT, "privateKey": {"use": {"name": "front", "key": "private.pem"}}}
ON_OPENSTACK = LiveFacts(secrets={SECRET_NAME: None}, platform="OpenStack")
OWN = AWS
AT = "storage.credentials"

REFUSED = [
    # The map.
    ("exists", CREATED, bundle(), "storage.trustedCA.create.name", "not made by", "`adopt`"),
    (
        *("missing", USED, LiveFacts(config_maps={"theirs": None})),
        *("storage.trustedCA.use.name", "no such object", "`create`"),
    ),
    (
        *("storage-ca-key", USED, bundle({"ca.crt": ROOT.pem}, "theirs")),
        *("storage.trustedCA.use.name", "has no key ca-bundle.crt", "put the CAs under"),
    ),
    (
        *("storage-ca-used", USED, bundle({"ca-bundle.crt": "x"}, "theirs")),
        *("storage.trustedCA.use.name", "holds no PEM", "correct the map"),
    ),
    (
        *("storage-ca-doubt", USED, bundle({"ca-bundle.crt": LEAF.pem}, "theirs")),
        *("storage.trustedCA.use.name", "is no CA", "in the map"),
    ),
    (
        *("storage-ca-lost", ADOPTED, bundle({**PEM, "x": ""}, "theirs")),
        *("storage.trustedCA.adopt.name", 'would go: "x"', "another name"),
    ),
    (
        *("trust-injected", ADOPTED, bundle(name="theirs", **INJECTED)),
        *("storage.trustedCA.adopt.name", "network operator", "another name"),
    ),
    (
        *("immutable", CREATED, frozen(bundle({}, **OURS))),
        *("storage.trustedCA.create.name", "is immutable", "another name"),
    ),
    (
        *("immutable", ADOPTED, frozen(bundle({}, "theirs"))),
        *("storage.trustedCA.adopt.name", "is immutable", "`use`"),
    ),
    # The key of CloudFront.
    (
        *("exists", FRONTED, secret(name="image-registry-cloudfront")),
        *("storage.cloudFront.privateKey.create.name", "not made by", "`adopt`"),
    ),
    (
        *("missing", storage(AWS, cloudFront=USED_FRONT), LiveFacts(secrets={"front": None})),
        *("storage.cloudFront.privateKey.use.name", "no such object", "check the name"),
    ),
    (
        *("front-key", storage(AWS, cloudFront=USED_FRONT), secret("a", "b", name="front")),
        *("storage.cloudFront.privateKey.use.key", "front has [a, b]", "the key that holds"),
    ),
    (
        *("immutable", FRONTED, frozen(secret(name="image-registry-cloudfront", **OURS))),
        *("storage.cloudFront.privateKey.create.name", "is immutable", "another name"),
    ),
    # The secret of the keys.
    ("exists", OTHER, secret(), f"{AT}.given", "not made by this stack", "adoptSecret: true"),
    ("immutable", OTHER, frozen(secret(**OURS)), f"{AT}.given", "is immutable", "`use: {}`"),
    (
        *("immutable", storage(OTHER, credentials=ADOPT_SECRET), frozen(secret())),
        *(f"{AT}.given", "is immutable", "by hand"),
    ),
    (
        *("missing", storage(OTHER, credentials=ADOPT_SECRET), NO_SECRET),
        *(f"{AT}.given.adoptSecret", "no such secret", "leave adoptSecret out"),
    ),
    (
        *("s3-secret-keys", FOUND, secret("REGISTRY_STORAGE_S3_ACCESSKEY")),
        *(f"{AT}.use", "lacks REGISTRY_STORAGE_S3_SECRETKEY", "`given`"),
    ),
    ("s3-secret-keys", OWN, secret(), f"{AT}.use", "SECRETKEY", "add what is missing"),
    ("s3-no-keys", FOUND, NO_SECRET, f"{AT}.use", "no keys of its own for other", "`given`"),
    ("s3-no-keys", OWN, ON_OPENSTACK, f"{AT}.use", "no keys for AWS", "`given`"),
]


@pytest.mark.parametrize(("rule", "section", "facts", "path", "says", "fix"), REFUSED)
def test_each_contradiction_has_its_words(
    rule: str, section: dict[str, Any], facts: LiveFacts, path: str, says: str, fix: str
) -> None:
    found = [
        each
        for each in judge(section, facts, cluster=CLUSTER)
        if each.path[0] == "storage" and each.rule != "guard:foreign-storage"
    ]
    assert [(each.rule, ".".join(map(str, each.path))) for each in found] == [
        (f"guard:{rule}", path)
    ]
    assert says in found[0].message and fix in found[0].fix
    assert (found[0].severity == "warning") == RULES[found[0].rule].warning


CLUSTER = {key: each for key, each in GOOD["cluster"].items() if key != "platform"}

AGREED = [
    (OTHER, LiveFacts()),
    (OTHER, NO_SECRET),
    (OTHER, secret(**OURS)),
    (storage(OTHER, credentials=ADOPT_SECRET), secret()),
    (storage(OTHER, credentials=ADOPT_SECRET), secret(**OURS)),
    (FOUND, LiveFacts()),
    (FOUND, secret(*KEYS)),
    (OWN, LiveFacts(secrets={SECRET_NAME: None}, platform="AWS")),
    (OWN, secret(*KEYS, "other")),
    (CREATED, bundle(**OURS)),
    (CREATED, LiveFacts(config_maps={BUNDLE: None})),
    (ADOPTED, bundle(name="theirs")),
    (ADOPTED, bundle({**PEM, "x": ""}, "theirs", **OURS)),
    (USED, bundle({**PEM, "x": ""}, "theirs")),
    (FRONTED, secret(name="image-registry-cloudfront", **OURS)),
    (storage(AWS, cloudFront=USED_FRONT), secret("private.pem", name="front")),
    (CREATED, frozen(bundle({"ca-bundle.crt": ROOT.pem}, **OURS))),
    (USED, frozen(bundle(name="theirs"))),
    (FOUND, frozen(secret(*KEYS))),
    (storage(AWS, cloudFront=USED_FRONT), frozen(secret("private.pem", name="front"))),
]


@pytest.mark.parametrize(("section", "facts"), AGREED)
def test_what_agrees_is_not_complained_of(section: dict[str, Any], facts: LiveFacts) -> None:
    assert judge(section, facts, cluster=CLUSTER) == []


def test_every_guard_of_buckets_has_a_test() -> None:
    tested = {f"guard:{rule}" for rule, *_ in REFUSED}
    assert {name for name in s3.RULES if name.startswith("guard:")} <= tested


def is_foreign(section: dict[str, Any], **facts: Any) -> bool:
    rules = [each.rule for each in judge(section, LiveFacts(**facts), cluster=CLUSTER)]
    assert set(rules) <= {"guard:foreign-storage"}
    return bool(rules)


@pytest.mark.parametrize(
    ("fields", "foreign"),
    [
        ({}, False),
        ({"region": "x"}, False),
        ({"bucket": "registry", "regionEndpoint": "https://objects.example.test"}, False),
        # How objects are written may change: those that are there stay readable.
        (
            {
                "bucket": "registry",
                "regionEndpoint": "https://objects.example.test",
                "encrypt": True,
                "region": "eu-west-1",
            },
            False,
        ),
        ({"bucket": "other", "regionEndpoint": "https://objects.example.test"}, True),
        # A bucket of the same name in another store holds other images.
        ({"bucket": "registry", "regionEndpoint": "https://elsewhere.example.test"}, True),
        ({"bucket": "registry"}, True),
    ],
)
def test_a_bucket_is_known_by_its_name_and_its_store(fields: dict[str, Any], foreign: bool) -> None:
    assert is_foreign(OTHER, config=live(**fields)) == foreign
    named = storage(OTHER, replaces={"s3": {"bucket": fields.get("bucket", "x")}})
    assert not is_foreign(named, config=live(**fields))


def test_a_bucket_of_aws_has_no_endpoint() -> None:
    name = AWS["bucket"]["use"]["name"]
    assert not is_foreign(AWS, config=live(bucket=name, region="eu-west-1"))
    assert not is_foreign(AWS, config=live(bucket=name, regionEndpoint=""))
    assert is_foreign(AWS, config=live(bucket=name, regionEndpoint="https://a.example.test"))
    assert is_foreign(AWS, config=live(bucket="prod-1-x7k2p-image-registry-eu-west-1-abc"))
    assert is_foreign(AWS, config=Patched({"spec": {"storage": {"pvc": {"claim": "x"}}}}))


def test_the_switch_hook_sees_another_store_too() -> None:
    """It asks with what is written in the end."""
    now = {"s3": {"bucket": "a", "regionEndpoint": "https://a.example.test"}}
    wanted = {"managementState": "Unmanaged", "s3": {"bucket": "a"}}
    assert foreign_storage(now, wanted, None) == now
    assert foreign_storage(now, wanted, {"s3": {"bucket": "a"}}) == {}


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        (OTHER, {"secrets": (SECRET_NAME,)}),
        (FRONTED, {"secrets": (SECRET_NAME, "image-registry-cloudfront")}),
        (USED, {"config_maps": ("theirs",)}),
        (AWS, {"storage_classes": False, "config_maps": (), "secrets": (SECRET_NAME,)}),
    ],
)
def test_what_is_asked_of_the_cluster(section: dict[str, Any], asked: dict[str, Any]) -> None:
    found = questions(stack(section, cluster=CLUSTER))
    assert {key: getattr(found, key) for key in asked} == asked
