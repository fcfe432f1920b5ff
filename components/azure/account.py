"""A storage account of Azure for the registry's images, and what is set for all blobs in it.

Makes (or adopts) the account: StorageV2, over TLS 1.2 or newer alone, no anonymous reading, no
replication into other tenants, closed to whoever is not let in; for how long deleted blobs can be
had back; and on demand the log of who has asked for what. The account is protected and kept
whatever happens to the stack. Refuses to make: an account that anybody may read, one that is open
to all networks, a rule that takes images away.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi import Resource, ResourceOptions
from pulumi_azure_native import storage as azure

from components.azure.found import Subscription
from components.azure.names import tags_of
from components.found import taken_up
from components.options import kept, merged
from settings.azure_account import (
    AzureAdoptedAccount,
    AzureCreatedAccount,
    AzureCustomerKey,
    AzureNetwork,
)
from settings.azure_storage import AzureStorage

CLOSED = {
    "enable_https_traffic_only": True,
    # The newest that the service has: TLS 1.3 is taken too, and can't be asked for (ARM reference,
    # Microsoft.Storage/storageAccounts, minimumTlsVersion).
    "minimum_tls_version": "TLS1_2",
    "allow_blob_public_access": False,
    "allow_cross_tenant_replication": False,
}

NOT_WRITTEN = {
    "access_tier": "accessTier",
    "allowed_copy_scope": "allowedCopyScope",
    "azure_files_identity_based_authentication": "azureFilesIdentityBasedAuthentication",
    "custom_domain": "customDomain",
    "default_to_o_auth_authentication": "defaultToOAuthAuthentication",
    "dns_endpoint_type": "dnsEndpointType",
    "enable_extended_groups": "enableExtendedGroups",
    "enable_nfs_v3": "enableNfsV3",
    "encryption": "encryption",
    "extended_location": "extendedLocation",
    "identity": "identity",
    "immutable_storage_with_versioning": "immutableStorageWithVersioning",
    "is_hns_enabled": "isHnsEnabled",
    "is_local_user_enabled": "isLocalUserEnabled",
    "is_sftp_enabled": "isSftpEnabled",
    "key_policy": "keyPolicy",
    "large_file_shares_state": "largeFileSharesState",
    "network_rule_set": "networkRuleSet",
    "public_network_access": "publicNetworkAccess",
    "routing_preference": "routingPreference",
    "sas_policy": "sasPolicy",
    "tags": "tags",
}
"""What an import reads though nobody has written it: it must not be planned for removal."""

DIAGNOSTICS = "openshift-registry"
LOGGED = ("StorageRead", "StorageWrite", "StorageDelete")


def made_account(
    wanted: AzureCreatedAccount | AzureAdoptedAccount, found: Subscription, opts: ResourceOptions
) -> azure.StorageAccount:
    """The account itself. One that is adopted keeps what is not given."""
    storage, live = found.storage, found.account()
    arguments = {**CLOSED, **_reached(wanted.network, storage), **_encrypted(wanted)}
    if isinstance(wanted, AzureCreatedAccount):
        there = found.ours(
            f"openshift-registry:storage.account.create.name: the account {wanted.name}",
            live,
            "write `adopt` to take it over, or another name",
        )
        given = {"sku": {"name": wanted.sku}, "kind": "StorageV2", "location": storage.location}
        arguments |= {"tags": {**wanted.tags, **tags_of(found.cluster)}}
    else:
        there = True
        given = {"sku": {"name": live["sku"]["name"]}, **{k: live[k] for k in ("kind", "location")}}
        if wanted.tags is not None:
            arguments |= {"tags": wanted.tags}
    ignored = [each for name, each in NOT_WRITTEN.items() if name not in arguments]
    if storage.private_access is not None and storage.private_access.mode == "operator":
        # It closes the account once its endpoint is there, and by that knows that it is.
        ignored.append("publicNetworkAccess")
    return azure.StorageAccount(
        wanted.name,
        account_name=wanted.name,
        resource_group_name=found.group,
        allow_shared_key_access=storage.shared_keys,
        **given,
        **arguments,
        opts=kept(
            opts,
            taken_up(found.names.account(wanted.name), there),
            protect=True,
            ignore_changes=ignored,
        ),
    )


def _reached(network: AzureNetwork | None, storage: AzureStorage) -> dict[str, Any]:
    """Nobody who is not named gets through, Azure's own services included."""
    private = storage.private_access
    if private is None and network is None:
        return {}  # adopted, and not said
    addresses = (network and network.ip_ranges) or ()
    subnets = (network and network.subnet_ids) or ()
    rules = {
        "default_action": "Deny",
        "bypass": "None",
        "ip_rules": [{"i_p_address_or_range": each, "action": "Allow"} for each in addresses],
        "virtual_network_rules": [
            {"virtual_network_resource_id": each, "action": "Allow"} for each in subnets
        ],
    }
    closed = private is not None and private.mode != "operator"
    access = "Disabled" if closed else "Enabled"
    return {"network_rule_set": rules, "public_network_access": access}


