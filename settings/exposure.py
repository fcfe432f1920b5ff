"""How the registry is reached from outside: `openshift-registry:exposure` (guide 2.5, 5)."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.hosts import HostAndPort, HostName
from settings.secret import Secret
from settings.types import ObjectName, Text


class _OwnedSecret(Form):
    """A secret in openshift-image-registry, the only namespace where the operator looks."""

    instead: ClassVar[dict[str, str]] = {"ca.crt": "name it tls.cacrt, or append it to tls.crt"}
    not_settable: ClassVar[dict[str, str]] = {
        "ca.crt": "is read by nobody: of a route's secret the operator takes tls.crt, tls.key and "
        "tls.cacrt (cluster-image-registry-operator pkg/resource/route.go)",
    }

    name: ObjectName = entry(
        "Name of the secret.", default=..., example="public-route-tls", guide="5.2"
    )
    tls_crt: Text = entry(
        "The certificate in PEM, and after it those that lead to its root.",
        default=...,
        example="-----BEGIN CERTIFICATE-----...",
        guide="5.2",
        alias="tls.crt",
    )
    tls_key: Secret = entry(
        "Its private key in PEM, as a Pulumi secret.",
        default=...,
        example={"secure": "..."},
        guide="5.2",
        alias="tls.key",
    )
    tls_cacrt: Maybe[Text] = entry(
        "The CA that issued the certificate, in PEM. The router then takes the certificate only "
        "if one of these has issued it, and hands them out too.",
        alias="tls.cacrt",
    )


class CreatedSecret(_OwnedSecret):
    """A secret made and owned here."""

    mode: ClassVar[Mode] = "create"


class AdoptedSecret(_OwnedSecret):
    """A secret that exists, imported, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"


class UsedSecret(Form):
    """A secret that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the secret.", default=..., example="public-route-tls")


class SecretChoice(ExactlyOne):
    """The secret with a route's certificate."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedSecret] = entry("Make the secret and own it.")
    adopt: Maybe[AdoptedSecret] = entry("Import the secret, then own it.")
    use: Maybe[UsedSecret] = entry("Refer to a secret and never write it.")


class Route(Form):
    """A route to the registry, made by the operator.

    `certificate` is the chosen form; its `mode` says which.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "secretName": "is written by the stack from `certificate`",
    }

    name: ObjectName = entry("Name of the route.", default=..., example="public", guide="5.2")
    hostname: Maybe[HostName] = entry(
        "Its host name. Without one the router gives it `<name>-openshift-image-registry` in its "
        "own domain.",
        example="registry.apps.example.com",
        guide="5.2",
    )
    certificate: Maybe[Annotated[SecretChoice, AfterValidator(chosen)]] = entry(
        "The secret with its certificate. Without one the router shows its default certificate.",
        guide="5.2",
    )


class ExposureSettings(Form):
    """Routes to the registry, and the names it is known by outside."""

    default_route: Maybe[bool] = entry(
        "Make the route `default-route`, with the router's certificate.", guide="2.6"
    )
    routes: Maybe[list[Route]] = entry("Further routes.", guide="5.2")
    external_registry_hostnames: Maybe[list[HostAndPort]] = entry(
        "The names, with or without a port, under which image streams show the registry; the first "
        "is preferred. Written to image.config.openshift.io/cluster.",
        example=["registry.apps.example.com"],
    )

    def spec(self) -> dict[str, Any]:
        """The operator's fields that the user set, under the API's names."""
        spec: dict[str, Any] = {}
        if self.default_route is not None:
            spec["defaultRoute"] = self.default_route
        if self.routes is not None:
            spec["routes"] = [_route(each) for each in self.routes]
        return spec


def _route(route: Route) -> dict[str, Any]:
    parts = {
        "name": route.name,
        "hostname": route.hostname,
        "secretName": route.certificate.name if route.certificate else None,
    }
    return {key: value for key, value in parts.items() if value is not None}
