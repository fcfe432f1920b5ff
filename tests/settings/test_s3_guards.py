"""Storage in a bucket against what the cluster has."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from settings import StackSettings, validate
from settings.authorities import INGRESS, SERVICE_CA
from settings.credentials import SECRET_NAME
from settings.facts import (
    BucketClaimFacts,
    ConfigMapFacts,
    LiveFacts,
    Patched,
    RouteFacts,
    SecretFacts,
    StorageClassFacts,
    labels,
)
from settings.guards import disagreements
from settings.problems import Finding
from settings.questions import questions
from settings.rules import RULES, s3
from settings.storage_guards import foreign_storage
from settings.wanted import wanted_backend
from tests.certificates import LEAF, ROOT
from tests.settings.cases import GOOD
from tests.settings.cases_s3 import AWS, CLAIM, FRONT, KEYS, OTHER, ROLE, storage

BUNDLE = "image-registry-s3-bundle"
OURS = labels("prod-1")
PEM = {"ca-bundle.crt": ROOT.pem}
ISSUER = "https://oidc.example.test/prod-1"
RGW = "ocs-storagecluster-ceph-rgw"
ROUTE = "ocs-storagecluster-cephobjectstore"
HOST = "s3.apps.example.test"
INJECTED = {"config.openshift.io/inject-trusted-cabundle": "true"}


def stack(section: dict[str, Any], **sections: Any) -> StackSettings:
    return validate(copy.deepcopy({**GOOD, "storage": section, **sections}), stack="prod-1")


def judge(section: dict[str, Any], facts: LiveFacts, **sections: Any) -> list[Finding]:
    settings = stack(section, **sections)
    return disagreements(settings, facts, wanted_backend(settings, facts))


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


def claim(**fields: Any) -> LiveFacts:
    live = {"storage_class": RGW, "bound": True, "bucket": "registry-1f2e", **fields}
    marks = live.pop("labels", OURS)
    return LiveFacts(bucket_claims={"registry": BucketClaimFacts(marks, (), **live)})


def classes(provisioner: str, name: str = RGW) -> LiveFacts:
    found = StorageClassFacts({}, (), provisioner, {}, "Delete", "Immediate")
    return LiveFacts(storage_classes={name: found})


def route(host: str = HOST, tls: bool = True) -> LiveFacts:
    return LiveFacts(
        endpoint_routes={ROUTE: RouteFacts("openshift-storage", ROUTE, host, False, tls)}
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
STS = storage(AWS, credentials={"sts": {"use": {"roleARN": ROLE}}})
NEW_ROLE = storage(AWS, credentials={"sts": {"create": {}}})
FRONTED = storage(AWS, cloudFront=FRONT)
USED_FRONT = {**FRONT, "privateKey": {"use": {"name": "front", "key": "private.pem"}}}
USED_CLAIM = storage(CLAIM, claim={"use": {"name": "registry"}})
BY_SERVICE = storage(CLAIM, endpoint={"service": {}})
ON_OPENSTACK = LiveFacts(secrets={SECRET_NAME: None}, platform="OpenStack")
OWN = storage(AWS, credentials={"use": {}})
AT = "storage.credentials"
CLASS = "storage.claim.create.storageClassName"

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
    ("exists", CLAIM, bundle(), "storage.trustedCA.create.name", "not made by", "write `use`"),
    (
        *("immutable", CREATED, frozen(bundle({}, **OURS))),
        *("storage.trustedCA.create.name", "is immutable", "another name"),
    ),
    (
        *("immutable", ADOPTED, frozen(bundle({}, "theirs"))),
        *("storage.trustedCA.adopt.name", "is immutable", "`use`"),
    ),
    (
        *("immutable", CLAIM, frozen(bundle(**OURS))),
        *("storage.trustedCA.create.name", "is immutable", "another name"),
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
    ("exists", AWS, secret(), f"{AT}.create", "not made by this stack", "adoptSecret: true"),
    ("exists", CLAIM, secret(), "storage", "not made by this stack", "adoptSecret: true"),
    ("immutable", OTHER, frozen(secret(**OURS)), f"{AT}.given", "is immutable", "`use: {}`"),
    ("immutable", AWS, frozen(secret(**OURS)), f"{AT}.create", "is immutable", "by hand"),
    ("immutable", CLAIM, frozen(secret(**OURS)), "storage", "is immutable", "by hand"),
    (
        *("immutable", storage(OTHER, credentials=ADOPT_SECRET), frozen(secret())),
        *(f"{AT}.given", "is immutable", "by hand"),
    ),
    (
        *("missing", storage(OTHER, credentials=ADOPT_SECRET), NO_SECRET),
        *(f"{AT}.given.adoptSecret", "no such secret", "leave adoptSecret out"),
    ),
    (
        *("missing", storage(CLAIM, adoptSecret=True), NO_SECRET),
        *("storage.adoptSecret", "no such secret", "leave adoptSecret out"),
    ),
    ("s3-secret-first", STS, secret(**OURS), f"{AT}.sts.use", "before any role", "delete it"),
    (
        *("s3-secret-first", NEW_ROLE, secret(*KEYS)),
        *(f"{AT}.sts.create", "before any role", "`use: {}`"),
    ),
    *(
        ("s3-no-sts", STS, LiveFacts(service_account_issuer=issuer), f"{AT}.sts.use", says, "user")
        for issuer in ("", "https://kubernetes.default.svc")
        for says in ("not set up for STS",)
    ),
    (
        *("s3-secret-keys", FOUND, secret("REGISTRY_STORAGE_S3_ACCESSKEY")),
        *(f"{AT}.use", "lacks REGISTRY_STORAGE_S3_SECRETKEY", "`given`"),
    ),
    ("s3-secret-keys", OWN, secret(), f"{AT}.use", "SECRETKEY", "add what is missing"),
    ("s3-no-keys", FOUND, NO_SECRET, f"{AT}.use", "no keys of its own for other", "`given`"),
    ("s3-no-keys", OWN, ON_OPENSTACK, f"{AT}.use", "no keys for AWS", "`create`"),
    # Bucket claims.
    ("exists", CLAIM, claim(labels={}), "storage.claim.create.name", "not made", "write `use`"),
    (
        *("missing", USED_CLAIM, LiveFacts(bucket_claims={"registry": None})),
        *("storage.claim.use.name", "no such object", "`create`"),
    ),
    ("bucket-unbound", USED_CLAIM, claim(bound=False), "storage.claim.use.name", "Bound", "oc"),
    ("claim-leaving", CLAIM, claim(leaving=True), "storage.claim.create.name", "deleted", "wait"),
    ("claim-leaving", USED_CLAIM, claim(leaving=True), "storage.claim.use.name", "goes", "wait"),
    ("claim-immutable", CLAIM, claim(storage_class="x"), CLASS, "live claim has x", "write x"),
    (
        *("missing", CLAIM, LiveFacts(storage_classes={})),
        *(CLASS, "never gets a bucket", "OpenShift Data Foundation"),
    ),
    (
        *("bucket-class", CLAIM, classes("openshift-storage.noobaa.io/obc")),
        *(CLASS, "rgw gives out buckets by openshift-storage.ceph.rook.io/bucket", "provider"),
    ),
    (
        *("missing", CLAIM, LiveFacts(endpoint_routes={ROUTE: None})),
        *("storage.endpoint.route.name", "no such route in openshift-storage", "service: {}"),
    ),
    (
        *("bucket-authority", CLAIM, LiveFacts(authorities={INGRESS: None, SERVICE_CA: "x"})),
        *("storage.trustedCA.create", "no ca-bundle.crt", "use: {name: ...}"),
    ),
    ("bucket-route", CLAIM, route(""), "storage.endpoint.route.name", "no host", "oc get routes"),
    ("bucket-route", CLAIM, route(tls=False), "storage.endpoint.route.name", "no TLS", "another"),
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
    (STS, LiveFacts(secrets={SECRET_NAME: None}, service_account_issuer=ISSUER)),
    (NEW_ROLE, LiveFacts()),
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
    (CLAIM, claim()),
    (CLAIM, claim(bound=False)),
    (CLAIM, LiveFacts(bucket_claims={"registry": None})),
    (CLAIM, classes("openshift-storage.ceph.rook.io/bucket")),
    (CLAIM, route()),
    (USED_CLAIM, claim(labels={}, storage_class="x")),
    (USED_CLAIM, LiveFacts(storage_classes={})),
    (BY_SERVICE, LiveFacts(endpoint_routes={})),
    (CLAIM, LiveFacts(authorities={INGRESS: "x", SERVICE_CA: "x"})),
    (BY_SERVICE, LiveFacts(authorities={INGRESS: None})),
    (storage(CLAIM, trustedCA={"use": {"name": "theirs"}}), LiveFacts(authorities={INGRESS: None})),
]


@pytest.mark.parametrize(("section", "facts"), AGREED)
def test_what_agrees_is_not_complained_of(section: dict[str, Any], facts: LiveFacts) -> None:
    assert judge(section, facts, cluster=CLUSTER) == []


def test_nothing_is_advised_that_a_bucket_claim_has_not() -> None:
    """It knows no `adopt`, and keys of nobody but the claim."""
    advice = [
        each.fix
        for _, section, facts, *_ in REFUSED
        if section["kind"] == "objectBucketClaim"
        for each in judge(section, facts, cluster=CLUSTER)
    ]
    assert len(advice) > 10
    assert not [each for each in advice if "`adopt`" in each or "`use: {}`" in each]


def test_every_guard_of_buckets_has_a_test() -> None:
    tested = {f"guard:{rule}" for rule, *_ in REFUSED}
    assert {name for name in s3.RULES if name.startswith("guard:")} <= tested


BOUND = claim().bucket_claims
ROUTES = route().endpoint_routes
URL = f"https://{HOST}"
MINE = {"bucket": "registry-1f2e", "regionEndpoint": URL}


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
    name = AWS["bucket"]["create"]["name"]
    assert not is_foreign(AWS, config=live(bucket=name, region="eu-west-1"))
    assert not is_foreign(AWS, config=live(bucket=name, regionEndpoint=""))
    assert is_foreign(AWS, config=live(bucket=name, regionEndpoint="https://a.example.test"))
    assert is_foreign(AWS, config=live(bucket="prod-1-x7k2p-image-registry-eu-west-1-abc"))
    assert is_foreign(AWS, config=Patched({"spec": {"storage": {"pvc": {"claim": "x"}}}}))


@pytest.mark.parametrize(
    ("fields", "claims", "routes", "foreign"),
    [
        (MINE, BOUND, ROUTES, False),
        (MINE, BOUND, {}, False),
        ({**MINE, "bucket": "other"}, BOUND, ROUTES, True),
        ({**MINE, "regionEndpoint": "https://a.example.test"}, BOUND, ROUTES, True),
        # Of a claim that has no bucket yet, nothing live can be the bucket.
        (MINE, {"registry": None}, ROUTES, True),
        (MINE, claim(bound=False).bucket_claims, ROUTES, True),
        ({}, {"registry": None}, ROUTES, False),
        # Nobody knows: `up` does not go on without having read it.
        (MINE, {}, ROUTES, False),
    ],
)
def test_the_bucket_of_a_claim(
    fields: dict[str, Any], claims: Any, routes: Any, foreign: bool
) -> None:
    facts = {"config": live(**fields), "bucket_claims": claims, "endpoint_routes": routes}
    assert is_foreign(CLAIM, **facts) == foreign


def test_a_claim_without_a_bucket_is_named_as_the_reason() -> None:
    facts = LiveFacts(config=live(**MINE), bucket_claims={"registry": None})
    (found,) = judge(CLAIM, facts, cluster=CLUSTER)
    assert "the claim has no bucket and would get another" in found.message
    named = {"replaces": {"s3": {"bucket": "registry-1f2e"}}}
    assert judge(storage(CLAIM, **named), facts, cluster=CLUSTER) == []


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
        (STS, {"issuer": True}),
        (AWS, {"issuer": False, "bucket_claim": None, "storage_classes": False}),
        (
            CLAIM,
            {
                "storage_classes": True,
                "config_maps": (BUNDLE,),
                "secrets": (SECRET_NAME,),
                "bucket_claim": ("openshift-image-registry", "registry"),
                "endpoint_route": ("openshift-storage", ROUTE),
                "authorities": (SERVICE_CA, INGRESS),
            },
        ),
        (
            BY_SERVICE,
            {"endpoint_route": None, "config_maps": (BUNDLE,), "authorities": (SERVICE_CA,)},
        ),
        (storage(CLAIM, trustedCA={"use": {"name": "theirs"}}), {"authorities": ()}),
        (
            storage(
                USED_CLAIM,
                claim={"use": {"name": "b", "namespace": "openshift-storage"}},
                endpoint={"service": {"scheme": "http"}},
            ),
            {
                "storage_classes": False,
                "authorities": (),
                "config_maps": (),
                "bucket_claim": ("openshift-storage", "b"),
            },
        ),
    ],
)
def test_what_is_asked_of_the_cluster(section: dict[str, Any], asked: dict[str, Any]) -> None:
    found = questions(stack(section, cluster=CLUSTER))
    assert {key: getattr(found, key) for key in asked} == asked
