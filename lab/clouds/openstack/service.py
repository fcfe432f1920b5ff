"""OpenStack as a service of a lab: Keystone and Swift, a process each."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lab.build import place_of
from lab.clouds.openstack import install
from lab.clouds.openstack.names import (
    AUTH_URL,
    DOMAIN,
    ENGINEER,
    KEYSTONE,
    PROJECT,
    REGION,
    SWIFT,
    Login,
)
from lab.parts import OPENSTACK_PLUGIN
from lab.paths import ROOT
from lab.process import Process, free_port, listens, start, wait_until

NOTES = "notes.json"
SERVER = "lab.clouds.openstack.server"


@dataclass(frozen=True)
class OpenStackService:
    """The OpenStack of one lab; everything it keeps is under `directory`."""

    directory: Path
    storage: Any = None
    """A stack file's section, of whatever shape it is: the container it refers to is there before.
    Nobody but the one who starts it has to give it."""

    title = "OpenStack"

    @property
    def path(self) -> tuple[Path, ...]:
        """With the real plugin, as the toolchain has built it."""
        return (place_of(OPENSTACK_PLUGIN),)

    @property
    def authority(self) -> Path:
        """What a client has to trust."""
        return self.directory / "ca.pem"

    @classmethod
    def at(cls, directory: Path) -> "OpenStackService | None":
        """The one that was started there; None if none was."""
        found = cls(directory)
        try:
            found.notes()
        except (OSError, ValueError):
            return None
        return found

    def begin(self) -> tuple[Process, ...]:
        from lab.authority import Authority

        keystone, swift = self.directory / "keystone", self.directory / "swift"
        there = install.place()
        shutil.copytree(there / install.FIXTURE, keystone)
        swift.mkdir()
        own, server = Authority("lab authority"), self.directory / "server.pem"
        self.authority.write_text(own.pem)
        server.touch(mode=0o600)
        names = [each.partition(":")[0] for each in (KEYSTONE, SWIFT)]
        server.write_text("".join(own.sign("localhost", *names, addresses=["127.0.0.1"])))
        ports = {each: free_port() for each in ("keystone", "keystoneTLS", "swift", "swiftTLS")}
        (self.directory / "ports.json").write_text(json.dumps(ports))
        mine, theirs = ([ports[f"{each}{tls}"] for tls in ("", "TLS")] for each in _PARTS)
        python = there / install.PYTHON
        return (
            self._start("keystone", python, "identity", keystone, *mine, server),
            self._start("swift", python, "objects", swift, mine[0], *theirs, server),
        )

    def ready(self, *processes: Process) -> None:
        from lab.clouds.openstack.before import make_container

        ports = json.loads((self.directory / "ports.json").read_text())
        for process in processes:
            port = ports[f"{process.name}TLS"]
            answers = partial(listens, port)
            wait_until(answers, f"{process.name} answers", process, process.log)
        # Written last: whoever reads it finds a service that answers.
        (self.directory / NOTES).write_text(json.dumps(ports))
        make_container(self, self.storage)

    def start(self) -> tuple[Process, ...]:
        """Begin, and wait until it answers."""
        processes = self.begin()
        self.ready(*processes)
        return processes

    def notes(self) -> dict[str, int]:
        """Raises OSError or ValueError if it was never ready."""
        return json.loads((self.directory / NOTES).read_text())

    @property
    def routes(self) -> dict[str, str]:
        """The names under which the world knows it, for the lab's network."""
        ports = self.notes()
        return {
            KEYSTONE: f"127.0.0.1:{ports['keystoneTLS']}",
            SWIFT: f"127.0.0.1:{ports['swiftTLS']}",
        }

    def environment(self) -> Mapping[str, str]:
        """What the engine's plugin needs to log in, as one who may use the project."""
        return {**_NOTHING_ELSE, **self.login(ENGINEER, PROJECT)}

    def login(self, who: Login, project: str) -> dict[str, str]:
        """As OpenStack's own clients spell it."""
        return {
            "OS_AUTH_URL": AUTH_URL,
            "OS_IDENTITY_API_VERSION": "3",
            "OS_USERNAME": who.user,
            "OS_PASSWORD": who.password,
            "OS_USER_DOMAIN_NAME": DOMAIN,
            "OS_PROJECT_NAME": project,
            "OS_PROJECT_DOMAIN_NAME": DOMAIN,
            "OS_REGION_NAME": REGION,
        }

    @property
    def keystone(self) -> str:
        """Keystone's API by plain HTTP, without the lab's network."""
        return f"http://127.0.0.1:{self.notes()['keystone']}/v3"

    @property
    def swift(self) -> str:
        """Swift's proxy, in the same way."""
        return f"http://127.0.0.1:{self.notes()['swift']}"

    def _start(self, name: str, python: Path, module: str, *arguments: Path | int) -> Process:
        return start(
            name,
            [python, "-m", f"{SERVER}.{module}", *map(str, arguments)],
            self.directory / "logs" / f"{name}.log",
            {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )


_PARTS = ("keystone", "swift")
_NOTHING_ELSE = dict.fromkeys(
    (
        *("OS_CLOUD", "OS_CLIENT_CONFIG_FILE", "OS_TOKEN", "OS_USER_ID", "OS_PROJECT_ID"),
        *("OS_TENANT_ID", "OS_TENANT_NAME", "OS_DOMAIN_ID", "OS_DOMAIN_NAME", "OS_DEFAULT_DOMAIN"),
        *("OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID", "OS_CACERT", "OS_INSECURE"),
        *("OS_CERT", "OS_KEY", "OS_ENDPOINT_TYPE", "OS_SYSTEM_SCOPE"),
        *("OS_APPLICATION_CREDENTIAL_ID", "OS_APPLICATION_CREDENTIAL_NAME"),
        *("OS_APPLICATION_CREDENTIAL_SECRET", "OS_AUTH_TYPE"),
    ),
    "",
)
"""Of the user's own may be nothing read instead."""
