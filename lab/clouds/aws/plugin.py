"""Plays pulumi-resource-aws: `python -m lab.clouds.aws.plugin ENGINE`."""

from importlib.metadata import version

from lab.clouds.aws.cloud import Aws
from lab.clouds.base.serve import serve

if __name__ == "__main__":
    # The version of the SDK: an older plugin is one that the engine warns of.
    serve(Aws(), version("pulumi-aws"))
