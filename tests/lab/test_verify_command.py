"""`ocpreg verify` against a live cluster: the words and the exit code of each end."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from lightkube import Client

from lab.lab import Lab
from lab.paths import ROOT
from tests.lab.operator.live import patch, settled
from tests.lab.project import reset
from tests.quick import quick

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
    patch(client, {"managementState": "Managed", "routes": None})
    settled(client, "Available", "True", "Ready")


def verify(lab: Lab, *arguments: str, wait: float = 30, **more: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "ocpreg", "verify", "--wait", str(wait), *arguments],
        env={**lab.environment(), **quick.environment, **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def checks(told: str) -> dict[str, Any]:
    return {each["name"]: each for each in json.loads(told)["checks"]}


def test_a_registry_that_is_well(lab: Lab, client: Client) -> None:
    code, said, _ = verify(lab, "lab-cinder")
    assert code == 0, said
    assert "the registry is well" in said and "fix:" not in said
    code, told, silent = verify(lab, "--json")
    assert (code, json.loads(told)["state"], silent) == (0, "ok", "")


def test_a_registry_that_is_removed(lab: Lab, client: Client) -> None:
    patch(client, {"managementState": "Removed"})
    settled(client, "Removed", "True", "Removed")
    code, said, _ = verify(lab, wait=2)
    assert code == 1
    assert "is Removed: there is no registry" in said and "managementState: Managed" in said
    code, said, _ = verify(lab, "lab-cinder", wait=2)
    assert code == 1
    assert "is Removed, and the stack file wants Managed" in said


def test_a_spec_that_the_operator_refuses(lab: Lab, client: Client) -> None:
    patch(client, {"routes": [{"name": "default-route", "hostname": "a.example.test"}]})
    settled(client, "Degraded", "True", "VerificationFailed")
    code, said, _ = verify(lab, wait=2)
    assert code == 1
    assert "the operator refuses the custom resource as it is written" in said
    assert "default-route" in said


def test_what_is_not_ready_in_time(lab: Lab, client: Client) -> None:
    patch(client, {"routes": [{"name": "own", "secretName": "missing"}]})
    settled(client, "Progressing", "True", "Error")
    code, told, err = verify(lab, "--json", wait=3)
    found = checks(told)["configs/cluster Progressing"]
    assert (code, found["state"]) == (3, "waiting")
    assert "can't do what is written" in found["says"] and '"missing" not found' in found["says"]
    assert "configs/cluster Progressing: True (Error)" in err


def test_an_operator_that_does_not_look(lab: Lab, client: Client) -> None:
    operator = next(each for each in lab._read().processes if each.name == "operator")
    os.kill(operator.pid, signal.SIGSTOP)
    try:
        patch(client, {"logLevel": "Debug"})
        code, told, _ = verify(lab, "--json", wait=2)
    finally:
        os.kill(operator.pid, signal.SIGCONT)
        patch(client, {"logLevel": "Normal"})
    found = checks(told)["generation"]
    assert (code, found["state"]) == (3, "waiting")
    assert "and not yet at" in found["says"]


def test_another_cluster_than_that_of_the_stack(lab: Lab) -> None:
    code, said, err = verify(lab, "lab-vsphere", wait=1)
    assert (code, said) == (2, "")
    assert "lab-cinder-" in err and "the stack file is for lab-vsphere-" in err


def test_a_cluster_that_does_not_answer(lab: Lab, tmp_path: Any) -> None:
    code, _, err = verify(lab, wait=1, KUBECONFIG=str(tmp_path / "none"))
    assert code == 2
    assert "there is no kubeconfig" in err
    text = lab.kubeconfig.read_text()
    server = next(line for line in text.splitlines() if "server:" in line)
    away = tmp_path / "kubeconfig"
    away.write_text(text.replace(server, "    server: https://127.0.0.1:1"))
    code, _, err = verify(lab, wait=1, KUBECONFIG=str(away))
    assert code == 2
    assert "https://127.0.0.1:1 can't be asked" in err
