"""AWS as a service of a lab: one process, started and stopped with it."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lab.paths import ROOT
from lab.process import Process, free_port, start, wait_until

PYTHON = ROOT / ".venv" / "bin" / "python"
NOTES = "aws.json"
STAND_IN = ROOT / "lab" / "clouds" / "aws" / "bin"


def s3_names(region: str) -> tuple[str, ...]:
    """S3's hosts there; below each of them is one for every bucket (AWS General Reference)."""
    own = (f"s3.{region}.amazonaws.com", f"s3.dualstack.{region}.amazonaws.com")
    return ("s3.amazonaws.com", *own)


@dataclass(frozen=True)
class AwsService:
    """The AWS of one lab; everything it keeps is under `directory`."""

    directory: Path
    region: str

    @property
    def authority(self) -> Path:
        """What a client has to trust."""
        return self.directory / "ca.pem"

    @property
    def http(self) -> str:
        return self._notes()["http"]

    @property
    def https(self) -> str:
        return self._notes()["https"]

    @property
    def credentials(self) -> tuple[str, str]:
        """Access key and secret of the administrator."""
        return self._notes()["id"], self._notes()["secret"]

    @classmethod
    def at(cls, directory: Path) -> "AwsService | None":
        """The one that was started there; None if none was."""
        try:
            return cls(directory, json.loads((directory / NOTES).read_text())["region"])
        except (OSError, ValueError, LookupError):
            return None

    def start(self) -> Process:
        from lab.clouds.certificates import make_certificates

        self.directory.mkdir(parents=True, exist_ok=True)
        server, written = self.directory / "server.pem", self.directory / "credentials.json"
        names = ("s3.localhost", *s3_names(self.region))
        make_certificates(self.authority, server, *names, *(f"*.{each}" for each in names))
        http, https = free_port(), free_port()
        log = self.directory / "logs" / "aws.log"
        process = start(
            "aws",
            [
                *(PYTHON, "-m", "lab.clouds.aws.server", "--certificate", server),
                *("--credentials", written, "--http", str(http), "--https", str(https)),
            ],
            log,
            {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )
        wait_until(written.exists, "AWS answers", process, log)
        notes = json.loads(written.read_text())
        notes |= {"http": f"http://127.0.0.1:{http}", "https": f"https://127.0.0.1:{https}"}
        # Written last: whoever reads it finds a service that answers.
        (self.directory / NOTES).touch(mode=0o600)
        (self.directory / NOTES).write_text(json.dumps(notes | {"region": self.region}))
        return process

    @property
    def routes(self) -> dict[str, str]:
        """The names under which the world knows it, for the lab's network."""
        return {"*.amazonaws.com:443": urlsplit(self.https).netloc}

    def environment(self) -> dict[str, str]:
        """What the engine and its plugins need to reach this AWS and no other.

        For `pulumi` alone: a registry that is given AWS_CA_BUNDLE does not start.
        """
        identifier, secret = self.credentials
        return {
            "AWS_ENDPOINT_URL": self.https,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": identifier,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_CA_BUNDLE": str(self.authority),
            # Nothing of the user's own may be read instead, and nothing asked of the network.
            "AWS_CONFIG_FILE": str(self.directory / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.directory / "no-credentials"),
            "AWS_SESSION_TOKEN": "",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _notes(self) -> dict[str, str]:
        return json.loads((self.directory / NOTES).read_text())
