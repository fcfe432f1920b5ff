"""The project of Google Cloud that a lab has, as its owner and as others see it."""

import base64
import json
from functools import cache
from typing import Any

from lab import kinds
from lab.clouds.google import PROJECT, email
from lab.clouds.google.service import GoogleService
from lab.lab import Lab
from tests.lab.project import get, take_away, until_storage

NAMESPACE = "openshift-image-registry"
SECRET = "image-registry-private-configuration-user"
KEYFILE = "REGISTRY_STORAGE_GCS_KEYFILE"


def service(lab: Lab) -> GoogleService:
    found = GoogleService.at(lab.clouds.directory / "google")
    assert found is not None, f"{lab.stack} has no Google Cloud"
    return found


def owner(lab: Lab) -> Any:
    """google-cloud-storage's client of the project's owner, made once: to get its token takes as
    long as some calls."""
    google = service(lab)
    return _owner(google, google.https)[0]


@cache
def _owner(google: GoogleService, https: str) -> tuple[Any, Any]:
    return google.client(), google.session()


def as_user(lab: Lab, keyfile: dict[str, Any]) -> Any:
    """The same of whoever has this key file."""
    return service(lab).client(keyfile)


def live_keyfile(lab: Lab) -> dict[str, Any]:
    """What the cluster's secret holds, and nothing else: raw JSON."""
    data = get(lab, kinds.Secret, SECRET, NAMESPACE)["data"]
    assert data.keys() == {KEYFILE}
    return json.loads(base64.b64decode(data[KEYFILE]))


def asked(lab: Lab, path: str, method: str = "GET", body: Any = None) -> dict[str, Any]:
    """What one of Google's other APIs answers the owner; {} if there is none."""
    google = service(lab)
    session = _owner(google, google.https)[1]
    answer = session.request(method, f"{google.https}/v1/{path}", json=body)
    if answer.status_code == 404:
        return {}
    answer.raise_for_status()
    return answer.json()


def account(name: str) -> str:
    return f"projects/{PROJECT}/serviceAccounts/{email(name)}"


def keys_of(lab: Lab, name: str) -> list[str]:
    """IDs of a service account's keys."""
    found = asked(lab, f"{account(name)}/keys").get("keys", [])
    return [each["name"].rpartition("/")[2] for each in found]


def code(call: Any, *arguments: Any, **more: Any) -> int:
    """How Google refuses the call; 0 if it doesn't."""
    from google.api_core.exceptions import GoogleAPICallError

    try:
        call(*arguments, **more)
    except GoogleAPICallError as error:
        return error.code
    return 0


def roles(lab: Lab, bucket: str, name: str) -> set[str]:
    """Of a service account on a bucket."""
    member = f"serviceAccount:{email(name)}"
    policy = owner(lab).bucket(bucket).get_iam_policy()
    return {each["role"] for each in policy.bindings if member in each["members"]}


def reset_google(lab: Lab, name: str) -> None:
    """Make the lab's registry what a fresh installation has and the project empty (rings and keys
    stay, as they must), and forget the stack's state. `name`: of the service account."""
    take_away(lab)
    for bucket in list(owner(lab).list_buckets()):
        for each in list(bucket.list_blobs()):
            each.delete()
        bucket.delete()
    asked(lab, account(name), "DELETE")
    until_storage(lab, lambda found: found == {"gcs": {}})
