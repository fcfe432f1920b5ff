"""Buckets and what is set on them, and who may what with them.

The emulator takes any name, keeps half of what it is told at creation, and lets nothing be taken
off again: so this answers in its place, out of its store. Of the JSON API, version 1.
"""

import base64
import hashlib
import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from gcp_storage_emulator.exceptions import Conflict

from lab.clouds.google.names import bucket_name_problem, label_problem, location_type
from lab.clouds.google.server import kms, lifecycle
from lab.clouds.google.server.access import (
    EVERY_ACCOUNT,
    EVERYBODY,
    ROLES,
    members_known,
    need,
    owner,
)
from lab.clouds.google.server.call import Answer, Call, Routes
from lab.clouds.google.server.refused import Refused, not_played
from lab.clouds.google.server.state import State

DAY = 24 * 60 * 60
WEEK = 7 * DAY
WRITABLE = {
    *("cors", "encryption", "iamConfiguration", "labels", "lifecycle", "logging"),
    *("softDeletePolicy", "storageClass", "versioning", "website"),
}
NAMED = {"kind", "location", "name"}
ANSWERED = {*NAMED, "etag", "id", "locationType", "metageneration", "projectNumber", "selfLink"}
ANSWERED |= {"timeCreated", "updated"}


def insert(call: Call) -> Answer:
    project, body = call.one("project"), call.json()
    owner(call.state, call.who, project, "storage.buckets.create")
    name, location = str(body.get("name", "")), str(body.get("location", "US")).upper()
    if wrong := bucket_name_problem(name):
        raise Refused(400, f"Invalid bucket name: {name!r} {wrong}")
    kind = location_type(location)
    if kind is None:
        raise Refused(400, "The specified location constraint is not valid.")
    if unknown := body.keys() - WRITABLE - NAMED:
        raise not_played(f"{', '.join(sorted(unknown))} of a bucket")
    now = _now()
    made = {
        "kind": "storage#bucket",
        "id": name,
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
        "name": name,
        "projectNumber": call.state.projects[project],
        "location": location,
        "locationType": kind,
        "storageClass": "STANDARD",
        "timeCreated": now,
        "updated": now,
        "metageneration": "1",
        "etag": "CAE=",
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": False},
            "publicAccessPrevention": "inherited",
        },
        # Cloud Storage, "Soft delete": on for seven days unless it is said otherwise.
        "softDeletePolicy": {"retentionDurationSeconds": str(WEEK), "effectiveTime": now},
    }
    made = _merged(made, {key: each for key, each in body.items() if key in WRITABLE})
    _check(call.state, made, project)
    if name in call.state.storage.buckets:
        ours = call.state.storage.buckets[name]["projectNumber"] == made["projectNumber"]
        whose = "Your previous request to create the named bucket succeeded and you already own it."
        taken = (
            "The requested bucket name is not available. The bucket namespace is shared by all "
            "users of the system. Please select a different name and try again."
        )
        raise Refused(409, whose if ours else taken)
    call.state.storage.create_bucket(name, made)
    call.state.storage.set_bucket_iam_policy(name, _first_policy(name, project))
    return made


def _first_policy(name: str, project: str) -> dict[str, Any]:
    """What every new bucket has (Cloud Storage, "IAM roles", basic roles)."""
    owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
    bindings = [
        {"role": "roles/storage.legacyBucketOwner", "members": owners},
        {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
        {"role": "roles/storage.legacyObjectOwner", "members": owners},
        {"role": "roles/storage.legacyObjectReader", "members": [f"projectViewer:{project}"]},
    ]
    return _policy(name, bindings)


def _policy(name: str, bindings: list[dict[str, Any]]) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(bindings, sort_keys=True).encode()).digest()
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{name}",
        "version": 1,
        "etag": base64.b64encode(digest[:6]).decode(),
        "bindings": bindings,
    }


def get(call: Call, name: str) -> Answer:
    return _found(call, name, "storage.buckets.get")


def _found(call: Call, name: str, permission: str) -> dict[str, Any]:
    need(call.state, call.who, permission, name)
    if name not in call.state.storage.buckets:
        raise Refused(404, "The specified bucket does not exist.")
    return call.state.storage.buckets[name]


def listed(call: Call) -> Answer:
    project = call.one("project")
    owner(call.state, call.who, project, "storage.buckets.list")
    number = call.state.projects[project]
    there = call.state.storage.buckets.values()
    items = [each for each in there if each["projectNumber"] == number]
    return {"kind": "storage#buckets", "items": items}


