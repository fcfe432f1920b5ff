"""The storage that a stack takes over from: what the live custom resource has now."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from settings.choice import ExactlyOne
from settings.form import Form, Maybe, entry
from settings.types import Text


class NoFields(Form):
    """A backend without a name of its own."""


class Bucket(Form):
    """Where the images are, in an object store."""

    bucket: Text = entry("The bucket.", default=..., example="registry")


class Container(Form):
    """Where the images are, in Swift."""

    container: Text = entry("The container.", default=..., example="registry")


class AzureContainer(Form):
    """Where the images are, in Azure."""

    account_name: Text = entry("The storage account.", default=..., example="registry")
    container: Text = entry("The container.", default=..., example="registry")


class ClaimName(Form):
    """Where the images are, in the cluster."""

    claim: Text = entry("The claim.", default=..., example="image-registry-storage")


class ReplacedStorage(ExactlyOne):
    """Exactly one backend of `spec.storage`, with the fields that say where the images are."""

    one_of: ClassVar[str] = "backend"
    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "does not say which storage is meant"
    }

    pvc: Maybe[ClaimName] = entry("A claim.")
    empty_dir: Maybe[NoFields] = entry("The node's disk: `emptyDir: {}`.")
    s3: Maybe[Bucket] = entry("A bucket in S3.")
    gcs: Maybe[Bucket] = entry("A bucket in Google Cloud Storage.", since="4.2")
    swift: Maybe[Container] = entry("A container in Swift.")
    azure: Maybe[AzureContainer] = entry("A container in Azure.", since="4.2")
    ibmcos: Maybe[Bucket] = entry("A bucket in IBM Cloud.", since="4.9")
    oss: Maybe[Bucket] = entry("A bucket in Alibaba Cloud.", since="4.10")


Replaced = Annotated[ReplacedStorage, AfterValidator(ReplacedStorage.plain)]
"""A field of this type holds the mapping as it was given, `{"pvc": {"claim": ...}}`."""
