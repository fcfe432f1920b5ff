"""A merge and a night, step by step, on a lab's cluster."""

import json
import subprocess
from pathlib import Path

import pytest

from lab.lab import Lab
from tests.lab.project import Project, config, kubectl, reset
from tests.workflows.steps import Checkout

pytestmark = pytest.mark.lab

CONFIG = "configs.imageregistry.operator.openshift.io"


@pytest.fixture
def checkout(lab: Lab, tmp_path: Path) -> Checkout:
    reset(lab)
    project = Project(tmp_path / "project", lab)
    environment = {
        key: value
        for key, value in project.engine.environment.items()
        if not key.startswith(("PULUMI_OPTION", "PULUMI_STACK"))
    }
    found = Checkout(
        project.directory,
        {
            **environment,
            "STACK": project.stack,
            "ENVIRONMENT": project.original()["cluster"]["environment"],
        },
    )
    found.ok("policies")
    # The step that lists stacks leaves the lab's out.
    (project.directory / "stacks.txt").write_text(f"{project.stack}\n")
    return found


def drift(checkout: Checkout) -> tuple[int, str]:
    """Exit code, and the result that is kept."""
    done = checkout.step("drift")
    (stack,) = json.loads((checkout.directory / "drift.json").read_text())["stacks"]
    return done.returncode, stack["result"]


def test_up_verify_and_drift(checkout: Checkout, lab: Lab) -> None:
    assert "✅ openshift-registry" in checkout.ok("up")
    assert config(lab)["spec"]["storage"]["pvc"]["claim"] == "csi-pvc-imageregistry"
    assert "the registry is well" in checkout.ok("verify")
    assert "takes and gives images" in checkout.ok("smoke", OCPREG_SMOKE="true")
    assert drift(checkout) == (0, "same")
    patch = '{"spec": {"managementState": "Removed"}}'
    kubectl(lab, "patch", CONFIG, "cluster", "--type", "merge", "-p", patch)
    assert drift(checkout) == (4, "changes")
    done = checkout.step("verify")
    assert done.returncode == 1 and "is Removed" in done.stdout
    # Nor is a copy of the kubeconfig left by the runs of the engine.
    assert not [*(checkout.directory / "temporary").iterdir()]


def test_a_policy_that_is_violated_stops_up(checkout: Checkout, lab: Lab) -> None:
    file = checkout.directory / f"policies-{checkout.environment['ENVIRONMENT']}.json"
    policies = json.loads(file.read_text())
    size = policies["policies"]["claim-minimum-size"]
    size.update(enforcementLevel="mandatory", minimumGiB=100_000)
    file.write_text(json.dumps(policies))
    before = config(lab)["spec"]["storage"]
    done = checkout.step("up")
    assert done.returncode != 0 and "claim-minimum-size" in done.stdout, done.stdout
    assert config(lab)["spec"]["storage"] == before


def test_a_file_that_is_wrong_fails(checkout: Checkout) -> None:
    (file,) = (checkout.directory / "stacks").glob("Pulumi.*.yaml")
    file.write_text(file.read_text().replace("infrastructureName:", "infrastructureNam:"))
    done = checkout.step("up")
    assert done.returncode != 0 and "infrastructureNam" in done.stdout + done.stderr
    assert checkout.step("verify").returncode == 2
    assert checkout.step("drift").returncode == 1


def test_the_clusters_kubeconfig(checkout: Checkout, lab: Lab) -> None:
    """As a secret of the service, or of the stack's own file."""
    kubeconfig = lab.kubeconfig.read_text()
    nowhere = {"KUBECONFIG": str(checkout.directory / "none")}
    assert checkout.step("verify", **nowhere).returncode == 2
    assert "the registry is well" in checkout.ok("verify", **nowhere, KUBECONFIG_CONTENT=kubeconfig)
    path = ("--path", "openshift-registry:cluster.kubeconfig")
    stack = ("--stack", checkout.environment["STACK"])
    subprocess.run(
        ["pulumi", "config", "set", *stack, "--secret", *path],
        cwd=checkout.directory,
        env=checkout.environment,
        input=kubeconfig,
        text=True,
        check=True,
    )
    done = checkout.step("verify", **nowhere)
    assert done.returncode == 0 and "the registry is well" in done.stdout, done.stderr
    for line in (each.strip() for each in kubeconfig.splitlines()):
        assert "-data:" not in line or line.split()[-1] not in done.stdout + done.stderr
    # One that can't be opened is no reason to take another cluster's.
    failed = checkout.step("verify", VAULT_TOKEN="another")
    assert failed.returncode != 0 and "well" not in failed.stdout
