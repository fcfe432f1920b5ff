"""How a stack logs in to OpenStack, and to which Keystone."""

import os
import ssl
from dataclasses import dataclass
from typing import Any

from pulumi import Output, ResourceOptions, RunError
from pulumi_openstack import Provider

from components.provider_keys import keys_of_the_stack
from settings.swift import SwiftStorage

GIVEN_HERE = {"authUrl": "storage.authURL", "region": "storage.regionName"}
AS_THEY_ARE = ("applicationCredentialSecret", "password", "token")
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
    given = keys_of_the_stack("openstack", Provider, GIVEN_HERE, AS_THEY_ARE)
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


def _plain(given: dict[str, Any], argument: str, variable: str) -> Any:
    """What is a secret is none of these."""
    value = given.get(argument)
    return os.environ.get(variable) if value is None or isinstance(value, Output) else value


def _trust(authority: str | None, insecure: bool) -> ssl.SSLContext:
    """As the plugin has it: a CA's certificate, or the file with it, instead of the system's."""
    if insecure:
        return ssl._create_unverified_context()
    try:
        if authority and "-----BEGIN" in authority:
            return ssl.create_default_context(cadata=authority)
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ValueError) as error:
        raise RunError(
            f"OS_CACERT or openstack:cacertFile is no certificate of a CA: {error}\n"
            "    fix: write the path of a file with it, in PEM"
        ) from None
