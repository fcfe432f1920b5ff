"""Whom the registry and the nodes trust besides: `openshift-registry:trust` (guide 2.7)."""

import re
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, model_validator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.hosts import is_host, is_port
from settings.problems import is_encrypted, quoted
from settings.refusal import refusal
from settings.types import Checked, ObjectName, Text

NAME = "openshift-registry-trusted-ca"
LARGEST_MAP = 1024 * 1024
"""Of all keys and values (kubernetes pkg/apis/core/validation, ValidateConfigMap)."""

LONGEST_KEY = 253
"""Of a map's key, host and port together (apimachinery pkg/util/validation, IsConfigMapKey)."""

INTERNAL = re.compile(r"image-registry\.openshift-image-registry\.svc(\.cluster\.local)?\.\.5000")
FILE_NAME = re.compile(r"ca-bundle|.*\.(crt|cer|pem|key)")
FORM = "a lower-case host, or a host, two dots and a port: registry.example.com..5000"


class HostFault(NamedTuple):
    """Why a key of the map names no registry; both are clauses."""

    message: str
    fix: str


def host_fault(key: str) -> HostFault | None:
    """What is wrong with a key of the map; None if it is `host` or `host..port`."""
    if "-----BEGIN" in key:
        return HostFault(
            "is a PEM text, and the registry's host belongs there",
            "write the host before the colon and the certificates after it",
        )
    if INTERNAL.fullmatch(key):
        return HostFault(
            "is the cluster's own registry: this certificate would take the place of the one that "
            "the nodes need to pull from it",
            "leave it out: the operator adds the cluster's own CA",
        )
    if FILE_NAME.fullmatch(key):
        return HostFault(
            "is the name of a file; the key says for which registry the certificates are",
            "write the registry's host, e.g. registry.example.com",
        )
    bare = re.sub(r"^\w+://", "", key).partition("/")[0]
    host, colon, port = bare.rpartition(":")
    if bare != key:
        what = "is a URL" if "://" in key else "has a path"
        return HostFault(f"{what}, and a key is a host alone", _instead(bare.replace(":", "..")))
    if colon:
        return HostFault(
            "has a colon, which no key of a ConfigMap may have", _instead(f"{host}..{port}")
        )
    host, dots, port = key.rpartition("..")
    if not dots:
        host, port = key, "443"
    if key != key.lower():
        return HostFault("has capital letters, and hosts are compared as text", _instead(key))
    if not is_host(host):
        return HostFault("is not a host name or IPv4 address", f"write {FORM}")
    if not is_port(port):
        return HostFault("has no port from 1 to 65535 after the two dots", f"write {FORM}")
    if len(key) > LONGEST_KEY:
        return HostFault(
            f"has {len(key)} characters, and a key of a ConfigMap has {LONGEST_KEY} at most",
            "give the registry a shorter host name",
        )
    return None


def _instead(key: str) -> str:
    better = key.lower()
    return f"write {better}" if host_fault(better) is None else f"write {FORM}"


class _Certificates(Checked):
    """Not empty, not too large, and nothing that Pulumi would take for an encrypted value."""

    def check(self, value: dict[str, str]) -> dict[str, str]:
        if is_encrypted(value):
            raise refusal(
                "secure-key",
                "is read by Pulumi as an encrypted value, because its only key is `secure`",
                "add a second key; the map of CAs is no secret and is written in plain",
            )
        if not value:
            raise refusal(
                "trust:nobody",
                "names no registry",
                'write one, e.g. {registry.example.com: "-----BEGIN CERTIFICATE-----..."}, or '
                "leave the section out",
            )
        size = sum(len(f"{host}{text}".encode(errors="replace")) for host, text in value.items())
        if size > LARGEST_MAP:
            raise refusal(
                "size",
                "is larger than a ConfigMap may be",
                f"keep to {LARGEST_MAP} bytes in all: to the CAs of the registries that are used",
            )
        return value

    def json_schema(self) -> dict[str, int]:
        return {"minProperties": 1}


class _OwnedMap(Form):
    """A ConfigMap in openshift-config, where image.config looks for it."""

    name: ObjectName
    certificates: Annotated[dict[str, Text], _Certificates()] = entry(
        "The PEM certificates to trust, by registry: `host`, or `host..port` where it has a port "
        "of its own.",
        default=...,
        example={"registry.example.com..5000": "-----BEGIN CERTIFICATE-----..."},
        guide="2.7",
    )


class CreatedMap(_OwnedMap):
    """A map made and owned here."""

    mode: ClassVar[Mode] = "create"

    name: ObjectName = entry("Name of the map; `adopt` has no default.", default=NAME, guide="2.7")


class AdoptedMap(_OwnedMap):
    """A map that exists, imported, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"

    name: ObjectName = entry("Name of the map.", default=..., example="registry-config")


class UsedMap(Form):
    """A map that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the map.", default=..., example="registry-config")


class MapChoice(ExactlyOne):
    """The ConfigMap with the certificates."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedMap] = entry("Make the map and own it.")
    adopt: Maybe[AdoptedMap] = entry("Import the map, then own it. Name all that it has.")
    use: Maybe[UsedMap] = entry("Refer to a map and never write it.")

    @model_validator(mode="before")
    @classmethod
    def _not_several(cls, value: Any) -> Any:
        """Said before what is wrong in one of them, which may be the one that goes."""
        given = [key for key in cls.model_fields if isinstance(value, dict) and key in value]
        if len(given) > 1:
            raise refusal(
                "exactly-one",
                f"takes exactly one {cls.one_of}, and has {' and '.join(sorted(given))}",
                f"write one of {', '.join(cls.model_fields)}",
            )
        return value


MapSettings = CreatedMap | AdoptedMap | UsedMap


class TrustSettings(Form):
    """Certificate authorities of other registries.

    `additional_trusted_ca` is the chosen form; its `mode` says which.
    """

    additional_trusted_ca: Annotated[MapChoice, AfterValidator(chosen)] = entry(
        "A ConfigMap of openshift-config with CAs that are trusted in contact with other "
        "registries: by imports, by pull-through and by the nodes.",
        default=...,
        example={"use": {"name": "registry-config"}},
        guide="2.7",
        alias="additionalTrustedCA",
    )


def keys_text(keys: list[str]) -> str:
    """A few of them, quoted."""
    some = ", ".join(quoted(each) for each in sorted(keys)[:5])
    return some + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
