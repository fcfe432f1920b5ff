"""The rules of docs/how-to/permissions.md are enough, and `up` needs no more."""

import json
import re
from pathlib import Path

import pytest
import yaml

from lab.lab import Lab
from lab.paths import ROOT
from tests.lab.project import Project, kubectl

pytestmark = pytest.mark.lab

NAMESPACE = "openshift-image-registry"


def test_the_documented_rules_suffice(project: Project, tmp_path: Path) -> None:
    kubeconfig = limited(project.lab, tmp_path, documented())
    environment = {"KUBECONFIG": kubeconfig}
    for arguments in (
        ("preview",),
        ("up", "--yes"),
        ("preview", "--expect-no-changes"),
        ("refresh", "--yes"),
        ("destroy", "--exclude-protected", "--yes"),
        ("up", "--yes"),
    ):
        ran = project.pulumi(*arguments, "--stack", project.stack, environment=environment)
        ran.ok()
        assert "forbidden" not in ran.output, ran


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


def documented() -> list[dict]:
    text = (ROOT / "docs" / "how-to" / "permissions.md").read_text()
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    return list(yaml.safe_load_all(block.group(1)))


def limited(lab: Lab, folder: Path, roles: list[dict]) -> str:
    """A kubeconfig of a service account with these roles and nothing else."""
    name = f"limited-{folder.name[-30:].replace('_', '-').lower()}".rstrip("-")
    objects = [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}},
        *roles,
        *(binding(role, name) for role in roles),
    ]
    for each in objects:
        each["metadata"].setdefault("namespace", NAMESPACE)
        kubectl(lab, "apply", "-f", "-", stdin=json.dumps(each))
    token = kubectl(lab, "-n", NAMESPACE, "create", "token", name).strip()
    content = yaml.safe_load(lab.kubeconfig.read_text())
    content["users"][0]["user"] = {"token": token}
    path = folder / "limited"
    path.write_text(yaml.safe_dump(content))
    return str(path)


def binding(role: dict, account: str) -> dict:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": f"{role['kind']}Binding",
        "metadata": {"name": account},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": role["kind"],
            "name": role["metadata"]["name"],
        },
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}],
    }
