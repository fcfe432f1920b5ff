"""A bucket in Google Cloud for the registry's images.

Makes (or adopts) the bucket, with all that closes and cleans it: it is one resource. It is
protected and kept whatever happens to the stack. Refuses to make: a bucket that the public may
read, that has ACLs, that lets itself be deleted with the images in it, a rule that takes images in
use away.
"""

from collections.abc import Iterator
from typing import Any

from pulumi import Resource, ResourceOptions, RunError
from pulumi_gcp import storage

from components.found import taken_up
from components.gcp.found import Project, made_or_taken
from components.gcp.names import labels
from components.options import kept
from settings.gcs_bucket import GcsAdoptedBucket, GcsCreatedBucket

OF_THEIR_OWN = [
    *("autoclass", "cors", "customPlacementConfig", "defaultEventBasedHold", "ipFilter"),
    *("enableObjectRetention", "hierarchicalNamespace", "requesterPays", "retentionPolicy"),
    *("rpo", "storageClass", "website"),
]
"""What a bucket may have that no stack file speaks of: an adopted one keeps it."""

DAY = 24 * 60 * 60


def made_bucket(
    wanted: GcsCreatedBucket | GcsAdoptedBucket,
    key: str | None,
    after: list[Resource],
    project: Project,
    opts: ResourceOptions,
) -> storage.Bucket:
    """`key` is the full name of the key that it encrypts with. One that is adopted keeps what is
    not given."""
    given = dict(_given(wanted, key))
    ignored: list[str] = []
    if isinstance(wanted, GcsAdoptedBucket):
        taken = taken_up(wanted.name, True)
        ignored = [*OF_THEIR_OWN, *(PROPERTIES.keys() - given.keys())]
        ignored = sorted(PROPERTIES.get(each, each) for each in ignored)
    else:
        given["labels"] = {**wanted.labels, **labels(project.cluster)}
        taken = _taken(wanted.name, project)
    return storage.Bucket(
        wanted.name,
        name=wanted.name,
        project=project.id,
        # As Google answers, whatever case it was asked in.
        location=project.storage.region.upper(),
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        force_destroy=False,
        # Should ever somebody take off the engine's own protection.
        deletion_policy="PREVENT",
        **given,
        opts=kept(opts, taken, protect=True, ignore_changes=ignored, depends_on=after),
    )


PROPERTIES = {
    "encryption": "encryption",
    "labels": "labels",
    "lifecycle_rules": "lifecycleRules",
    "logging": "logging",
    "soft_delete_policy": "softDeletePolicy",
    "versioning": "versioning",
}
"""What is written only if it is given, by the names in Python and on the wire."""


def _given(
    wanted: GcsCreatedBucket | GcsAdoptedBucket, key: str | None
) -> Iterator[tuple[str, Any]]:
    if key is not None:
        yield "encryption", {"default_kms_key_name": key}
    if wanted.labels is not None:
        yield "labels", wanted.labels
    if wanted.lifecycle is not None:
        yield "lifecycle_rules", list(_rules(wanted))
    if wanted.logging is not None:
        prefix = wanted.logging.log_object_prefix or wanted.name
        yield "logging", {"log_bucket": wanted.logging.log_bucket, "log_object_prefix": prefix}
    if wanted.soft_delete_days is not None:
        # Said also if it is none: Google's own default is seven days.
        seconds = wanted.soft_delete_days * DAY
        yield "soft_delete_policy", {"retention_duration_seconds": seconds}
    if wanted.versioning is not None:
        yield "versioning", {"enabled": wanted.versioning}


def _rules(wanted: GcsCreatedBucket | GcsAdoptedBucket) -> Iterator[dict[str, Any]]:
    """Each by one age alone, so that none is left behind (googleapis/python-storage PR 765). What
    is in use is out of the second one's reach: it takes versions that are archived."""
    days = wanted.lifecycle.abort_incomplete_multipart_upload_days
    yield {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": days}}
    old = wanted.lifecycle.noncurrent_version_expiration_days
    if old is not None:
        archived = {"days_since_noncurrent_time": old, "with_state": "ARCHIVED"}
        yield {"action": {"type": "Delete"}, "condition": archived}


def _taken(name: str, project: Project) -> ResourceOptions:
    live = project.bucket()
    return made_or_taken(
        name,
        live is not None,
        live is not None and project.ours(live),
        f"openshift-registry:storage.bucket.create.name: {name}: there is such a bucket in the "
        f"project {project.id}, and it does not bear this stack's labels\n"
        "    fix: write `adopt` to take it over, or another name",
        name,
    )


def in_place(project: Project) -> None:
    """Is a bucket that is there in the project and region that the stack file says? And is one
    there that has to be?"""
    wanted, live = project.storage.bucket, project.bucket()
    if live is None:
        if wanted.mode != "create":
            raise RunError(
                f"openshift-registry:storage.bucket.{wanted.mode}.name: {wanted.name}: there is no "
                f"such bucket\n    fix: name another, or `create` it"
            )
        return
    if str(live.project_number) != project.number():
        raise RunError(
            f"openshift-registry:storage.projectID: {project.id}: the bucket {wanted.name} is in "
            "another project\n    fix: write that project's ID, or another name: names of buckets "
            "are one in the whole world"
        )
    region = project.storage.region
    if region is not None and live.location.upper() != region.upper():
        raise RunError(
            f"openshift-registry:storage.region: {region}: the bucket {wanted.name} is in "
            f"{live.location}\n    fix: write that, or another name: no bucket can be moved"
        )
