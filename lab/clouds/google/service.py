"""Google Cloud as a service of a lab: one process, started and stopped with it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.clouds.google import PROJECT
from lab.paths import ROOT
from lab.process import Process, free_port, wait_until
from lab.python import start_module

STAND_IN = ROOT / "lab" / "clouds" / "google" / "bin"
NAMES = ("*.googleapis.com", "localhost")
NOTES = "notes.json"


@dataclass(frozen=True)
class GoogleService:
    """The Google Cloud of one lab; everything it keeps is under `directory`."""

    directory: Path
    storage: Any = None
    """A stack file's section, of whatever shape it is: the buckets and keys it refers to are there
    before. Nobody but the one who starts it has to give it."""

    title = "Google Cloud"
    path = (STAND_IN,)

    @classmethod
    def at(cls, directory: Path) -> "GoogleService | None":
        """The one that was started there; None if none was."""
        return cls(directory) if (directory / NOTES).is_file() else None

    @property
    def authority(self) -> Path:
        """What a client has to trust."""
        return self.directory / "ca.pem"

    @property
    def https(self) -> str:
        return json.loads((self.directory / NOTES).read_text())["https"]

    @property
    def routes(self) -> dict[str, str]:
        return {"*.googleapis.com:443": self.https.removeprefix("https://")}

    def begin(self) -> tuple[Process, ...]:
        from lab.authority import Authority

        self.directory.mkdir(parents=True, exist_ok=True)
        server = self.directory / "server.pem"
        own = Authority("lab authority of Google Cloud")
        self.authority.write_text(own.pem)
        server.touch(mode=0o600)
        server.write_text("".join(own.sign(*NAMES, addresses=["127.0.0.1"])))
        port = free_port()
        (self.directory / "port").write_text(str(port))
        log = self.directory / "logs" / "google.log"
        arguments = ("--port", port, "--certificate", server, "--credentials", self._written)
        return (start_module(log, "lab.clouds.google.server", *arguments),)

    def ready(self, *processes: Process) -> None:
        """Until it answers; then it can be read about in the notes."""
        from lab.clouds.google.before import make

        (process,) = processes
        wait_until(self._written.exists, "Google Cloud answers", process, process.log)
        for project, keyfile in json.loads(self._written.read_text()).items():
            self.keyfile(project).touch(mode=0o600)
            self.keyfile(project).write_text(json.dumps(keyfile))
        port = (self.directory / "port").read_text()
        # Written last: whoever reads it finds a service that answers.
        (self.directory / NOTES).write_text(json.dumps({"https": f"https://127.0.0.1:{port}"}))
        make(self, self.storage)

    def start(self) -> Process:
        """Begin, and wait until it answers."""
        (process,) = self.begin()
        self.ready(process)
        return process

    def keyfile(self, project: str = PROJECT) -> Path:
        """Of the owner of the project."""
        return self.directory / f"{project}.json"

    def environment(self) -> dict[str, str]:
        """What the engine and its plugins need to reach this Google Cloud and no other. The
        endpoints are those that the real plugin takes too."""
        return {
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.keyfile()),
            "GOOGLE_STORAGE_CUSTOM_ENDPOINT": f"{self.https}/storage/v1/",
            "GOOGLE_IAM_CUSTOM_ENDPOINT": f"{self.https}/v1/",
            "GOOGLE_KMS_CUSTOM_ENDPOINT": f"{self.https}/v1/",
            "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT": f"{self.https}/v1/",
            # Nothing of the user's own may be read instead.
            "CLOUDSDK_CONFIG": str(self.directory / "no-config"),
            **dict.fromkeys(("GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"), ""),
        }

    def session(self, keyfile: dict[str, Any] | None = None) -> Any:
        """Requests with tokens of the administrator, or of whoever has this key file."""
        from lab.clouds.google.session import session

        given = keyfile or json.loads(self.keyfile().read_text())
        return session(given, self.https, str(self.authority))

    def client(self, keyfile: dict[str, Any] | None = None, project: str = PROJECT) -> Any:
        """google-cloud-storage's, of the same."""
        from google.auth.credentials import AnonymousCredentials
        from google.cloud.storage import Client

        return Client(
            project=project,
            # The session has its own; the client would look for some.
            credentials=AnonymousCredentials(),
            _http=self.session(keyfile),
            client_options={"api_endpoint": self.https},
        )

    @property
    def _written(self) -> Path:
        return self.directory / "credentials.json"
