"""What storage in a bucket of the cluster declares, and that no key of it is ever in clear."""

import copy
import time
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions
from pulumi.output import Unknown

from cluster.client import Unreachable
from cluster.given_bucket import GivenBucket, NotGiven, NotRead
from components import claimed_bucket
from components.patch import patch
from components.unknown import unknown
from settings import validate
from settings.authorities import INGRESS, SERVICE_CA
from settings.bucket_claim import BUCKET_LATER
from settings.credentials import SECRET_NAME
from settings.facts import BucketClaimFacts, LiveFacts, RouteFacts, SecretFacts, labels
from settings.secret import Secret
from tests.components.conftest import ACCESS, SECRET, Declare, Order, Recorder
from tests.components.test_credential_secret import unmarked
from tests.components.test_s3_storage import encoded, kinds, named
from tests.settings.cases import GOOD
from tests.settings.cases_s3 import ACCESS_KEY, CLAIM, SECRET_KEY

BUNDLE = "image-registry-s3-bundle"
KIND = "objectbucket.io/v1alpha1:ObjectBucketClaim"
NOOBAA = {
    "kind": "objectBucketClaim",
    "provider": "noobaa",
    "claim": {"create": {"name": "image-registry-storage"}},
}
GUIDES = {
    # Guide 3.8.1 and 3.8.2, with their names.
    "rgw": {
        "provider": "rgw",
        "claim": {"create": {"name": "rgwbucket", "namespace": "openshift-storage"}},
    },
    "noobaa": {
        "provider": "noobaa",
        "claim": {"create": {"name": "noobaatest", "namespace": "openshift-storage"}},
    },
}
CLASSES = {"rgw": "ocs-storagecluster-ceph-rgw", "noobaa": "openshift-storage.noobaa.io"}
ROUTES = {"rgw": "ocs-storagecluster-cephobjectstore", "noobaa": "s3"}
HOST = "objects.apps.example.test"
SERVICE_PEM, INGRESS_PEM = "-----SERVICE-----", "-----ROUTER-----\n"
PUBLISHED = {SERVICE_CA: SERVICE_PEM, INGRESS: INGRESS_PEM}
KEYS = {ACCESS_KEY: "CANARY-access", SECRET_KEY: "CANARY-ß-secret"}
GIVEN = GivenBucket("bucket-1f2e", *map(Secret, KEYS.values()))

Given = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """The claims that were waited for and asked what they were given: all of them the same."""
    asked: Given = []

    def read(access: Any, namespace: str, name: str) -> GivenBucket:
        asked.append((namespace, name))
        return GIVEN

    monkeypatch.setattr(claimed_bucket, "wait_until_bound", lambda *told: None)
    monkeypatch.setattr(claimed_bucket, "given_bucket", read)
    return asked


def stack(section: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy({"cluster": GOOD["cluster"], "storage": section})


def live(section: dict[str, Any], bound: bool = True, **facts: Any) -> LiveFacts:
    """A cluster where all is there, the claim too."""
    (claim,) = section["claim"].values()
    found = BucketClaimFacts(labels("prod-1"), (), None, bound, "bucket-1f2e" if bound else None)
    route = ROUTES[section["provider"]]
    known = {
        "bucket_claims": {claim["name"]: found},
        "endpoint_routes": {route: RouteFacts("openshift-storage", route, HOST, False)},
        "authorities": PUBLISHED,
    }
    return LiveFacts(**{**known, **facts})


def is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown)


def spec(made: Recorder) -> dict[str, Any]:
    return made.one("ConfigPatch").inputs["spec"]


def guides(provider: str) -> dict[str, Any]:
    return {"kind": "objectBucketClaim", **GUIDES[provider]}


@pytest.mark.parametrize("provider", GUIDES)
def test_the_guides_claim(declare: Declare, provider: str) -> None:
    """Guide 3.8.1 and 3.8.2, step 1."""
    section = guides(provider)
    made = declare(stack(section), live=live(section)).one(KIND)
    name = section["claim"]["create"]["name"]
    assert made.typ == "kubernetes:objectbucket.io/v1alpha1:ObjectBucketClaim"
    assert made.inputs["apiVersion"] == "objectbucket.io/v1alpha1"
    assert made.name == made.inputs["metadata"]["name"] == name
    assert made.inputs["metadata"]["namespace"] == "openshift-storage"
    assert made.inputs["metadata"]["labels"] == labels("prod-1")
    assert made.inputs["spec"] == {
        "storageClassName": CLASSES[provider],
        "generateBucketName": name,
    }


