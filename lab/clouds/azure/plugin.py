"""Plays pulumi-resource-azure-native: `python -m lab.clouds.azure.plugin ENGINE`."""

from importlib.metadata import version

from lab.clouds.azure.cloud import AzureNative
from lab.clouds.base.serve import serve

if __name__ == "__main__":
    # The version of the SDK: an older plugin is one that the engine warns of.
    serve(AzureNative(), version("pulumi-azure-native"))
