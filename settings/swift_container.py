"""The container of the registry in Swift."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.openstack import AnyContainerName, ContainerName
from settings.types import Text

NOT_A_KEY = {
    **{
        key: "would let others in, everybody with `.r:*`: the container is its project's alone"
        for key in ("containerRead", "containerWrite", "acl", "readAcl", "writeAcl")
    },
    "metadata": "is left to the registry, which keeps the key of its temporary URLs in it",
    "forceDestroy": "would let the images be deleted with the container",
    "versioning": "would keep what is pruned: Swift has no rule that clears it away",
    "lifecycle": "is not there: Swift clears single objects away, and those are images",
}


class SwiftCreatedContainer(Form):
    """A container made and owned here, private."""

    mode: ClassVar[Mode] = "create"
    not_settable: ClassVar[dict[str, str]] = NOT_A_KEY

    name: ContainerName = entry(
        "Name of the container.", default=..., example="prod-1-image-registry", guide="3.3.4"
    )
    storage_policy: Maybe[Text] = entry(
        "Where Swift keeps it; the cloud's default unless given. It is never changed later.",
        example="gold",
    )


class SwiftAdoptedContainer(Form):
    """A container that exists, imported, and owned here from then on; it is made private."""

    mode: ClassVar[Mode] = "adopt"
    not_settable: ClassVar[dict[str, str]] = {
        **NOT_A_KEY,
        "storagePolicy": "can't be changed any more",
    }

    name: AnyContainerName = entry(
        "Name of the container.", default=..., example="prod-1-image-registry", guide="3.3.4"
    )


class SwiftUsedContainer(Form):
    """A container that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: AnyContainerName = entry(
        "Name of the container.", default=..., example="registry", guide="3.3.4"
    )


class SwiftContainerChoice(ExactlyOne):
    """The container the registry keeps its images in."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[SwiftCreatedContainer] = entry("Make the container and own it.")
    adopt: Maybe[SwiftAdoptedContainer] = entry("Import the container, then own it.")
    use: Maybe[SwiftUsedContainer] = entry("Refer to a container and never write it.")


SwiftContainerField = Annotated[SwiftContainerChoice, AfterValidator(chosen)]
