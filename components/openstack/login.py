"""How a stack logs in to OpenStack, and to which Keystone."""

import inspect
import json
import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import Output, ResourceOptions, RunError
from pulumi.runtime import get_config_env, get_config_secret_keys_env
from pulumi_openstack import Provider

from settings.swift import SwiftStorage

PREFIX = "openstack:"
GIVEN_HERE = {"authUrl": "storage.authURL", "region": "storage.regionName"}
TRUE = {"1", "t", "true"}
"""As Go's ParseBool has it, whatever the case."""


@dataclass(frozen=True)
class Login:
    """A provider, and what of its ways another client has to know."""

    provider: Provider
    cloud: str | None
    """The entry of clouds.yaml that it logs in by. Then `auth_url` is that entry's."""
    interface: str
    """Which of the catalog's endpoints it asks."""
    trust: ssl.SSLContext


def login(name: str, storage: SwiftStorage, opts: ResourceOptions) -> Login:
    """At the Keystone of the stack file. Who logs in comes from the environment (OS_CLOUD or the
    other OS_...) and from the stack's `openstack:` keys, as of any provider."""
    given = _of_the_stack()
    provider = Provider(
        name, auth_url=storage.auth_url, region=storage.region_name, **given, opts=opts
    )
    return Login(
        provider,
        _plain(given, "cloud", "OS_CLOUD"),
        (_plain(given, "endpoint_type", "OS_ENDPOINT_TYPE") or "public").removesuffix("URL"),
        _trust(
            _plain(given, "cacert_file", "OS_CACERT"),
            str(_plain(given, "insecure", "OS_INSECURE") or "").lower() in TRUE,
        ),
    )


def _of_the_stack() -> dict[str, Any]:
    """An explicit provider does not look at the stack's configuration by itself."""
    known = inspect.signature(Provider._internal_init).parameters
    found, unknown = {}, []
    for key, text in get_config_env().items():
        if not key.startswith(PREFIX):
            continue
        name = key.removeprefix(PREFIX)
        argument = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
        if name in GIVEN_HERE:
            raise RunError(
                f"{key} is in the stack file beside openshift-registry:{GIVEN_HERE[name]}, which "
                "says the same\n    fix: leave it out"
            )
        if argument not in known or argument.startswith("_"):
            unknown.append(key)
            continue
        value = _value(text)
        found[argument] = Output.secret(value) if key in get_config_secret_keys_env() else value
    if unknown:
        raise RunError(
            f"{', '.join(sorted(unknown))}: the OpenStack provider has no such configuration\n"
            "    fix: leave it out, or look up its name in the provider's documentation"
        )
    return found


def _value(text: str) -> Any:
    """Pulumi hands structured values over as JSON and plain ones as text."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return text
    return found if isinstance(found, list | dict | bool) else text


def _plain(given: dict[str, Any], argument: str, variable: str) -> Any:
    """What is a secret is none of these."""
    value = given.get(argument)
    return os.environ.get(variable) if value is None or isinstance(value, Output) else value


def _trust(authority: str | None, insecure: bool) -> ssl.SSLContext:
    """As the plugin has it: a CA's certificate, or the file with it, instead of the system's."""
    if insecure:
        return ssl._create_unverified_context()
    try:
        if authority and not Path(authority).is_file():
            return ssl.create_default_context(cadata=authority)
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ValueError) as error:
        raise RunError(
            f"OS_CACERT or openstack:cacertFile is no certificate of a CA: {error}\n"
            "    fix: write the path of a file with it, in PEM"
        ) from None
