"""Google Cloud Storage (pkg/storage/gcs/gcs.go)."""

import json

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import SyncError
from lab.operator.storage import google
from lab.operator.storage.cloud import (
    MINTED_SECRET,
    Cloud,
    minted_credentials,
    required,
    user_credentials,
)
from lab.operator.storage.driver import Variable
from lab.operator.world import World

KEYFILE = "REGISTRY_STORAGE_GCS_KEYFILE"
MINTED = "service_account.json"
CREDENTIAL_TYPES = {"service_account", "authorized_user", "external_account"}
"""What Google's `CredentialsFromJSON` takes, as far as a registry can use it."""


class GCS(Cloud):
    key = "gcs"
    name = "GCS"
    where = "bucket"
    found = ("GCS Bucket Exists", "User supplied GCS bucket exists and is accessible")

    def check(self, block: Object, world: World) -> None:
        text = self._keyfile(world)
        try:
            credentials = json.loads(text)
        except ValueError as error:
            # The parser's own message could quote the key.
            raise SyncError(f"{KEYFILE} is not JSON: {type(error).__name__}") from None
        kind = credentials.get("type", "") if isinstance(credentials, dict) else ""
        if kind not in CREDENTIAL_TYPES:
            raise SyncError(f'unknown credential type: "{kind}"')
        if not block.get("region"):
            # `getGCSClient`: one `if` sets both, so a project without a region is lost.
            gcp = world.platform.get("gcp") or {}
            for field in ("region", "projectID"):
                block.pop(field, None)
                if gcp.get(field):
                    block[field] = gcp[field]

    def environment(self, block: Object, world: World) -> list[Variable]:
        return [
            Variable("REGISTRY_STORAGE", "gcs"),
            Variable("REGISTRY_STORAGE_GCS_BUCKET", block.get("bucket", "")),
            Variable(KEYFILE, "/gcs/keyfile"),
        ]

    def volumes(self, block: Object) -> tuple[list[Object], list[Object]]:
        name = "registry-storage-keyfile"
        source = {
            "secretName": names.PRIVATE_CONFIGURATION,
            "items": [{"key": KEYFILE, "path": "keyfile"}],
            "optional": False,
        }
        return [{"name": name, "secret": source}], [{"name": name, "mountPath": "/gcs"}]

    def secret_files(self, block: Object, world: World) -> dict[str, str]:
        return {KEYFILE: self._keyfile(world)}

    def look(self, block: Object, world: World) -> None:
        if world.clouds is not None:
            google.look(block["bucket"], self._keyfile(world), world.clouds)

    @staticmethod
    def _keyfile(world: World) -> str:
        """`GetConfig`: the user's secret wins; of the cluster's own it is another key."""
        if names.USER_CONFIGURATION in world.secrets:
            return required(user_credentials(world), KEYFILE)
        minted = minted_credentials(world)
        if MINTED not in minted:
            raise SyncError(f'secret "{MINTED_SECRET}" does not contain required key "{MINTED}"')
        return minted[MINTED]
