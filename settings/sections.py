"""Which part of a stack file's content is ours."""

import json
from typing import Any

from settings.problems import Finding, is_encrypted, quoted, shown
from settings.types import nearest

PROJECT = "openshift-registry"
"""`name` of Pulumi.yaml: the namespace of the keys that are ours."""

PULUMIS_KEYS = ("secretsprovider", "encryptedkey", "encryptionsalt", "environment", "config")


def sections(
    document: dict[Any, Any],
) -> tuple[dict[str, Any] | None, dict[str, str], list[Finding]]:
    """The sections by their names without the namespace, the keys they stand under in the
    file, and what is wrong with the file's form. No sections at all if there is no `config`.
    """
    found = [_unknown(each) for each in document if each not in PULUMIS_KEYS]
    config = document.get("config")
    values: dict[str, Any] = {}
    keys: dict[str, str] = {}
    if not isinstance(config, dict):
        message = "is not a mapping" if "config" in document else "is missing"
        fix = f"write `config:` and under it `{PROJECT}:cluster:`"
        return None, keys, [*found, Finding(("config",), message, fix, "required")]
    for name, value in config.items():
        section = _section(name)
        if section is None:
            found.append(_malformed(name))
        elif section and section in keys:
            found.append(
                Finding(
                    (section,),
                    f"is given twice, as {quoted(keys[section])} and {quoted(name)}",
                    "keep one",
                    "duplicate-key",
                )
            )
        elif section and is_encrypted(value):
            keys[section] = name
            found.append(
                Finding(
                    (section,),
                    "is encrypted as a whole, so nobody can review it",
                    "write it in plain and encrypt the secrets in it alone, e.g. kubeconfig",
                    "encrypted-section",
                )
            )
        elif section:
            keys[section], values[section] = name, _value(value)
    return values, keys, found


def _section(name: Any) -> str | None:
    """Our section's name, `""` for a key of another namespace, None if it is no config key.

    Pulumi reads a key without a namespace as one of the project's, and
    `project:config:name` as `project:name` (sdk/go/common/resource/config/key.go).
    """
    if not isinstance(name, str):
        return None
    parts = name.split(":")
    if len(parts) == 3 and parts[1] == "config":
        del parts[1]
    if len(parts) == 1:
        parts = [PROJECT, name]
    if len(parts) != 2 or not parts[1]:
        return None
    return parts[1] if parts[0] == PROJECT else ""


def _value(value: Any) -> Any:
    """`pulumi config set` without --path keeps a section as JSON text, and the program reads it."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            pass  # then it is text, and validated as such
    return value


def _malformed(name: Any) -> Finding:
    return Finding(
        ("config",),
        f"has the key {shown(name)}, which is not of the form namespace:name",
        f"write {PROJECT}:cluster, {PROJECT}:storage or {PROJECT}:registry",
        "unknown-key",
    )


def _unknown(name: Any) -> Finding:
    meant = nearest(str(name), PULUMIS_KEYS)
    return Finding(
        (str(name),),
        "is not a key of a stack file",
        f"write {meant}" if meant else f"put it under `config:`, as in {PROJECT}:cluster",
        "unknown-key",
    )
