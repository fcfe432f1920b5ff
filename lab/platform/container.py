"""The environment of the registry's container, for a process that runs outside of one."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lab.kinds import Object
from lab.network.service import Network
from lab.platform.endpoints import ENDPOINTS

ANCHORS = ("/etc/pki/ca-trust/source/anchors", "/usr/share/pki/ca-trust-source")
EXTRACTED = "/etc/pki/ca-trust/extracted"
STORAGE = "REGISTRY_STORAGE"
ENDPOINT = f"{STORAGE}_S3_REGIONENDPOINT"
DUAL_STACK = f"{STORAGE}_S3_USEDUALSTACK"
CREDENTIALS = f"{STORAGE}_S3_CREDENTIALSCONFIGPATH"
AZURE = {
    # OpenShift's takes an account key for what it is; this one wants to be told.
    f"{STORAGE}_AZURE_CREDENTIALS_TYPE": "shared_key",
    # Else it looks for somebody to tell of each request.
    "OTEL_TRACES_EXPORTER": "none",
}
"""For Docker Distribution 3."""
SYSTEM = ("/etc/ssl/certs", "/etc/pki/tls/certs")
"""Folders of a system's CAs, as Go looks for them."""


def variables(pod: Object, secrets: Mapping[str, Object]) -> dict[str, str]:
    """As the container would have them; a reference to a Secret that is missing is left out."""
    found = {}
    for each in pod["containers"][0].get("env", []):
        if "valueFrom" not in each:
            found[each["name"]] = each.get("value", "")
            continue
        reference = each["valueFrom"]["secretKeyRef"]
        data = secrets.get(reference["name"], {}).get("data") or {}
        if reference["key"] in data:
            found[each["name"]] = base64.b64decode(data[reference["key"]]).decode()
    return found


def not_run(found: Mapping[str, str], network: Network | None = None) -> str:
    """Why no registry is run with this environment, or "": a lab reaches what is on loopback, and
    what its own network, if it has one, leads to."""
    kind = found.get(STORAGE, "")
    if kind == "filesystem":
        return ""
    if kind == "swift" and not found.get(f"{STORAGE}_SWIFT_USERNAME"):
        return "the driver of upstream's registry takes a user of Keystone alone"
    if kind not in ENDPOINTS:
        return f"the lab has no {kind or 'storage'} to run a registry on"
    if "AZURE_FEDERATED_TOKEN_FILE" in found:
        # Nobody vouches for a lab's service accounts.
        return "the lab has no tokens to act as an identity of Azure with"
    endpoint = ENDPOINTS[kind](found)
    at = urlsplit(endpoint)
    if at.hostname in {"127.0.0.1", "localhost", "::1"}:
        return ""
    port = at.port or {"http": 80}.get(at.scheme, 443)
    if network is not None and network.reaches(at.hostname or "", port):
        return ""
    return f"the lab runs no registry on {endpoint}, which is beyond this machine"


def environment(
    found: Mapping[str, str],
    mounts: Mapping[str, Path],
    port: int,
    network: Network | None = None,
    authorities: Path | None = None,
) -> dict[str, str]:
    """`found`, with the mount paths replaced by folders and the address by a loopback port.

    The registry here is not OpenShift's: that one reads the credentials file and asks for the
    dual-stack endpoint by variables of its own, and trusts what its start-up script has put
    together from the mounted CAs. `authorities`: CAs that its system trusts besides.
    """
    result = {name: _outside(value, mounts) for name, value in found.items()}
    result["REGISTRY_HTTP_ADDR"] = f"127.0.0.1:{port}"
    if CREDENTIALS in result:
        result["AWS_SHARED_CREDENTIALS_FILE"] = result[CREDENTIALS]
    if result.get(DUAL_STACK) == "true" and not result.get(ENDPOINT):
        result["AWS_USE_DUALSTACK_ENDPOINT"] = "true"
    if result.get(STORAGE) == "azure":
        result |= AZURE
    if network is not None:
        result["OPENSHIFT_LAB_NETWORK"] = network.inside
        if result.get(STORAGE) == "swift":
            # Its driver goes its own way, and knows a proxy alone.
            result.setdefault("HTTPS_PROXY", f"http://{network.inside}")
    if authorities is not None:
        result["SSL_CERT_DIR"] = ":".join((str(authorities), *SYSTEM))
    bundle = _trusted(mounts)
    if bundle is not None:
        result["SSL_CERT_FILE"] = str(bundle)
    return result


def _outside(value: str, mounts: Mapping[str, Path]) -> str:
    """A mount path counts where a path begins: at the start, or as a string within JSON."""
    for path in sorted(mounts, key=len, reverse=True):
        pattern = rf'(?:^|(?<="))\s*{re.escape(path)}(?=[/"]|$)'
        changed = re.sub(pattern, lambda _, path=path: str(mounts[path]), value)
        if changed != value:
            return changed
    return value


def _trusted(mounts: Mapping[str, Path]) -> Path | None:
    """What update-ca-trust makes; the system's own CAs are trusted besides, by their folder."""
    if EXTRACTED not in mounts:
        return None
    texts = [
        each.read_text().strip()
        for anchors in ANCHORS
        if anchors in mounts
        for each in sorted(mounts[anchors].rglob("*"))
        if each.is_file()
    ]
    bundle = mounts[EXTRACTED] / "pem" / "tls-ca-bundle.pem"
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_text("\n".join(texts) + "\n")
    return bundle
