"""The clouds of one lab, or what of one runs on its cluster, and the way to them."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lab.clouds.moto import Moto
from lab.clouds.outside import CloudService, there, wanted
from lab.network.service import Network
from lab.process import Process
from lab.pulumi_home import has_plugin

if TYPE_CHECKING:
    from lab.clouds.aws.service import AwsService
    from lab.clouds.odf.service import StoreService
    from lab.clouds.openstack.service import OpenStackService
    from lab.described import Described
    from lab.openshift.serving import Authorities

HERE = "127.0.0.1,localhost,::1"
OF_THE_ENGINE = ".pulumi.com,.github.com,.githubusercontent.com"
"""Where an engine of the user's own gets its plugins."""


class Clouds:
    """Everything they keep is under `directory`; a folder there says that the lab has the cloud."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._waiting: list[tuple[str, CloudService | StoreService, tuple[Process, ...]]] = []

    def begin(
        self, facts: "Described", domain: str, authorities: "Authorities"
    ) -> Iterator[Process]:
        """Start what the stack file asks for, and wait for none of it. `domain`: the cluster's."""
        self._waiting = []
        for cloud in wanted(self.directory, facts):
            begun = cloud.begin()
            self._waiting.append((cloud.title, cloud, begun))
            yield from begun
            if cloud.authority is not None:
                self._trust(cloud.authority)
        if "odf" in facts.add_ons:
            from lab.openshift.object_stores import object_stores

            for store in object_stores(facts.platform):
                service = self._store(store.name, domain)
                process = service.begin(authorities)
                self._waiting.append((f"object store {process.name}", service, (process,)))
                yield process

    def ready(self) -> Iterator[str]:
        """Wait for one after the other; the name of each that answers."""
        for title, service, processes in self._waiting:
            service.ready(*processes)
            yield title

    def connect(self) -> Process | None:
        """Start the network that leads to them, if there are any."""
        outside: dict[str, str] = {}
        inside: dict[str, str] = {}
        for cloud in self.outside:
            outside |= cloud.routes
        for each in self.stores.values():
            outside, inside = outside | each.outside, inside | each.inside
        if not outside:
            return None
        return Network.start(self.directory / "network", outside, inside)

    @property
    def outside(self) -> list[CloudService]:
        """The clouds that it has, once they answer."""
        return there(self.directory)

    @property
    def aws(self) -> "AwsService | None":
        """The lab's AWS, if it has one."""
        from lab.clouds.aws.service import AwsService

        return AwsService.at(self.directory / "aws")

    @property
    def openstack(self) -> "OpenStackService | None":
        """The lab's OpenStack, if it has one."""
        from lab.clouds.openstack.service import OpenStackService

        return OpenStackService.at(self.directory / "openstack")

    @property
    def stores(self) -> "dict[str, StoreService]":
        """The object stores on its cluster: provisioner -> store."""
        folder = self.directory / "odf"
        if not folder.is_dir():
            return {}
        found = {}
        for each in sorted(folder.iterdir()):
            service = self._store(each.name, Moto(each).notes()["domain"])
            found[service.store.provisioner] = service
        return found

    @property
    def network(self) -> Network | None:
        return Network.at(self.directory / "network")

    @property
    def authorities(self) -> Path | None:
        """A folder of CAs that every system of the lab trusts, as it does those of the web."""
        folder = self.directory / "authorities"
        return folder if folder.is_dir() else None

    @property
    def authorities_file(self) -> Path:
        """The same in one file, with those of this system that are in no folder."""
        return self.directory / "authorities.pem"

    def path(self) -> list[str]:
        """Folders for PATH: the stand-ins for the plugins of the clouds that are there."""
        return [str(each) for cloud in self.outside for each in cloud.path]

    def environment(self) -> dict[str, str]:
        """What `pulumi` and `ocpreg` need to reach them; nothing that a registry should get."""
        network = self.network
        found: dict[str, str] = {}
        for cloud in self.outside:
            found |= cloud.environment()
        if self.authorities is not None:
            found["SSL_CERT_FILE"] = str(self.authorities_file)
        if network is not None:
            proxy = f"http://{network.outside}"
            direct = HERE if has_plugin() else f"{HERE},{OF_THE_ENGINE}"
            # In both spellings: of the user's own, the one in small letters would win.
            for name, value in (("HTTPS_PROXY", proxy), ("NO_PROXY", direct)):
                found |= {name: value, name.lower(): value}
        return found

    def _store(self, name: str, domain: str) -> "StoreService":
        from lab.clouds.odf.service import StoreService
        from lab.openshift.object_stores import CEPH, NOOBAA

        (store,) = [each for each in (CEPH, NOOBAA) if each.name == name]
        return StoreService(self.directory / "odf" / name, store, domain)

    def _trust(self, authority: Path) -> None:
        """As one of the system's CAs."""
        folder = self.directory / "authorities"
        folder.mkdir(exist_ok=True)
        (folder / f"{authority.parent.name}.pem").write_bytes(authority.read_bytes())
        self.authorities_file.write_bytes(_by_file() + b"\n" + authority.read_bytes())


def _by_file() -> bytes:
    """The CAs that this system has by a file only. Those of its folder are trusted besides; in the
    file each connection would read them, which takes longer than what it asks for."""
    paths = ssl.get_default_verify_paths()
    file = paths.cafile and Path(paths.cafile).resolve()
    if not file or (paths.capath and file.parent == Path(paths.capath).resolve()):
        return b""
    return file.read_bytes()
