"""Storage in a bucket of AWS, or of a service that speaks S3: `kind: s3`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from settings.aws import AccountId
from settings.bucket import BucketChoice, CreatedKey, UsedKey
from settings.choice import chosen
from settings.cloud_front import CloudFront
from settings.endpoint import Endpoint, in_cluster
from settings.form import Form, Maybe, entry
from settings.later import Later
from settings.replaced import Replaced
from settings.s3_credentials import CREATED, S3CredentialsField
from settings.storage_ca import Bundle
from settings.types import OneOf, Text, Whole

SERVICES = ("aws", "rgw", "noobaa", "nutanix", "other")
REPLICAS = 2
"""As the operator has it on AWS and the guide asks for with RGW and NooBaa (3.8.1)."""

ChunkSize = Annotated[int, Whole(5, 5 * 1024)]

KEY_LATER = Later("(known once the key is made)")


def chunk_size() -> Any:
    """The key chunkSizeMiB: in the API since 4.16, and honoured by the operator since 4.17."""
    return entry(
        "Size of the parts of an upload; the operator's default is 10.",
        since="4.17",
        alias="chunkSizeMiB",
    )


class S3Storage(Form):
    """The registry's images in one bucket (guide 3.1).

    `bucket`, `trusted_ca` and `credentials` are the chosen forms; the `mode` of each says which.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged: under Managed the operator writes over lifecycle "
        "and encryption, and deletes the bucket when the registry is set to Removed",
        "s3": "is written by the stack from the keys here",
        "accessKey": "belongs under `credentials`",
        "secretKey": "belongs under `credentials`",
    }

    kind: Literal["s3"] = entry("`s3`: storage in a bucket.", default=...)
    service: Annotated[str, OneOf(*SERVICES)] = entry(
        "Who has the bucket: Amazon, a Ceph RGW, a NooBaa, Nutanix Objects, or another service "
        "that speaks S3.",
        default=...,
        example="aws",
    )
    account: Maybe[AccountId] = entry(
        "The account of AWS that has to be reached; required where something is made or owned "
        "there.",
        example="111122223333",
    )
    bucket: Annotated[BucketChoice, AfterValidator(chosen)] = entry(
        "The bucket.", default=..., example={"use": {"name": "registry"}}, guide="3.1.3"
    )
    region: Maybe[Text] = entry(
        "The region of the bucket. Only a bucket of AWS that is used by a cluster in AWS may do "
        "without: then it is the cluster's. Other services take any text, e.g. us-east-1.",
        example="eu-west-1",
        guide="3.1.3",
    )
    region_endpoint: Maybe[Endpoint] = entry(
        "URL of the service, with its scheme and without the bucket. Required but for AWS.",
        example="https://objects.example.com",
        guide="3.1.3",
    )
    virtual_hosted_style: Maybe[bool] = entry(
        "Put the bucket before the host's name instead of into the path.", guide="3.1.3"
    )
    encrypt: Maybe[bool] = entry(
        "Ask for encryption with each object; the operator's default is true on AWS alone. With a "
        "bucket that is made here, or that is given its encryption here, it is on.",
        guide="3.1.3",
    )
    key_id: Maybe[Text] = entry(
        "The key of KMS to ask for: its ID, its ARN or an alias; only with `encrypt: true`. With "
        "a bucket that is given a key here it is that one.",
        example="arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        guide="3.1.3",
        alias="keyID",
    )
    cloud_front: Maybe[CloudFront] = entry(
        "Redirect pulls to CloudFront; in AWS only.", guide="3.1.3"
    )
    trusted_ca: Maybe[Bundle] = entry(
        "Whom the registry trusts when it talks to its storage.",
        since="4.11",
        guide="3.1.3",
        alias="trustedCA",
    )
    chunk_size_mib: Maybe[ChunkSize] = chunk_size()
    credentials: S3CredentialsField = entry(
        "How the registry logs in.", default=..., example={"use": {}}, guide="3.1.1"
    )
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
    )

    @property
    def encryption(self) -> Any:
        """Of the bucket, as far as it is settled here; else None."""
        return getattr(self.bucket, "encryption", None)

    @property
    def in_account(self) -> bool:
        """Is anything made or owned in AWS?"""
        return self.bucket.mode != "use" or isinstance(self.credentials, CREATED)

    @property
    def suggests(self) -> dict[str, Any]:
        return {"replicas": REPLICAS}

    @property
    def demands(self) -> dict[str, Any]:
        """A client outside the cluster can't follow a redirect to a Service."""
        inside = self.region_endpoint is not None and in_cluster(self.region_endpoint)
        return {"disableRedirect": True} if inside else {}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """`spec.storage` without its managementState, as written. The key of a bucket that gets
        a new one is `Later`."""
        block = {
            "bucket": self.bucket.name,
            "region": self.region,
            "regionEndpoint": self.region_endpoint,
            "virtualHostedStyle": self.virtual_hosted_style,
            "encrypt": self.encrypt if self.encryption is None else True,
            "keyID": self._key(),
            "cloudFront": self.cloud_front.spec() if self.cloud_front else None,
            "trustedCA": {"name": self.trusted_ca.name} if self.trusted_ca else None,
            "chunkSizeMiB": self.chunk_size_mib,
        }
        return {"s3": {key: value for key, value in block.items() if value is not None}}

    def _key(self) -> str | None:
        if isinstance(self.encryption, CreatedKey):
            return KEY_LATER
        return self.encryption.key_arn if isinstance(self.encryption, UsedKey) else self.key_id
