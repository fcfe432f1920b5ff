"""What a fresh OpenShift looks like, as data and on a real API server."""

import base64
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from lightkube.core.exceptions import ApiError

from lab import build, kinds
from lab.lab import Lab
from lab.openshift import PROFILES
from lab.openshift.crds import FILES, files, read
from lab.openshift.nodes import nodes
from lab.openshift.roles import cluster_roles
from lab.openshift.serving import Authorities
from lab.openshift.singletons import singletons

ZONE = "topology.kubernetes.io/zone"


@pytest.mark.parametrize("platform", PROFILES)
def test_every_profile_names_its_platform(platform: str) -> None:
    profile = PROFILES[platform]
    infrastructure = singletons(profile)[0]
    assert infrastructure["status"]["platformStatus"]["type"] == platform
    assert infrastructure["spec"]["platformSpec"]["type"] == platform
    assert infrastructure["status"]["infrastructureName"] == profile.infrastructure_name
    workers = nodes(profile)[3:]
    assert [each["metadata"]["labels"].get(ZONE) for each in workers] == list(profile.zones)


def test_at_most_one_class_is_the_default() -> None:
    annotation = "storageclass.kubernetes.io/is-default-class"
    for profile in PROFILES.values():
        defaults = [each["metadata"]["annotations"][annotation] for each in profile.storage_classes]
        assert defaults.count("true") == len(defaults[:1])


def test_only_a_platform_with_a_driver_of_its_own_comes_with_a_class() -> None:
    found = {
        name: [each["metadata"]["name"] for each in profile.storage_classes]
        for name, profile in PROFILES.items()
    }
    assert found == {
        "OpenStack": ["standard-csi"],
        "VSphere": ["thin-csi"],
        "AWS": ["gp3-csi", "gp2-csi"],
        "GCP": ["standard-csi", "ssd-csi"],
        "Azure": ["managed-csi", "azurefile-csi"],
        "BareMetal": [],
        "Nutanix": [],
        "None": [],
    }


def allowed(role: str, verb: str, group: str, resource: str) -> bool:
    (found,) = [each for each in cluster_roles() if each["metadata"]["name"] == role]
    return any(
        verb in rule["verbs"] and group in rule["apiGroups"] and resource in rule["resources"]
        for rule in found["rules"]
    )


@pytest.mark.parametrize(
    ("role", "pulls", "pushes", "deletes"),
    [
        ("registry-viewer", True, False, False),
        ("registry-editor", True, True, False),
        ("registry-admin", True, True, False),
        ("system:image-puller", True, False, False),
        ("system:image-builder", True, True, False),
        ("system:image-pruner", False, False, True),
        ("system:registry", True, False, False),
    ],
)
def test_what_the_registrys_roles_allow(
    role: str, pulls: bool, pushes: bool, deletes: bool
) -> None:
    image = "image.openshift.io"
    assert allowed(role, "get", image, "imagestreams/layers") is pulls
    assert allowed(role, "update", image, "imagestreams/layers") is pushes
    assert allowed(role, "delete", image, "images") is deletes
    grants = allowed(role, "create", "rbac.authorization.k8s.io", "rolebindings")
    assert grants is (role == "registry-admin")


@pytest.mark.parametrize("which", ["service", "ingress"])
def test_the_published_certificates_are_of_authorities(which: str) -> None:
    certificate = getattr(Authorities.make(), which).pem
    assert "PRIVATE KEY" not in certificate
    found = x509.load_pem_x509_certificate(certificate.encode())
    found.verify_directly_issued_by(found)
    assert found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert found.not_valid_before_utc < datetime.now(UTC) < found.not_valid_after_utc


def test_the_service_has_a_certificate_of_the_service_ca() -> None:
    authorities = Authorities.make()
    authority, secret = authorities.service.pem, authorities.registry_secret()
    data = {name: base64.b64decode(each) for name, each in secret["data"].items()}
    root = x509.load_pem_x509_certificate(authority.encode())
    leaf = x509.load_pem_x509_certificates(data["tls.crt"])[0]
    name = "image-registry.openshift-image-registry.svc"
    for host, good in ((name, True), (f"{name}.cluster.local", True), ("other.svc", False)):
        verifier = PolicyBuilder().store(Store([root])).build_server_verifier(x509.DNSName(host))
        with nullcontext() if good else pytest.raises(VerificationError):
            verifier.verify(leaf, [])
    assert data["tls.key"].startswith(b"-----BEGIN PRIVATE KEY-----")
    assert Authorities.make().service.pem != authority


def test_an_unknown_release_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'4\.1'; there is: 4\.15, current"):
        files(tmp_path, "4.1")


@pytest.mark.lab
@pytest.mark.parametrize("release", FILES)
def test_the_default_feature_set_of_each_release(release: str) -> None:
    """networkAccess is in both; chunkSizeMiB came after 4.15 (facts that settings rely on)."""
    found = {
        each["spec"]["names"]["kind"]: each for each in read(files(build.crds(release), release))
    }
    assert set(found) == {
        "Config",
        "ImagePruner",
        "Image",
        "Authentication",
        "Infrastructure",
        "Ingress",
        "Proxy",
        "ClusterVersion",
        "ClusterOperator",
        "Route",
    }
    schema = found["Config"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    storage = schema["properties"]["spec"]["properties"]["storage"]["properties"]
    assert "networkAccess" in storage["azure"]["properties"]
    assert ("chunkSizeMiB" in storage["s3"]["properties"]) == (release == "current")


@pytest.mark.lab
def test_a_fresh_cluster(lab: Lab) -> None:
    client = lab.client()
    infrastructure = client.get(kinds.Infrastructure, "cluster")
    assert infrastructure["status"]["platformStatus"]["type"] == "OpenStack"
    version = client.get(kinds.ClusterVersion, "version")["status"]
    assert version["history"][0]["state"] == "Completed"
    assert "ImageRegistry" in version["capabilities"]["enabledCapabilities"]
    assert client.get(kinds.ImagePruner, "cluster")["spec"]["keepTagRevisions"] == 3
    ingress = client.get(
        kinds.ConfigMap, "default-ingress-cert", namespace="openshift-config-managed"
    )
    found = x509.load_pem_x509_certificate(ingress["data"]["ca-bundle.crt"].encode())
    assert found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    registry = client.get(kinds.Namespace, "openshift-image-registry")
    assert "openshift.io/sa.scc.supplemental-groups" in registry["metadata"]["annotations"]
    assert client.get(kinds.Namespace, "openshift")
    present = {each["metadata"]["name"] for each in client.list(kinds.ClusterRole)}
    assert {each["metadata"]["name"] for each in cluster_roles()} <= present
    assert "prometheus-scraper" not in present
    masters = client.list(kinds.Node, labels={"node-role.kubernetes.io/master": ""})
    assert [each["spec"]["taints"] for each in masters] == [
        [{"key": "node-role.kubernetes.io/master", "effect": "NoSchedule"}]
    ] * 3
    workers = list(client.list(kinds.Node, labels={"node-role.kubernetes.io/worker": ""}))
    assert len(workers) == 3
    assert all("taints" not in each["spec"] for each in workers)


@pytest.mark.lab
def test_the_schema_of_the_release_is_enforced(lab: Lab) -> None:
    bad = {"metadata": {"name": "other"}, "spec": {"replicas": "two"}}
    with pytest.raises(ApiError, match="replicas"):
        lab.client().create(kinds.Config(bad))
