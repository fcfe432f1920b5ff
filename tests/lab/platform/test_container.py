"""The registry's environment and its folders, as the process outside of a container gets them."""

import base64
from pathlib import Path
from typing import Any

import pytest

from lab.network.service import Network
from lab.platform.container import environment, not_run, variables
from lab.platform.disk import Disk, volume_folder
from lab.platform.kubelet import Surroundings


def encoded(**data: str) -> dict[str, Any]:
    return {"data": {key: base64.b64encode(each.encode()).decode() for key, each in data.items()}}


def test_a_secret_variable_is_read_from_its_secret() -> None:
    def secret(name: str, key: str) -> dict[str, Any]:
        reference = {"name": "configuration", "key": key}
        return {"name": name, "valueFrom": {"secretKeyRef": reference}}

    env = [{"name": "A", "value": "1"}, {"name": "B"}, secret("C", "c"), secret("D", "d")]
    pod = {"containers": [{"env": env}]}
    secrets = {"configuration": encoded(c="hidden")}
    assert variables(pod, secrets) == {"A": "1", "B": "", "C": "hidden"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"REGISTRY_STORAGE": "filesystem"}, ""),
        (
            {"REGISTRY_STORAGE": "s3", "REGISTRY_STORAGE_S3_REGIONENDPOINT": "http://127.0.0.1:9"},
            "",
        ),
        (
            {"REGISTRY_STORAGE": "s3", "REGISTRY_STORAGE_S3_REGION": "us-east-1"},
            "no registry on https://s3.us-east-1.amazonaws.com, which is beyond this machine",
        ),
        (
            {
                "REGISTRY_STORAGE": "s3",
                "REGISTRY_STORAGE_S3_REGIONENDPOINT": "https://s3.example.test",
            },
            "no registry on https://s3.example.test, which is beyond",
        ),
        ({"REGISTRY_STORAGE": "oss"}, "the lab has no oss to run a registry on"),
        ({"REGISTRY_STORAGE": "gcs"}, "no registry on https://www.googleapis.com, which is"),
        (
            {"REGISTRY_STORAGE": "azure", "REGISTRY_STORAGE_AZURE_ACCOUNTNAME": "images"},
            "no registry on https://images.blob.core.windows.net, which is beyond",
        ),
        (
            {"REGISTRY_STORAGE": "azure", "AZURE_FEDERATED_TOKEN_FILE": "/token"},
            "no tokens to act as an identity of Azure with",
        ),
        (
            {
                "REGISTRY_STORAGE": "swift",
                "REGISTRY_STORAGE_SWIFT_USERNAME": "registry",
                "REGISTRY_STORAGE_SWIFT_AUTHURL": "https://keystone.example.test/v3",
            },
            "no registry on https://keystone.example.test/v3, which is beyond",
        ),
        (
            {
                "REGISTRY_STORAGE": "swift",
                "REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALID": "0c1a",
                "REGISTRY_STORAGE_SWIFT_AUTHURL": "http://127.0.0.1:5000/v3",
            },
            "the driver of upstream's registry takes a user of Keystone alone",
        ),
    ],
)
def test_a_lab_stays_on_its_machine(given: dict[str, str], said: str) -> None:
    assert said in not_run(given)
    assert bool(said) == bool(not_run(given))


def test_swifts_driver_goes_by_a_proxy_of_its_own() -> None:
    network = Network(Path("none"), "127.0.0.1:4", "127.0.0.1:3", {})
    swift = {"REGISTRY_STORAGE": "swift"}
    assert environment(swift, {}, 5000, network)["HTTPS_PROXY"] == "http://127.0.0.1:3"
    own = {**swift, "HTTPS_PROXY": "http://proxy.example.test:3128"}
    assert environment(own, {}, 5000, network)["HTTPS_PROXY"] == own["HTTPS_PROXY"]
    assert "HTTPS_PROXY" not in environment({"REGISTRY_STORAGE": "s3"}, {}, 5000, network)


def test_a_labs_network_is_part_of_its_machine() -> None:
    routes = {"*.amazonaws.com:443": "127.0.0.1:1", "s3.storage.svc:80": "127.0.0.1:2"}
    network = Network(Path("none"), "127.0.0.1:4", "127.0.0.1:3", routes)
    s3 = {"REGISTRY_STORAGE": "s3", "REGISTRY_STORAGE_S3_REGION": "eu-west-1"}
    endpoint = "REGISTRY_STORAGE_S3_REGIONENDPOINT"
    assert not_run(s3, network) == ""
    assert not_run({**s3, endpoint: "http://s3.storage.svc"}, network) == ""
    assert not_run({**s3, endpoint: "http://s3.storage.svc:80"}, network) == ""
    for other in ("https://s3.storage.svc", "http://s3.storage.svc:8080", "https://s3.test"):
        assert f"no registry on {other}, which is beyond" in not_run({**s3, endpoint: other})
        assert f"no registry on {other}, which is beyond" in not_run(
            {**s3, endpoint: other}, network
        )
    given = environment(s3, {}, 1, network, Path("/lab/authorities"))
    assert given["OPENSHIFT_LAB_NETWORK"] == "127.0.0.1:3"
    assert given["SSL_CERT_DIR"] == "/lab/authorities:/etc/ssl/certs:/etc/pki/tls/certs"
    assert "OPENSHIFT_LAB_NETWORK" not in environment(s3, {}, 1)


