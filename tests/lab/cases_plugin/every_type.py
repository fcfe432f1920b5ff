"""A cloud with every type of the SDK and no rules: what is wrong with them is for policies to say.

The lab's own stand-ins refuse some of the bad examples by themselves, and have not all of their
types. PACKAGE says which cloud it plays.
"""

import os
from importlib.metadata import version
from typing import Any

from lab.clouds.base.cloud import Cloud
from lab.clouds.base.kind import CloudError, Kind
from lab.clouds.base.serve import serve
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

# What a preview of the real plugin knows to be absent: what its schema does not compute.
ABSENT = {
    "gcp:storage/bucket:Bucket": {
        **dict.fromkeys(("encryption", "logging", "retentionPolicy", "defaultEventBasedHold")),
        "lifecycleRules": [],
    },
    "openstack:objectstorage/container:Container": {
        **dict.fromkeys(("containerRead", "containerWrite", "versioningLegacy")),
        "versioning": False,
    },
    "openstack:identity/applicationCredential:ApplicationCredential": {"accessRules": []},
}


class AnyType(Kind):
    """Spelling and types are still checked; what is not given is unknown, as in the stand-ins."""

    def __init__(self, token: str) -> None:
        self.token = token  # type: ignore[misc]
        if token.startswith("aws:"):
            self.documents = frozenset({"assumeRolePolicy", "policy"})  # type: ignore[misc]
        self.absent = ABSENT.get(token, {})  # type: ignore[misc]
        if token.endswith((":Bucket", ":BucketV2", ":Container")):
            self.local = {"forceDestroy": False}  # type: ignore[misc]

    def never(self, *_: Any) -> Any:
        raise CloudError("the examples are for previews only")

    create = read = update = delete = never


class AllTypes(dict[str, Kind]):
    def get(self, token: str, default: Any = None) -> Kind:
        return AnyType(token)


class Everything(Cloud):
    package = os.environ.get("PACKAGE", "aws")
    title = package
    settings = frozenset()
    kinds = AllTypes()
    functions = {}

    def configure(self, settings: Inputs) -> None:
        """There is nothing to reach."""

    def check_settings(self, settings: Inputs) -> list[Failure]:
        return []


if __name__ == "__main__":
    serve(Everything(), version(f"pulumi-{Everything.package}"))
