"""Routes, image.config and trust."""

import pytest

from lab.operator import imageconfig
from lab.operator.certificates import certificates
from lab.operator.errors import SyncError
from lab.operator.judge import judge, remove
from tests.lab.operator.objects import claim, config_map, secret

OURS = {"imageregistry.openshift.io": "true"}


def live_route(name: str, host: str, annotations: dict | None = None) -> dict:
    return {
        "metadata": {"name": name, "annotations": OURS if annotations is None else annotations},
        "status": {"ingress": [{"host": host}]},
    }


def routes_of(verdict) -> dict[str, dict]:
    return {
        each["metadata"]["name"]: each["spec"]
        for each in verdict.objects
        if each["kind"] == "Route"
    }


def test_default_and_own_routes(make_config, make_world) -> None:
    chain = secret("tls", **{"tls.crt": "C", "tls.key": "K", "tls.cacrt": "A", "ca.crt": "X"})
    own = {"name": "public", "hostname": "registry.example.test", "secretName": "tls"}
    config = make_config(storage={"emptyDir": {}}, defaultRoute=True, routes=[own])
    routes = routes_of(judge(config, make_world(secrets=[chain])))
    target = {"kind": "Service", "name": "image-registry"}
    assert routes["default-route"] == {"to": target, "tls": {"termination": "reencrypt"}}
    assert routes["public"] == {
        "to": target,
        "host": "registry.example.test",
        "tls": {
            "termination": "reencrypt",
            "certificate": "C",
            "key": "K",
            "caCertificate": "A",
        },
    }


def test_a_missing_route_secret_stops_after_the_deployment(make_config, make_world) -> None:
    config = make_config(storage={"emptyDir": {}}, routes=[{"name": "a", "secretName": "gone"}])
    verdict = judge(config, make_world())
    assert 'secret "gone" not found' in str(verdict.error)
    assert any(each["kind"] == "Deployment" for each in verdict.objects)


def test_routes_of_ours_that_are_not_wanted_go_and_others_stay(make_config, make_world) -> None:
    live = [live_route("default-route", "d"), live_route("foreign", "f", annotations={})]
    verdict = judge(make_config(storage={"emptyDir": {}}), make_world(routes=live))
    assert [each["metadata"]["name"] for each in verdict.obsolete] == ["default-route"]


def test_removing_takes_everything_of_ours(make_config, make_world) -> None:
    world = make_world(
        claims=[claim("images", "ReadWriteOnce")],
        routes=[live_route("default-route", "d"), live_route("foreign", "f", annotations={})],
        deployment={"metadata": {"name": "image-registry"}},
        service={"metadata": {"name": "image-registry"}},
        secrets=[
            secret("image-registry-private-configuration"),
            secret("image-registry-private-configuration-user"),
        ],
    )
    verdict = remove(make_config(managementState="Removed", storage={}), world)
    assert [each["metadata"]["name"] for each in verdict.obsolete] == [
        "image-registry",
        "image-registry",
        "image-registry-private-configuration",
        "default-route",
    ]


def test_image_config_tells_where_the_registry_is(make_world) -> None:
    hosts = ["z.test", "default-route-openshift-image-registry.apps.test", "a.test"]
    live = [live_route(f"r{n}", host) for n, host in enumerate(hosts)]
    world = make_world(image_config={}, service={}, routes=live)
    wanted = {
        "internalRegistryHostname": "image-registry.openshift-image-registry.svc:5000",
        "externalRegistryHostnames": [hosts[1], "a.test", "z.test"],
    }
    assert imageconfig.status(world) == wanted
    same = make_world(image_config={"status": wanted}, service={}, routes=live)
    assert imageconfig.status(same) is None
    gone = make_world(image_config={"status": wanted})
    assert imageconfig.status(gone) == {}


def test_trust_is_the_sum_of_three(make_config, make_world) -> None:
    storage = {"s3": {"trustedCA": {"name": "store"}}}
    world = make_world(
        service={},
        config_maps=[config_map("serviceca", **{"service-ca.crt": "SERVICE"})],
        image_config={"spec": {"additionalTrustedCA": {"name": "more"}}},
        openshift_config=[
            config_map("more", **{"mirror.test..5000": "MIRROR"}),
            config_map("store", **{"ca-bundle.crt": "STORE"}),
        ],
    )
    host = "image-registry.openshift-image-registry"
    trusted = {
        f"{host}.svc..5000": "SERVICE",
        f"{host}.svc.cluster.local..5000": "SERVICE",
        "mirror.test..5000": "MIRROR",
    }
    made = certificates(make_config(storage=storage), world)
    assert made["data"] == {**trusted, "storage-ca-bundle.pem": "STORE"}
    removed = certificates(make_config(storage=storage, managementState="Removed"), world)
    assert removed["data"] == trusted


@pytest.mark.parametrize("name", ["image_config", "storage"])
def test_a_missing_trust_map_is_an_error(make_config, make_world, name) -> None:
    image = {"spec": {"additionalTrustedCA": {"name": "gone"}}} if name == "image_config" else {}
    storage = {"s3": {"trustedCA": {"name": "gone"}}} if name == "storage" else {}
    with pytest.raises(SyncError, match="gone"):
        certificates(make_config(storage=storage), make_world(image_config=image))
