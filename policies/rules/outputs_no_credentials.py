from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._unknown import attempt
from .config_map_credentials import CREDENTIAL
from .config_map_private_key import PRIVATE_KEY

STACK = "pulumi:pulumi:Stack"


@stack_rule(
    title="No credential of the storage is an output of the stack",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("NIST SP 800-53", "5", "IA-5 Authenticator management"),
    types=(STACK,),
    why=(
        "An output is printed at each run, read by other stacks, and shown with --show-secrets to "
        "whoever may read the stack. Azure's function that lists an account's keys marks them as "
        "no secrets: as outputs they stand in clear in the state and in every log."
    ),
    source="pulumi-azure-native, listStorageAccountKeys; Pulumi documentation, stack outputs",
    remedy="Take the output out, renew the key, and read it where it is needed.",
)
def outputs_no_credentials(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for stack in resources:
        unknown: list[Exception] = []
        if _holds_one(stack.props, unknown):
            yield stack, "an output holds a credential"
        elif unknown:
            raise unknown[0]


def _holds_one(value: Any, unknown: list[Exception]) -> bool:
    """At any depth. What can't be known yet is noted, and hides nothing."""
    if isinstance(value, str):
        return bool(CREDENTIAL.fullmatch(value) or PRIVATE_KEY.search(value))
    if isinstance(value, Mapping):
        keys = list(value)
    elif isinstance(value, Sequence):
        keys = list(range(len(value)))
    else:
        return False
    found = False
    for key in keys:
        part, error = attempt(lambda key=key: value[key])
        unknown += [error] if error else []
        found = found or _holds_one(part, unknown)
    return found
