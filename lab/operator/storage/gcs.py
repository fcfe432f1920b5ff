"""Google Cloud Storage (pkg/storage/gcs/gcs.go)."""

import json

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import SyncError
from lab.operator.storage.cloud import Cloud, required, user_credentials
from lab.operator.storage.driver import Variable
from lab.operator.world import World

KEYFILE = "REGISTRY_STORAGE_GCS_KEYFILE"
CREDENTIAL_TYPES = {"service_account", "authorized_user", "external_account"}
"""What Google's `CredentialsFromJSON` takes, as far as a registry can use it."""


class GCS(Cloud):
    key = "gcs"
    name = "GCS"
    where = "bucket"
    found = ("GCS Bucket Exists", "User supplied GCS bucket exists and is accessible")

    def check(self, block: Object, world: World) -> None:
        text = required(user_credentials(world), KEYFILE)
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
        return {KEYFILE: required(user_credentials(world), KEYFILE)}
