"""What a project has before a stack comes: the buckets and keys that its file refers to."""

from typing import TYPE_CHECKING, Any

from lab.clouds.google import PROJECT

if TYPE_CHECKING:
    from lab.clouds.google.service import GoogleService

BLOB = "docker/registry/v2/blobs/sha256/00/0000/data"
"""Where a registry would have put it."""


def make(google: "GoogleService", storage: Any) -> None:
    """`storage` is a stack file's section, of whatever shape it is."""
    region = _at(storage, "region") or "EU"
    forms = _at(storage, "bucket")
    for mode, form in forms.items() if isinstance(forms, dict) else ():
        if mode != "create" and (name := _at(form, "name")):
            client = google.client()
            client.create_bucket(name, location=region)
            client.bucket(name).blob(BLOB).upload_from_string(b"of an image that was there before")
        if name := _at(form, "logging", "logBucket"):
            google.client().create_bucket(name, location=region)
        if name := _at(form, "kms", "use", "keyName"):
            _make_key(google, name)
        if name := _at(form, "kms", "create", "keyRing"):
            _make_ring(google, name)


def _make_ring(google: "GoogleService", name: str) -> None:
    place, _, ring = name.partition("/keyRings/")
    if place.startswith(f"projects/{PROJECT}/"):
        url = f"{google.https}/v1/{place}/keyRings?keyRingId={ring}"
        google.session().post(url, json={}).raise_for_status()


def _make_key(google: "GoogleService", name: str) -> None:
    ring, _, key = name.partition("/cryptoKeys/")
    _make_ring(google, ring)
    url = f"{google.https}/v1/{ring}/cryptoKeys?cryptoKeyId={key}"
    google.session().post(url, json={"purpose": "ENCRYPT_DECRYPT"}).raise_for_status()


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
