"""The bucket of the registry, and what a bucket in AWS is given here."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from settings.aws import AnyBucketName, BucketName, KeyAlias, KeyArn, Tags
from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.types import Text, Whole


class SseS3(Form):
    """S3's own keys: `sse-s3: {}`."""

    mode: ClassVar[Literal["sse-s3"]] = "sse-s3"


class CreatedKey(Form):
    """A key of AWS KMS made and owned here. It is kept whatever happens to the stack: without
    it nobody can read the images."""

    mode: ClassVar[Mode] = "create"

    deletion_window_in_days: Annotated[int, Whole(7, 30)] = entry(
        "Days for which a deletion of the key by hand can be taken back.", default=30
    )
    rotation_period_in_days: Maybe[Annotated[int, Whole(90, 2560)]] = entry(
        "Days between two rotations of the key; AWS has 365. It is always rotated."
    )
    alias: Maybe[KeyAlias] = entry(
        "Name of an alias of the key, without `alias/`.", example="image-registry"
    )


class UsedKey(Form):
    """A key of AWS KMS that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    key_arn: KeyArn = entry(
        "The key by its ARN.",
        default=...,
        example="arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        alias="keyARN",
    )


class KeyChoice(ExactlyOne):
    """The key of AWS KMS."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[CreatedKey] = entry("Make a key and own it.")
    use: Maybe[UsedKey] = entry("Refer to a key and never write it.")


class EncryptionChoice(ExactlyOne):
    """How the bucket encrypts what no request says it of."""

    one_of: ClassVar[str] = "of sse-s3 and kms"

    sse_s3: Maybe[SseS3] = entry("With keys of S3's own: `sse-s3: {}`.", alias="sse-s3")
    kms: Maybe[Annotated[KeyChoice, AfterValidator(chosen)]] = entry(
        "With a key of AWS KMS, one request to it for many objects (a bucket key)."
    )


Encryption = SseS3 | CreatedKey | UsedKey

EncryptionField = Annotated[EncryptionChoice, AfterValidator(chosen)]


class Lifecycle(Form):
    """What S3 clears away. Images in use it must never: that is the pruner's work."""

    not_settable: ClassVar[dict[str, str]] = {
        key: "takes images away that manifests still point at (distribution/distribution issue "
        "4363); what is old the pruner removes, see openshift-registry:pruning"
        for key in ("expiration", "expirationDays", "transition", "transitions")
    }

    abort_incomplete_multipart_upload_days: Annotated[int, Whole(1, 2**31 - 1)] = entry(
        "Days after which parts of an upload that was never finished go.", default=1, guide="3.1.2"
    )
    noncurrent_version_expiration_days: Maybe[Annotated[int, Whole(1, 2**31 - 1)]] = entry(
        "Days after which versions go that were overwritten or deleted; only with versioning."
    )


class AccessLogging(Form):
    """Where S3 writes down who has asked the bucket for what."""

    target_bucket: AnyBucketName = entry(
        "A bucket in the same region and account that takes logs.", default=..., example="logs"
    )
    target_prefix: Maybe[Text] = entry(
        "What their names begin with; the cluster's name and '/' unless given.",
        example="registry/prod-1/",
    )


NOT_A_KEY = {
    **{
        key: "would open the bucket by ACL, and its ACLs are off: the owner owns all objects"
        for key in ("acl", "grant", "grants", "accessControlPolicy", "objectOwnership")
    },
    "publicAccessBlock": "is always on in full (guide 3.1.2)",
    "policy": "is written by the stack: it refuses whoever comes without TLS",
    "forceDestroy": "would let the images be deleted with the bucket",
    "region": "stands beside `bucket`, as in the custom resource",
    "website": "would show images to everybody",
}


class CreatedBucket(Form):
    """A bucket in AWS made and owned here, private and encrypted."""

    mode: ClassVar[Mode] = "create"
    not_settable: ClassVar[dict[str, str]] = NOT_A_KEY

    name: BucketName = entry(
        "Name of the bucket, one in the whole world.", default=..., example="prod-1-image-registry"
    )
    encryption: EncryptionField = entry(
        "How the bucket encrypts; `sse-s3: {}` unless given.", default=SseS3
    )
    lifecycle: Lifecycle = entry("What S3 clears away.", default=Lifecycle, guide="3.1.2")
    versioning: Maybe[bool] = entry("Keep what is overwritten or deleted.")
    access_logging: Maybe[AccessLogging] = entry("Write down who has asked for what.")
    tags: Tags = entry("Further tags of the bucket.", default=dict)


class AdoptedBucket(Form):
    """A bucket in AWS that exists, imported, and owned here from then on. Of it only that is
    written which is given."""

    mode: ClassVar[Mode] = "adopt"
    not_settable: ClassVar[dict[str, str]] = NOT_A_KEY

    name: BucketName = entry("Name of the bucket.", default=..., example="prod-1-image-registry")
    encryption: Maybe[EncryptionField] = entry("How the bucket encrypts.")
    lifecycle: Maybe[Lifecycle] = entry(
        "What S3 clears away; it takes the place of all rules the bucket has.", guide="3.1.2"
    )
    versioning: Maybe[bool] = entry("Keep what is overwritten or deleted.")
    access_logging: Maybe[AccessLogging] = entry("Write down who has asked for what.")
    tags: Maybe[Tags] = entry("All tags of the bucket.")


class UsedBucket(Form):
    """A bucket that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: AnyBucketName = entry("Name of the bucket.", default=..., example="registry")


class BucketChoice(ExactlyOne):
    """The bucket the registry keeps its images in."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedBucket] = entry("Make the bucket and own it; in AWS only.")
    adopt: Maybe[AdoptedBucket] = entry("Import the bucket, then own it; in AWS only.")
    use: Maybe[UsedBucket] = entry("Refer to a bucket and never write it.")
