"""Will the registry find its bucket in Google Cloud, and may the bucket be as it is wanted?"""

from collections.abc import Iterator

from settings.cluster import minor
from settings.gcp import key_location, location_of
from settings.gcs import GcsStorage
from settings.gcs_bucket import GcsCreatedKey
from settings.problems import Finding, Path, shown
from settings.secret_writer import credentials_at
from settings.stack import StackSettings

PROJECT, REGION, KEY = ("storage", "projectID"), ("storage", "region"), ("storage", "keyID")

IDENTITY_SINCE = "4.10"


def bucket_at(storage: GcsStorage, *rest: str) -> Path:
    return ("storage", "bucket", storage.bucket.mode, *rest)


def project(storage: GcsStorage) -> Iterator[Finding]:
    """Nothing is made in whichever project happens to be the default one."""
    if storage.in_project and storage.project_id is None:
        yield Finding(
            PROJECT,
            "is missing, so buckets, keys and accounts could be made in another project",
            "write the ID of the project, e.g. projectID: platform-shared",
            "required",
        )


def region(storage: GcsStorage) -> Iterator[Finding]:
    if storage.region is not None:
        return
    if storage.bucket.mode != "use":
        why = "the bucket is made or owned in one"
    elif storage.project_id is not None:
        why = "without it the operator writes the cluster's own project over projectID"
    else:
        return
    yield Finding(REGION, f"is missing: {why}", "write it, e.g. europe-west1", "gcs:region")


def installers(settings: StackSettings, storage: GcsStorage) -> Iterator[Finding]:
    """openshift-install finds the cluster's buckets by how their names begin."""
    begins = f"{settings.cluster.infrastructure_name}-"
    if not storage.bucket.name.startswith(begins):
        return
    new = storage.bucket.mode == "create"
    yield Finding(
        bucket_at(storage, "name"),
        f"begins with {begins}, and `openshift-install destroy cluster` deletes all such buckets, "
        "images and all",
        "write another name, e.g. the cluster's name at the end"
        if new
        else "move to another bucket before the cluster is destroyed, if the images are to stay",
        "gcs:installer-name" if new else "gcs:installer-bucket",
        shown(storage.bucket.name),
        "error" if new else "warning",
    )


def keys(storage: GcsStorage) -> Iterator[Finding]:
    """The custom resource names the key that the bucket is given, and a key that it can have."""
    if storage.key_id is not None and storage.key is None:
        yield Finding(
            KEY,
            "changes nothing: the operator gives it to buckets that it makes itself alone, and "
            "this one has its key already",
            "leave it out; a bucket that is made or owned here is given a key by `kms`",
            "gcs:key-unused",
            shown(storage.key_id),
            "warning",
        )
    elif storage.key is not None and storage.key_id is not None:
        new = isinstance(storage.key, GcsCreatedKey)
        if new or storage.key.key_name != storage.key_id:
            yield Finding(
                KEY,
                f"contradicts the bucket, which {'gets a new key here' if new else 'has another'}",
                "leave it out: it follows the bucket",
                "gcs:key",
                shown(storage.key_id),
            )


def key_locations(storage: GcsStorage) -> Iterator[Finding]:
    if storage.region is None or storage.key is None:
        return
    given = {
        ("use", "keyName"): getattr(storage.key, "key_name", None),
        ("create", "keyRing"): getattr(storage.key, "key_ring", None),
    }
    wanted = key_location(storage.region)
    for rest, name in given.items():
        if name is not None and location_of(name) != wanted:
            yield Finding(
                bucket_at(storage, "kms", *rest),
                f"is in {location_of(name)}, and a bucket in {storage.region} takes keys in "
                f"{wanted} only",
                f"name one in {wanted}",
                "gcs:key-location",
                shown(name),
            )


def lifecycle(storage: GcsStorage) -> Iterator[Finding]:
    bucket = storage.bucket
    wanted = getattr(bucket, "lifecycle", None)
    days = wanted.noncurrent_version_expiration_days if wanted else None
    if days is not None and not bucket.versioning:
        yield Finding(
            bucket_at(storage, "lifecycle", "noncurrentVersionExpirationDays"),
            "is given for a bucket without versioning, where nothing old is kept",
            "add versioning: true, or leave it out",
            "gcs:noncurrent",
            str(days),
        )
    logging = getattr(bucket, "logging", None)
    if logging is not None and logging.log_bucket == bucket.name:
        yield Finding(
            bucket_at(storage, "logging", "logBucket"),
            "is the bucket itself: each log that is written would be logged again",
            "name another bucket",
            "gcs:logs-itself",
            shown(bucket.name),
        )


def too_old(settings: StackSettings, storage: GcsStorage) -> Iterator[Finding]:
    """Not left to the version gate of all keys: another kind has the key too."""
    acting = storage.credentials.mode == "workloadIdentity"
    if acting and settings.cluster.minor < minor(IDENTITY_SINCE):
        yield Finding(
            credentials_at(storage),
            f"needs workloadIdentity, which came with OpenShift {IDENTITY_SINCE}, and "
            f"cluster.version is {settings.cluster.version}",
            f'write version: "{IDENTITY_SINCE}" or later if the cluster has that; else `create`',
            "version",
        )
