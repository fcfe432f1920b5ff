"""The keys of a stack file that are a cloud provider's own, such as `azure-native:tenantId`.

An explicit provider does not look at the stack's configuration by itself: a resource of ours never
uses the default one, whose account, project or subscription nobody has named.
"""

import inspect
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from pulumi import Output, ProviderResource, RunError
from pulumi.runtime import get_config_env, get_config_secret_keys_env


def keys_of_the_stack(
    package: str,
    provider: type[ProviderResource],
    given_here: Mapping[str, str],
    texts: Collection[str] = (),
) -> dict[str, Any]:
    """Arguments for that provider. `given_here`: its keys that a section of the stack file says,
    and where. `texts`: those that are wanted as they are, also if they look like JSON."""
    known = inspect.signature(provider._internal_init).parameters
    found, unknown = {}, []
    for key, text in get_config_env().items():
        if not key.startswith(f"{package}:"):
            continue
        name = key.removeprefix(f"{package}:")
        argument = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
        if name in given_here:
            raise RunError(
                f"{key} is in the stack file beside openshift-registry:{given_here[name]}, which "
                "says the same\n    fix: leave it out"
            )
        if argument not in known or argument.startswith("_"):
            unknown.append(key)
            continue
        value = text if name in texts else _value(text)
        found[argument] = Output.secret(value) if key in get_config_secret_keys_env() else value
    if unknown:
        raise RunError(
            f"{', '.join(sorted(unknown))}: the {package} provider has no such configuration\n"
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
