"""An identity of Azure that the registry and its operator act as by their service accounts.

Makes the user-assigned identity, whom it trusts and what it may; then there is no key that lasts.
The registry may use the blobs of this container. The operator also writes to the account, in which
it switches keys off (cluster-image-registry-operator pkg/storage/azure/azure.go,
assureStorageAccount), and the registry signs the URLs that it redirects to by a key that the
account gives for it: for both there is a role of the stack's own, which may neither read the
account's keys nor delete anything. Refuses to make: an identity that other service accounts or
clusters may act as.
"""

from collections.abc import Iterator

from pulumi import Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, managedidentity

from components.azure.found import Subscription
from components.azure.names import guid, tags_of
from components.found import taken_up
from components.options import kept
from settings.azure_credentials import AzureCreatedIdentity
from settings.names import NAMESPACE

AUDIENCE = "openshift"
"""Whom the tokens of the two's pods are for (manifests/07-operator.yaml)."""
SERVICE_ACCOUNTS = ("cluster-image-registry-operator", "registry")

BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Azure's own role, the same everywhere (Azure built-in roles for Storage)."""
OF_THE_ACCOUNT = [
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Storage/storageAccounts/write",
    "Microsoft.Storage/storageAccounts/blobServices/read",
    "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
]


def identity_name(wanted: AzureCreatedIdentity, infrastructure: str) -> str:
    return wanted.name or f"{infrastructure}-image-registry"


def registry_identity(
    name: str, location: str, found: Subscription, opts: ResourceOptions
) -> managedidentity.UserAssignedIdentity:
    there = found.ours(
        f"openshift-registry:storage.credentials.workloadIdentity.create.name: the identity {name} "
        f"of the resource group {found.group}",
        found.identity(name),
        "name it anew, or `use` the one that is there by its client ID",
    )
    return managedidentity.UserAssignedIdentity(
        name,
        resource_name_=name,
        resource_group_name=found.group,
        location=location,
        tags=tags_of(found.cluster),
        opts=kept(opts, taken_up(found.names.identity(name), there)),
    )


def trusted(
    identity: managedidentity.UserAssignedIdentity,
    name: str,
    issuer: str | Output[str],
    found: Subscription,
    opts: ResourceOptions,
) -> Iterator[Resource]:
    """The service accounts that may act as it. One after the other: Azure refuses two at once
    (Microsoft Entra, "Important considerations and restrictions for federated identity")."""
    after: Resource = identity
    for account in SERVICE_ACCOUNTS:
        there = found.identity(name) is not None and found.federation(name, account) is not None
        after = managedidentity.FederatedIdentityCredential(
            f"{name}-{account}",
            federated_identity_credential_resource_name=account,
            resource_name_=name,
            resource_group_name=found.group,
            issuer=issuer,
            subject=f"system:serviceaccount:{NAMESPACE}:{account}",
            audiences=[AUDIENCE],
            opts=kept(
                opts, taken_up(found.names.federation(name, account), there), depends_on=[after]
            ),
        )
        yield after


def allowed(
    identity: managedidentity.UserAssignedIdentity,
    name: str,
    after: list[Resource],
    found: Subscription,
    opts: ResourceOptions,
) -> Iterator[Resource]:
    """What it may. A role and its assignments have GUIDs for names, made from what they are for."""
    names, storage = found.names, found.storage
    account = names.account(storage.account.name)
    container = names.container(storage.account.name, storage.container.name)
    there = found.account() is not None
    role, made = _role(name, there, found, opts)
    yield made
    reaches = {
        container: ("blobs", names.role(BLOB_DATA_CONTRIBUTOR)),
        account: ("account", names.role(role)),
    }
    for scope, (what, definition) in reaches.items():
        assigned = guid(scope, names.identity(name), what)
        exists = there and found.assignment(scope, assigned) is not None
        yield authorization.RoleAssignment(
            f"{name}-{what}",
            role_assignment_name=assigned,
            scope=scope,
            role_definition_id=definition,
            principal_id=identity.principal_id,
            # Not looked for: a new identity is known everywhere after minutes only.
            principal_type="ServicePrincipal",
            opts=kept(
                opts, taken_up(names.assignment(scope, assigned), exists), depends_on=[*after, made]
            ),
        )


def _role(
    name: str, there: bool, found: Subscription, opts: ResourceOptions
) -> tuple[str, authorization.RoleDefinition]:
    """Its GUID, and the role."""
    group = f"{found.names.root}/resourceGroups/{found.group}"
    role = guid(group, found.names.identity(name), "role")
    exists = there and found.role(group, role) is not None
    nothing = {"not_actions": [], "data_actions": [], "not_data_actions": []}
    made = authorization.RoleDefinition(
        name,
        role_definition_id=role,
        # The name of a role is one in the whole tenant.
        role_name=f"{name} {role[:8]}",
        description=f"What the registry of {found.cluster} needs of its account besides blobs",
        role_type="CustomRole",
        scope=group,
        assignable_scopes=[group],
        permissions=[{"actions": OF_THE_ACCOUNT, **nothing}],
        opts=kept(
            opts,
            taken_up(f"{group}/providers/Microsoft.Authorization/roleDefinitions/{role}", exists),
        ),
    )
    return role, made
