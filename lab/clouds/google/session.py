"""Requests to the lab's Google Cloud, with a service account's tokens."""

from typing import Any

SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def session(keyfile: dict[str, Any], https: str, authority: str) -> Any:
    """Of google-auth; it gets tokens by itself. They come from here, whatever the key file says:
    only a registry goes through the lab's network to where it says."""
    import requests
    from google.auth.transport.requests import AuthorizedSession, Request
    from google.oauth2.service_account import Credentials

    given = {**keyfile, "token_uri": f"{https}/token"}
    plain = requests.Session()
    credentials = Credentials.from_service_account_info(given, scopes=[SCOPE])
    made = AuthorizedSession(credentials, auth_request=Request(plain))
    for each in (plain, made):
        # A proxy of the user's own has no business here.
        each.trust_env = False
        each.verify = authority
    return made
