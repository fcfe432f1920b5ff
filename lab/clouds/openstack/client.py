"""The lab's OpenStack as its own clients see it."""

from typing import TYPE_CHECKING, Any

from lab.clouds.openstack.names import DOMAIN, ENGINEER, PROJECT, REGION, Login

if TYPE_CHECKING:
    from keystoneauth1.session import Session
    from swiftclient import Connection

    from lab.clouds.openstack.service import OpenStackService


def session(
    service: "OpenStackService", who: Login = ENGINEER, project: str = PROJECT
) -> "Session":
    """keystoneauth's, of a user in a project."""
    from keystoneauth1.identity import v3

    return _session(
        v3.Password(
            service.keystone,
            username=who.user,
            password=who.password,
            user_domain_name=DOMAIN,
            project_name=project,
            project_domain_name=DOMAIN,
        )
    )


def session_by(service: "OpenStackService", identifier: str, secret: str) -> "Session":
    """The same of an application credential."""
    from keystoneauth1.identity import v3

    return _session(
        v3.ApplicationCredential(
            service.keystone,
            application_credential_id=identifier,
            application_credential_secret=secret,
        )
    )


def swift(service: "OpenStackService", login: "Session | None" = None) -> "Connection":
    """swiftclient's, of whoever runs Pulumi unless another is given."""
    from swiftclient import Connection

    class Direct(Connection):
        """Keystone's catalog has a name that only the lab's network knows."""

        def get_auth(self) -> tuple[str, str]:
            url, token = super().get_auth()
            return f"{service.swift}/v1/{url.rpartition('/')[2]}", token

    return Direct(session=login or session(service), os_options={"region_name": REGION}, retries=0)


def _session(auth: Any) -> "Session":
    from keystoneauth1.session import Session

    return Session(auth)
