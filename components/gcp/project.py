"""The project of Google Cloud that a stack may touch, and no other."""

import inspect
import json
import re
from typing import Any

from pulumi import Output, ResourceOptions, RunError
from pulumi.runtime import get_config_env, get_config_secret_keys_env
from pulumi_gcp import Provider

PREFIX = "gcp:"
TEXT = "credentials"
"""A key file is JSON, and wanted as text."""
GIVEN_HERE = {"project": "storage.projectID", "region": "storage.region"}


def project_provider(name: str, project: str, opts: ResourceOptions) -> Provider:
    """Makes things in this project alone, whatever the login's own one is. How to log in comes
    from the environment and from the stack's `gcp:` keys, as of any provider (gcp:credentials,
    gcp:impersonateServiceAccount, gcp:defaultLabels, ...)."""
    given = _of_the_stack()
    # A label of the plugin's own would be one that no stack file knows of.
    given.setdefault("add_pulumi_attribution_label", False)
    return Provider(name, project=project, **given, opts=opts)


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
        value = text if name == TEXT else _value(text)
        found[argument] = Output.secret(value) if key in get_config_secret_keys_env() else value
    if unknown:
        raise RunError(
            f"{', '.join(sorted(unknown))}: the Google Cloud provider has no such configuration\n"
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
