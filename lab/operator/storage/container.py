"""The operator's own look at a container of Swift: it logs in to Keystone with the registry's keys,
and asks HEAD (pkg/storage/swift/swift.go `getSwiftClient`, `containerExists`).

Only where the lab's network leads to it. The real operator goes on to create a container that is
missing: here that is said, and nothing made.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from lab.clouds.lab import Clouds
from lab.kinds import Object
from lab.network.routes import leads
from lab.operator.storage.bucket import NotThere, reason, trust

if TYPE_CHECKING:
    from httpx2 import Response

PATIENCE = 10.0


def look(
    block: Object, keys: Mapping[str, str], keystone: str, trusted: str, clouds: Clouds
) -> None:
    """Raises NotThere. `keys`: as in the secret, without what all of them begin with; `keystone`:
    its URL, with the version."""
    if _address(keystone, clouds) is None:
        return
    url = f"{keystone.rstrip('/')}/auth/tokens"
    answer = _ask("POST", url, trusted, clouds, json={"auth": _login(block, keys)})
    if answer.status_code != 201:
        raise NotThere(
            f"Failed to authenticate provider client: {answer.status_code} {answer.reason_phrase}"
        )
    token, region = answer.headers["X-Subject-Token"], block.get("regionName", "")
    store = next(_stores(answer.json()["token"].get("catalog", []), region), None)
    if store is None:
        raise NotThere("No suitable endpoint could be found in the service catalog.")
    there = f"{store}/{quote(block['container'])}"
    answer = _ask("HEAD", there, trusted, clouds, headers={"X-Auth-Token": token})
    if answer.status_code == 404:
        raise NotThere(f"Resource not found: [HEAD {there}]")
    if answer.status_code >= 300:
        raise NotThere(
            f"Error occurred checking if container exists: {answer.status_code}",
            "Unable to check if container exists",
        )


def _stores(catalog: list[Any], region: str) -> Iterator[str]:
    """It looks for a service of this type and of this name."""
    for each in catalog:
        if each["type"] == "object-store" and each["name"] == "swift":
            for endpoint in each["endpoints"]:
                if endpoint["interface"] == "public" and region in {"", endpoint["region"]}:
                    yield endpoint["url"]


def _login(block: Object, keys: Mapping[str, str]) -> Object:
    """gophercloud auth_options.go, `ToTokenV3CreateMap`, `ToTokenV3ScopeMap`."""
    if "USERNAME" not in keys:
        given = {
            "id": keys["APPLICATIONCREDENTIALID"],
            "secret": keys["APPLICATIONCREDENTIALSECRET"],
        }
        login: Object = {
            "identity": {"methods": ["application_credential"], "application_credential": given}
        }
        if block.get("tenant") or block.get("tenantID"):
            login["scope"] = _project(block)
        return login
    domain = _domain(block)
    if not domain:
        raise NotThere(
            "Failed to authenticate provider client: You must provide exactly one of DomainID or "
            "DomainName to authenticate by Username"
        )
    user = {"name": keys["USERNAME"], "password": keys["PASSWORD"], "domain": domain}
    return {
        "identity": {"methods": ["password"], "password": {"user": user}},
        **({"scope": _project(block)} if block.get("tenant") or block.get("tenantID") else {}),
    }


def _project(block: Object) -> Object:
    if block.get("tenantID"):
        return {"project": {"id": block["tenantID"]}}
    return {"project": {"name": block.get("tenant"), "domain": _domain(block)}}


def _domain(block: Object) -> Object:
    fields = {"id": "domainID", "name": "domain"}
    return {key: block[field] for key, field in fields.items() if block.get(field)}


def _ask(method: str, url: str, trusted: str, clouds: Clouds, **more: Any) -> "Response":
    import httpx2

    parts, address = urlsplit(url), _address(url, clouds)
    if address is None:
        raise NotThere(f"lookup {parts.hostname}: no such host")
    own = {**more.pop("headers", {}), "Host": parts.netloc}
    try:
        with httpx2.Client(verify=trust(trusted, clouds), trust_env=False) as client:
            return client.request(
                method,
                f"{parts.scheme}://{address}{parts.path}",
                headers=own,
                extensions={"sni_hostname": parts.hostname},
                timeout=PATIENCE,
                **more,
            )
    except httpx2.HTTPError as error:
        raise NotThere(f'{method.title()} "{url}": {reason(error)}') from None


def _address(url: str, clouds: Clouds) -> str | None:
    """Where a URL leads to in the lab's network."""
    parts, network = urlsplit(url), clouds.network
    port = parts.port or {"http": 80}.get(parts.scheme, 443)
    return leads(network.routes, parts.hostname or "", port) if network else None
