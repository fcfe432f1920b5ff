"""The registry that a stack configures, as who pushes to it meets it."""

import json
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from lab import kinds
from lab.lab import Lab, say
from lab.operator.conditions import complete
from lab.paths import ROOT
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.project import Project, client, config, get, kubectl, reset
from tests.quick import quick

pytestmark = pytest.mark.lab

NAMESPACE = "openshift-image-registry"
CONFIG = "configs.imageregistry.operator.openshift.io"
PATIENCE = 30


def smoke(
    lab: Lab,
    *arguments: str,
    forwarded: bool = True,
    without: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Exit code and output, in the shell that `make env` makes, changed as told."""
    dropped = {*without} if forwarded else {*without, "OCPREG_CONNECT"}
    own = {name: each for name, each in lab.environment().items() if name not in dropped}
    environment = {**own, **quick.environment, **(more or {})}
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "ocpreg", "smoke", "--size", "1", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def works(lab: Lab) -> None:
    code, said = smoke(lab)
    assert code == 0, said


def pushed(lab: Lab) -> str:
    """The tag of an image that is now in the registry."""
    code, said = smoke(lab, "--json", "--keep")
    assert code == 0, said
    return json.loads(said)["tag"]


def there(lab: Lab, tag: str) -> bool:
    """Asked with the certificate checked, and by something that knows nothing of ocpreg."""
    host, _, port = lab.environment()["OCPREG_CONNECT"].rpartition(":")
    name = f"image-registry.{NAMESPACE}.svc"
    published = get(lab, kinds.ConfigMap, "service-ca", "openshift-config-managed")
    context = ssl.create_default_context(cadata=published["data"]["ca-bundle.crt"])
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        connection = HTTPConnection(name, 5000)
        connection.sock = secured
        connection.request("GET", f"/v2/default/ocpreg-smoke/manifests/{tag}")
        status = connection.getresponse().status
    assert status in {200, 404}
    return status == 200


def patch(lab: Lab, spec: dict[str, Any], state: str = "Managed") -> None:
    kubectl(lab, "patch", CONFIG, "cluster", "--type=merge", "-p", json.dumps({"spec": spec}))
    conditions = settle(lab, say, state=state)
    assert healthy(conditions, state), conditions


def until(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@contextmanager
def rolled_out(lab: Lab) -> Iterator[None]:
    """When it ends, the registry is another one, of what was changed within it."""

    def look() -> Any:
        return client(lab).get(kinds.Deployment, "image-registry", namespace=NAMESPACE)

    def rolled() -> bool:
        now = look()
        return now["metadata"]["generation"] != old and complete(now)

    old = look()["metadata"]["generation"]
    yield
    until(rolled, "the registry is not another one")


def test_images_stay_on_their_claim(project: Project) -> None:
    """A switch moves none of them, and takes none away; neither does giving the stack up."""
    lab = project.lab
    old = pushed(lab)
    assert there(lab, old)
    project.apply()
    settle(lab, say)
    works(lab)
    assert not there(lab, old)
    new = pushed(lab)
    project.down().ok()
    settle(lab, say)
    works(lab)
    assert there(lab, new)
    patch(lab, {"storage": {"pvc": {"claim": "image-registry-storage"}}})
    assert there(lab, old) and not there(lab, new)
    patch(lab, {"storage": {"pvc": {"claim": "csi-pvc-imageregistry"}}})
    assert there(lab, new) and not there(lab, old)


def test_a_removed_registry(project: Project) -> None:
    lab = project.lab
    kept = pushed(lab)
    patch(lab, {"managementState": "Removed"}, "Removed")
    code, said = smoke(lab)
    assert code == 2
    assert "is Removed: nothing runs that could be asked" in said
    code, said = smoke(lab, f"https://image-registry.{NAMESPACE}.svc:5000")
    assert code == 1
    assert "can't be reached" in said and "refused" in said
    patch(lab, {"managementState": "Managed"})
    works(lab)
    assert there(lab, kept)


def test_from_outside_it_is_the_route_that_is_asked(project: Project) -> None:
    lab = project.lab
    code, said = smoke(lab, forwarded=False)
    assert code == 2
    assert "is not exposed" in said and "exposure.defaultRoute: true" in said
    patch(lab, {"defaultRoute": True})
    host = f"default-route-{NAMESPACE}.apps."
    until(lambda: host in smoke(lab, forwarded=False)[1], "the route's host is published")
    code, said = smoke(lab, forwarded=False)
    assert code == 1
    assert f"https://{host}" in said and "can't be reached" in said  # no DNS knows a lab
    works(lab)


def test_storage_that_fails_makes_the_operator_degraded(project: Project) -> None:
    lab = project.lab
    folder = images_of(lab)
    aside = folder.rename(folder.with_name("aside"))
    folder.symlink_to(folder)
    try:
        probe(lab)
        until(lambda: degraded(lab) == "True", "Degraded")
        deployment = kubectl(
            lab, "-n", NAMESPACE, "get", "deployment", "image-registry", "-o", "json"
        )
        assert "readyReplicas" not in json.loads(deployment)["status"]
        code, said = smoke(lab)
        assert code == 1, said
        assert "503" in said or "500" in said
    finally:
        folder.unlink()
        aside.rename(folder)
    probe(lab)
    until(lambda: degraded(lab) == "False", "no longer Degraded")
    until(lambda: smoke(lab)[0] == 0, "serves again")


def images_of(lab: Lab) -> Path:
    """The folder that the running registry has its images in."""
    return Path(registry_of(lab).environ()["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"])


def probe(lab: Lab) -> None:
    """Have the platform look now; by itself it does so every ten seconds, as a kubelet."""
    maps = ("-n", "openshift-config-managed", "annotate", "cm", "service-ca", "--overwrite")
    kubectl(lab, *maps, f"looked={time.monotonic()}")


def degraded(lab: Lab) -> str:
    conditions = config(lab)["status"]["conditions"]
    return next(each["status"] for each in conditions if each["type"] == "Degraded")


def test_a_registry_that_died_is_started_again(lab: Lab) -> None:
    reset(lab)
    tag = pushed(lab)
    log = lab.directory / "logs" / "platform.log"
    process = registry_of(lab)
    started = log.read_text().count("registry: started")
    process.kill()
    probe(lab)
    until(lambda: log.read_text().count("registry: started") > started, "started again")
    works(lab)
    assert there(lab, tag)


def registry_of(lab: Lab) -> Any:
    import psutil

    home = str(lab.directory / "registry")
    # Asked for what they are while it looks: those that end meanwhile are left out.
    (found,) = [
        each
        for each in psutil.process_iter(["name", "environ"])
        if each.info["name"].startswith("openshift-lab-r")
        and (each.info["environ"] or {}).get("HOME") == home
    ]
    return found


def test_it_ends_with_its_lab(fresh_lab: Lab) -> None:
    settle(fresh_lab, say)
    process = registry_of(fresh_lab)
    fresh_lab.stop()
    assert not process.is_running()


def test_an_empty_dir_goes_with_the_pod(lab_of: LabOf, tmp_path: Path) -> None:
    lab = lab_of("4.15", "lab-emptydir")
    project = Project(tmp_path / "project", lab)
    project.apply()
    settle(lab, say)
    works(lab)
    tag = pushed(lab)
    assert there(lab, tag)
    patch(lab, {"readOnly": True})
    assert not there(lab, tag)
    code, said = smoke(lab)
    assert code == 1
    assert "the registry only reads (405" in said
    patch(lab, {"readOnly": False})
    works(lab)
    project.down().ok()
    settle(lab, say)
    works(lab)