def patch(call: Call, name: str) -> Answer:
    """Whatever is null is taken off (JSON merge patch)."""
    found, body = _found(call, name, "storage.buckets.update"), call.json()
    same = {key for key in body.keys() & ANSWERED if body[key] == found.get(key)}
    if unknown := body.keys() - WRITABLE - same:
        raise not_played(f"a change of {', '.join(sorted(unknown))} of a bucket")
    changed = _merged(found, {key: each for key, each in body.items() if key in WRITABLE})
    _check(call.state, changed, call.state.project_of(found))
    changed["metageneration"] = str(int(found["metageneration"]) + 1)
    changed["updated"] = _now()
    call.state.storage.create_bucket(name, changed)
    return changed


def delete(call: Call, name: str) -> Answer:
    _found(call, name, "storage.buckets.delete")
    try:
        call.state.storage.delete_bucket(name)
    except Conflict:
        raise Refused(409, "The bucket you tried to delete is not empty.") from None
    return {}


def get_policy(call: Call, name: str) -> Answer:
    _found(call, name, "storage.buckets.getIamPolicy")
    return call.state.storage.get_bucket_iam_policy(name)


def set_policy(call: Call, name: str) -> Answer:
    """The etag keeps two writers from undoing each other's work."""
    found, body = _found(call, name, "storage.buckets.setIamPolicy"), call.json()
    if body.get("etag") not in (None, call.state.storage.get_bucket_iam_policy(name)["etag"]):
        raise Refused(412, "At least one of the pre-conditions you specified did not hold.")
    bindings = body.get("bindings") or []
    for each in bindings:
        if each.get("condition"):
            raise not_played("conditions of a binding")
        if each["role"] not in ROLES:
            raise Refused(400, f"The specified role is not supported: {each['role']}")
        members_known(call.state, each.get("members"))
        public = {EVERYBODY, EVERY_ACCOUNT} & set(each.get("members") or ())
        if public and found["iamConfiguration"]["publicAccessPrevention"] == "enforced":
            # Cloud Storage, "Public access prevention".
            raise Refused(
                412,
                "The member bindings allUsers and allAuthenticatedUsers are not allowed since "
                "public access prevention is enforced.",
            )
    policy = _policy(name, [each for each in bindings if each.get("members")])
    call.state.storage.set_bucket_iam_policy(name, policy)
    return policy


def agent(call: Call, project: str) -> Answer:
    """JSON API, projects.serviceAccount.get."""
    owner(call.state, call.who, project, "resourcemanager.projects.get")
    return {"kind": "storage#serviceAccount", "email_address": call.state.agent(project)}


def _check(state: State, bucket: dict[str, Any], project: str) -> None:
    if wrong := label_problem(bucket.get("labels") or {}):
        raise Refused(400, f"The labels {wrong}")
    if bucket["iamConfiguration"]["publicAccessPrevention"] not in ("enforced", "inherited"):
        raise Refused(400, "Invalid value for publicAccessPrevention")
    kept = bucket["softDeletePolicy"].get("retentionDurationSeconds", "0")
    if not (int(kept) == 0 or WEEK <= int(kept) <= 90 * DAY):
        # Cloud Storage, "Soft delete": seven to ninety days, or none.
        raise Refused(400, f"A soft delete policy keeps for 7 to 90 days, or 0, not {kept} s")
    lifecycle.check((bucket.get("lifecycle") or {}).get("rule") or [])
    key = (bucket.get("encryption") or {}).get("defaultKmsKeyName")
    if key:
        _check_key(state, bucket, key, project)


def _check_key(state: State, bucket: dict[str, Any], key: str, project: str) -> None:
    """Cloud Storage, "Customer-managed encryption keys"."""
    parts = key.split("/")
    wanted = {"EU": "europe"}.get(bucket["location"], bucket["location"].lower())
    if len(parts) != 8 or parts[3] != wanted:
        raise Refused(
            400, f"The Cloud KMS key {key} is not available in the location {bucket['location']}."
        )
    if not kms.usable(state, key, state.agent(project)):
        raise Refused(
            403,
            "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service "
            f"account has been authorized to use this key: {key}",
        )


def _merged(live: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    found = deepcopy(live)
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict):
            inner = found.get(key)
            found[key] = _merged(inner if isinstance(inner, dict) else {}, value)
        else:
            found[key] = value
    return found


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


BUCKET = r"(?:/storage/v1)?/b/([^/]+)"
ROUTES: Routes = {
    ("POST", r"(?:/storage/v1)?/b"): insert,
    ("GET", r"(?:/storage/v1)?/b"): listed,
    ("GET", BUCKET): get,
    ("PATCH", BUCKET): patch,
    ("DELETE", BUCKET): delete,
    ("GET", rf"{BUCKET}/iam"): get_policy,
    ("PUT", rf"{BUCKET}/iam"): set_policy,
    ("GET", r"/storage/v1/projects/([^/]+)/serviceAccount"): agent,
}
