"""Plays pulumi-resource-aws: `python -m lab.clouds.aws.plugin ENGINE`."""

import os
from importlib.metadata import version

from lab.clouds.aws.cloud import Aws
from lab.clouds.base.serve import serve

if __name__ == "__main__":
    # A shell that works on a lab may have the user's own profile: there is none of that name.
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    # The version of the SDK: an older plugin is one that the engine warns of.
    serve(Aws(), version("pulumi-aws"))
