"""Everything that the lab's Google Cloud keeps, in memory."""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gcp_storage_emulator.storage import Storage

from lab.clouds.google import NUMBER, OTHER, OTHER_NUMBER, PROJECT

HOUR = 3600


class Objects(Storage):
    """The emulator's store; an object is of the key that its bucket has at that moment (Cloud
    Storage, "Customer-managed encryption keys")."""

    def create_file(
        self,
        bucket_name: str,
        file_name: str,
        content: bytes,
        file_obj: dict[str, Any],
        file_id: str | None = None,
    ) -> None:
        bucket = self.buckets.get(bucket_name) or {}
        key = (bucket.get("encryption") or {}).get("defaultKmsKeyName")
        if key:
            file_obj["kmsKeyName"] = f"{key}/cryptoKeyVersions/1"
        super().create_file(bucket_name, file_name, content, file_obj, file_id)


@dataclass
class State:
    projects: Mapping[str, str] = field(
        default_factory=lambda: {PROJECT: NUMBER, OTHER: OTHER_NUMBER}
    )
    """ID -> number."""
    storage: Objects = field(default_factory=lambda: Objects(use_memory_fs=True, data_dir="/"))
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Address -> service account."""
    keys: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """Address -> ID -> key, with its public half."""
    rings: set[str] = field(default_factory=set)
    crypto_keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name of a service account or a key of KMS -> who may what with it."""
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Token -> whose it is, and until when."""
    owners: dict[str, str] = field(default_factory=dict)
    """Address of a project's owner -> the project."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def token_of(self, email: str) -> str:
        token = f"ya29.lab-{secrets.token_urlsafe(24)}"
        self.tokens[token] = (email, time.time() + HOUR)
        return token

    def bearer(self, token: str) -> str | None:
        """Whose token it is; None if it is nobody's, or not any more."""
        email, until = self.tokens.get(token, ("", 0.0))
        known = email in self.owners or email in self.accounts
        return email if known and time.time() < until else None

    def agent(self, project: str) -> str:
        """The service account by which Cloud Storage itself uses keys."""
        return f"service-{self.projects[project]}@gs-project-accounts.iam.gserviceaccount.com"

    def project_of(self, bucket: Mapping[str, Any]) -> str:
        number = bucket["projectNumber"]
        return next(each for each, known in self.projects.items() if known == number)
