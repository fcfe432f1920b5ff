"""What storage in a bucket asks of the cluster, read from an API server over HTTP."""

from typing import Any

from cluster.read import read
from settings.authorities import INGRESS, SERVICE_CA
from settings.facts import BucketClaimFacts, LiveFacts, RouteFacts
from settings.questions import Questions
from tests.cluster.api import Api
from tests.cluster.test_read import access

CLAIM = {
    "metadata": {"name": "registry", "namespace": "openshift-storage", "labels": {"a": "b"}},
    "spec": {"storageClassName": "ocs-storagecluster-ceph-rgw", "bucketName": "registry-1f2e"},
    "status": {"phase": "Bound"},
}
ROUTE = {
    "metadata": {"name": "s3", "namespace": "openshift-storage"},
    "spec": {"host": "s3.apps.example.test", "tls": {"termination": "reencrypt"}},
}
ISSUER = {"metadata": {"name": "cluster"}, "spec": {"serviceAccountIssuer": "https://a.test"}}
CLAIM_PATH = (
    "/apis/objectbucket.io/v1alpha1/namespaces/openshift-storage/objectbucketclaims/registry"
)
ROUTE_PATH = "/apis/route.openshift.io/v1/namespaces/openshift-storage/routes/s3"
ISSUER_PATH = "/apis/config.openshift.io/v1/authentications/cluster"
SERVICE_CA_PATH = "/api/v1/namespaces/openshift-image-registry/configmaps/openshift-service-ca.crt"
INGRESS_PATH = "/api/v1/namespaces/openshift-config-managed/configmaps/default-ingress-cert"
ASKED = Questions(
    bucket_claim=("openshift-storage", "registry"),
    endpoint_route=("openshift-storage", "s3"),
    issuer=True,
    authorities=(SERVICE_CA, INGRESS),
)


def asked(server: str, questions: Questions = ASKED) -> LiveFacts:
    return read(access(server), questions)


def test_what_is_there(server: str) -> None:
    Api.objects = {CLAIM_PATH: CLAIM, ROUTE_PATH: ROUTE, ISSUER_PATH: ISSUER}
    found = asked(server)
    assert found.bucket_claims == {
        "registry": BucketClaimFacts(
            {"a": "b"},
            (),
            storage_class="ocs-storagecluster-ceph-rgw",
            bound=True,
            bucket="registry-1f2e",
        )
    }
    assert found.endpoint_routes == {
        "s3": RouteFacts("openshift-storage", "s3", "s3.apps.example.test", False, tls=True)
    }
    assert found.service_account_issuer == "https://a.test"


def test_what_is_half_there(server: str) -> None:
    bare = {"metadata": {**CLAIM["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    route = {"metadata": ROUTE["metadata"], "spec": {"host": "s3.apps.example.test"}}
    issuer = {"metadata": ISSUER["metadata"], "spec": {}}
    Api.objects = {CLAIM_PATH: bare, ROUTE_PATH: route, ISSUER_PATH: issuer}
    found = asked(server)
    live = found.bucket_claims["registry"]
    assert live is not None
    assert (live.bound, live.bucket, live.leaving) == (False, None, True)
    assert found.endpoint_routes["s3"] is not None and not found.endpoint_routes["s3"].tls
    assert found.service_account_issuer == ""


def test_what_is_not_there(server: str) -> None:
    found = asked(server)
    assert found.bucket_claims == {"registry": None}
    assert found.endpoint_routes == {"s3": None}
    assert found.service_account_issuer is None
    assert "authentications/cluster: there is none" in found.unread


def test_what_may_not_be_read(server: str) -> None:
    Api.forbidden = (CLAIM_PATH, ROUTE_PATH, ISSUER_PATH)
    found = asked(server)
    assert (found.bucket_claims, found.endpoint_routes) == ({}, {})
    assert found.service_account_issuer is None
    for what in ("objectbucketclaims/registry", "routes/s3", "authentications/cluster"):
        assert f"{what}: Forbidden" in found.unread


def test_what_is_not_asked_is_not_read(server: str) -> None:
    Api.forbidden = (CLAIM_PATH, ROUTE_PATH, ISSUER_PATH)
    found = asked(server, Questions())
    assert not any("Forbidden" in each for each in found.unread)


def published(path: str, key: str, text: str) -> dict[str, Any]:
    return {path: {"metadata": {"name": path.rsplit("/", 1)[-1]}, "data": {key: text}}}


def test_what_the_cluster_publishes(server: str) -> None:
    Api.objects = {
        **published(SERVICE_CA_PATH, "service-ca.crt", "SERVICE"),
        **published(INGRESS_PATH, "ca-bundle.crt", "ROUTER"),
    }
    assert asked(server).authorities == {SERVICE_CA: "SERVICE", INGRESS: "ROUTER"}


def test_what_the_cluster_does_not_publish(server: str) -> None:
    Api.objects = published(INGRESS_PATH, "tls.crt", "ROUTER")
    assert asked(server).authorities == {SERVICE_CA: None, INGRESS: None}
    Api.forbidden = (INGRESS_PATH,)
    found = asked(server)
    assert found.authorities == {SERVICE_CA: None}
    assert "configmaps/default-ingress-cert: Forbidden" in found.unread
