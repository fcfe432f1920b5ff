"""Storage in a bucket of Google Cloud: `kind: gcs`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from settings.choice import chosen
from settings.credentials import KEYFILE
from settings.form import Form, Maybe, entry
from settings.gcp import KeyName, Location, ProjectId
from settings.gcs_bucket import GcsBucketChoice, GcsCreatedKey, GcsUsedKey
from settings.gcs_credentials import GCS_CREATED, GcsCredentialsField
from settings.replaced import Replaced
from settings.s3 import KEY_LATER

REPLICAS = 2
"""As the operator has it on GCP."""


class GcsStorage(Form):
    """The registry's images in one bucket of Google Cloud (guide 3.2).

    `bucket` and `credentials` are the chosen forms; the `mode` of each says which.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged: under Managed the operator labels the bucket as "
        "the cluster's, and deletes it when the registry is set to Removed",
        "gcs": "is written by the stack from the keys here",
        "project": "is called projectID, as in the custom resource",
        KEYFILE: "belongs under `credentials.given`",
    }

    kind: Literal["gcs"] = entry(
        "`gcs`: storage in a bucket of Google Cloud; from OpenShift 4.2.", default=...
    )
    project_id: Maybe[ProjectId] = entry(
        "The project of the bucket, and the one in which things are made; nothing is done in "
        "another one. Only a bucket that is used, with credentials that are not made here, may "
        "do without.",
        example="platform-shared",
        guide="3.2.3",
        alias="projectID",
    )
    bucket: Annotated[GcsBucketChoice, AfterValidator(chosen)] = entry(
        "The bucket.",
        default=...,
        example={"use": {"name": "registry"}},
        guide="3.2.3",
    )
    region: Maybe[Location] = entry(
        "The location of the bucket. Without it the operator takes the cluster's own region and "
        "project.",
        example="europe-west1",
        guide="3.2.3",
    )
    key_id: Maybe[KeyName] = entry(
        "The key of Cloud KMS by its full name. With a bucket that is given a key here it is "
        "that one; a bucket that exists has its key already.",
        example="projects/platform-shared/locations/europe-west1/keyRings/registries/"
        "cryptoKeys/images",
        guide="3.2.3",
        alias="keyID",
    )
    credentials: GcsCredentialsField = entry(
        "How the registry logs in.", default=..., example={"use": {}}, guide="3.2.1"
    )
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
    )

    @property
    def key(self) -> GcsCreatedKey | GcsUsedKey | None:
        """The key that the bucket is given here."""
        return getattr(self.bucket, "kms", None)

    @property
    def in_project(self) -> bool:
        """Is anything made or owned in Google Cloud?"""
        return self.bucket.mode != "use" or isinstance(self.credentials, GCS_CREATED)

    @property
    def suggests(self) -> dict[str, Any]:
        return {"replicas": REPLICAS}

    @property
    def demands(self) -> dict[str, Any]:
        return {}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """`spec.storage` without its managementState, as written. The key of a bucket that gets
        a new one is `Later`."""
        block = {
            "bucket": self.bucket.name,
            "region": self.region,
            "projectID": self.project_id,
            "keyID": self._key(),
        }
        return {"gcs": {key: value for key, value in block.items() if value is not None}}

    def _key(self) -> str | None:
        if isinstance(self.key, GcsCreatedKey):
            return KEY_LATER
        return self.key.key_name if self.key else self.key_id