@pytest.mark.parametrize("provider", GUIDES)
def test_the_guides_custom_resource(declare: Declare, provider: str) -> None:
    """Guide 3.8.1 and 3.8.2, step 7; public case C31."""
    section = guides(provider)
    found = spec(declare(stack(section), live=live(section)))
    assert found == {
        "managementState": "Managed",
        "replicas": 2,
        "storage": {
            "managementState": "Unmanaged",
            "s3": {
                "bucket": "bucket-1f2e",
                "region": "us-east-1",
                "regionEndpoint": f"https://{HOST}",
                "virtualHostedStyle": False,
                "encrypt": False,
                "trustedCA": {"name": BUNDLE},
            },
        },
    }


@pytest.mark.parametrize("provider", GUIDES)
def test_the_guides_secret(declare: Declare, given: Given, provider: str) -> None:
    """Guide 3.8.1 and 3.8.2, steps 3 and 4."""
    section = guides(provider)
    inputs = named(declare(stack(section), live=live(section)), SECRET_NAME)
    assert inputs["metadata"]["namespace"] == "openshift-image-registry"
    assert inputs["data"][SECRET]
    assert inputs["data"]["value"] == {key: encoded(text) for key, text in KEYS.items()}
    assert given == [("openshift-storage", section["claim"]["create"]["name"])]


def test_no_key_in_clear_outside_the_secret(declare: Declare) -> None:
    hidden = [*KEYS.values(), *map(encoded, KEYS.values())]
    made = declare(stack(NOOBAA), live=live(NOOBAA)).made
    assert [found for each in made for found in unmarked(each.inputs, hidden)] == []


def test_whoever_serves_a_route_is_trusted(declare: Declare) -> None:
    """Public case C31: the service CA, and what the router shows now."""
    made = declare(stack(NOOBAA), live=live(NOOBAA)).one("ConfigMap")
    assert made.name == BUNDLE
    assert made.inputs["metadata"]["namespace"] == "openshift-config"
    assert made.inputs["data"] == {"ca-bundle.crt": "-----SERVICE-----\n-----ROUTER-----\n"}


def test_a_certificate_is_in_the_map_once(declare: Declare) -> None:
    same = live(NOOBAA, authorities={SERVICE_CA: "SAME", INGRESS: "SAME\n"})
    data = declare(stack(NOOBAA), live=same).one("ConfigMap").inputs["data"]
    assert data == {"ca-bundle.crt": "SAME\n"}


SERVICES = {"rgw": "rook-ceph-rgw-ocs-storagecluster-cephobjectstore", "noobaa": "s3"}


@pytest.mark.parametrize("provider", GUIDES)
def test_a_service_instead_of_the_route(declare: Declare, provider: str) -> None:
    section = {**guides(provider), "endpoint": {"service": {}}}
    facts = live(section, endpoint_routes={}, authorities={SERVICE_CA: SERVICE_PEM})
    made = declare(stack(section), live=facts)
    assert spec(made)["disableRedirect"] is True
    url = f"https://{SERVICES[provider]}.openshift-storage.svc"
    assert spec(made)["storage"]["s3"]["regionEndpoint"] == url
    assert made.one("ConfigMap").inputs["data"] == {"ca-bundle.crt": "-----SERVICE-----\n"}


def test_over_plain_http_nobody_has_to_be_trusted(declare: Declare) -> None:
    section = {**NOOBAA, "endpoint": {"service": {"scheme": "http"}}}
    made = declare(stack(section), live=live(section))
    assert kinds(made) == ["Secret"]
    found = spec(made)["storage"]["s3"]
    assert found["regionEndpoint"].startswith("http://s3.") and "trustedCA" not in found


USED = {
    "kind": "objectBucketClaim",
    "provider": "rgw",
    "claim": {"use": {"name": "theirs", "namespace": "openshift-storage"}},
    "trustedCA": {"use": {"name": "their-cas"}},
}


