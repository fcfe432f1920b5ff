"""The StorageClass of a claim."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, model_validator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.labels import NAME
from settings.provisioners import CINDER
from settings.refusal import refusal
from settings.types import LABEL, Checked, ObjectName, OneOf, Syntax, Text

ANY_CASE = LABEL.replace("a-z", "A-Za-z")

Provisioner = Annotated[
    str,
    Syntax(
        "name",
        # Kubernetes lower-cases it before it looks.
        rf"((?=[^/]{{1,253}}/){ANY_CASE}(\.{ANY_CASE})*/)?{NAME}",
        "name of a provisioner",
        "write it as the CSI driver calls itself, e.g. cinder.csi.openstack.org",
        253 + 1 + 63,
    ),
]

MOST_PARAMETERS = 512
LARGEST_PARAMETERS = 256 * 1024


class _Parameters(Checked):
    """Kubernetes' limits (pkg/apis/storage/validation, validateParameters)."""

    def check(self, value: dict[str, str]) -> dict[str, str]:
        size = sum(len(f"{name}{text}".encode(errors="replace")) for name, text in value.items())
        if "" in value:
            raise refusal("empty", "has an empty name", "name the parameter or leave it out")
        if len(value) > MOST_PARAMETERS or size > LARGEST_PARAMETERS:
            raise refusal(
                "size",
                "is larger than Kubernetes takes",
                f"keep to {MOST_PARAMETERS} parameters and {LARGEST_PARAMETERS} bytes in all",
            )
        return value


class _OwnedClass(Form):
    name: ObjectName = entry("Name of the class.", default=..., example="registry", guide="3.5.1")
    provisioner: Provisioner = entry(
        "The CSI driver that makes the volumes.", default=..., example=CINDER, guide="3.5.1"
    )
    parameters: Annotated[dict[str, str], _Parameters()] = entry(
        "What the provisioner takes, text to text, e.g. `type: ssd`.", default=dict, guide="3.5.1"
    )
    availability: Maybe[Text] = entry(
        "Cinder only: the availability zone, short for `parameters: {availability: ...}`. "
        "Nobody verifies that the zone exists.",
        example="nova",
        guide="3.5.1",
    )
    reclaim_policy: Annotated[str, OneOf("Retain", "Delete")] = entry(
        "What happens to a volume whose claim goes. Retain, because images can't be made "
        "again; Kubernetes' own default is Delete.",
        default="Retain",
    )
    volume_binding_mode: Annotated[str, OneOf("Immediate", "WaitForFirstConsumer")] = entry(
        "When the volume is made: at once, or where the registry's pod is scheduled.",
        default="Immediate",
        guide="3.5.1",
    )
    allow_volume_expansion: Maybe[bool] = entry("May a claim of this class grow?", guide="3.5.1")
    mount_options: list[Text] = entry("Options for mounting the volumes.", default=list)

    @model_validator(mode="before")
    @classmethod
    def _availability_is_a_parameter(cls, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("availability"), str):
            return value
        zone, parameters = value["availability"], value.get("parameters", {})
        if value.get("provisioner") != CINDER:
            raise refusal(
                "availability",
                "belongs to Cinder, and the provisioner is another one",
                "write what this provisioner takes under `parameters`",
                ("availability",),
            )
        if not zone or not isinstance(parameters, dict):
            return value
        if "availability" in parameters:
            raise refusal(
                "availability",
                "is given a second time under `parameters`",
                "keep one of the two",
                ("availability",),
            )
        rest = {name: each for name, each in value.items() if name != "availability"}
        return {**rest, "parameters": {**parameters, "availability": zone}}


class CreatedClass(_OwnedClass):
    """A class made and owned here."""

    mode: ClassVar[Mode] = "create"


class AdoptedClass(_OwnedClass):
    """A class that exists, imported with these fields, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"


class UsedClass(Form):
    """A class that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the class.", default=..., example="standard-csi")


class ClassChoice(ExactlyOne):
    """The class of the claim."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedClass] = entry("Make the class and own it.")
    adopt: Maybe[AdoptedClass] = entry("Import the class, then own it. Give what it has.")
    use: Maybe[UsedClass] = entry("Refer to a class and never write it.")


StorageClassSettings = CreatedClass | AdoptedClass | UsedClass

StorageClass = Annotated[ClassChoice, AfterValidator(chosen)]
"""A field of this type holds a `StorageClassSettings`."""
