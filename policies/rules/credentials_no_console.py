from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import cis, token
from ._identities import IDENTIFYING, Reach, owner_of

LOGIN = token("iam", "UserLoginProfile")


@stack_rule(
    title="The registry's user can't log in to the console",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("1.11"),
    types=IDENTIFYING,
    why=(
        "The user is a program's. A password for the console is a second way to the images, "
        "without a second factor and with nobody who would change it."
    ),
    source="AWS IAM User Guide, security best practices",
    remedy="Take the UserLoginProfile out.",
)
def credentials_no_console(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    logins = [each for each in resources if each.resource_type == LOGIN]
    reach = Reach.of(resources) if logins else None
    for each in logins:
        if reach and reach.has(owner_of(each, resources)):
            yield each, "the registry's user has a password for the console"
