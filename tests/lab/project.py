"""A checkout's project with stack files of a test's own, on a lab."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from lightkube import ApiError

from lab import kinds
from lab.engine import Engine
from lab.lab import Lab, say
from lab.paths import ROOT
from lab.verify import healthy, settle
from settings.sections import PROJECT
from tests.quick import quick
from tests.warm.server import QUIET

if TYPE_CHECKING:
    from lightkube import Client

NAMESPACE = "openshift-image-registry"
MINE = f"{PROJECT}:"
PARTS = ("__main__.py", "settings", "cluster", "components", "policies")


@dataclass(frozen=True)
class Ran:
    """What a run of pulumi said."""

    code: int
    output: str

    def ok(self, when: str = "") -> "Ran":
        """Fails the test, with all that was said, unless it went well."""
        if self.code != 0:
            raise AssertionError(f"{when} exit code {self.code}\n{self.output}")
        return self

    def clean(self) -> "Ran":
        """Fails the test unless the policy pack has run and found nothing."""
        assert "✅ openshift-registry" in self.output, self.output
        assert "[mandatory]" not in self.output and "[advisory]" not in self.output, self.output
        return self

    def refused(self, *says: str) -> "Ran":
        """Fails the test unless it was refused in words that hold each of `says`."""
        missing = [text for text in says if text not in self.output]
        if self.code == 0 or missing or "Traceback" in self.output:
            raise AssertionError(f"missing {missing}, exit code {self.code}\n{self.output}")
        return self


def pulumi(directory: Path, environment: dict[str, str], *arguments: str) -> Ran:
    if "-v=9" in arguments:
        environment = {**environment}
        environment.pop(QUIET, None)
    done = subprocess.run(
        ["pulumi", "--non-interactive", *arguments],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return Ran(done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout))


class Copied(Engine):
    """An engine whose new stack is a copy of what it made for the first one with the same name and
    secrets: a state that holds nothing."""

    first: ClassVar[dict[str, dict[str, bytes]]] = {}

    def __init__(self, lab: Lab, root: Path, secrets: dict[str, str]) -> None:
        super().__init__(lab, root)
        self._alike = f"{lab.stack} {secrets}"

    def new_stack(self) -> None:
        state = self.lab.directory / "state"
        if self._alike not in self.first:
            super().new_stack()
            files = [each for each in state.rglob("*") if each.is_file()]
            self.first[self._alike] = {
                str(each.relative_to(state)): each.read_bytes()
                for each in files
                if each.name.startswith(("meta.yaml", f"{self.lab.stack}.json"))
            }
        for name, content in self.first[self._alike].items():
            (state / name).parent.mkdir(parents=True, exist_ok=True)
            (state / name).write_bytes(content)


class Project:
    """The program as it is in the checkout, with its own `stacks/` and the lab's environment."""

    def __init__(self, directory: Path, lab: Lab) -> None:
        self.directory = directory
        self.lab = lab
        (directory / "stacks").mkdir(parents=True, exist_ok=True)
        self.temporary = directory / "temporary"
        self.temporary.mkdir(exist_ok=True)
        for part in PARTS:
            (directory / part).symlink_to(ROOT / part)
        text = (ROOT / "Pulumi.yaml").read_text()
        text = text.replace("virtualenv: .venv", f"virtualenv: {ROOT / '.venv'}")
        (directory / "Pulumi.yaml").write_text(text)
        self.stack = lab.stack
        text = (ROOT / "stacks" / f"Pulumi.{self.stack}.yaml").read_text()
        original = yaml.safe_load(text)
        self.config: dict[str, Any] = original["config"]
        # Values that are encrypted already can be read by what they were encrypted with alone.
        given = " secure: v1:" in text
        self.secrets = {"encryptionsalt": original["encryptionsalt"]} if given else quick.secrets
        self.write(self.original())
        self.engine = Copied(lab, directory, self.secrets)
        self.engine.environment |= {**quick.environment, "TMPDIR": str(self.temporary)}
        if given:
            del self.engine.environment["PULUMI_OPTION_SECRETS_PROVIDER"]
        self.engine.prepare(say)

    @property
    def file(self) -> Path:
        return self.directory / "stacks" / f"Pulumi.{self.stack}.yaml"

    def original(self) -> dict[str, Any]:
        """The sections of the checkout's own stack file, without the namespace."""
        return {
            key.removeprefix(MINE): copy.deepcopy(value)
            for key, value in self.config.items()
            if key.startswith(MINE)
        }

    def write(self, sections: dict[str, Any]) -> None:
        """Make `sections` the stack file, with the checkout's own of other namespaces."""
        self.file.write_text(self.text(sections))

    def text(self, sections: dict[str, Any]) -> str:
        """Of a stack file."""
        document = {
            **self.secrets,
            "config": {
                **{key: each for key, each in self.config.items() if not key.startswith(MINE)},
                **{f"{MINE}{key}": value for key, value in sections.items()},
            },
        }
        return yaml.safe_dump(document, sort_keys=False)

    def pulumi(self, *arguments: str, environment: dict[str, str] | None = None) -> Ran:
        return pulumi(
            self.directory, {**self.engine.environment, **(environment or {})}, *arguments
        )

    @property
    def unjudged(self) -> dict[str, str]:
        """Its environment without the policy pack."""
        own = self.engine.environment
        return {key: own[key] for key in own if "POLICY_PACK" not in key}

    def up(self, *arguments: str) -> Ran:
        return self.pulumi("up", "--yes", "--stack", self.stack, *arguments)

    def apply(self, when: str = "") -> Ran:
        """`up` for what comes of it: nothing is previewed before it, and no policy judges it."""
        arguments = ("up", "--yes", "--skip-preview", "--stack", self.stack)
        return pulumi(self.directory, self.unjudged, *arguments).ok(when)

    def unchanged(self, when: str = "") -> Ran:
        """A preview, which no policy judges: there must be nothing to do."""
        arguments = ("preview", "--expect-no-changes", "--stack", self.stack)
        return pulumi(self.directory, self.unjudged, *arguments).ok(when)

    def again(self, when: str = "") -> Ran:
        """An `up` that must find nothing to do, for tests that have a preview beside it."""
        return self.up("--skip-preview", "--expect-no-changes").ok(when)

    def preview(self, *arguments: str, environment: dict[str, str] | None = None) -> Ran:
        return self.pulumi("preview", "--stack", self.stack, *arguments, environment=environment)

    def down(self) -> Ran:
        return self.pulumi(
            "destroy", "--exclude-protected", "--yes", "--skip-preview", "--stack", self.stack
        )

    def refresh(self, *arguments: str) -> Ran:
        return self.pulumi("refresh", "--yes", "--skip-preview", "--stack", self.stack, *arguments)

    def drift(self) -> tuple[int, list[str]]:
        """What `ocpreg drift` says: its exit code, and each change: `TYPE PATH` or `TYPE gone`."""
        own = self.engine.environment.items()
        done = subprocess.run(
            [sys.executable, "-m", "fleet", "drift", "--stack", self.stack, "--json"],
            cwd=self.directory,
            env={
                "PYTHONPATH": str(ROOT),
                **{key: each for key, each in own if not key.startswith("PULUMI_OPTION")},
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        (stack,) = json.loads(done.stdout)["stacks"]
        assert stack["errors"] == [], stack
        found = []
        for each in stack["drift"]:
            kind = each["type"].rpartition(":")[2]
            found += [f"{kind} {one['path']}" for one in each["differences"]] or [f"{kind} gone"]
        return done.returncode, found

    def state(self) -> dict[str, Any]:
        return json.loads(self.pulumi("stack", "export", "--stack", self.stack).output)

    def raw_state(self) -> str:
        """Every byte the backend keeps, and the Pulumi home's own files."""
        texts = [
            path.read_text(errors="replace")
            for path in sorted((self.lab.directory / "state").rglob("*"))
            if path.is_file()
        ]
        return "\n".join(texts)

    def forget(self) -> None:
        """Throw the stack's state away, as if it had never been applied."""
        shutil.rmtree(self.lab.directory / "state")
        (self.lab.directory / "state").mkdir()
        self.engine.prepare(say)


fresh: dict[Lab, list[str]] = {}
"""What a lab had when it was last made fresh."""


def reset(lab: Lab) -> None:
    """Make the lab's registry what a fresh installation has, and forget the stack's state."""
    shutil.rmtree(lab.directory / "state", ignore_errors=True)
    (lab.directory / "state").mkdir()
    if fresh.get(lab) != versions(lab):
        make_fresh(lab)
        fresh[lab] = versions(lab)


def versions(lab: Lab) -> list[str]:
    """Of all that is made fresh: whoever writes any of it changes them."""
    found = [*client(lab).list(kinds.Config)]
    for kind in (kinds.Deployment, kinds.PersistentVolumeClaim):
        found += client(lab).list(kind, namespace=NAMESPACE)
    for kind in (kinds.PersistentVolume, kinds.StorageClass):
        found += client(lab).list(kind)
    return [each["metadata"]["resourceVersion"] for each in found]


def make_fresh(lab: Lab) -> None:
    delete(lab, kinds.Deployment)
    delete(lab, kinds.PersistentVolumeClaim)
    delete(lab, kinds.StorageClass, "custom-csi-storageclass", None)
    delete_volumes(lab)
    # Last: the operator makes a new one, and the platform's default claim with it.
    delete(lab, kinds.Config, "cluster", None)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = client(lab).list(kinds.PersistentVolumeClaim, namespace=NAMESPACE)
        claims = [each["metadata"]["name"] for each in found]
        if claims == ["image-registry-storage"] and storage(lab):
            conditions = settle(lab, lambda text: None)
            assert healthy(conditions), conditions
            return
        time.sleep(0.1)
    raise AssertionError(f"the lab did not come back to a fresh state: {claims}")


def take_away(lab: Lab) -> None:
    """The registry's deployment, its operator's configuration, the credentials beside it, and the
    stack's state, as if it had never been applied."""
    delete(lab, kinds.Deployment)
    delete(lab, kinds.Secret, "image-registry-private-configuration-user")
    delete(lab, kinds.Config, "cluster", None)
    shutil.rmtree(lab.directory / "state", ignore_errors=True)
    (lab.directory / "state").mkdir()


def until_storage(lab: Lab, fits: Callable[[dict[str, Any]], bool]) -> None:
    """Wait for the operator's new configuration with the storage of a fresh installation."""
    deadline = time.monotonic() + 30
    while not fits(storage(lab)):
        assert time.monotonic() < deadline, f"no new configuration is made: {storage(lab)}"
        time.sleep(0.1)


@cache
def client(lab: Lab) -> "Client":
    """For what is asked again and again: kubectl takes ten times as long."""
    return lab.client()


def config(lab: Lab) -> dict[str, Any]:
    """The live configs/cluster."""
    return get(lab, kinds.Config, "cluster")


def storage(lab: Lab) -> dict[str, Any]:
    """The live `spec.storage`; empty while there is no configs/cluster."""
    for each in client(lab).list(kinds.Config):
        return each["spec"].get("storage", {})
    return {}


def get(lab: Lab, kind: Any, name: str, namespace: str | None = None) -> dict[str, Any]:
    """A live object that has to be there."""
    where = {"namespace": namespace} if namespace else {}
    return dict(client(lab).get(kind, name, **where))


def delete(lab: Lab, kind: Any, name: str | None = None, namespace: str | None = NAMESPACE) -> None:
    """Delete what somebody may make anew at once, all of the namespace unless a name is given, and
    wait until it is gone.

    By uid: kubectl, which waits by name, can take the new one for the old one and wait for ever.
    """
    where = {"namespace": namespace} if namespace else {}

    def found() -> dict[str, str]:
        every = [each["metadata"] for each in client(lab).list(kind, **where)]
        return {each["uid"]: each["name"] for each in every if name in (None, each["name"])}

    old = found()
    for each in old.values():
        with suppress(ApiError):  # gone by itself
            client(lab).delete(kind, each, **where)
    deadline = time.monotonic() + 60
    while left := old.keys() & found().keys():
        assert time.monotonic() < deadline, f"{kind.__name__} is not gone: {left}"
        time.sleep(0.1)


def delete_volumes(lab: Lab) -> None:
    """All of them, without waiting: some wait for their claims."""
    for each in client(lab).list(kinds.PersistentVolume):
        with suppress(ApiError):  # gone with its claim
            client(lab).delete(kinds.PersistentVolume, each["metadata"]["name"])


def kubectl(lab: Lab, *arguments: str, check: bool = True, stdin: str | None = None) -> str:
    done = subprocess.run(
        ["kubectl", "--kubeconfig", str(lab.kubeconfig), *arguments],
        env={**os.environ, "PATH": lab.environment()["PATH"]},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0 or not check, done.stderr
    return done.stdout
