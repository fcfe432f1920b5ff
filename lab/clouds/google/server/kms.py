"""Cloud KMS: rings, keys, and who may use one. Nothing is encrypted with them."""

import re
from typing import Any

from lab.clouds.google.server.access import members_known, owner
from lab.clouds.google.server.call import Answer, Call, Routes
from lab.clouds.google.server.refused import Refused
from lab.clouds.google.server.state import State

NAME = r"[a-zA-Z0-9_-]{1,63}"
DAY = 24 * 60 * 60
USES = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def create_ring(call: Call, project: str, location: str) -> Answer:
    """API v1, projects.locations.keyRings.create. There is no call that deletes one."""
    owner(call.state, call.who, project, "cloudkms.keyRings.create")
    name = _name(call.one("keyRingId"))
    full = f"projects/{project}/locations/{location}/keyRings/{name}"
    if full in call.state.rings:
        raise Refused(409, f"KeyRing {full} already exists.")
    call.state.rings.add(full)
    return {"name": full}


def get_ring(call: Call, project: str, location: str, name: str) -> Answer:
    return {"name": _ring(call, project, location, name, "cloudkms.keyRings.get")}


def _ring(call: Call, project: str, location: str, name: str, permission: str) -> str:
    owner(call.state, call.who, project, permission)
    full = f"projects/{project}/locations/{location}/keyRings/{name}"
    if full not in call.state.rings:
        raise Refused(404, f"KeyRing {full} not found.")
    return full


def _name(text: str) -> str:
    if not re.fullmatch(NAME, text):
        raise Refused(400, f"{text!r} does not match [a-zA-Z0-9_-]{{1,63}}")
    return text


def create_key(call: Call, project: str, location: str, ring: str) -> Answer:
    """API v1, cryptoKeys.create. A name is never given twice, whatever became of the first one."""
    where = _ring(call, project, location, ring, "cloudkms.cryptoKeys.create")
    full, body = f"{where}/cryptoKeys/{_name(call.one('cryptoKeyId'))}", call.json()
    if full in call.state.crypto_keys:
        raise Refused(409, f"CryptoKey {full} already exists.")
    _check_rotation(body)
    made = {
        "destroyScheduledDuration": f"{30 * DAY}s",
        "labels": {},
        **body,
        "name": full,
        "primary": {"name": f"{full}/cryptoKeyVersions/1", "state": "ENABLED"},
        "versionTemplate": {
            "protectionLevel": "SOFTWARE",
            "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
        },
    }
    call.state.crypto_keys[full] = made
    return made


def _check_rotation(body: dict[str, Any]) -> None:
    """API v1, CryptoKey: "rotationPeriod must be at least 24 hours and at most 876,000 hours. If
    rotationPeriod is set, nextRotationTime must also be set"."""
    period = body.get("rotationPeriod")
    if period is None:
        return
    seconds = re.fullmatch(r"(\d+)(\.0+)?s", str(period))
    if not seconds or not DAY <= int(seconds[1]) <= 876_000 * 3600:
        raise Refused(400, f"rotationPeriod {period} is not between 24 and 876,000 hours")
    if not body.get("nextRotationTime"):
        raise Refused(400, "nextRotationTime must be set with rotationPeriod")


def _key(call: Call, where: tuple[str, ...], permission: str) -> dict[str, Any]:
    project, location, ring, name = where
    full = f"{_ring(call, project, location, ring, permission)}/cryptoKeys/{name}"
    if full not in call.state.crypto_keys:
        raise Refused(404, f"CryptoKey {full} not found.")
    return call.state.crypto_keys[full]


def list_keys(call: Call, project: str, location: str, ring: str) -> Answer:
    full = _ring(call, project, location, ring, "cloudkms.cryptoKeys.list")
    keys = call.state.crypto_keys.items()
    return {"cryptoKeys": [each for name, each in keys if name.startswith(f"{full}/")]}


def get_key(call: Call, *where: str) -> Answer:
    return _key(call, where, "cloudkms.cryptoKeys.get")


def patch_key(call: Call, *where: str) -> Answer:
    found, body = _key(call, where, "cloudkms.cryptoKeys.update"), call.json()
    mask = [each for each in call.one("updateMask").split(",") if each]
    fixed = set(mask) - {"labels", "rotationPeriod", "nextRotationTime"}
    if fixed or not mask:
        raise Refused(400, f"{', '.join(sorted(fixed)) or 'nothing'} of a key can't be updated")
    _check_rotation({**found, **body})
    found |= {each: body.get(each) for each in mask}
    return found


def destroy(call: Call, *where: str) -> Answer:
    """API v1, cryptoKeyVersions.destroy: it waits, and can be taken back until then."""
    found = _key(call, where[:4], "cloudkms.cryptoKeyVersions.destroy")
    found["primary"] = {**found["primary"], "state": "DESTROY_SCHEDULED"}
    return found["primary"]


def get_policy(call: Call, *where: str) -> Answer:
    found = _key(call, where, "cloudkms.cryptoKeys.getIamPolicy")
    return call.state.policies.get(found["name"], {"version": 1, "etag": "ACAB"})


def set_policy(call: Call, *where: str) -> Answer:
    found = _key(call, where, "cloudkms.cryptoKeys.setIamPolicy")
    policy = call.json().get("policy") or {}
    for each in policy.get("bindings") or ():
        members_known(call.state, each.get("members"))
    call.state.policies[found["name"]] = {"version": 1, "etag": "ACAB", **policy}
    return call.state.policies[found["name"]]


def usable(state: State, name: str, agent: str) -> bool:
    """May Cloud Storage's own service account use the key?"""
    key = state.crypto_keys.get(name)
    if key is None or key["primary"]["state"] != "ENABLED":
        return False
    return any(
        each["role"] == USES and f"serviceAccount:{agent}" in each.get("members", ())
        for each in state.policies.get(name, {}).get("bindings") or ()
    )


RINGS = r"/v1/projects/([^/]+)/locations/([^/]+)/keyRings"
KEYS = rf"{RINGS}/([^/]+)/cryptoKeys"
KEY = rf"{KEYS}/([^/:]+)"
ROUTES: Routes = {
    ("POST", RINGS): create_ring,
    ("GET", rf"{RINGS}/([^/:]+)"): get_ring,
    ("POST", KEYS): create_key,
    ("GET", KEYS): list_keys,
    ("GET", KEY): get_key,
    ("PATCH", KEY): patch_key,
    ("GET", rf"{KEY}:getIamPolicy"): get_policy,
    ("POST", rf"{KEY}:setIamPolicy"): set_policy,
    ("POST", rf"{KEY}/cryptoKeyVersions/(\d+):destroy"): destroy,
}
