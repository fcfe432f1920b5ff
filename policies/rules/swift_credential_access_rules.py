from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import entries
from ._openstack import CREDENTIAL, keystone


@resource_rule(
    title="Application credentials have access rules",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=keystone("Application credentials, access rules"),
    types=(CREDENTIAL,),
    why=(
        "Without rules the credential opens all that its role does on the project: other "
        "containers, servers, networks. Keystone has rules since Train (2019); on an older cloud "
        "there is nothing better than a project of the registry's own."
    ),
    source="Keystone documentation, application credentials, access rules",
    remedy=(
        "Give accessRules: service object-store, path /v1/AUTH_PROJECT/CONTAINER and the same "
        "with /**, and the methods GET, HEAD, PUT, POST and DELETE."
    ),
)
def swift_credential_access_rules(credential: Resource, settings: Settings) -> Iterator[str]:
    if not entries(credential.props, "accessRules"):
        yield "accessRules are not given"
