"""The clouds of one lab: those that its stack file's platform asks for, and the way to them."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lab.clouds.aws.service import STAND_IN, AwsService
from lab.network.service import Network
from lab.process import Process
from lab.pulumi_home import has_plugin

if TYPE_CHECKING:
    from lab.described import Described

OF_THE_ENGINE = ".pulumi.com,.github.com,.githubusercontent.com"
"""Where an engine of the user's own gets its plugins."""


class Clouds:
    """Everything they keep is under `directory`; a folder there says that the lab has the cloud."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def start(self, facts: "Described") -> Iterator[tuple[str, Process]]:
        """Start them, one after the other, and at the end the network that leads to them."""
        if facts.platform != "AWS":
            return
        aws = AwsService(self.directory / "aws", facts.region)
        yield "AWS", aws.start()
        self._trust(aws.authority)
        yield "network", Network.start(self.directory / "network", aws.routes)

    @property
    def aws(self) -> AwsService | None:
        """The lab's AWS, if it has one."""
        return AwsService.at(self.directory / "aws")

    @property
    def network(self) -> Network | None:
        return Network.at(self.directory / "network")

    @property
    def authorities(self) -> Path | None:
        """A folder of CAs that every system of the lab trusts, as it does those of the web."""
        folder = self.directory / "authorities"
        return folder if folder.is_dir() else None

    def path(self) -> list[str]:
        """Folders for PATH: the stand-ins for the plugins of the clouds that are there."""
        return [str(STAND_IN)] if self.aws else []

    def environment(self) -> dict[str, str]:
        """What `pulumi` and `ocpreg` need to reach them; nothing that a registry should get."""
        aws, network = self.aws, self.network
        found = aws.environment() if aws else {}
        if network is not None:
            here = "127.0.0.1,localhost,::1"
            direct = here if has_plugin() else f"{here},{OF_THE_ENGINE}"
            found |= {"SSL_CERT_FILE": str(self._bundle)}
            # In both spellings: of the user's own, the one in small letters would win.
            for name, value in (("HTTPS_PROXY", f"http://{network.address}"), ("NO_PROXY", direct)):
                found |= {name: value, name.lower(): value}
        return found

    @property
    def _bundle(self) -> Path:
        return self.directory / "authorities.pem"

    def _trust(self, authority: Path) -> None:
        """As one of the system's CAs, and beside those that this system trusts by a file."""
        folder = self.directory / "authorities"
        folder.mkdir(exist_ok=True)
        (folder / f"{authority.parent.name}.pem").write_bytes(authority.read_bytes())
        system = ssl.get_default_verify_paths().cafile
        known = Path(system).read_bytes() if system else b""
        self._bundle.write_bytes(known + b"\n" + authority.read_bytes())
