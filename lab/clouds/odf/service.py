"""An object store of OpenShift Data Foundation as a service of a lab."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lab.clouds.moto import Moto
from lab.openshift.object_stores import NAMESPACE, ObjectStore
from lab.openshift.serving import Authorities
from lab.process import Process


@dataclass(frozen=True)
class StoreService(Moto):
    """One store of one lab. It has the certificates that the cluster's CAs give to its service
    and, as the router would show it, to the hosts of its routes."""

    store: ObjectStore
    domain: str
    """Of the cluster."""

    def begin(self, authorities: Authorities) -> Process:
        self.directory.mkdir(parents=True, exist_ok=True)
        own = self._pem("service", *authorities.of_service(self.store.service, NAMESPACE))
        routes = self._pem("routes", *authorities.ingress.sign(f"*.apps.{self.domain}"))
        return self.launch(self.store.name, "odf", own, routes)

    def own_notes(self) -> dict[str, str]:
        return {"domain": self.domain}

    @property
    def inside(self) -> dict[str, str]:
        """Its names within the cluster, for the lab's network."""
        http, https = urlsplit(self.http).netloc, urlsplit(self.notes()["https"][0]).netloc
        hosts = (self.store.host, f"{self.store.host}.cluster.local")
        return {
            f"{host}:{port}": to for host in hosts for port, to in (("80", http), ("443", https))
        }

    @property
    def outside(self) -> dict[str, str]:
        """The hosts of its routes."""
        address = urlsplit(self.notes()["https"][1]).netloc
        return {f"{host}:443": address for host in self.store.hosts(self.domain)}

    def _pem(self, name: str, chain: str, key: str) -> Path:
        path = self.directory / f"{name}.pem"
        path.touch(mode=0o600)
        path.write_text(chain + key)
        return path