def test_what_is_used_is_read_and_not_declared(declare: Declare, given: Given) -> None:
    made = declare(stack(USED), live=live(USED))
    assert kinds(made) == ["Secret"]
    assert not [each for each in made.made if each.typ.endswith(":ObjectBucketClaim")][1:]
    found = spec(made)["storage"]["s3"]
    assert (found["bucket"], found["trustedCA"]) == ("bucket-1f2e", {"name": "their-cas"})
    assert given == [("openshift-storage", "theirs")]


def test_all_of_it_stays_with_the_registry(
    declare: Declare, options: dict[str, ResourceOptions]
) -> None:
    """The claim's bucket, with every image, would go with it."""
    declare(stack(NOOBAA), live=live(NOOBAA))
    assert set(options) == {"image-registry-storage", SECRET_NAME, BUNDLE}
    for name, each in options.items():
        assert each.retain_on_delete and not each.import_ and not each.ignore_changes
        assert bool(each.protect) == (name == "image-registry-storage")
        hidden = {"data", "metadata"} if name == SECRET_NAME else set()
        assert set(each.additional_secret_outputs or ()) == hidden


def test_a_secret_that_exists_is_taken_over(
    declare: Declare, options: dict[str, ResourceOptions]
) -> None:
    theirs = SecretFacts({"team": "one"}, ("made-by",), "Opaque", ("OLD",), None)
    section = {**NOOBAA, "adoptSecret": True}
    declare(stack(section), live=live(section, secrets={SECRET_NAME: theirs}))
    assert options[SECRET_NAME].import_ == f"openshift-image-registry/{SECRET_NAME}"
    assert 'metadata.labels["team"]' in options[SECRET_NAME].ignore_changes


def test_it_is_there_before_the_patch_and_looked_for_after_the_run(
    declare: Declare, order: Order
) -> None:
    declare(stack(NOOBAA), live=live(NOOBAA))
    kinds = ["ObjectBucketClaim", "Secret", "ConfigMap"]
    assert [each.kind for each in order.before] == kinds
    assert [each.kind for each in order.after] == kinds


def test_it_is_registered_as_the_sdk_registers_it(declare: Declare) -> None:
    ours = declare(stack(NOOBAA), live=live(NOOBAA)).one(KIND)

    def by_the_sdk() -> None:
        from pulumi_kubernetes.apiextensions import CustomResource

        CustomResource(
            ours.name,
            api_version="objectbucket.io/v1alpha1",
            kind="ObjectBucketClaim",
            metadata=ours.inputs["metadata"],
            spec=ours.inputs["spec"],
        )

    theirs = declare(program=by_the_sdk).one(KIND)
    assert (theirs.typ, theirs.inputs) == (ours.typ, ours.inputs)


def test_keys_are_secret_from_the_moment_they_are_read(declare: Declare) -> None:
    """And not only once they are in the secret."""
    seen: list[bool] = []

    def program() -> None:
        settings = validate(stack(NOOBAA), stack="test").storage
        bucket = claimed_bucket.claimed_bucket(settings, ACCESS, live(NOOBAA), None)

        async def look() -> None:
            for each in bucket:
                seen.append(await each.is_secret())

        pulumi.Output.from_input(look())

    declare(program=program)
    assert seen == [False, True, True]


PREVIEW = pytest.mark.parametrize("declare", [True], indirect=True, ids=["preview"])
UPDATE = pytest.mark.parametrize("declare", [False], indirect=True, ids=["update"])


