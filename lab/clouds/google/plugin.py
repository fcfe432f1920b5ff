"""Plays pulumi-resource-gcp: `python -m lab.clouds.google.plugin ENGINE`."""

from importlib.metadata import version

from lab.clouds.base.serve import serve
from lab.clouds.google.cloud import Google

if __name__ == "__main__":
    # The version of the SDK: an older plugin is one that the engine warns of.
    serve(Google(), version("pulumi-gcp"))
