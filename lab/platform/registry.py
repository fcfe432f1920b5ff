"""The registry itself: one real process for all pods of the Deployment image-registry.

It gets the environment of the container and the folders of the pod's volumes. It is started
anew when the pod is another one, when it has died, and by nothing else.
"""

import base64
import hashlib
import json
import logging
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from lab.address import Address
from lab.clouds.lab import Clouds
from lab.kinds import Object
from lab.platform.container import STORAGE, environment, not_run, variables
from lab.platform.disk import Disk, volume_folder
from lab.platform.kubelet import Surroundings, blockers
from lab.pods import claims
from lab.process import Process, start

NAME = "image-registry"
PERIOD = 10.0
"""Seconds between two probes of a pod that is ready: the kubelet's default."""
RETRY = 2.0
"""Seconds until a registry that is not ready is looked at, or started, again."""
PATIENCE = 10.0
"""Seconds for it to answer at all."""


class Registry:
    """`keep` makes it what the Deployment wants; `due` is when to call it again."""

    def __init__(
        self,
        binary: Path,
        directory: Path,
        clouds: Clouds,
        log: logging.Logger,
        others: Mapping[str, Path] | None = None,
    ) -> None:
        """`others`: a kind of storage -> the binary that runs on it instead."""
        self._binary, self._others = binary, others or {}
        self._disk = Disk(directory)
        self._address = Address(directory)
        self._clouds = clouds
        self._output = directory / "registry.log"
        self._log = log
        self._port = 0
        self._pod: str | None = None
        self._process: Process | None = None
        self._scheme = "http"
        self._failed = ("", 0.0)
        self._told = ""
        self.due: float | None = None

    def keep(self, deployment: Object | None, around: Surroundings) -> str:
        """Why the pods of `deployment` are not ready, or "". None: there shall be no registry."""
        self.due = None
        wanted = deployment is not None and deployment["spec"].get("replicas", 1) > 0
        pod = deployment["spec"]["template"]["spec"] if deployment is not None and wanted else {}
        if not pod or blockers(pod, around):
            self.stop()
            return ""
        found = variables(pod, around.secrets)
        reason = not_run(found, self._clouds.network) or _takes_a_role(around)
        self._tell(f"{reason}: its pods count as running without one" if reason else "")
        if reason:
            self.stop()
            return ""
        problem = self._keep(_name(deployment, around), pod, found, around)
        self.due = RETRY if problem else PERIOD
        return problem

    def stop(self) -> None:
        """The pod is gone, and with it what it had for itself."""
        self._end()
        if self._pod is not None:
            self._disk.unmount(self._pod)
            self._log.info("registry: stopped, its pod is gone")
        self._pod = None

    def _keep(self, name: str, pod: Object, found: dict[str, str], around: Surroundings) -> str:
        if self._pod is not None and self._pod != name:
            self.stop()
        if self._process is None or not self._process.running():
            problem, since = self._failed
            if self._pod == name and problem and time.monotonic() - since < RETRY:
                return problem
            problem = self._start(name, pod, found, around)
            self._failed = (problem, time.monotonic())
            if problem:
                return problem
        return self._probe()

    def _start(self, name: str, pod: Object, found: dict[str, str], around: Surroundings) -> str:
        self._pod = name
        binary = self._others.get(found.get(STORAGE, ""), self._binary)
        if not binary.is_file():
            return f"there is no registry to run: {binary} is gone; `make lab-stop`, then anew"
        self._port = self._address.port or self._address.choose()
        mounts = self._disk.mount(name, pod, around)
        network, authorities = self._clouds.network, self._clouds.authorities
        given = environment(found, mounts, self._port, network, authorities)
        self._scheme = "https" if given.get("REGISTRY_HTTP_TLS_CERTIFICATE") else "http"
        self._output.touch()
        said = len(self._output.read_text(errors="replace"))
        self._process = start("registry", [binary], self._output, given)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.running():
            if self._ask("/healthz", seconds=1) == 200:
                self._log.info("registry: started, %s storage", found.get("REGISTRY_STORAGE"))
                return ""
            time.sleep(0.02)
        self._end()
        end = _last_words(self._output.read_text(errors="replace")[said:])
        if "address already in use" in end:
            self._address.choose()
        return f"the registry did not start; the end of {self._output}: {end}"

    def _probe(self) -> str:
        code = self._ask("/readyz")
        if code == 200:
            code = self._ask("/v2/")
        return "" if code in {200, 401} else f"the registry's readiness probe failed: {code}"

    def _ask(self, path: str, seconds: float = 5) -> int | str:
        """The status; as the kubelet, it looks at no certificate."""
        context = ssl._create_unverified_context()
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        try:
            url = f"{self._scheme}://127.0.0.1:{self._port}{path}"
            with opener.open(url, timeout=seconds) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            if error.code == 401:
                return 401
            said = error.read(300).decode(errors="replace")
            return f"{error.code} {' '.join(said.split())}"
        except OSError as error:
            return str(getattr(error, "reason", error))

    def _end(self) -> None:
        if self._process is not None:
            self._process.stop()
        self._process = None

    def _tell(self, text: str) -> None:
        if text and text != self._told:
            self._log.info("registry: %s", text)
        self._told = text


def _takes_a_role(around: Surroundings) -> str:
    """Nobody vouches for a lab's service accounts, so AWS would give their pods no role, and Google
    no account to act as."""
    data = around.secrets.get("image-registry-private-configuration", {}).get("data") or {}
    if b"role_arn" in base64.b64decode(data.get("credentials", "")):
        return "the lab has no tokens to take a role of AWS on with"
    if b"external_account" in base64.b64decode(data.get("REGISTRY_STORAGE_GCS_KEYFILE", "")):
        return "the lab has no tokens to act as a service account of Google Cloud with"
    return ""


def _last_words(said: str) -> str:
    """The last line; of a panic the first, for what follows is a stack."""
    lines = said.splitlines()
    return next((each for each in lines if each.startswith("panic: ")), (lines or [""])[-1])


def _name(deployment: Object, around: Surroundings) -> str:
    """Another template is another pod, and so is another volume behind the claim's name."""
    template = deployment["spec"]["template"]
    volumes = [volume_folder(each, around) for each in claims(template["spec"])]
    text = json.dumps([deployment["metadata"]["uid"], template, volumes], sort_keys=True)
    return f"{NAME}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