@UPDATE
def test_a_claim_is_read_once_it_is_made(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    recorder = type(declare(stack(NOOBAA), live=live(NOOBAA)))
    register = recorder.new_resource

    def slowly(self: Recorder, args: Any) -> Any:
        if args.typ.endswith(KIND):
            time.sleep(0.3)
            events.append("made")
        return register(self, args)

    def read(*told: Any) -> GivenBucket:
        events.append("read")
        return GIVEN

    monkeypatch.setattr(recorder, "new_resource", slowly)
    monkeypatch.setattr(claimed_bucket, "given_bucket", read)
    declare(stack(NOOBAA), live=live(NOOBAA))
    assert events == ["made", "read"]


# What a preview does not know.

UNBOUND = {
    "no claim": {"bucket_claims": {"registry": None}},
    "a claim without a bucket": {},
    "a claim that could not be read": {"bucket_claims": {}},
}
"""Of a cluster where the rest is there."""


@PREVIEW
@pytest.mark.parametrize("facts", UNBOUND.values(), ids=UNBOUND)
def test_a_bucket_that_is_not_there_is_unknown_and_not_asked_for(
    declare: Declare, given: Given, facts: dict[str, Any]
) -> None:
    made = declare(stack(CLAIM), live=live(CLAIM, bound=False, **facts))
    found = spec(made)["storage"]["s3"]
    assert is_unknown(found["bucket"])
    assert found["regionEndpoint"] == f"https://{HOST}"
    data = named(made, SECRET_NAME)["data"]
    assert data[SECRET] and data["value"].keys() == KEYS.keys()
    assert all(map(is_unknown, data["value"].values()))
    assert given == []


@PREVIEW
@pytest.mark.parametrize("section", [CLAIM, USED], ids=["create", "use"])
def test_without_a_cluster_all_of_it_is_unknown(
    declare: Declare, given: Given, section: dict[str, Any]
) -> None:
    made = declare(stack(section), None)
    found = spec(made)["storage"]["s3"]
    assert is_unknown(found["bucket"]) and is_unknown(found["regionEndpoint"])
    assert found["region"] == "us-east-1" and found["encrypt"] is False
    if section is CLAIM:
        assert is_unknown(made.one("ConfigMap").inputs["data"]["ca-bundle.crt"])
    assert given == []


@PREVIEW
def test_what_a_preview_may_not_read_is_unknown(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claimed_bucket, "given_bucket", raising(NotRead("secrets/x: Forbidden")))
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warned.append)
    found = spec(declare(stack(CLAIM), live=live(CLAIM)))["storage"]["s3"]
    assert is_unknown(found["bucket"])
    assert set(warned) == {
        "not checked: what the bucket claim openshift-image-registry/registry was given could not "
        "be read: secrets/x: Forbidden"
    }


@UPDATE
@pytest.mark.parametrize(
    "facts", [{"endpoint_routes": {}}, {"authorities": {}}, {"authorities": {INGRESS: "x"}}]
)
def test_an_update_does_without_nothing(declare: Declare, facts: dict[str, Any]) -> None:
    """`up` has read all of it; if not, it stops here."""
    with pytest.raises(pulumi.RunError, match="nothing was written in its place"):
        declare(stack(CLAIM), live=live(CLAIM, **facts))


def test_a_word_that_stands_for_a_value_is_never_written(declare: Declare) -> None:
    backend = {"storage": {"s3": {"bucket": BUCKET_LATER, "region": "us-east-1"}}}

    def program() -> None:
        patch("x/v1", "Config", backend, "prod-1", ResourceOptions())

    with pytest.raises(pulumi.RunError, match=r"spec\.storage\.s3\.bucket is not known"):
        declare(program=program)


@UPDATE
def test_nothing_is_unknown_outside_previews(declare: Declare) -> None:
    with pytest.raises(pulumi.RunError):
        declare(program=lambda: unknown() and None)


# What goes wrong.


def raising(error: Exception) -> Any:
    def read(*told: Any) -> Any:
        raise error

    return read


MISSING = [
    ("wait_until_bound", NotGiven("after 180 seconds nobody has looked at it yet"), "nobody has"),
    ("given_bucket", NotGiven("the Secret a/b has no AWS_ACCESS_KEY_ID"), "no AWS_ACCESS_KEY_ID"),
]


@pytest.mark.parametrize(("step", "error", "says"), MISSING)
def test_what_a_claim_was_not_given(
    declare: Declare, monkeypatch: pytest.MonkeyPatch, step: str, error: Exception, says: str
) -> None:
    monkeypatch.setattr(claimed_bucket, step, raising(error))
    with pytest.raises(pulumi.RunError) as caught:
        declare(stack(CLAIM), live=live(CLAIM))
    told = str(caught.value)
    assert "the bucket claim openshift-image-registry/registry has no bucket to use" in told
    assert says in told and "`oc describe obc -n openshift-image-registry registry`" in told
    assert "(ceph.rook.io/bucket)" in told and "--refresh --run-program" in told


@UPDATE
@pytest.mark.parametrize("error", [NotRead("secrets/x: Forbidden"), Unreachable("x is away")])
def test_what_an_update_may_not_read(
    declare: Declare, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(claimed_bucket, "given_bucket", raising(error))
    with pytest.raises(pulumi.RunError, match=rf"could not be read: {error}\n.*permissions\.md"):
        declare(stack(CLAIM), live=live(CLAIM))
