"""The OpenStack that a lab has, as its people and as others see it."""

import base64
from typing import TYPE_CHECKING

from lab import kinds
from lab.clouds.openstack.client import session, session_by, swift
from lab.clouds.openstack.service import OpenStackService
from lab.lab import Lab
from tests.lab.project import get, take_away, until_storage

if TYPE_CHECKING:
    from swiftclient import Connection

NAMESPACE = "openshift-image-registry"
SECRET = "image-registry-private-configuration-user"
PREFIX = "REGISTRY_STORAGE_SWIFT_"
APPLICATION = f"{PREFIX}APPLICATIONCREDENTIAL"


def service(lab: Lab) -> OpenStackService:
    found = lab.clouds.openstack
    assert found is not None, f"{lab.stack} has no OpenStack"
    return found


def engineer(lab: Lab) -> "Connection":
    """swiftclient's, of who runs Pulumi."""
    return swift(service(lab))


def registry(lab: Lab, keys: dict[str, str] | None = None) -> "Connection":
    """swiftclient's, of the application credential in the cluster's secret, or of another."""
    own = keys or live_keys(lab)
    identifier, secret = own[f"{APPLICATION}ID"], own[f"{APPLICATION}SECRET"]
    return swift(service(lab), session_by(service(lab), identifier, secret))


def live_keys(lab: Lab) -> dict[str, str]:
    """What the cluster's secret holds."""
    data = get(lab, kinds.Secret, SECRET, NAMESPACE)["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def credentials(lab: Lab) -> dict[str, str]:
    """The engineer's application credentials: ID -> name."""
    login = session(service(lab))
    url = f"{service(lab).keystone}/users/{login.get_user_id()}/application_credentials"
    found = login.get(url).json()["application_credentials"]
    return {each["id"]: each["name"] for each in found}


def delete_credential(lab: Lab, identifier: str) -> None:
    login = session(service(lab))
    user = login.get_user_id()
    login.delete(f"{service(lab).keystone}/users/{user}/application_credentials/{identifier}")


def status(call: object, *arguments: object, **more: object) -> int:
    """How Swift or Keystone refuses the call; 0 if it doesn't."""
    from keystoneauth1.exceptions import HttpError
    from swiftclient import ClientException

    try:
        call(*arguments, **more)  # type: ignore[operator]
    except ClientException as error:
        return error.http_status or -1
    except HttpError as error:
        return error.http_status
    return 0


def reset_openstack(lab: Lab) -> None:
    """Make the lab's registry what a fresh installation has and the project empty, and forget the
    stack's state."""
    take_away(lab)
    connection = engineer(lab)
    for container in connection.get_account(full_listing=True)[1]:
        for each in connection.get_container(container["name"], full_listing=True)[1]:
            connection.delete_object(container["name"], each["name"])
        connection.delete_container(container["name"])
    for identifier in credentials(lab):
        delete_credential(lab, identifier)
    until_storage(lab, lambda found: "pvc" in found)
