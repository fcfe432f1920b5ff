"""Proofs that a call comes from who has a service account's key: a token for a signed claim, or a
signed URL."""

import base64
import json
import time
from typing import Any
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from lab.clouds.google.server.refused import Refused
from lab.clouds.google.server.state import HOUR, State

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SKEW = 300
GOOGLES = ("https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/token")


def token(state: State, form: dict[str, list[str]], here: str) -> dict[str, Any]:
    """Google identity, "Using OAuth 2.0 for server to server applications": the claim is signed
    with a key that the account has now, for this endpoint, and for an hour at most."""
    if form.get("grant_type") != [GRANT]:
        raise Refused(400, "unsupported_grant_type")
    signed = (form.get("assertion") or [""])[0]
    try:
        head, body, signature = signed.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        proof = _decoded(signature)
    except ValueError:
        raise Refused(400, "invalid_grant: Bad Request: the assertion is no JWT") from None
    email, now = claims.get("iss", ""), time.time()
    if header.get("alg") != "RS256" or not signed_by(
        state, email, f"{head}.{body}".encode(), proof, header.get("kid")
    ):
        raise Refused(400, "invalid_grant: Invalid JWT Signature.")
    if claims.get("aud") not in (*GOOGLES, here):
        raise Refused(400, f"invalid_grant: {claims.get('aud')} is not this endpoint")
    issued, until = claims.get("iat", 0), claims.get("exp", 0)
    if not (issued - SKEW <= now <= until and until - issued <= HOUR + SKEW):
        raise Refused(
            400, "invalid_grant: Invalid JWT: it must be a short-lived token (60 minutes)"
        )
    return {"access_token": state.token_of(email), "expires_in": HOUR, "token_type": "Bearer"}


def signed_by(
    state: State, email: str, text: bytes, signature: bytes, key: str | None = None
) -> bool:
    """By one of the account's keys of now; by `key`, if it says which."""
    if state.accounts.get(email, {}).get("disabled"):
        return False
    for name, each in state.keys.get(email, {}).items():
        if key in (None, "", name):
            try:
                load_pem_public_key(each["public"]).verify(signature, text, PKCS1v15(), SHA256())
            except InvalidSignature:
                continue
            return True
    return False


def signed_url(state: State, method: str, path: str, query: dict[str, list[str]]) -> str | None:
    """Who has signed it; None if it isn't signed. Cloud Storage, "V2 signing process": what is
    signed has neither headers nor a body here."""
    if "X-Goog-Signature" in query:
        raise Refused(501, "the lab's Google Cloud does not play V4 signatures")
    if "Signature" not in query:
        return None
    email, expires = query.get("GoogleAccessId", [""])[0], query.get("Expires", ["0"])[0]
    if not expires.isdigit() or int(expires) < time.time():
        raise Refused(400, "ExpiredToken: Invalid argument.")
    signature = base64.b64decode(query["Signature"][0])
    for resource in dict.fromkeys((path, unquote(path))):
        if signed_by(state, email, f"{method}\n\n\n{expires}\n{resource}".encode(), signature):
            return email
    raise Refused(
        403,
        "SignatureDoesNotMatch: The request signature we calculated does not match the signature "
        "you provided.",
    )


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