def _encrypted(wanted: AzureCreatedAccount | AzureAdoptedAccount) -> dict[str, Any]:
    """With keys of Azure's own unless asked otherwise; that is what an account has by itself."""
    twice = isinstance(wanted, AzureCreatedAccount) and wanted.infrastructure_encryption
    key = wanted.customer_key
    if not twice and key is None:
        return {}
    service = {"enabled": True, "key_type": "Account"}
    encryption: dict[str, Any] = {
        "key_source": "Microsoft.Keyvault" if key else "Microsoft.Storage",
        "services": {"blob": service, "file": service},
    }
    if twice:
        encryption["require_infrastructure_encryption"] = True
    return {"encryption": encryption} if key is None else _by_key(encryption, key)


def _by_key(encryption: dict[str, Any], key: AzureCustomerKey) -> dict[str, Any]:
    """Without a version the account follows the key's rotation."""
    properties = {"key_vault_uri": key.key_vault_uri, "key_name": key.key_name}
    if key.key_version is not None:
        properties["key_version"] = key.key_version
    identity = {"type": "UserAssigned", "user_assigned_identities": [key.identity_id]}
    encryption["key_vault_properties"] = properties
    encryption["encryption_identity"] = {"encryption_user_assigned_identity": key.identity_id}
    return {"encryption": encryption, "identity": identity}


def of_all_blobs(
    wanted: AzureCreatedAccount | AzureAdoptedAccount,
    account: azure.StorageAccount,
    found: Subscription,
    opts: ResourceOptions,
) -> Iterator[Resource]:
    """What is set once for an account."""
    after = merged(opts, ResourceOptions(depends_on=[account]))
    if wanted.soft_delete_days is not None:
        days: Mapping[str, Any] = {"enabled": True, "days": wanted.soft_delete_days}
        yield azure.BlobServiceProperties(
            wanted.name,
            account_name=wanted.name,
            resource_group_name=found.group,
            blob_services_name="default",
            delete_retention_policy=days,
            container_delete_retention_policy=days,
            opts=kept(after),
        )
    if wanted.diagnostics is not None:
        yield _log(wanted.diagnostics, wanted.name, found, after)


def _log(workspace: str, name: str, found: Subscription, opts: ResourceOptions) -> Resource:
    """Not kept: the log ends with the stack, and what it holds is the workspace's."""
    # Imported here: without a log there is no need of this part of the SDK.
    from pulumi_azure_native import monitor

    services = found.names.services(name)
    there = found.diagnostics(DIAGNOSTICS) is not None
    identifier = f"{services}/providers/Microsoft.Insights/diagnosticSettings/{DIAGNOSTICS}"
    return monitor.DiagnosticSetting(
        name,
        name=DIAGNOSTICS,
        resource_uri=services,
        workspace_id=workspace,
        logs=[{"category": each, "enabled": True} for each in LOGGED],
        opts=merged(opts, taken_up(identifier, there)),
    )
