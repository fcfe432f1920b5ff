"""The resources of OpenStack that rules look at, and which containers are the registry's."""

from declare import Framework

from ._stores import Store


def token(module: str, name: str) -> str:
    return f"openstack:{module}/{name[0].lower()}{name[1:]}:{name}"


CONTAINER = token("objectstorage", "Container")
CREDENTIAL = token("identity", "ApplicationCredential")

STORE = Store((CONTAINER,), "swift", "container", "name", "containerName")
DECIDING = STORE.deciding


def swift(reference: str) -> Framework:
    """A chapter of Swift's documentation."""
    return Framework("OpenStack Swift documentation", "1", reference)


def keystone(reference: str) -> Framework:
    """A chapter of Keystone's documentation."""
    return Framework("OpenStack Identity API", "3", reference)
