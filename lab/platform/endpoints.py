"""Where a registry finds its storage, by its environment."""

from collections.abc import Callable, Mapping

S3 = "REGISTRY_STORAGE_S3_"
AZURE = "REGISTRY_STORAGE_AZURE_"


def _s3(found: Mapping[str, str]) -> str:
    given = found.get(f"{S3}REGIONENDPOINT")
    return given or f"https://s3.{found.get(f'{S3}REGION')}.amazonaws.com"


def _gcs(found: Mapping[str, str]) -> str:
    return "https://www.googleapis.com"


def _azure(found: Mapping[str, str]) -> str:
    realm = found.get(f"{AZURE}REALM") or "core.windows.net"
    return f"https://{found.get(f'{AZURE}ACCOUNTNAME', '')}.blob.{realm}"


def _swift(found: Mapping[str, str]) -> str:
    return found.get("REGISTRY_STORAGE_SWIFT_AUTHURL", "")


ENDPOINTS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "s3": _s3,
    "gcs": _gcs,
    "azure": _azure,
    "swift": _swift,
}
"""REGISTRY_STORAGE -> the URL that its driver asks first."""
