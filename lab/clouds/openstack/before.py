"""What a project of OpenStack has before a stack comes: the container that its file refers to."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.clouds.openstack.service import OpenStackService

OBJECT = "files/docker/registry/v2/blobs/sha256/00/0000/data"
"""Where a registry would have put it."""


def make_container(service: "OpenStackService", storage: Any) -> None:
    """`storage` is a stack file's section, of whatever shape it is."""
    choice = storage.get("container") if isinstance(storage, dict) else None
    for mode, form in choice.items() if isinstance(choice, dict) else ():
        name = form.get("name") if isinstance(form, dict) else None
        if mode != "create" and isinstance(name, str):
            from lab.clouds.openstack.client import swift

            connection = swift(service)
            connection.put_container(name)
            connection.put_object(name, OBJECT, b"of an image that was there before")
