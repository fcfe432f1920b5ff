"""Which right a call for objects needs; the emulator answers it then."""

import json
import re
from urllib.parse import unquote

from lab.clouds.google.server.access import need
from lab.clouds.google.server.call import Call
from lab.clouds.google.server.refused import Refused, not_played

JSON_API = re.compile(r"(?:/upload|/download)?(?:/storage/v1)?/b/([^/]+)/o(?:/(.+))?")
XML_API = re.compile(r"/([^/]+)/(.+)")
COPY = re.compile(r"(.+)/(?:copyTo|rewriteTo)/b/([^/]+)/o/(.+)")
COMPOSE = re.compile(r"(.+)/compose")
LONGEST = 1 << 16
"""Of metadata: more than Cloud Storage takes."""
RIGHTS = {"GET": "get", "HEAD": "get", "DELETE": "delete", "PATCH": "update", "PUT": "create"}


def check(call: Call) -> None:
    """Raises Refused."""
    found = JSON_API.fullmatch(call.path)
    if found is None:
        _xml(call)
        return
    bucket, thing = found[1], unquote(found[2] or "")
    if call.query.get("upload_id"):
        # Cloud Storage, "Resumable uploads": who has the session's URI needs nothing else.
        return
    if (copied := COPY.fullmatch(thing)) is not None:
        _need(call, "get", bucket, copied[1])
        _write(call, copied[2], copied[3])
    elif (made := COMPOSE.fullmatch(thing)) is not None:
        _need(call, "get", bucket, made[1])
        _write(call, bucket, made[1])
    elif not thing and call.method == "POST":
        _write(call, bucket, call.one("name") or _named(call.body))
    elif not thing:
        need(call.state, call.who, "storage.objects.list", bucket)
    else:
        _need(call, RIGHTS.get(call.method, "update"), bucket, thing)


def _named(body: bytes) -> str:
    """By the metadata: the whole of a resumable upload's body, or the first part of a multipart
    one's (Cloud Storage, "Uploads")."""
    start = body.find(b"{")
    text = body[start : start + LONGEST].decode(errors="replace")
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return ""
    return str(found.get("name", ""))


def _xml(call: Call) -> None:
    found = XML_API.fullmatch(call.path)
    if found is None or call.method not in ("GET", "HEAD", "PUT"):
        raise not_played(f"{call.method} {call.path}")
    bucket, thing = found[1], unquote(found[2])
    if call.method == "PUT":
        _write(call, bucket, thing)
    else:
        _need(call, "get", bucket, thing)


def _write(call: Call, bucket: str, thing: str) -> None:
    """To write over what is there takes the right to delete it too (IAM permissions for JSON
    methods, objects.insert)."""
    _need(call, "create", bucket, thing)
    if thing in call.state.storage.objects.get(bucket, {}):
        _need(call, "delete", bucket, thing)


def _need(call: Call, right: str, bucket: str, thing: str) -> None:
    need(call.state, call.who, f"storage.objects.{right}", bucket, thing)
    if bucket not in call.state.storage.buckets:
        raise Refused(404, "The specified bucket does not exist.")
