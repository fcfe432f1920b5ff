"""A control plane on loopback: etcd, kube-apiserver, kube-controller-manager.

The controllers that run are the ones whose behaviour decides what happens to
images: garbage collector, namespaces, and everything about volumes and claims.
There is no kubelet, no scheduler, and no controller of deployments or jobs.
"""

import base64
import secrets
import shutil
import ssl
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from lab.authority import Authority, private_key
from lab.process import Process, free_port, start, wait_until

if TYPE_CHECKING:
    from lightkube import Client

CONTROLLERS = (
    "garbage-collector-controller",
    "namespace-controller",
    "persistentvolume-binder-controller",
    "persistentvolumeclaim-protection-controller",
    "persistentvolume-protection-controller",
)


class ControlPlane:
    """One cluster in one folder. `start()` returns once it answers; `processes` are what to stop.

    `start_controllers()` is to follow once the CRDs are there: the garbage collector looks for
    new kinds every 30 seconds only, and nothing of a kind it doesn't know is ever quite deleted.

    `started` is told of each process at once, so that whoever dies in the middle has noted it.
    """

    environment: ClassVar = {"GOGC": "400"}
    """Memory for time: collecting garbage is a fifth of what the API server of a small cluster
    does."""

    def __init__(
        self, directory: Path, binary: Path, started: Callable[[Process], None] | None = None
    ) -> None:
        self.directory = directory
        self.binary = binary
        self._started = started or (lambda process: None)
        self.kubeconfig = directory / "kubeconfig"
        self.processes: list[Process] = []
        self.etcd = ""
        """Its URL, once it runs."""

    def start(self, seed: Path | None = None) -> None:
        """`seed`: what etcd begins with (lab/seed.py), instead of nothing."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.etcd = f"http://127.0.0.1:{free_port()}"
        peer = f"http://127.0.0.1:{free_port()}"
        data = self.directory / "etcd"
        if seed is not None:
            shutil.copytree(seed, data)
        self._run("etcd", ["--data-dir", data, "--listen", self.etcd, "--peer", peer])
        self._start_apiserver()

    def start_controllers(self) -> None:
        self._run(
            "controller-manager",
            [
                f"--kubeconfig={self.kubeconfig}",
                "--leader-elect=false",
                "--secure-port=0",
                f"--controllers={','.join(CONTROLLERS)}",
                # A claim that comes before its volume is looked at again after this long; 15 s
                # by default. Nobody should wait that long for a lab.
                "--pvclaimbinder-sync-period=1s",
            ],
        )

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()

    def _start_apiserver(self) -> None:
        authority = Authority("kube-apiserver")
        chain, own_key = authority.sign("localhost", addresses=["127.0.0.1"])
        key = self._secret("service-account.key", private_key())
        token = secrets.token_urlsafe(32)
        tokens = self._secret("tokens.csv", f"{token},lab-admin,lab-admin,system:masters\n")
        port = free_port()
        process = self._run(
            "apiserver",
            [
                f"--etcd-servers={self.etcd}",
                "--bind-address=127.0.0.1",
                f"--secure-port={port}",
                f"--tls-cert-file={self._secret('apiserver.crt', chain)}",
                f"--tls-private-key-file={self._secret('apiserver.key', own_key)}",
                f"--token-auth-file={tokens}",
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                f"--service-account-signing-key-file={key}",
                f"--service-account-key-file={key}",
                "--service-cluster-ip-range=10.96.0.0/16",
                # To keep all that is in etcd a second time is a quarter of what it does here.
                "--watch-cache=false",
                # No controller makes the default service accounts that it would wait for.
                "--disable-admission-plugins=ServiceAccount",
            ],
        )
        url, context = f"https://127.0.0.1:{port}", ssl.create_default_context(cadata=authority.pem)
        wait_until(
            lambda: _answers(url, context, token),
            "the API server answers",
            process,
            self._log("apiserver"),
            pause=0.2,  # each asks for a connection of its own
        )
        self._write_kubeconfig(url, authority.pem, token)

    def _secret(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def _log(self, role: str) -> Path:
        return self.directory / "logs" / f"{role}.log"

    def _run(self, role: str, flags: list[str | Path]) -> Process:
        process = start(role, [self.binary, role, *flags], self._log(role), self.environment)
        self.processes.append(process)
        self._started(process)
        return process

    def _write_kubeconfig(self, url: str, certificate: str, token: str) -> None:
        # Compressed, its answers take no less time here: each run of the engine asks for all of the
        # API's schema, and to compress that is a sixth of what the API server does.
        self._secret(
            self.kubeconfig.name,
            f"""apiVersion: v1
kind: Config
current-context: lab
contexts:
- name: lab
  context: {{cluster: lab, user: lab-admin}}
clusters:
- name: lab
  cluster:
    server: {url}
    disable-compression: true
    certificate-authority-data: {base64.b64encode(certificate.encode()).decode()}
users:
- name: lab-admin
  user: {{token: {token}}}
""",
        )


def client(kubeconfig: Path) -> "Client":
    """A lightkube client of the administrator."""
    from lightkube import Client, KubeConfig

    return Client(KubeConfig.from_file(kubeconfig), trust_env=False)


def _answers(url: str, context: ssl.SSLContext, token: str) -> bool:
    request = urllib.request.Request(f"{url}/readyz", headers={"Authorization": f"Bearer {token}"})
    try:
        # No proxy from the environment may come between the lab and its own loopback.
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        with opener.open(request, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False
