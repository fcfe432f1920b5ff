"""An AWS with every type of the SDK and no rules: what is wrong with them is for policies to say.

The lab's own stand-in refuses some of the bad examples by itself, and has not all of their types.
"""

from importlib.metadata import version
from typing import Any

from lab.clouds.base.cloud import Cloud
from lab.clouds.base.kind import CloudError, Kind
from lab.clouds.base.serve import serve
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs


class AnyType(Kind):
    """Spelling and types are still checked; what is not given is unknown, as in the stand-in."""

    documents = frozenset({"assumeRolePolicy", "policy"})

    def __init__(self, token: str) -> None:
        self.token = token  # type: ignore[misc]
        if token.endswith((":Bucket", ":BucketV2")):
            self.local = {"forceDestroy": False}  # type: ignore[misc]

    def never(self, *_: Any) -> Any:
        raise CloudError("the examples are for previews only")

    create = read = update = delete = never


class AllTypes(dict[str, Kind]):
    def get(self, token: str, default: Any = None) -> Kind:
        return AnyType(token)


class Everything(Cloud):
    package = "aws"
    title = "AWS"
    settings = frozenset()
    kinds = AllTypes()
    functions = {}

    def configure(self, settings: Inputs) -> None:
        """There is nothing to reach."""

    def check_settings(self, settings: Inputs) -> list[Failure]:
        return []


if __name__ == "__main__":
    serve(Everything(), version("pulumi-aws"))
