"""The bucket of the registry, which somebody else has made."""

from typing import ClassVar

from settings.aws import AnyBucketName
from settings.choice import ExactlyOne, Mode
from settings.form import Form, Maybe, entry

NOT_BUILT = "is not built yet: make the bucket yourself and write `use: {name: registry}`"


class UsedBucket(Form):
    """A bucket that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: AnyBucketName = entry("Name of the bucket.", default=..., example="registry")


class BucketChoice(ExactlyOne):
    """The bucket the registry keeps its images in."""

    not_settable: ClassVar[dict[str, str]] = {"create": NOT_BUILT, "adopt": NOT_BUILT}

    use: Maybe[UsedBucket] = entry("Refer to a bucket and never write it.")
