"""AWS as a service of a lab: one process, started and stopped with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lab.clouds.moto import Moto
from lab.paths import ROOT
from lab.process import Process

STAND_IN = ROOT / "lab" / "clouds" / "aws" / "bin"


def s3_names(region: str) -> tuple[str, ...]:
    """S3's hosts there; below each of them is one for every bucket (AWS General Reference)."""
    own = (f"s3.{region}.amazonaws.com", f"s3.dualstack.{region}.amazonaws.com")
    return ("s3.amazonaws.com", *own)


@dataclass(frozen=True)
class AwsService(Moto):
    """The AWS of one lab."""

    region: str
    storage: Any = None
    """A stack file's section, of whatever shape it is: the buckets it refers to are there before.
    Nobody but the one who starts it has to give it."""

    title = "AWS"
    path = (STAND_IN,)

    @property
    def authority(self) -> Path:
        """What a client has to trust."""
        return self.directory / "ca.pem"

    @property
    def https(self) -> str:
        return self.notes()["https"][0]

    @classmethod
    def at(cls, directory: Path) -> "AwsService | None":
        """The one that was started there; None if none was."""
        try:
            return cls(directory, Moto(directory).notes()["region"])
        except (OSError, ValueError, LookupError):
            return None

    def begin(self) -> tuple[Process, ...]:
        from lab.authority import Authority

        self.directory.mkdir(parents=True, exist_ok=True)
        server = self.directory / "server.pem"
        names = ("s3.localhost", *s3_names(self.region))
        own, wild = Authority("lab authority"), (f"*.{each}" for each in names)
        self.authority.write_text(own.pem)
        server.touch(mode=0o600)
        server.write_text("".join(own.sign("localhost", *names, *wild, addresses=["127.0.0.1"])))
        return (self.launch("aws", "aws", server),)

    def ready(self, *processes: Process) -> None:
        from lab.clouds.aws.before import make_buckets

        super().ready(*processes)
        make_buckets(self, self.storage)

    def start(self) -> Process:
        """Begin, and wait until it answers."""
        (process,) = self.begin()
        self.ready(process)
        return process

    def own_notes(self) -> dict[str, str]:
        return {"region": self.region}

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

    def client(
        self,
        service: str,
        key: tuple[str, str] | None = None,
        plain: bool = False,
        region: str | None = None,
    ) -> Any:
        """boto3's, of the administrator; or with another key, by plain http, elsewhere."""
        import boto3
        from botocore.config import Config

        identifier, secret = key or self.credentials
        return boto3.client(
            service,
            endpoint_url=self.http if plain else self.https,
            region_name=region or self.region,
            aws_access_key_id=identifier,
            aws_secret_access_key=secret,
            verify=str(self.authority),
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )
