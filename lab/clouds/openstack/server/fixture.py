"""`python -m lab.clouds.openstack.server.fixture FOLDER`: Keystone's database and keys, as a lab
begins with them. Made once, for it takes longer than a lab may."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from lab.clouds.openstack.names import (
    ADMIN,
    AUTH_URL,
    ENGINEER,
    MEMBER,
    NEIGHBOUR,
    OBJECTS,
    PROJECT,
    REGION,
    REGISTRY,
    SERVICE,
)
from lab.clouds.openstack.server import configuration


def main() -> None:
    folder = Path(sys.argv[1])
    file = configuration.write(folder)
    for name in configuration.KEYS:
        (folder / name).mkdir(mode=0o700)
    owner = ("--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid()))
    _manage(file, "db_sync")
    _manage(file, "fernet_setup", *owner)
    _manage(file, "credential_setup", *owner)
    password = ("--bootstrap-password", ADMIN.password)
    _manage(
        *(file, "bootstrap", *password, "--bootstrap-region-id", REGION),
        *("--bootstrap-public-url", AUTH_URL, "--bootstrap-internal-url", AUTH_URL),
    )
    _fill(folder)


def _manage(file: Path, *arguments: str) -> None:
    """The options come after the command: what is before it keystone-manage takes for its own."""
    command = [Path(sys.executable).with_name("keystone-manage"), "--config-file", file]
    subprocess.run([*command, *arguments], check=True)


def _fill(folder: Path) -> None:
    """Users, their projects, and where Swift is; asked of Keystone itself, without a server."""
    from werkzeug.test import Client

    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(folder)
    sys.argv = ["keystone"]
    from keystone.server.wsgi import initialize_public_application

    client = Client(initialize_public_application())
    headers: dict[str, str] = {}

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = client.open(f"/v3{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.status} {answer.text}"
        if "X-Subject-Token" in answer.headers:
            headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        return answer.json if answer.text else None

    ask("POST", "/auth/tokens", {"auth": _password(ADMIN.user, ADMIN.password)})
    roles = {each["name"]: each["id"] for each in ask("GET", "/roles")["roles"]}
    projects = {}
    for name in (PROJECT, NEIGHBOUR, "service"):
        made = ask("POST", "/projects", {"project": {"name": name, "domain_id": "default"}})
        projects[name] = made["project"]["id"]
    for login in (ENGINEER, REGISTRY, SERVICE):
        user = {"name": login.user, "password": login.password, "domain_id": "default"}
        identifier = ask("POST", "/users", {"user": user})["user"]["id"]
        role = roles["service" if login is SERVICE else MEMBER]
        for project in login.projects:
            ask("PUT", f"/projects/{projects[project]}/users/{identifier}/roles/{role}")
    service = {"name": "swift", "type": "object-store"}
    store = ask("POST", "/services", {"service": service})["service"]["id"]
    endpoint = {
        "service_id": store,
        "interface": "public",
        "region_id": REGION,
        "url": OBJECTS,
    }
    ask("POST", "/endpoints", {"endpoint": endpoint})


def _password(user: str, password: str) -> dict[str, Any]:
    named = {"name": user, "domain": {"id": "default"}, "password": password}
    return {
        "identity": {"methods": ["password"], "password": {"user": named}},
        "scope": {"project": {"name": user, "domain": {"id": "default"}}},
    }


if __name__ == "__main__":
    main()
