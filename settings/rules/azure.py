"""Storage in a container of Azure (settings/azure_checks.py and its neighbours)."""

from settings.rules.rule import OPERATOR, Rule

DRIVER = f"{OPERATOR} pkg/storage/azure/azure.go"
API = "openshift/api imageregistry/v1 types.go"
INSTALLER = "openshift/installer pkg/destroy/azure"

RULES = {
    "azure:id": Rule(
        "An ID of something else than is wanted, or of nothing.", "Azure would not find it."
    ),
    "azure:name": Rule(
        "A name that Azure does not take: of a resource group, a location, an identity, a key.",
        "Azure would refuse it.",
    ),
    "azure:account-name": Rule(
        "A storage account's name of other than 3 to 24 lower-case letters and digits.",
        "Azure would refuse it.",
    ),
    "azure:container-name": Rule(
        "A container's name of other than 3 to 63 lower-case letters and digits with single "
        "hyphens between them.",
        f"The API server would refuse it ({API}, Container).",
        ours=False,
    ),
    "azure:network-name": Rule(
        "A name for the operator's private endpoint that it does not take.",
        f"The API server would refuse it ({API}, AzureNetworkAccessInternal).",
        ours=False,
    ),
    "azure:vault": Rule("A key vault by other than its URL.", "Azure would not find it."),
    "azure:addresses": Rule(
        "A private address, or a range of /31 or /32.",
        "Azure takes public IPv4 addresses and wider ranges only.",
    ),
    "azure:tag": Rule(
        "Tags that Azure does not take, or more than it takes.", "Azure would refuse them."
    ),
    "azure:tag-installer": Rule(
        "A tag `kubernetes.io_cluster...` on the account.",
        f"openshift-install finds by it what it deletes ({INSTALLER}).",
    ),
    "azure:cloud-name": Rule(
        "A `cloudName` that the operator does not know, or of another cloud than `environment`.",
        f"The registry would look for the account there ({DRIVER}, getEnvironmentByName).",
    ),
    "azure:stack": Rule(
        "AzureStackCloud with something that is made, owned or read here.",
        "It is made by the interfaces of Azure's own clouds.",
    ),
    "azure:german": Rule(
        "`environment: german` with something that is made, owned or read there.",
        "pulumi-azure-native 3 knows public, usgovernment and china (its `environment`); Microsoft "
        "closed the cloud in 2021.",
    ),
    "azure:environment": Rule(
        "A location in another cloud than `environment`.", "Azure would not know it."
    ),
    "azure:new-account": Rule(
        "`use` or `adopt` of a container in an account that is made here.",
        "A new account has no containers.",
    ),
    "azure:installer-group": Rule(
        "A new account in the cluster's own resource group.",
        f"openshift-install deletes the group with the cluster ({INSTALLER}).",
    ),
    "azure:installer-account": Rule(
        "An account that exists there.", f"As above ({INSTALLER}).", warning=True
    ),
    "azure:network": Rule(
        "An account of ours that lets nobody in, or lets the public in beside `privateAccess`.",
        "The registry could not reach it; or it would be open where it is said to be closed.",
    ),
    "azure:network-access": Rule(
        "`privateAccess: {operator: ...}` with an account key.",
        f"The operator returns before it reads networkAccess ({DRIVER}, processUPI).",
    ),
    "guard:cloud-secret-first": Rule(
        "A workload identity in Azure while image-registry-private-configuration-user exists.",
        f"The operator takes the secret ({DRIVER}, GetConfig).",
    ),
}
