"""Azure as a service of a lab: the blobs' server, and the store of what Resource Manager keeps."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.clouds.azure.accounts import Accounts
from lab.clouds.azure.names import CLIENT, SUBSCRIPTION, SUFFIXES, TENANT, blob_host
from lab.clouds.azure.store import Store
from lab.paths import ROOT
from lab.process import Process, free_port, listens, wait_until
from lab.python import start_module

STAND_IN = ROOT / "lab" / "clouds" / "azure" / "bin"
NOTES = "notes.json"
DIRECTORY = "OPENSHIFT_LAB_AZURE"
"""Tells the stand-in where its Azure is."""


@dataclass(frozen=True)
class AzureService:
    """The Azure of one lab. Everything it keeps is under `directory`."""

    directory: Path
    clouds_environment: str
    """Which cloud of Azure it plays, as Pulumi's provider calls it."""
    storage: Any = None
    """A stack file's section, of whatever shape it is: what it refers to is there before. Nobody
    but the one who starts it has to give it."""

    title = "Azure"
    path = (STAND_IN,)

    @classmethod
    def at(cls, directory: Path) -> "AzureService | None":
        """The one that was started there; None if none was."""
        try:
            return cls(directory, json.loads((directory / NOTES).read_text())["environment"])
        except (OSError, ValueError, LookupError):
            return None

    @property
    def authority(self) -> Path:
        """What a client has to trust."""
        return self.directory / "ca.pem"

    @property
    def store(self) -> Store:
        return Store(self.directory)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.directory)

    @property
    def port(self) -> int:
        return int((self.directory / "front.port").read_text())

    def begin(self) -> tuple[Process, ...]:
        from lab.authority import Authority
        from lab.azurite import azurite
        from lab.clouds.azure.before import account_names

        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "blobs").mkdir(exist_ok=True)
        installed = azurite(lambda said: None)
        server = self.directory / "server.pem"
        own = Authority("lab authority of Azure")
        self.authority.write_text(own.pem)
        server.touch(mode=0o600)
        names = [f"*.blob.{each}" for each in SUFFIXES.values()]
        server.write_text("".join(own.sign("localhost", *names, addresses=["127.0.0.1"])))
        self.accounts.add(account_names(self.storage))
        (self.directory / "front.port").write_text(str(free_port()))
        process = start_module(
            self.directory / "logs" / "azure.log",
            "lab.clouds.azure.server",
            *("--directory", self.directory, "--node", installed.node, "--main", installed.main),
            *("--port", self.port, "--certificate", server),
        )
        return (process,)

    def ready(self, *processes: Process) -> None:
        from lab.clouds.azure.before import make_what_is_there

        (process,) = processes
        wait_until(self._answers, "Azure's blobs answer", process, process.log)
        make_what_is_there(self, self.storage)
        # Written last: whoever reads it finds a service that answers.
        notes = {"environment": self.clouds_environment}
        (self.directory / NOTES).write_text(json.dumps(notes))

    def start(self) -> Process:
        """Begin, and wait until it answers."""
        (process,) = self.begin()
        self.ready(process)
        return process

    @property
    def routes(self) -> dict[str, str]:
        """The names under which the world knows it, for the lab's network."""
        suffix = SUFFIXES[self.clouds_environment]
        return {f"*.blob.{suffix}:443": f"127.0.0.1:{self.port}"}

    def environment(self) -> dict[str, str]:
        """What the engine's plugin needs to reach this Azure and no other."""
        return {
            DIRECTORY: str(self.directory),
            "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
            "ARM_TENANT_ID": TENANT,
            "ARM_CLIENT_ID": CLIENT,
            "ARM_CLIENT_SECRET": "of-the-lab",
            # Nothing of the user's own may be read instead.
            "AZURE_CONFIG_DIR": str(self.directory / "no-config"),
        }

    def blobs(self, account: str, key: str | None = None, manager: bool = False) -> Any:
        """azure-storage-blob's client of the account, with one of its keys; or with another. It
        gets there as a pod does, unless as Resource Manager, which no network rule stops."""
        from azure.storage.blob import BlobServiceClient

        key = key if key is not None else self.accounts.keys(account)[0]
        if manager:
            port = (self.directory / "blobs.port").read_text()
            url, trusted = f"https://127.0.0.1:{port}/{account}", str(self.authority)
            credential = {"account_name": account, "account_key": key}
            return BlobServiceClient(url, credential, connection_verify=trusted)
        host = blob_host(account, self.clouds_environment)

        def named(request: Any) -> None:
            request.http_request.headers["Host"] = host

        return BlobServiceClient(
            f"https://127.0.0.1:{self.port}",
            {"account_name": account, "account_key": key} if key else None,
            raw_request_hook=named,
            connection_verify=str(self.authority),
            retry_total=0,
        )

    def _answers(self) -> bool:
        if set(self.accounts.known) - set(self.accounts.served()):
            return False
        return listens(self.port)
