"""OpenStack Swift (pkg/storage/swift/swift.go; the either-or of credentials as from 4.15)."""

from urllib.parse import urlsplit

from lab.kinds import Object
from lab.operator.errors import SyncError
from lab.operator.storage import container
from lab.operator.storage.cloud import USER_SECRET, Cloud, user_credentials
from lab.operator.storage.driver import Variable
from lab.operator.world import World

PREFIX = "REGISTRY_STORAGE_SWIFT"
PASSWORD = ("USERNAME", "PASSWORD")
APPLICATION = (
    "APPLICATIONCREDENTIALID",
    "APPLICATIONCREDENTIALNAME",
    "APPLICATIONCREDENTIALSECRET",
)
OPTIONAL = {
    "DOMAIN": "domain",
    "DOMAINID": "domainID",
    "TENANT": "tenant",
    "TENANTID": "tenantID",
    "REGION": "regionName",
}


class Swift(Cloud):
    key = "swift"
    name = "Swift"
    where = "container"
    found = ("Container exists", "User supplied container already exists")

    def check(self, block: Object, world: World) -> None:
        self._credentials(world)
        if not block.get("authURL"):
            raise SyncError(
                'failed to authenticate against OpenStack: Get "/": unsupported protocol scheme ""'
            )

    def look(self, block: Object, world: World) -> None:
        if world.clouds is not None:
            keystone = auth_url(block["authURL"], block.get("authVersion") or "3")
            trusted = self.ca_bundle(block, world)
            container.look(block, self._credentials(world), keystone, trusted, world.clouds)

    def environment(self, block: Object, world: World) -> list[Variable]:
        version = block.get("authVersion") or "3"
        if not version.lstrip("+-").isdigit():
            raise SyncError(
                f'unable to parse authVersion: strconv.Atoi: parsing "{version}": invalid syntax'
            )
        variables = [
            Variable("REGISTRY_STORAGE", "swift"),
            Variable(f"{PREFIX}_CONTAINER", block.get("container", "")),
            Variable(f"{PREFIX}_AUTHURL", auth_url(block.get("authURL", ""), version)),
            Variable(f"{PREFIX}_AUTHVERSION", str(int(version))),
        ]
        for name, value in self._credentials(world).items():
            variables.append(Variable(f"{PREFIX}_{name}", value, secret=True))
        for name, field in OPTIONAL.items():
            if block.get(field):
                variables.append(Variable(f"{PREFIX}_{name}", block[field]))
        return variables

    def ca_bundle(self, block: Object, world: World) -> str:
        """`CABundle`: there is no swift.trustedCA, only the cloud provider's own bundle."""
        provider = world.openshift_config.get("cloud-provider-config") or {}
        return (provider.get("data") or {}).get("ca-bundle.pem", "")

    def _credentials(self, world: World) -> dict[str, str]:
        data = user_credentials(world)
        for wanted in (PASSWORD, APPLICATION):
            if all(data.get(f"{PREFIX}_{name}") for name in wanted):
                return {name: data[f"{PREFIX}_{name}"] for name in wanted}
        raise SyncError(
            f'secret "{USER_SECRET}" does not contain required keys: either '
            + " or ".join(
                ", ".join(f"{PREFIX}_{name}" for name in each) for each in (PASSWORD, APPLICATION)
            )
        )


def auth_url(url: str, version: str) -> str:
    """The identity URL with its version (`ensureAuthURLHasAPIVersion`)."""
    path = urlsplit(url if "//" in url else f"http://{url}").path
    if path.startswith(("/v1", "/v2", "/v3")):
        return url
    if path not in {"", "/"}:
        raise SyncError(f"Incorrect Auth URL: {path}")
    return f"{url.rstrip('/')}/v{version}"
