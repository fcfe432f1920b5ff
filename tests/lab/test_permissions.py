"""The rules of docs/how-to/permissions.md are enough, and `up` needs no more."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.lab import Lab, say
from lab.paths import ROOT
from tests.certificates import CHAIN, HOST, LEAF
from tests.lab.planes import SharedLab
from tests.lab.project import Project, kubectl

pytestmark = pytest.mark.lab

NAMESPACE = "openshift-image-registry"
BUCKET = "openshift-registry-bucket"
S3 = "REGISTRY_STORAGE_S3"
SECRETS = {
    'exposure.routes[0].certificate.create["tls.key"]': LEAF.key,
    f"credentials.create.{S3}_ACCESSKEY": "AKIA0123",
    f"credentials.create.{S3}_SECRETKEY": "wJalrXUt",
}


@pytest.fixture
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """The project of the named stack, on a lab of this test's own."""
    lab = SharedLab(request.param, tmp_path / "lab")
    lab.start(say)
    try:
        yield Project(tmp_path / "project", lab)
    finally:
        lab.stop()


def test_the_documented_rules_suffice(project: Project, tmp_path: Path) -> None:
    live_with(project, tmp_path)


@pytest.mark.parametrize("own", ["lab-baremetal-pvc"], indirect=True)
def test_they_suffice_for_a_static_volume_and_trust(own: Project, tmp_path: Path) -> None:
    assert {"storage", "trust"} <= own.original().keys()
    live_with(own, tmp_path)


@pytest.mark.parametrize("own", ["lab-s3-endpoint"], indirect=True)
def test_they_suffice_for_a_bucket(own: Project, tmp_path: Path) -> None:
    roles = [each for each in documented() if "credentials" not in each["metadata"]["name"]]
    live_with(own, tmp_path, roles)


@pytest.mark.parametrize("own", ["lab-aws"], indirect=True)
def test_they_suffice_for_a_role(own: Project, tmp_path: Path) -> None:
    """On a cluster as installed for STS, with a bucket that exists."""
    issuer = json.dumps({"spec": {"serviceAccountIssuer": "https://oidc.example.com/lab"}})
    kubectl(own.lab, "patch", "authentication", "cluster", "--type=merge", "-p", issuer)
    secret = ("secret", "generic", "installer-cloud-credentials", "--from-literal=credentials=old")
    kubectl(own.lab, "-n", NAMESPACE, "create", *secret)
    sections = own.original()
    sections["storage"]["bucket"] = {"use": {"name": "images"}}
    role = {"roleARN": "arn:aws:iam::123456789012:role/lab"}
    sections["storage"]["credentials"] = {"sts": {"use": role}}
    own.write(sections)
    live_with(own, tmp_path, [*named("openshift-registry"), *named("openshift-registry-sts")])


@pytest.mark.parametrize("own", ["lab-rgw"], indirect=True)
def test_they_suffice_for_a_bucket_claim(own: Project, tmp_path: Path) -> None:
    """And those for a bucket that exists are not needed."""
    live_with(own, tmp_path, [*named("openshift-registry"), *named(f"{BUCKET}-claim")])


@pytest.mark.parametrize("own", ["lab-managed"], indirect=True)
def test_they_suffice_for_every_other_section(own: Project, tmp_path: Path) -> None:
    """Storage is left alone, in a bucket: that is where keys belong."""
    bucket = {"managementState": "Unmanaged", "pvc": None, "s3": {"bucket": "b", "region": "r"}}
    kind = "configs.imageregistry.operator.openshift.io"
    patch = json.dumps({"spec": {"storage": bucket}})
    kubectl(own.lab, "patch", kind, "cluster", "--type=merge", "-p", patch)
    sections = every_other_section(own)
    own.write(sections)
    for path, text in SECRETS.items():
        arguments = ("--secret", "--path", f"openshift-registry:{path}", "--stack", own.stack)
        own.pulumi("config", "set", *arguments, "--", text).ok()
    environment = live_with(own, tmp_path)
    # A section that is left out is given up with the same rules.
    for name in ("trust", "exposure", "access", "pruning", "credentials"):
        del sections[name]
    own.write(sections)
    done(own, environment, "up", "--yes")
    done(own, environment, "preview", "--expect-no-changes")


