"""Every way to put the section `credentials` wrong."""

import base64
import json
from typing import Any

from tests.settings.case import GONE, Case

LEFT_ALONE = {"storage": GONE, "registry": {"managementState": "Managed", "replicas": 2}}
SEALED = {"secure": "v1:abc:def"}
SWIFT = "REGISTRY_STORAGE_SWIFT_"
APPLICATION = f"{SWIFT}APPLICATIONCREDENTIAL"
ACCESS_KEY, SECRET_KEY = "REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"
GCS, AZURE = "REGISTRY_STORAGE_GCS_KEYFILE", "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"
CREATE = "credentials.create"

Row = tuple[dict[str, Any], str, str, str, str]


def _given(rule: str, at: str, says: str, fix: str, keys: Any, **cluster: str) -> Row:
    versions = {f"cluster.{key}": each for key, each in cluster.items()}
    changes = {**LEFT_ALONE, **versions, "credentials": {"create": keys}}
    return changes, rule, f"{CREATE}{at}", says, fix


def _sealed(rule: str, at: str, says: str, fix: str, *keys: str, **cluster: str) -> Row:
    return _given(rule, at, says, fix, dict.fromkeys(keys, SEALED), **cluster)


def _choice(rule: str, path: str, says: str, fix: str, value: Any) -> Row:
    return {**LEFT_ALONE, "credentials": value}, rule, path, says, fix


SET = "credentials:set"
WHOLE_KEYFILE = json.dumps({"type": "service_account", "private_key": "x"})

ROWS: list[Row] = [
    _sealed(SET, "", f"lacks {SECRET_KEY}", "go together", ACCESS_KEY),
    _sealed(SET, "", f"lacks {ACCESS_KEY}", "go together", SECRET_KEY),
    _sealed(SET, "", f"lacks {SWIFT}PASSWORD", "go together", f"{SWIFT}USERNAME"),
    # Public case C14: an ID and a secret without the name are refused by the operator.
    _sealed(SET, "", f"lacks {APPLICATION}NAME", "", f"{APPLICATION}ID", f"{APPLICATION}SECRET"),
    _sealed(SET, "", "mixes keys", f"{ACCESS_KEY} and {SECRET_KEY}", ACCESS_KEY, SECRET_KEY, GCS),
    _sealed(SET, "", "mixes keys", AZURE, AZURE, f"{SWIFT}USERNAME"),
    _sealed(
        *(SET, "", "mixes keys", f"{SWIFT}TOKENID"),
        *(f"{SWIFT}USERNAME", f"{SWIFT}PASSWORD", f"{SWIFT}TOKENID"),
    ),
    _given(SET, "", "has no keys", f"{ACCESS_KEY} and {SECRET_KEY}", {}),
    _given(SET, "", "has no keys", GCS, "s3cr3t"),
    # Public case C14: the guide's own older spelling.
    _sealed(
        *("unknown-key", f".{SWIFT}USER", "not a known key", f"write {SWIFT}USERNAME"),
        *(f"{SWIFT}USER", f"{SWIFT}PASSWORD"),
    ),
    # Public case R15.
    _sealed(
        *("unknown-key", ".STORAGE_GCS_KEYFILE", "not a known key", f"write {GCS}"),
        "STORAGE_GCS_KEYFILE",
    ),
    _choice("exactly-one", "credentials", "has none", "create, adopt", {}),
    _choice("exactly-one", "credentials", "has none", "create, adopt", "s3cr3t"),
    _choice(
        *("exactly-one", "credentials", "has adopt and create", "create, adopt"),
        {"create": {AZURE: SEALED}, "adopt": {AZURE: SEALED}},
    ),
    _choice(
        *("not-settable", "credentials.use", "without the section", "leave it out"),
        {"create": {AZURE: SEALED}, "use": {}},
    ),
    _given("null", f".{AZURE}", "has no value", "leave the key out", {AZURE: None}),
    _given("empty", f".{AZURE}", "is empty", "leave the key out", {AZURE: ""}),
    _given("type", "", f"has a {AZURE} that is not text", "--secret", {AZURE: 12345}),
    _given("type", f".{AZURE}", "takes a secret", "--secret", {AZURE: ["x"]}),
    *(
        _given("credentials:value", "", f"{AZURE} with a line end", "echo", {AZURE: text})
        for text in ("s3cr3t\n", "s3cr3t\r", "s3c\nr3t")
    ),
    _given(
        *("credentials:keyfile", "", "in base64", "base64 -d"),
        {GCS: base64.b64encode(WHOLE_KEYFILE.encode()).decode()},
    ),
    _given("credentials:keyfile", "", "is no JSON", "not its path", {GCS: "/home/me/key.json"}),
    *(
        _given("credentials:keyfile", "", "service_account or external_account", "", {GCS: text})
        for text in ('{"type": "authorized_user"}', "[1]", '{"private_key": "x"}', "5")
    ),
    *(
        _given(
            "plain-secret",
            f".{key}",
            "a secret in plain text",
            f"openshift-registry:credentials.create.{key}'",
            {key: text},
        )
        for key, text in ((AZURE, "s3cr3t"), (GCS, WHOLE_KEYFILE))
    ),
    _sealed(
        *("version", f".{SWIFT}TOKENID", "since OpenShift 4.20", f"{SWIFT}USERNAME and {SWIFT}"),
        f"{SWIFT}TOKENID",
    ),
    _sealed(
        *("version", f".{APPLICATION}ID", "since OpenShift 4.15", 'version: "4.15" or later'),
        *(f"{APPLICATION}ID", f"{APPLICATION}NAME", f"{APPLICATION}SECRET"),
        version="4.14",
    ),
    (
        {"credentials": {"adopt": {AZURE: SEALED}}},
        *("credentials:unused", "credentials", "kind claim, which takes no keys", "leave"),
    ),
]

CASES = [Case(*row) for row in ROWS]
