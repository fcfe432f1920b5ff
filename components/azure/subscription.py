"""The subscription of Azure that a stack may touch, and no other."""

from pulumi import ResourceOptions
from pulumi_azure_native import Provider

from components.provider_keys import keys_of_the_stack
from settings.azure_storage import AzureStorage

GIVEN_HERE = {"subscriptionId": "storage.subscriptionID", "environment": "storage.environment"}


def subscription_provider(name: str, storage: AzureStorage, opts: ResourceOptions) -> Provider:
    """Its plugin does nothing in another subscription or cloud, whatever the login could. How to
    log in comes from the environment and from the stack's `azure-native:` keys, as of any
    provider (azure-native:tenantId, azure-native:useOidc, ...)."""
    return Provider(
        name,
        subscription_id=storage.subscription_id,
        environment=storage.environment,
        **keys_of_the_stack("azure-native", Provider, GIVEN_HERE),
        opts=opts,
    )
