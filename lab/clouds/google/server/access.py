"""Who may what: the roles that are bound on a bucket (Cloud Storage, "IAM roles for Cloud
Storage"), and that a project's owner may everything in it."""

from collections.abc import Mapping
from typing import Any

from lab.clouds.google.server.refused import Refused
from lab.clouds.google.server.state import State

READ = {"storage.objects.get", "storage.objects.list"}
WRITE = {
    *("storage.objects.create", "storage.objects.delete", "storage.objects.update"),
    *("storage.multipartUploads.create", "storage.multipartUploads.abort"),
    *("storage.multipartUploads.list", "storage.multipartUploads.listParts"),
}
OF_BUCKET = {"storage.buckets.get", "storage.buckets.update", "storage.buckets.delete"}
POLICY = {"storage.buckets.getIamPolicy", "storage.buckets.setIamPolicy"}

ROLES: Mapping[str, set[str]] = {
    "roles/storage.admin": READ | WRITE | OF_BUCKET | POLICY,
    "roles/storage.objectAdmin": READ | WRITE,
    "roles/storage.objectUser": READ | WRITE,
    "roles/storage.objectCreator": {
        *("storage.objects.create", "storage.multipartUploads.create"),
        *("storage.multipartUploads.abort", "storage.multipartUploads.listParts"),
    },
    "roles/storage.objectViewer": READ,
    "roles/storage.legacyBucketReader": {
        *("storage.buckets.get", "storage.objects.list", "storage.multipartUploads.list"),
    },
    "roles/storage.legacyBucketWriter": {
        *("storage.buckets.get", "storage.objects.list", "storage.objects.create"),
        *("storage.objects.delete", "storage.multipartUploads.list"),
        *("storage.multipartUploads.create", "storage.multipartUploads.abort"),
        "storage.multipartUploads.listParts",
    },
    "roles/storage.legacyBucketOwner": {
        *READ - {"storage.objects.get"},
        *WRITE - {"storage.objects.update"},
        *OF_BUCKET - {"storage.buckets.delete"},
        *POLICY,
    },
    "roles/storage.legacyObjectReader": {"storage.objects.get"},
    "roles/storage.legacyObjectOwner": {"storage.objects.get", "storage.objects.update"},
}
EVERYBODY, EVERY_ACCOUNT = "allUsers", "allAuthenticatedUsers"


def need(state: State, who: str | None, permission: str, bucket: str, thing: str = "") -> None:
    """Raises Refused unless `who` (None is nobody known) may do this with the bucket, or with
    `thing` in it."""
    if may(state, who, permission, bucket):
        return
    caller = who or "Anonymous caller"
    what = f"{bucket}/{thing}" if thing else bucket
    kind = "object" if thing else "bucket"
    raise Refused(
        403 if who else 401,
        f"{caller} does not have {permission} access to the Google Cloud Storage {kind} {what}. "
        f"Permission '{permission}' denied on resource (or it may not exist).",
    )


def may(state: State, who: str | None, permission: str, name: str) -> bool:
    bucket = state.storage.buckets.get(name)
    if bucket is None:
        # Nobody learns whether a bucket exists by being refused it; an owner is told it doesn't.
        return who in state.owners
    if who is not None and state.owners.get(who) == state.project_of(bucket):
        return True
    policy = state.storage.get_bucket_iam_policy(name) or {}
    enforced = bucket["iamConfiguration"].get("publicAccessPrevention") == "enforced"
    members = {f"serviceAccount:{who}", EVERY_ACCOUNT} if who else set()
    members |= {EVERYBODY}
    if enforced:
        members -= {EVERYBODY, EVERY_ACCOUNT}
    return any(
        permission in ROLES.get(each["role"], ()) and members & set(each.get("members") or ())
        for each in policy.get("bindings") or ()
    )


def owner(state: State, who: str | None, project: str, permission: str) -> None:
    """Raises Refused unless it is the project's owner: nobody else is bound on a project."""
    if who is None:
        raise Refused(401, "Request is missing required authentication credential.")
    if state.owners.get(who) != project:
        raise Refused(
            403,
            f"{who} does not have {permission} access to the Google Cloud project. Permission "
            f"'{permission}' denied on resource (or it may not exist).",
        )


def members_known(state: State, members: Any) -> None:
    """IAM API, setIamPolicy: a service account in a policy has to exist."""
    agents = {state.agent(each) for each in state.projects}
    for each in members or ():
        kind, _, address = str(each).partition(":")
        known = address in state.accounts or address in agents or address in state.owners
        if kind == "serviceAccount" and not known:
            raise Refused(400, f"Service account {address} does not exist.")
