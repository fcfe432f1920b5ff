"""IAM: service accounts, their keys, and who may act as one."""

import base64
import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from lab.clouds.google import email
from lab.clouds.google.server.access import members_known, owner
from lab.clouds.google.server.call import Answer, Call, Routes
from lab.clouds.google.server.refused import Refused
from lab.clouds.google.server.state import State

ID = r"[a-z][-a-z0-9]{4,28}[a-z0-9]"
MOST_KEYS = 10
"""Of one account (IAM, "Quotas and limits")."""
TOKEN_URI = "https://oauth2.googleapis.com/token"


def create(call: Call, project: str) -> Answer:
    """API v1, projects.serviceAccounts.create."""
    owner(call.state, call.who, project, "iam.serviceAccounts.create")
    body = call.json()
    name, given = body.get("accountId", ""), body.get("serviceAccount") or {}
    if not re.fullmatch(ID, name):
        raise Refused(400, f"Invalid account ID {name!r}: 6 to 30 of a-z, 0-9 and '-'")
    if len(given.get("displayName", "")) > 100 or len(given.get("description", "")) > 256:
        raise Refused(400, "The display name has 100 characters at most, a description 256")
    address = email(name, project)
    if address in call.state.accounts:
        raise Refused(409, f"Service account {name} already exists within project {project}.")
    return _made(call.state, project, name, given)


def _made(state: State, project: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    address = email(name, project)
    made = {
        "name": f"projects/{project}/serviceAccounts/{address}",
        "projectId": project,
        "uniqueId": f"1{secrets.randbelow(10**20):020}",
        "email": address,
        "displayName": given.get("displayName", ""),
        "description": given.get("description", ""),
        "disabled": False,
        "etag": "MDEwMjE5MjA=",
    }
    state.accounts[address] = made
    state.keys[address] = {}
    return made


def get(call: Call, project: str, address: str) -> Answer:
    return _found(call, project, address, "iam.serviceAccounts.get")


def _found(call: Call, project: str, address: str, permission: str) -> dict[str, Any]:
    found = call.state.accounts.get(address)
    where = found["projectId"] if found and project == "-" else project
    owner(call.state, call.who, where, permission)
    if found is None or found["projectId"] != where:
        raise Refused(404, f"Unknown service account: {address}")
    return found


def patch(call: Call, project: str, address: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccounts.update")
    body = call.json()
    given = body.get("serviceAccount") or {}
    for key in str(body.get("updateMask", "")).split(","):
        if key not in ("display_name", "displayName", "description"):
            raise Refused(400, f"{key} of a service account can't be updated")
        name = "displayName" if key == "display_name" else key
        found[name] = given.get(name, "")
    return found


def delete(call: Call, project: str, address: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccounts.delete")
    del call.state.accounts[address], call.state.keys[address]
    call.state.policies.pop(found["name"], None)
    return {}


def create_key(call: Call, project: str, address: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccountKeys.create")
    if len(call.state.keys[address]) >= MOST_KEYS:
        raise Refused(412, "Precondition check failed.")
    identifier, keyfile = new_key(call.state, address)
    return {
        **_key(found, identifier, call.state.keys[address][identifier]),
        "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
        "privateKeyData": base64.b64encode(keyfile.encode()).decode(),
    }


def new_key(state: State, address: str, token_uri: str = TOKEN_URI) -> tuple[str, str]:
    """Its ID, and the key file, which nobody can ask for again."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    identifier = secrets.token_hex(20)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    state.keys.setdefault(address, {})[identifier] = {"public": public, "made": made}
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    keyfile = {
        "type": "service_account",
        "project_id": address.partition("@")[2].partition(".")[0],
        "private_key_id": identifier,
        "private_key": pem,
        "client_email": address,
        "client_id": "1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }
    return identifier, json.dumps(keyfile, indent=2)


def keys(call: Call, project: str, address: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccountKeys.list")
    there = call.state.keys[address]
    return {"keys": [_key(found, identifier, each) for identifier, each in there.items()]}


def get_key(call: Call, project: str, address: str, identifier: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccountKeys.get")
    each = call.state.keys[address].get(identifier)
    if each is None:
        raise Refused(404, f"Service account key {identifier} does not exist.")
    public = base64.b64encode(each["public"]).decode()
    return {**_key(found, identifier, each), "publicKeyData": public}


def delete_key(call: Call, project: str, address: str, identifier: str) -> Answer:
    _found(call, project, address, "iam.serviceAccountKeys.delete")
    if call.state.keys[address].pop(identifier, None) is None:
        raise Refused(404, f"Service account key {identifier} does not exist.")
    return {}


def _key(account: dict[str, Any], identifier: str, key: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{account['name']}/keys/{identifier}",
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "keyOrigin": "GOOGLE_PROVIDED",
        "keyType": "USER_MANAGED",
        "validAfterTime": key["made"],
        "validBeforeTime": "9999-12-31T23:59:59Z",
    }


def get_policy(call: Call, project: str, address: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccounts.getIamPolicy")
    return call.state.policies.get(found["name"], {"version": 1, "etag": "ACAB"})


def set_policy(call: Call, project: str, address: str) -> Answer:
    found = _found(call, project, address, "iam.serviceAccounts.setIamPolicy")
    policy = call.json().get("policy") or {}
    for each in policy.get("bindings") or ():
        members_known(call.state, each.get("members"))
    call.state.policies[found["name"]] = {"version": 1, "etag": "ACAB", **policy}
    return call.state.policies[found["name"]]


ACCOUNT = r"/v1/projects/([^/]+)/serviceAccounts/([^/:]+)"
ROUTES: Routes = {
    ("POST", r"/v1/projects/([^/]+)/serviceAccounts"): create,
    ("GET", ACCOUNT): get,
    ("PATCH", ACCOUNT): patch,
    ("DELETE", ACCOUNT): delete,
    ("POST", rf"{ACCOUNT}/keys"): create_key,
    ("GET", rf"{ACCOUNT}/keys"): keys,
    ("GET", rf"{ACCOUNT}/keys/([^/]+)"): get_key,
    ("DELETE", rf"{ACCOUNT}/keys/([^/]+)"): delete_key,
    ("POST", rf"{ACCOUNT}:getIamPolicy"): get_policy,
    ("POST", rf"{ACCOUNT}:setIamPolicy"): set_policy,
}
