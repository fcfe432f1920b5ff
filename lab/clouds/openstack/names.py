"""What is what in the lab's OpenStack.

The passwords are no secrets: it listens on loopback alone, and a stack file of the lab has one.
"""

from typing import NamedTuple

REGION = "RegionOne"
DOMAIN = "Default"
KEYSTONE = "keystone.example.test:5000"
SWIFT = "swift.example.test:8080"
AUTH_URL = f"https://{KEYSTONE}/v3"
"""As the world knows them. Only the lab's network leads there."""
OBJECTS = f"https://{SWIFT}/v1/AUTH_%(project_id)s"
"""As Keystone's catalog has it (swift, doc/source/overview_auth.rst, "Keystone Auth")."""

PROJECT, NEIGHBOUR = "registries", "neighbours"
MEMBER = "member"
"""The role that may write objects (keystoneauth's operator_roles)."""


class Login(NamedTuple):
    """A user of the domain."""

    user: str
    password: str
    projects: tuple[str, ...]
    """Where the user is a member."""


ADMIN = Login("admin", "lab-admin", ("admin",))
ENGINEER = Login("platform-engineer", "lab-engineer", (PROJECT, NEIGHBOUR))
"""Who runs Pulumi."""
REGISTRY = Login("image-registry", "lab-registry", (PROJECT,))
"""Whose password the stack lab-swift-user gives to the registry."""
SERVICE = Login("swift", "lab-swift", ("service",))
"""Who asks Keystone for Swift whether a token is good."""
