"""Whom the registry trusts when it talks to its storage: `storage.trustedCA` (guide 3.1.3)."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.types import ObjectName, Text

NAME = "image-registry-s3-bundle"
KEY = "ca-bundle.crt"
"""The only key that the operator reads (cluster-image-registry-operator pkg/storage/s3/s3.go)."""


class _OwnedBundle(Form):
    """A ConfigMap in openshift-config, the only namespace where the operator looks."""

    not_settable: ClassVar[dict[str, str]] = {
        KEY: "is written by the stack from `certificates`",
    }

    name: ObjectName
    certificates: Text = entry(
        "The CAs in PEM, one after the other. The registry trusts these alone in contact with its "
        "storage, and not those of its system.",
        default=...,
        example="-----BEGIN CERTIFICATE-----...",
        guide="3.1.3",
    )


class CreatedBundle(_OwnedBundle):
    """A map made and owned here."""

    mode: ClassVar[Mode] = "create"

    name: ObjectName = entry("Name of the map; `adopt` has no default.", default=NAME)


class AdoptedBundle(_OwnedBundle):
    """A map that exists, imported, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"

    name: ObjectName = entry("Name of the map.", default=..., example=NAME)


class UsedBundle(Form):
    """A map that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the map.", default=..., example=NAME)


class BundleChoice(ExactlyOne):
    """The ConfigMap of openshift-config with the key ca-bundle.crt."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedBundle] = entry("Make the map and own it.")
    adopt: Maybe[AdoptedBundle] = entry("Import the map, then own it.")
    use: Maybe[UsedBundle] = entry("Refer to a map and never write it.")


BundleSettings = CreatedBundle | AdoptedBundle | UsedBundle

Bundle = Annotated[BundleChoice, AfterValidator(chosen)]
"""A field of this type holds a `BundleSettings`."""
