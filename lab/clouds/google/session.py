"""Requests to the lab's Google Cloud, with a service account's tokens."""

from typing import Any

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
NEEDED = ("private_key", "private_key_id", "client_email")


def session(keyfile: dict[str, Any], https: str, authority: str) -> Any:
    """Of google-auth; it gets tokens by itself. They come from here, whatever the key file says:
    only a registry goes through the lab's network to where it says. Raises ValueError for one that
    can't be used."""
    import requests
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from google.auth.crypt import RSASigner
    from google.auth.transport.requests import AuthorizedSession, Request
    from google.oauth2.service_account import Credentials

    try:
        text, name, who = (keyfile[each] for each in NEEDED)
    except KeyError as error:
        raise ValueError(f"a key file without {error}") from None
    # The server says whether it fits; to look whether its numbers are primes takes as long as ten
    # requests.
    key = load_pem_private_key(str(text).encode(), None, unsafe_skip_rsa_key_validation=True)
    plain = requests.Session()
    credentials = Credentials(RSASigner(key, name), who, f"{https}/token", scopes=[SCOPE])
    made = AuthorizedSession(credentials, auth_request=Request(plain))
    for each in (plain, made):
        # A proxy of the user's own has no business here.
        each.trust_env = False
        each.verify = authority
    return made