def test_the_registry_on_azure_is_told_what_openshifts_takes_for_granted() -> None:
    given = environment({"REGISTRY_STORAGE": "azure"}, {}, 1)
    assert given["REGISTRY_STORAGE_AZURE_CREDENTIALS_TYPE"] == "shared_key"
    assert "OTEL_TRACES_EXPORTER" in given
    assert not {"OTEL_TRACES_EXPORTER"} & environment({"REGISTRY_STORAGE": "s3"}, {}, 1).keys()


def test_dual_stack_is_for_amazon_alone() -> None:
    given = {"REGISTRY_STORAGE_S3_USEDUALSTACK": "true"}
    assert environment(given, {}, 1)["AWS_USE_DUALSTACK_ENDPOINT"] == "true"
    given["REGISTRY_STORAGE_S3_REGIONENDPOINT"] = "https://s3.example.test"
    assert "AWS_USE_DUALSTACK_ENDPOINT" not in environment(given, {}, 1)


def test_paths_within_the_container_become_folders() -> None:
    mounts = {
        "/var/run/secrets": Path("/lab/other"),
        "/registry": Path("/lab/images"),
        "/var/run/secrets/cloud": Path("/lab/cloud"),
        "/etc/docker/cloudfront": Path("/lab/front"),
    }
    given = {
        "ROOT": "/registry",
        "REGISTRY_STORAGE_S3_CREDENTIALSCONFIGPATH": "/var/run/secrets/cloud/credentials",
        "FRONT": '[{"privatekey": "/etc/docker/cloudfront/private.pem"}]',
        "NOT_A_PATH": "https://example.test/registry",
        "ANOTHER": "/registry-2",
        "REGISTRY_HTTP_ADDR": ":5000",
    }
    assert environment(given, mounts, 4711) == {
        "ROOT": "/lab/images",
        "REGISTRY_STORAGE_S3_CREDENTIALSCONFIGPATH": "/lab/cloud/credentials",
        "AWS_SHARED_CREDENTIALS_FILE": "/lab/cloud/credentials",
        "FRONT": '[{"privatekey": "/lab/front/private.pem"}]',
        "NOT_A_PATH": "https://example.test/registry",
        "ANOTHER": "/registry-2",
        "REGISTRY_HTTP_ADDR": "127.0.0.1:4711",
    }


ANCHORS = "/etc/pki/ca-trust/source/anchors"


def test_the_storages_ca_is_trusted(tmp_path: Path) -> None:
    pod = {
        "containers": [
            {
                "volumeMounts": [
                    {"name": "extracted", "mountPath": "/etc/pki/ca-trust/extracted"},
                    {"name": "certificates", "mountPath": ANCHORS},
                    {"name": "trusted", "mountPath": "/usr/share/pki/ca-trust-source"},
                ]
            }
        ],
        "volumes": [
            {"name": "extracted", "emptyDir": {}},
            {"name": "certificates", "configMap": {"name": "certificates"}},
            {
                "name": "trusted",
                "configMap": {
                    "name": "maybe",
                    "items": [{"key": "ca", "path": "anchors/ca.crt"}],
                    "optional": True,
                },
            },
        ],
    }
    maps = {"certificates": {"data": {"storage-ca-bundle.pem": "ONE\n", "a..5000": "TWO"}}}
    mounts = Disk(tmp_path).mount("p", pod, Surroundings(config_maps=maps))
    found = environment({}, mounts, 1)
    assert Path(found["SSL_CERT_FILE"]).read_text() == "TWO\nONE\n"
    maps["maybe"] = {"data": {"ca": "THREE"}}
    mounts = Disk(tmp_path).mount("p", pod, Surroundings(config_maps=maps))
    found = environment({}, mounts, 1)
    assert Path(found["SSL_CERT_FILE"]).read_text() == "TWO\nONE\nTHREE\n"


def test_secrets_are_files_of_the_pod_and_go_with_it(tmp_path: Path) -> None:
    tls = {"projected": {"sources": [{"secret": {"name": "tls"}}, {"serviceAccountToken": {}}]}}
    pod = {
        "containers": [{"volumeMounts": [{"name": "tls", "mountPath": "/etc/secrets"}]}],
        "volumes": [{"name": "tls", **tls}],
    }
    disk = Disk(tmp_path)
    mounts = disk.mount("p", pod, Surroundings(secrets={"tls": encoded(**{"tls.key": "KEY"})}))
    assert (mounts["/etc/secrets"] / "tls.key").read_text() == "KEY"
    assert (tmp_path / "pods" / "p").stat().st_mode & 0o077 == 0
    disk.unmount("p")
    assert not list((tmp_path / "pods").iterdir())


def folder(volume: dict[str, Any], name: str = "v", claim: str = "images") -> str:
    claims = {claim: {"spec": {"volumeName": name}}}
    return volume_folder(claim, Surroundings(claims=claims, volumes={name: {"spec": volume}}))


def test_a_folder_belongs_to_what_the_volume_stands_for() -> None:
    nfs = {"nfs": {"server": "a", "path": "/x"}, "capacity": {"storage": "1Gi"}}
    grown = {**nfs, "capacity": {"storage": "2Gi"}, "claimRef": {"name": "images"}}
    assert folder(nfs) == folder(grown) == folder(nfs, name="w")
    assert folder(nfs) != folder({"nfs": {"server": "a", "path": "/y"}})
    csi = {"csi": {"driver": "d", "volumeHandle": "1", "volumeAttributes": {"a": "1"}}}
    assert folder(csi) == folder({"csi": {"driver": "d", "volumeHandle": "1"}})
    assert folder(csi) != folder({"csi": {"driver": "d", "volumeHandle": "2"}})
    assert folder(csi, claim="Im/../ages").startswith("-m----ages-")
