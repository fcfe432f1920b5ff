"""The registry's routes on a real API server: made, refused, renewed, removed."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from lightkube import Client
from lightkube.types import PatchType

from lab import kinds
from lab.kinds import Object
from lab.lab import Lab
from tests.certificates import CHAIN, HOST, LEAF, MIDDLE, OTHER, make
from tests.lab.operator.live import REGISTRY, patch, published, settled, wait
from tests.lab.operator.objects import condition
from tests.lab.project import reset

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module", autouse=True)
def as_found(lab: Lab) -> Iterator[None]:
    reset(lab)
    yield
    reset(lab)


@pytest.fixture
def client(lab: Lab) -> Iterator[Client]:
    client = lab.client()
    settled(client, "Available", "True", "Ready")
    yield client
    patch(client, {"routes": None, "defaultRoute": False})
    client.patch(
        kinds.Image,
        "cluster",
        {"spec": {"externalRegistryHostnames": None}},
        patch_type=PatchType.MERGE,
    )
    for kind, name, namespace in (
        (kinds.Secret, "public-tls", REGISTRY),
        (kinds.Route, "squatter", "openshift-config"),
    ):
        if name in {each["metadata"]["name"] for each in client.list(kind, namespace=namespace)}:
            client.delete(kind, name, namespace=namespace)
    wait(lambda: not routes(client), "no routes")
    settled(client, "Degraded", "False", "")


def routes(client: Client) -> dict[str, Object]:
    found = client.list(kinds.Route, namespace=REGISTRY)
    return {each["metadata"]["name"]: each["spec"] for each in found}


def secret(**data: str) -> Any:
    encoded = {
        key.replace("_", "."): base64.b64encode(value.encode()).decode()
        for key, value in data.items()
    }
    metadata = {"name": "public-tls", "namespace": REGISTRY}
    return kinds.Secret(metadata=metadata, type="Opaque", data=encoded)


PUBLIC = {"name": "public", "hostname": HOST, "secretName": "public-tls"}


def degraded(client: Client) -> str:
    return condition(settled(client, "Degraded", "True", "RouteDegraded"), "Degraded")[2]


def test_a_renewed_certificate_reaches_the_route(client: Client) -> None:
    client.create(secret(tls_crt=CHAIN, tls_key=LEAF.key, tls_cacrt=MIDDLE.pem, ca_crt="unread"))
    patch(client, {"routes": [PUBLIC]})
    made = wait(lambda: routes(client).get("public"), "the route")
    assert (made["host"], made["to"]["name"]) == (HOST, "image-registry")
    assert made["tls"] == {
        "termination": "reencrypt",
        "certificate": CHAIN,
        "key": LEAF.key,
        "caCertificate": MIDDLE.pem,
    }
    renewed = make("renewed", MIDDLE, dns=(HOST,))
    client.replace(secret(tls_crt=renewed.pem, tls_key=renewed.key))
    tls = {"termination": "reencrypt", "certificate": renewed.pem, "key": renewed.key}
    wait(lambda: routes(client)["public"]["tls"] == tls, "the route has the new certificate")
    settled(client, "Degraded", "False", "")


def test_a_key_of_another_certificate_is_degraded(client: Client) -> None:
    client.create(secret(tls_crt=CHAIN, tls_key=OTHER.key))
    patch(client, {"routes": [PUBLIC]})
    said = degraded(client)
    assert said.startswith(f"route public (host {HOST}, router default) not admitted: ")
    assert "private key does not match public key" in said
    client.replace(secret(tls_crt=CHAIN, tls_key=LEAF.key))
    settled(client, "Degraded", "False", "")


def test_a_host_that_somebody_has_is_degraded(client: Client) -> None:
    squatter = kinds.Route(
        metadata={"name": "squatter", "namespace": "openshift-config"},
        spec={"host": "taken.example.test", "to": {"kind": "Service", "name": "other"}},
    )
    client.create(squatter)
    # The oldest one has the host, and ages are in seconds.
    wait(lambda: admitted(client, "squatter", "openshift-config"), "the other route is admitted")
    patch(client, {"routes": [{"name": "wanted", "hostname": "taken.example.test"}]})
    assert degraded(client) == (
        "route wanted (host taken.example.test, router default) not admitted: a route in another "
        "namespace holds taken.example.test and is older than wanted"
    )
    published(client, "Degraded", "True", "RouteDegraded")
    client.delete(kinds.Route, "squatter", namespace="openshift-config")
    settled(client, "Degraded", "False", "")


def admitted(client: Client, name: str, namespace: str) -> bool:
    status = client.get(kinds.Route, name, namespace=namespace).get("status") or {}
    return any(
        condition({"status": each}, "Admitted")[0] == "True" for each in status.get("ingress", [])
    )


def test_routes_that_are_not_wanted_go(client: Client) -> None:
    own = [{"name": "one", "hostname": "one.example.test"}, {"name": "two"}]
    patch(client, {"defaultRoute": True, "routes": own})
    wait(lambda: set(routes(client)) == {"default-route", "one", "two"}, "three routes")
    patch(client, {"defaultRoute": False, "routes": own[:1]})
    wait(lambda: set(routes(client)) == {"one"}, "one route")


def test_a_secret_that_is_missing_stops_at_its_route(client: Client) -> None:
    patch(client, {"defaultRoute": True, "routes": [PUBLIC]})
    live = settled(client, "Progressing", "True", "Error")
    assert 'secret "public-tls" not found' in condition(live, "Progressing")[2]
    assert condition(live, "Available")[1] == "Ready"
    assert set(routes(client)) == {"default-route"}


def test_the_hosts_that_the_administrator_names_are_left_alone(client: Client) -> None:
    named = ["preferred.example.test", "second.example.test"]
    wish = {"spec": {"externalRegistryHostnames": named}}
    client.patch(kinds.Image, "cluster", wish, patch_type=PatchType.MERGE)
    patch(client, {"routes": [{"name": "public", "hostname": "second.example.test"}]})

    def told() -> bool:
        status = client.get(kinds.Image, "cluster")["status"]
        return status.get("externalRegistryHostnames") == ["second.example.test"]

    wait(told, "the route's host in the status")
    assert client.get(kinds.Image, "cluster")["spec"]["externalRegistryHostnames"] == named
