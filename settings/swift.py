"""Storage in a container of Swift: `kind: swift`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from settings.form import Form, Maybe, entry
from settings.openstack import AuthUrl, AuthVersion
from settings.replaced import Replaced
from settings.swift_container import SwiftContainerField
from settings.swift_credentials import SwiftCredentialsField
from settings.types import Text

REPLICAS = 2
"""As the operator has it with Swift."""

ONE_DOMAIN = (
    "is not there: the operator knows one domain of Keystone, for user and project alike "
    "(OCPBUGS-9962); write domain or domainID"
)


class SwiftStorage(Form):
    """The registry's images in one container of Swift (guide 3.3).

    `container` and `credentials` are the chosen forms; the `mode` of each says which.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged: under Managed the operator empties and deletes "
        "the container when the registry is set to Removed",
        "swift": "is written by the stack from the keys here",
        "trustedCA": "is not there with Swift: the operator trusts ca-bundle.pem in the ConfigMap "
        "cloud-provider-config of openshift-config, which the cloud's own CA belongs in",
        **{
            key: ONE_DOMAIN
            for key in (
                *("userDomain", "userDomainName", "userDomainID"),
                *("projectDomain", "projectDomainName", "projectDomainID"),
            )
        },
        "username": "belongs under `credentials.given`",
        "password": "belongs under `credentials.given`",
    }

    kind: Literal["swift"] = entry("`swift`: storage in a container of Swift.", default=...)
    container: SwiftContainerField = entry(
        "The container.", default=..., example={"use": {"name": "registry"}}, guide="3.3.4"
    )
    auth_url: Maybe[AuthUrl] = entry(
        "Where Keystone is. Only with keys of the operator's own may it be left out. If its "
        "certificate is of a CA of the cloud's own, that CA is in ca-bundle.pem of the ConfigMap "
        "cloud-provider-config in openshift-config.",
        example="https://keystone.example.com:5000/v3",
        guide="3.3.4",
        alias="authURL",
    )
    auth_version: Maybe[AuthVersion] = entry(
        'The version of Keystone\'s API, in quotes; "3" unless given.',
        example="3",
        since="4.2",
        guide="3.3.4",
    )
    domain: Maybe[Text] = entry(
        "The domain of user and project, by its name.", example="Default", guide="3.3.4"
    )
    domain_id: Maybe[Text] = entry(
        "The domain of user and project, by its ID.",
        example="default",
        guide="3.3.4",
        alias="domainID",
    )
    tenant: Maybe[Text] = entry(
        "The project, by its name. Where something is made here it is the one that has to be "
        "reached. With an application credential it is not written: that is for one project.",
        example="registries",
        guide="3.3.4",
    )
    tenant_id: Maybe[Text] = entry(
        "The project, by its ID; as `tenant`.",
        example="0c1a2b3c4d5e4f60718293a4b5c6d7e8",
        guide="3.3.4",
        alias="tenantID",
    )
    region_name: Maybe[Text] = entry(
        "The region of the container.", example="RegionOne", since="4.2", guide="3.3.4"
    )
    credentials: SwiftCredentialsField = entry(
        "How the registry logs in.", default=..., example={"use": {}}, guide="3.3.2"
    )
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
    )

    @property
    def in_project(self) -> bool:
        """Is anything made or owned in OpenStack?"""
        return self.container.mode != "use" or self.credentials.mode == "create"

    @property
    def application(self) -> bool:
        """Does the registry log in by an application credential?"""
        return getattr(self.credentials, "application", False)

    @property
    def suggests(self) -> dict[str, Any]:
        return {"replicas": REPLICAS}

    @property
    def demands(self) -> dict[str, Any]:
        """Guide 3.3.1: pulls go through the registry, which trusts Swift."""
        return {"disableRedirect": True}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """`spec.storage` without its managementState, as written. Keystone lets an application
        credential ask for no project ("cannot request a scope"), and the operator asks for one
        as soon as it is told of it."""
        scope = {
            "domain": self.domain,
            "domainID": self.domain_id,
            "tenant": self.tenant,
            "tenantID": self.tenant_id,
        }
        block = {
            "container": self.container.name,
            "authURL": self.auth_url,
            "authVersion": self.auth_version,
            **({} if self.application else scope),
            "regionName": self.region_name,
        }
        return {"swift": {key: value for key, value in block.items() if value is not None}}
