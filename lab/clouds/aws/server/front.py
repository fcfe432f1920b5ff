"""In front of moto: each S3 call is looked at before moto sees it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from lab.clouds.aws.server.access import (
    Refusal,
    bucket_decision,
    bucket_of,
    check_object,
    denied,
    principal_of,
)
from lab.clouds.aws.server.call import Call, current
from lab.clouds.aws.server.policy import Decision
from lab.clouds.aws.server.presigned import check_signature

App = Callable[[Mapping[str, Any], Callable[..., Any]], Iterable[bytes]]
STATUS = {
    301: "Moved Permanently",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
}

OWNER_ONLY = {"private", "bucket-owner-full-control"}
"""ACLs that say no more than BucketOwnerEnforced does. S3 names only the second; registries that
always send the first are known to work."""


class Front:
    """A WSGI application; `look` raises Refusal for what moto is not asked then."""

    def __init__(self, app: App, look: Callable[[Call], None]) -> None:
        self._app = app
        self._look = look

    def __call__(
        self, environ: Mapping[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        call = Call.of(environ)
        current.set(call)
        try:
            if call.bucket != "moto-api":
                self._look(call)
            return self._app(environ, start_response)
        except Refusal as refusal:
            return _answer(call, refusal, start_response)


def look(call: Call) -> None:
    """Raises Refusal for what Amazon S3 refuses and moto does not."""
    if call.service != "s3" or not call.bucket:
        return
    if call.presigned:
        check_signature(call)
    bucket = bucket_of(call.bucket)
    if bucket is None or call.action == "s3:CreateBucket":
        return
    if call.access_key and call.region != bucket.region_name:
        # S3 User Guide, "Making requests": a bucket is addressed in its own region.
        raise Refusal(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified "
            f"endpoint: {call.bucket} is in {bucket.region_name}, not in {call.region}.",
            **{"x-amz-bucket-region": bucket.region_name},
        )
    if bucket_decision(call, bucket, call.action, call.resource) is Decision.DENY:
        raise denied(
            f"User: {principal_of(call.access_key) or 'anonymous'} is not authorized to perform: "
            f"{call.action} on resource: {call.resource} with an explicit deny in a "
            "resource-based policy"
        )
    _acl(call, bucket)
    check_object(call, bucket)


def _acl(call: Call, bucket: Any) -> None:
    """S3 User Guide, "Disabling ACLs for all new buckets and enforcing Object Ownership"."""
    if bucket.ownership_rule != "BucketOwnerEnforced":
        return
    puts = call.method == "PUT" and "acl" in call.query
    grants = any(name.startswith("x-amz-grant-") for name in call.headers)
    named = call.headers.get("x-amz-acl", "private") not in OWNER_ONLY
    if puts or (call.writes_object and (grants or named)):
        raise Refusal(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")


def _answer(call: Call, refusal: Refusal, start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
        f"<BucketName>{escape(call.bucket)}</BucketName></Error>"
    ).encode()
    if call.method == "HEAD":
        body = b""
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
    headers += refusal.headers.items()
    start_response(f"{refusal.status} {STATUS[refusal.status]}", headers)
    return [body]
