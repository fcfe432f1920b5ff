"""A URL that carries a signature of its own (S3 API, "Authenticating Requests: Using Query
Parameters"), as registries send those who pull to. moto takes any, for ever, or fails.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lab.clouds.aws import ACCOUNT
from lab.clouds.aws.server.access import (
    PARTITION,
    Refusal,
    allowed,
    denied,
    enforced,
    inactive,
    policies_of,
)
from lab.clouds.aws.server.call import Call

LONGEST = 7 * 24 * 3600
"""Seconds."""


def check_signature(call: Call) -> None:
    """Raises Refusal unless it is right, not too old, and of somebody who may do this."""
    date, seconds = call.query.get("X-Amz-Date", ""), call.query.get("X-Amz-Expires", "")
    try:
        signed = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if not 0 < int(seconds) <= LONGEST:
            raise ValueError
    except ValueError:
        raise Refusal(
            400,
            "AuthorizationQueryParametersError",
            "X-Amz-Date must be in the ISO8601 Long Format, and X-Amz-Expires must be a number "
            f"of seconds of no more than {LONGEST}",
        ) from None
    if datetime.now(UTC) > signed + timedelta(seconds=int(seconds)):
        raise denied("Request has expired")
    owner = _owner(call)
    if owner is None or inactive(call.access_key):
        if enforced():
            raise Refusal(
                403,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            )
        return
    if _signature(call, owner.create_credentials()) != call.query["X-Amz-Signature"]:
        raise Refusal(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
            "Check your key and signing method.",
        )
    if enforced() and not allowed(call, policies_of(call.access_key), call.action, call.resource):
        raise denied()


def _owner(call: Call) -> Any:
    from moto.iam.access_control import CreateAccessKeyFailure, create_access_key

    name = "X-Amz-Security-Token"
    token = {name: call.query[name]} if name in call.query else {}
    try:
        return create_access_key(ACCOUNT, PARTITION, call.access_key or "", token)
    except CreateAccessKeyFailure:
        return None


def _signature(call: Call, credentials: Any) -> str:
    from botocore.auth import S3SigV4QueryAuth
    from botocore.awsrequest import AWSRequest

    path, query = urlsplit(call.target)[2:4]
    unsigned = "&".join(
        each for each in query.split("&") if not each.startswith("X-Amz-Signature=")
    )
    names = call.query.get("X-Amz-SignedHeaders", "").split(";")
    request = AWSRequest(
        method=call.method,
        url=urlunsplit((call.scheme, call.headers.get("host", ""), path, unsigned, "")),
        headers={name: call.headers.get(name, "") for name in names},
    )
    request.context["timestamp"] = call.query["X-Amz-Date"]
    auth = S3SigV4QueryAuth(credentials, "s3", call.region)
    return auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
