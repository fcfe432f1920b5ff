"""The account of AWS that a stack may touch, and no other."""

import inspect
import json
import re
from typing import Any

from pulumi import Output, ResourceOptions, RunError
from pulumi.runtime import get_config_env, get_config_secret_keys_env
from pulumi_aws import Provider

from settings.aws import INSTALLER

PREFIX = "aws:"
GIVEN_HERE = {"region": "storage.region", "allowedAccountIds": "storage.account"}


def account_provider(name: str, account: str, region: str, opts: ResourceOptions) -> Provider:
    """Its plugin does nothing in an account or region other than these: preview, refresh and
    destroy included. How to log in comes from the environment and from the stack's `aws:` keys, as
    of any provider (aws:profile, aws:assumeRoles, aws:defaultTags, ...)."""
    return Provider(
        name,
        region=region,
        allowed_account_ids=[account],
        **_of_the_stack(),
        opts=opts,
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
            f"{', '.join(sorted(unknown))}: the AWS provider has no such configuration\n"
            "    fix: leave it out, or look up its name in the provider's documentation"
        )
    _not_the_installers(found.get("default_tags"))
    return found


def _not_the_installers(given: Any) -> None:
    """Nor may a tag of everything be one that no bucket may have."""
    tags = given.get("tags") if isinstance(given, dict) else None
    if isinstance(tags, dict) and any(key.startswith(INSTALLER) for key in tags):
        raise RunError(
            f"aws:defaultTags has a tag {INSTALLER}..., by which `openshift-install destroy "
            "cluster` finds what it deletes, images and all\n    fix: leave it out"
        )


def _value(text: str) -> Any:
    """Pulumi hands structured values over as JSON and plain ones as text."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return text
    return found if isinstance(found, list | dict | bool) else text
