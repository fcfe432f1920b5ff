"""AWS as a service of a lab: one process, started and stopped with it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.paths import ROOT
from lab.process import Process, free_port, start, wait_until

PYTHON = ROOT / ".venv" / "bin" / "python"
NOTES = "aws.json"
STAND_IN = ROOT / "lab" / "clouds" / "aws" / "bin"


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
        make_certificates(self.authority, server, "s3.localhost", "*.s3.localhost")
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

    def client(self, service: str) -> Any:
        """boto3's, of the administrator."""
        import boto3
        from botocore.config import Config

        identifier, secret = self.credentials
        return boto3.client(
            service,
            endpoint_url=self.https,
            region_name=self.region,
            aws_access_key_id=identifier,
            aws_secret_access_key=secret,
            verify=str(self.authority),
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def _notes(self) -> dict[str, str]:
        return json.loads((self.directory / NOTES).read_text())
