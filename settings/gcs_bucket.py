"""The bucket of the registry in Google Cloud, and what it is given here."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.gcp import AnyBucketName, BucketName, KeyName, Labels, NewKeyName, RingName
from settings.refusal import refusal
from settings.types import Checked, Text, Whole


class GcsCreatedKey(Form):
    """A key of Cloud KMS made and owned here, and rotated. It is kept whatever happens to the
    stack: without it nobody can read the images."""

    mode: ClassVar[Mode] = "create"

    name: Maybe[NewKeyName] = entry(
        "Name of the key; `<infrastructureName>-image-registry` unless given. Google never lets "
        "a name be used twice.",
        example="image-registry",
    )
    key_ring: Maybe[RingName] = entry(
        "A ring that exists, by its full name; a new one of the key's name unless given.",
        example="projects/platform-shared/locations/europe-west1/keyRings/registries",
    )
    rotation_period_days: Annotated[int, Whole(1, 36500)] = entry(
        "Days between two rotations of the key.", default=90
    )
    destroy_scheduled_days: Annotated[int, Whole(1, 120)] = entry(
        "Days for which the destruction of a version by hand can be taken back.", default=30
    )


class GcsUsedKey(Form):
    """A key of Cloud KMS that is referred to and not written; the storage service of the
    project is let use it."""

    mode: ClassVar[Mode] = "use"

    key_name: KeyName = entry(
        "The key by its full name.",
        default=...,
        example="projects/platform-shared/locations/europe-west1/keyRings/registries/"
        "cryptoKeys/images",
    )


class GcsKeyChoice(ExactlyOne):
    """The key of Cloud KMS."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[GcsCreatedKey] = entry("Make a key and own it.")
    use: Maybe[GcsUsedKey] = entry("Refer to a key.")


GcsKeyField = Annotated[GcsKeyChoice, AfterValidator(chosen)]

DAYS = Annotated[int, Whole(1, 2**31 - 1)]


class GcsLifecycle(Form):
    """What Google clears away. Images in use it must never: that is the pruner's work."""

    not_settable: ClassVar[dict[str, str]] = {
        **{
            key: "takes images away that manifests still point at (distribution/distribution "
            "issue 4363); what is old the pruner removes, see openshift-registry:pruning"
            for key in ("age", "delete", "expiration", "expirationDays", "setStorageClass", "rules")
        },
        **{
            key: "would leave some abandoned uploads: they go by their age alone"
            for key in ("matchesStorageClass", "matchesPrefix", "matchesSuffix")
        },
    }

    abort_incomplete_multipart_upload_days: DAYS = entry(
        "Days after which parts of an upload that was never finished go.", default=1, guide="3.2.2"
    )
    noncurrent_version_expiration_days: Maybe[DAYS] = entry(
        "Days after which versions go that were overwritten or deleted; only with versioning."
    )


class _SoftDelete(Checked):
    """Google takes no days at all, or 7 to 90."""

    def check(self, value: int) -> int:
        if value != 0 and not 7 <= value <= 90:
            raise refusal(
                "gcs:soft-delete",
                "is not a time for which Google keeps what was deleted",
                "write 0 to keep nothing, or 7 to 90",
            )
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"enum": [0, *range(7, 91)]}


SoftDelete = Annotated[int, _SoftDelete()]


class GcsLogging(Form):
    """Where Google writes down who has asked the bucket for what."""

    log_bucket: AnyBucketName = entry("A bucket that takes logs.", default=..., example="logs")
    log_object_prefix: Maybe[Text] = entry(
        "What their names begin with; the bucket's name unless given.", example="registry/prod-1"
    )


NOT_A_KEY = {
    **{
        key: "would open the bucket by ACL, and it has none: access is uniform"
        for key in ("acl", "defaultAcl", "predefinedAcl", "defaultObjectAcl")
    },
    "uniformBucketLevelAccess": "is always on",
    "publicAccessPrevention": "is always enforced (guide 3.2.2)",
    "forceDestroy": "would let the images be deleted with the bucket",
    "deletionPolicy": "is always one that leaves the bucket and its images",
    "retentionPolicy": "would keep the registry from deleting what is pruned",
    "location": "is `region` beside `bucket`, as in the custom resource",
    "region": "stands beside `bucket`, as in the custom resource",
    "keyID": "stands beside `bucket`, and follows `kms` here",
    "website": "would show images to everybody",
}


class GcsCreatedBucket(Form):
    """A bucket made and owned here: private, with uniform access, without soft delete."""

    mode: ClassVar[Mode] = "create"
    not_settable: ClassVar[dict[str, str]] = NOT_A_KEY

    name: BucketName = entry(
        "Name of the bucket, one in the whole world. It does not begin with the cluster's "
        "infrastructure name: `openshift-install destroy cluster` deletes such buckets.",
        default=...,
        example="registry-of-prod-1",
    )
    kms: Maybe[GcsKeyField] = entry(
        "Encrypt with a key of Cloud KMS; with Google's own keys unless given."
    )
    lifecycle: GcsLifecycle = entry("What Google clears away.", default=GcsLifecycle, guide="3.2.2")
    soft_delete_days: SoftDelete = entry(
        "Days for which Google keeps what was deleted, layers that were pruned too, and bills "
        "for them; 0, which is none, or 7 to 90.",
        default=0,
    )
    versioning: Maybe[bool] = entry("Keep what is overwritten or deleted.")
    logging: Maybe[GcsLogging] = entry("Write down who has asked for what.")
    labels: Labels = entry("Further labels of the bucket.", default=dict)


class GcsAdoptedBucket(Form):
    """A bucket that exists, imported, and owned here from then on. It is made private; else only
    that is written which is given."""

    mode: ClassVar[Mode] = "adopt"
    not_settable: ClassVar[dict[str, str]] = NOT_A_KEY

    name: AnyBucketName = entry("Name of the bucket.", default=..., example="prod-1-image-registry")
    kms: Maybe[GcsKeyField] = entry("Encrypt what comes with a key of Cloud KMS.")
    lifecycle: Maybe[GcsLifecycle] = entry(
        "What Google clears away; it takes the place of all rules the bucket has.", guide="3.2.2"
    )
    soft_delete_days: Maybe[SoftDelete] = entry(
        "Days for which Google keeps what was deleted, and bills for it; 0, which is none, or 7 "
        "to 90."
    )
    versioning: Maybe[bool] = entry("Keep what is overwritten or deleted.")
    logging: Maybe[GcsLogging] = entry("Write down who has asked for what.")
    labels: Maybe[Labels] = entry("Labels of the bucket, beside others that it has.")


class GcsUsedBucket(Form):
    """A bucket that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: AnyBucketName = entry("Name of the bucket.", default=..., example="registry")


class GcsBucketChoice(ExactlyOne):
    """The bucket the registry keeps its images in."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[GcsCreatedBucket] = entry("Make the bucket and own it.")
    adopt: Maybe[GcsAdoptedBucket] = entry("Import the bucket, then own it.")
    use: Maybe[GcsUsedBucket] = entry("Refer to a bucket and never write it.")
