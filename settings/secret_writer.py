"""Credentials that are written into image-registry-private-configuration-user (guide 2.8)."""

from typing import Any

from settings.choice import Mode
from settings.form import Form, Maybe, entry
from settings.problems import Path
from settings.s3_credentials import ADOPT_SECRET


class SecretWriter(Form):
    """The part that is the same for all of them."""

    adopt_secret: Maybe[bool] = entry(ADOPT_SECRET, guide="2.8")

    @property
    def secret_mode(self) -> Mode:
        """Of image-registry-private-configuration-user."""
        return "adopt" if self.adopt_secret else "create"


def credentials_at(storage: Any) -> Path:
    """Where the chosen credentials stand in the file, those of any cloud."""
    wanted = storage.credentials
    identity = getattr(wanted, "identity", None)
    path = ("storage", "credentials", wanted.mode)
    return (*path, identity) if identity else path
