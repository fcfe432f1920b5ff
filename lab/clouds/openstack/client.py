"""The lab's OpenStack as its own clients see it."""

from typing import TYPE_CHECKING, Any

from lab.clouds.openstack.names import DOMAIN, ENGINEER, PROJECT, REGION, Login

if TYPE_CHECKING:
    from swiftclient import Connection

    from lab.clouds.openstack.service import OpenStackService


def swift(
    service: "OpenStackService", who: Login = ENGINEER, project: str = PROJECT
) -> "Connection":
    """swiftclient's, of a user in a project."""
    return _connection(
        service,
        user=who.user,
        key=who.password,
        os_options={
            "project_name": project,
            "project_domain_name": DOMAIN,
            "user_domain_name": DOMAIN,
        },
    )


def swift_by(service: "OpenStackService", identifier: str, secret: str) -> "Connection":
    """swiftclient's, of an application credential."""
    options = {
        "auth_type": "v3applicationcredential",
        "application_credential_id": identifier,
        "application_credential_secret": secret,
    }
    return _connection(service, os_options=options)


def _connection(service: "OpenStackService", os_options: dict[str, str], **login: Any) -> Any:
    from swiftclient import Connection

    class Direct(Connection):
        """What Keystone's catalog has is a name that only the lab's network knows."""

        def get_auth(self) -> tuple[str, str]:
            url, token = super().get_auth()
            return f"{service.swift}/v1/{url.rpartition('/')[2]}", token

    options = {**os_options, "region_name": REGION}
    return Direct(service.keystone, auth_version="3", os_options=options, retries=0, **login)
