"""The operator's own look at a bucket of Google Cloud: its attributes, with the registry's key file
(pkg/storage/gcs/gcs.go `bucketExists`).

Only where the lab's network leads to it. The real operator goes on to create a bucket that is
missing, and fails at that: here it fails at once.
"""

import json

from lab.clouds.lab import Clouds
from lab.network.routes import leads
from lab.operator.storage.bucket import NotThere

HOST, PORT = "storage.googleapis.com", 443
PATIENCE = 10.0
GONE = "Bucket does not exist"


def look(name: str, keyfile: str, clouds: Clouds) -> None:
    """Raises NotThere. Nobody vouches for a lab's service accounts: an identity is not looked
    with."""
    credentials = json.loads(keyfile)
    network = clouds.network
    address = leads(network.routes, HOST, PORT) if network else None
    if address is None or credentials["type"] != "service_account":
        return
    import requests
    from google.auth.exceptions import GoogleAuthError

    from lab.clouds.google.session import session

    try:
        asking = session(credentials, f"https://{address}", str(clouds.authorities_file))
        url = f"https://{address}/storage/v1/b/{name}"
        answer = asking.get(url, timeout=PATIENCE)
    except ValueError as error:
        raise NotThere(f"the key file can't be used: {type(error).__name__}") from None
    except (requests.RequestException, GoogleAuthError) as error:
        said = error.args[0] if error.args else type(error).__name__
        raise NotThere(f"oauth2: cannot fetch token: {said}") from None
    if answer.status_code == 404:
        raise NotThere("storage: bucket doesn't exist", GONE)
    if answer.status_code != 200:
        message = answer.json()["error"]["message"]
        raise NotThere(f"googleapi: Error {answer.status_code}: {message}, forbidden")
