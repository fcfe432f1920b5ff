"""The project of OpenStack that a stack may touch, and no other; and what it has already."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import pulumi
from pulumi import InvokeOptions, RunError

from components.openstack.login import Login
from settings.swift import SwiftStorage

HOW = "docs/how-to/swift-permissions.md has how to log in, and what it must be allowed"
PATIENCE = 30.0
"""Seconds for an answer."""

Found = Mapping[str, Any]


class Project:
    """The project that the login is for, once it is the one that the stack file names.

    Where it is and who asks is the plugin's to say. Of containers and of application credentials
    it has no data function, so that Swift and Keystone are asked themselves, with its token.
    """

    def __init__(self, storage: SwiftStorage, login: Login) -> None:
        self.storage = storage
        self._login = login
        self._scope = _scope(storage, login)
        self._is_the_one()
        self._tell_of_the_name()
        self._container = f"{self._store().rstrip('/')}/{quote(storage.container.name)}"

    @property
    def path(self) -> str:
        """Of the container, as Swift sees it."""
        return urlsplit(self._container).path

    @property
    def user(self) -> str:
        """Who is logged in."""
        return self._scope.user_name or self._scope.user_id

    @property
    def roles(self) -> set[str]:
        """What the user may there."""
        return {each.role_name for each in self._scope.roles or ()}

    def container(self) -> Mapping[str, str] | None:
        """The headers of the stack's container; None if there is none."""
        answer = self._ask("HEAD", self._container, 404)
        return None if answer.status_code == 404 else answer.headers

    def credentials(self) -> Sequence[Found]:
        """The user's application credentials."""
        interface = self._login.interface
        known = [each.url for each in self._endpoints("identity") if each.interface == interface]
        base = (known[0] if known else self.storage.auth_url).rstrip("/")
        base = base if base.endswith("/v3") else f"{base}/v3"
        answer = self._ask("GET", f"{base}/users/{self._scope.user_id}/application_credentials")
        return answer.json()["application_credentials"]

    def _is_the_one(self) -> None:
        scope, wanted = self._scope, self.storage
        reached = f"{scope.project_name} ({scope.project_id}) of domain {scope.project_domain_name}"
        if not scope.project_id:
            raise RunError(
                f"openshift-registry:storage.tenant: the login of {self.user} is for no project"
                f"\n    fix: name it when logging in, as in OS_PROJECT_NAME; {HOW}"
            )
        for key, said, found in (
            ("tenantID", wanted.tenant_id, scope.project_id),
            ("tenant", wanted.tenant, scope.project_name),
            ("domainID", wanted.domain_id, scope.project_domain_id),
            ("domain", wanted.domain, scope.project_domain_name),
        ):
            if said is not None and said != found:
                raise RunError(
                    f"openshift-registry:storage.{key}: {said}: the login of {self.user} is for "
                    f"another project, {reached}; nothing is made there\n"
                    f"    fix: log in to the project of the stack file; {HOW}"
                )
        self._at_the_right_keystone()

    def _at_the_right_keystone(self) -> None:
        """With a cloud of clouds.yaml the plugin takes the URL from there. Names of projects are
        alike in many clouds; an ID is in one."""
        wanted = urlsplit(self.storage.auth_url or "").hostname
        known = {urlsplit(each.url).hostname for each in self._endpoints("identity")}
        if self._login.cloud and self.storage.tenant_id is None and wanted not in known:
            raise RunError(
                f"openshift-registry:storage.authURL: {self.storage.auth_url}: the login by "
                f"OS_CLOUD={self._login.cloud} reaches a cloud whose Keystone is at "
                f"{', '.join(sorted(filter(None, known))) or 'no known place'}\n    fix: log in "
                "to the cloud of the stack file; or, if it is the same one, write the project by "
                f"its ID: tenantID: {self._scope.project_id}"
            )

    def _store(self) -> str:
        """The endpoint of Swift in the stack file's region."""
        wanted, regions = self.storage.region_name, []
        for each in self._endpoints("object-store"):
            if each.interface == self._login.interface:
                regions.append(each.region or each.region_id)
                if wanted is None or wanted == regions[-1]:
                    return each.url
        has = f"there it is in {', '.join(sorted(set(regions)))}" if regions else "it has none"
        raise RunError(
            f"openshift-registry:storage.regionName: {wanted or '(not set)'}: the cloud has no "
            f"object store there ({has})\n    fix: write a region that has one: "
            "`openstack catalog show object-store`"
        )

    def _tell_of_the_name(self) -> None:
        """The operator looks a service up by type and name (pkg/storage/swift/swift.go,
        getSwiftClient)."""
        names = {e.name for e in self._scope.service_catalogs or () if e.type == "object-store"}
        if names and "swift" not in names:
            pulumi.log.warn(
                f"Keystone's catalog calls its object store {', '.join(sorted(names))}, and the "
                "operator looks for the name swift: it will say that no suitable endpoint could be "
                "found\n    fix: have the service renamed: `openstack service set --name swift`"
            )

    def _endpoints(self, kind: str) -> list[Any]:
        catalog = self._scope.service_catalogs or ()
        return [each for entry in catalog if entry.type == kind for each in entry.endpoints]

    def _ask(self, method: str, url: str, *expected: int) -> Any:
        import httpx2

        own = {"X-Auth-Token": self._scope.token_id}
        try:
            with httpx2.Client(verify=self._login.trust, timeout=PATIENCE) as client:
                answer = client.request(method, url, headers=own)
        except httpx2.HTTPError as error:
            raise RunError(
                f"OpenStack could not be asked what is there already: {method} {url}: {error}\n"
                "    fix: see that it is reached from here; a CA of the cloud's own belongs in "
                "OS_CACERT"
            ) from None
        if answer.status_code >= 400 and answer.status_code not in expected:
            raise RunError(
                "OpenStack could not be asked what is there already: "
                f"{method} {url}: {answer.status_code} {answer.reason_phrase}\n    fix: {HOW}"
            )
        return answer


def _scope(storage: SwiftStorage, login: Login) -> Any:
    from pulumi_openstack.identity import get_auth_scope

    options = InvokeOptions(provider=login.provider)
    try:
        return get_auth_scope(name="this-login", set_token_id=True, opts=options)
    except Exception as error:  # the plugin's answer, whatever the engine makes of it
        said = " ".join(str(error).split())
        if "No suitable endpoint" in said:
            raise RunError(
                f"openshift-registry:storage.regionName: {storage.region_name}: Keystone's catalog "
                "has nothing in that region\n    fix: write one of `openstack region list`"
            ) from None
        raise RunError(f"OpenStack does not let this login in: {said}\n    fix: {HOW}") from None