def test_a_preview_names_what_it_may_not_read_and_up_refuses(
    project: Project, tmp_path: Path
) -> None:
    environment = {"KUBECONFIG": limited(project.lab, tmp_path, [])}
    ran = project.preview(environment=environment)
    assert "configs/cluster: Forbidden" in ran.output, ran
    ran = project.pulumi(
        "up", "--yes", "--skip-preview", "--stack", project.stack, environment=environment
    )
    assert ran.code != 0
    assert "can't be checked" in ran.output, ran


def every_other_section(project: Project) -> dict[str, Any]:
    """Of the checkout's stack file, with a name, a certificate, metrics and keys besides."""
    sections = project.original()
    sections["trust"]["additionalTrustedCA"]["create"].pop("name", None)
    secret = {"name": "public-route-tls", "tls.crt": CHAIN}
    route = {"name": "public", "hostname": HOST, "certificate": {"create": secret}}
    sections["exposure"] |= {"routes": [route], "externalRegistryHostnames": [HOST]}
    developers = [{"kind": "Group", "name": "developers"}]
    viewers = {"role": "registry-viewer", "clusterWide": True, "subjects": developers}
    sections["access"]["bindings"].append(viewers)
    sections["access"]["metrics"] = {"subjects": developers}
    sections["registry"] |= {
        "proxy": {"noProxy": ".svc,.cluster.local"},
        "nodeSelector": {"node-role.kubernetes.io/worker": ""},
    }
    sections["credentials"] = {"create": {}}
    return sections


def live_with(project: Project, folder: Path, roles: list[dict] | None = None) -> dict[str, str]:
    """All that a stack goes through, with the documented rules alone."""
    roles = there(project.lab, roles or documented())
    environment = {"KUBECONFIG": limited(project.lab, folder, roles)}
    for arguments in (
        ("preview",),
        ("up", "--yes"),
        ("preview", "--expect-no-changes"),
        ("refresh", "--yes", "--skip-preview"),
        ("destroy", "--exclude-protected", "--yes", "--skip-preview"),
        ("up", "--yes", "--skip-preview"),
    ):
        done(project, environment, *arguments)
    return environment


def done(project: Project, environment: dict[str, str], *arguments: str) -> None:
    ran = project.pulumi(*arguments, "--stack", project.stack, environment=environment)
    ran.ok(" ".join(arguments))
    assert "forbidden" not in ran.output.lower(), ran


def documented() -> list[dict]:
    text = (ROOT / "docs" / "how-to" / "permissions.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert blocks
    return [role for block in blocks for role in yaml.safe_load_all(block)]


def named(name: str) -> list[dict]:
    return [each for each in documented() if each["metadata"]["name"] == name]


def there(lab: Lab, roles: list[dict]) -> list[dict]:
    """Those of namespaces that the lab has."""
    found = kubectl(lab, "get", "namespaces", "-o", "name").split()
    spaces = {None, *(each.removeprefix("namespace/") for each in found)}
    return [each for each in roles if each["metadata"].get("namespace") in spaces]


def limited(lab: Lab, folder: Path, roles: list[dict]) -> str:
    """A kubeconfig of a service account with these roles and nothing else."""
    name = f"limited-{folder.name[-30:].replace('_', '-').lower()}".strip("-")
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
    wanted = [account, *roles, *(binding(role, name) for role in roles)]
    for each in wanted:
        each["metadata"].setdefault("namespace", NAMESPACE)
    every = {"apiVersion": "v1", "kind": "List", "items": wanted}
    kubectl(lab, "apply", "-f", "-", stdin=json.dumps(every))
    token = kubectl(lab, "-n", NAMESPACE, "create", "token", name).strip()
    content = yaml.safe_load(lab.kubeconfig.read_text())
    content["users"][0]["user"] = {"token": token}
    path = folder / "limited"
    path.write_text(yaml.safe_dump(content))
    return str(path)


def binding(role: dict, account: str) -> dict:
    place = {key: role["metadata"][key] for key in ("namespace",) if key in role["metadata"]}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": f"{role['kind']}Binding",
        "metadata": {"name": f"{account}-{role['metadata']['name']}", **place},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": role["kind"],
            "name": role["metadata"]["name"],
        },
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}],
    }
