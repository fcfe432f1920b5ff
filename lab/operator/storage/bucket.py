"""The operator's own look at a bucket: HEAD, with the registry's key (pkg/storage/s3/s3.go
`bucketExists`).

Only where the lab's network leads to it. The real operator goes on to create a bucket that is
missing or closed to it, and fails at that: here it fails at once.
"""

import ssl
from contextlib import suppress
from urllib.parse import urlsplit

from lab.clouds.lab import Clouds
from lab.kinds import Object
from lab.network.routes import leads

PATIENCE = 10.0


class NotThere(Exception):
    """`code` as S3 has it; None if nobody was asked."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


def look(block: Object, key: tuple[str, str], trusted: str, clouds: Clouds) -> None:
    """Raises NotThere. `trusted`: CAs instead of the system's, if any."""
    url = _url(block)
    parts = urlsplit(url)
    port = parts.port or {"http": 80}.get(parts.scheme, 443)
    network = clouds.network
    address = leads(network.routes, parts.hostname or "", port) if network else None
    if address is None:
        return
    import httpx2
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    signed = AWSRequest("HEAD", url, headers={"Host": parts.netloc})
    S3SigV4Auth(Credentials(*key), "s3", block["region"]).add_auth(signed)
    there = f"{parts.scheme}://{address}{parts.path}"
    try:
        with httpx2.Client(verify=trust(trusted, clouds), trust_env=False) as client:
            answer = client.head(
                there,
                headers=dict(signed.headers),
                extensions={"sni_hostname": parts.hostname},
                timeout=PATIENCE,
            )
    except httpx2.HTTPError as error:
        raise NotThere(
            f'RequestError: send request failed\ncaused by: Head "{url}": {reason(error)}'
        ) from None
    if answer.status_code != 200:
        code = {403: "Forbidden", 404: "NotFound"}.get(answer.status_code, "BadRequest")
        raise NotThere(f"{code}: {code}\n\tstatus code: {answer.status_code}", code)


def _url(block: Object) -> str:
    endpoint = (
        block.get("regionEndpoint") or f"https://s3.dualstack.{block['region']}.amazonaws.com"
    )
    if not block.get("virtualHostedStyle"):
        return f"{endpoint.rstrip('/')}/{block['bucket']}"
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{block['bucket']}.{parts.netloc}/"


def trust(trusted: str, clouds: Clouds) -> ssl.SSLContext:
    """Of the system's CAs only the lab's: the lab's network leads to nobody else's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        with suppress(ssl.SSLError):  # what is no certificate adds none
            context.load_verify_locations(cadata=trusted)
    elif clouds.authorities:
        for each in clouds.authorities.iterdir():
            context.load_verify_locations(each)
    return context


def reason(error: Exception) -> str:
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" not in said:
        return said
    known = "ostname mismatch" not in said
    why = "certificate signed by unknown authority" if known else said
    return f"tls: failed to verify certificate: x509: {why}"
