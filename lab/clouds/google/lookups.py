"""Data functions: what is there already, and how the real plugin says that it isn't."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.clouds.base.kind import CloudError
from lab.clouds.base.values import Inputs
from lab.clouds.google import email
from lab.clouds.google.cloud import Answered
from lab.clouds.google.kind import at

if TYPE_CHECKING:
    from lab.clouds.google.cloud import Google


def project(google: "Google", given: Inputs) -> dict[str, Any]:
    """data_source_google_project.go. Google does not tell whether there is a project that one may
    not see."""
    name = given.get("projectId") or google.project
    try:
        found = google.call("projects", "GET", f"projects/{name}")
    except Answered as answered:
        if answered.code != 403:
            raise
        raise CloudError(
            f'the user does not have permission to access Project "{name}" or it may not exist'
        ) from None
    return {
        "autoCreateNetwork": True,
        "billingAccount": "",
        "effectiveLabels": {},
        "folderId": "",
        "id": f"projects/{name}",
        "labels": {},
        "name": found["name"],
        "number": found["projectNumber"],
        "orgId": "",
        "projectId": name,
        "pulumiLabels": {},
        "tags": {},
    }


def bucket(google: "Google", given: Inputs) -> dict[str, Any]:
    """data_source_storage_bucket.go. Without `project` it would go on to ask Compute Engine."""
    name = given["name"]
    if not given.get("project"):
        raise CloudError("the lab's Google Cloud has no Compute Engine: give `project`")
    found = google.call("storage", "GET", f"b/{name}")
    labels = found.get("labels") or {}
    return {
        "id": name,
        "name": name,
        "project": given["project"],
        "projectNumber": int(found["projectNumber"]),
        "location": found["location"],
        "labels": labels,
        "effectiveLabels": labels,
        "pulumiLabels": labels,
        "publicAccessPrevention": found["iamConfiguration"]["publicAccessPrevention"],
        "uniformBucketLevelAccess": bool(
            at(found, "iamConfiguration", "uniformBucketLevelAccess", "enabled")
        ),
        "storageClass": found["storageClass"],
        "url": f"gs://{name}",
        "selfLink": found["selfLink"],
    }


def agent(google: "Google", given: Inputs) -> dict[str, Any]:
    name = given.get("project") or google.project
    address = google.call("storage", "GET", f"projects/{name}/serviceAccount")["email_address"]
    return {
        "emailAddress": address,
        "id": address,
        "member": f"serviceAccount:{address}",
        "project": name,
    }


def account(google: "Google", given: Inputs) -> dict[str, Any]:
    """data_source_google_service_account.go: by its name, its address or its full name."""
    name, where = given["accountId"], given.get("project") or google.project
    if not name.startswith("projects/"):
        address = name if "@" in name else email(name, where)
        name = f"projects/{where}/serviceAccounts/{address}"
    found = google.found("iam", name)
    if found is None:
        raise CloudError(f'Service Account "{name}" not found')
    return {
        "accountId": found["email"].partition("@")[0],
        "disabled": found["disabled"],
        "displayName": found["displayName"],
        "email": found["email"],
        "id": found["name"],
        "member": f"serviceAccount:{found['email']}",
        "name": found["name"],
        "project": found["projectId"],
        "uniqueId": found["uniqueId"],
    }


def ring(google: "Google", given: Inputs) -> dict[str, Any]:
    where = given.get("project") or google.project
    full = f"projects/{where}/locations/{given['location']}/keyRings/{given['name']}"
    if google.found("kms", full) is None:
        raise CloudError(f"{full} not found")
    return {"id": full, "location": given["location"], "name": given["name"], "project": where}


def keys(google: "Google", given: Inputs) -> dict[str, Any]:
    """data_source_google_kms_crypto_keys.go: of a ring that isn't there, none."""
    full = given["keyRing"]
    found = (google.found("kms", f"{full}/cryptoKeys") or {}).get("cryptoKeys") or []
    listed = [
        {
            "id": each["name"],
            "name": each["name"].rpartition("/")[2],
            "keyRing": full,
            "labels": each.get("labels") or {},
            "purpose": each["purpose"],
            "rotationPeriod": each.get("rotationPeriod") or "",
        }
        for each in found
    ]
    return {"id": f"{full}/cryptoKeys", "keyRing": full, "keys": listed}


FUNCTIONS: dict[str, Callable[["Google", Inputs], dict[str, Any]]] = {
    "gcp:kms/getCryptoKeys:getCryptoKeys": keys,
    "gcp:kms/getKMSKeyRing:getKMSKeyRing": ring,
    "gcp:organizations/getProject:getProject": project,
    "gcp:serviceaccount/getAccount:getAccount": account,
    "gcp:storage/getBucket:getBucket": bucket,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": agent,
}
