"""What a request asks for, and who asks."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

S3_HOST = re.compile(r"(?:(.+)\.)?s3\.(?:dualstack\.)?(?:[a-z0-9-]+\.)?amazonaws\.com")
"""With the bucket that it names, if it is a bucket's own host."""
CREDENTIAL = re.compile(r"Credential=([^/,]+)/\d+/([^/,]+)/([^/,]+)/aws4_request")

BUCKET_PARTS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
"""Sub-resource of a bucket -> the noun of its actions (Service Authorization Reference, S3)."""

DELETES_OF_THEIR_OWN = {"policy", "website"}
"""Deleting any other part is allowed by the action that puts it."""

LISTS = {
    "location": "s3:GetBucketLocation",
    "policyStatus": "s3:GetBucketPolicyStatus",
    "uploads": "s3:ListBucketMultipartUploads",
    "versions": "s3:ListBucketVersions",
}


@dataclass(frozen=True)
class Call:
    """One request to S3, IAM, KMS or STS."""

    method: str
    scheme: str
    access_key: str | None
    region: str
    service: str
    bucket: str = ""
    key: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    target: str = ""
    """Path and query as they were sent."""

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Call":
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        scope = CREDENTIAL.search(
            headers.get("authorization", "")
            or f"Credential={query.get('X-Amz-Credential', [''])[0]}"
        )
        access_key, region, service = scope.groups() if scope else (None, "us-east-1", "")
        path = environ.get("PATH_INFO", "/").encode("latin-1").decode(errors="replace")
        host = S3_HOST.fullmatch(headers.get("host", "").partition(":")[0])
        if host and host[1]:
            path = f"/{host[1]}{path}"
        if not service and environ["REQUEST_METHOD"] != "POST":
            service = "s3"  # unsigned: nothing else is asked so
        bucket, _, key = path.lstrip("/").partition("/") if service == "s3" else ("", "", "")
        return cls(
            environ["REQUEST_METHOD"],
            environ["wsgi.url_scheme"],
            access_key,
            region,
            service,
            bucket,
            key,
            {name: values[0] for name, values in query.items()},
            headers,
            environ.get("RAW_URI", ""),
        )

    @property
    def presigned(self) -> bool:
        """Whether it is a URL that somebody else has signed."""
        return "authorization" not in self.headers and "X-Amz-Signature" in self.query

    @property
    def action(self) -> str:
        """The action by which IAM allows it."""
        if self.key:
            return f"s3:{self._on_object()}"
        return self._on_bucket()

    @property
    def resource(self) -> str:
        if not self.bucket:
            return "*"
        return f"arn:aws:s3:::{self.bucket}" + (f"/{self.key}" if self.key else "")

    @property
    def writes_object(self) -> bool:
        """A new object, a part of one, or the beginning of an upload in parts."""
        if not self.key or {"acl", "tagging", "retention", "legal-hold"} & set(self.query):
            return False
        return self.method == "PUT" or (self.method == "POST" and "uploads" in self.query)

    @property
    def reads_object(self) -> bool:
        return (
            bool(self.key)
            and self.method in {"GET", "HEAD"}
            and not self.query.keys()
            & {
                "acl",
                "tagging",
                "uploadId",
            }
        )

    def _on_bucket(self) -> str:
        if not self.bucket:
            return "s3:ListAllMyBuckets"
        for part, noun in BUCKET_PARTS.items():
            if part in self.query:
                if self.method == "DELETE":
                    verb = "Delete" if part in DELETES_OF_THEIR_OWN else "Put"
                else:
                    verb = "Get" if self.method in {"GET", "HEAD"} else "Put"
                return f"s3:{verb}{noun}"
        if self.method in {"GET", "HEAD"}:
            found = [action for name, action in LISTS.items() if name in self.query]
            return found[0] if found else "s3:ListBucket"
        if self.method == "POST" and "delete" in self.query:
            return "s3:DeleteObject"
        return "s3:CreateBucket" if self.method == "PUT" else "s3:DeleteBucket"

    def _on_object(self) -> str:
        version = "Version" if "versionId" in self.query else ""
        for part, noun in (("acl", "Acl"), ("tagging", "Tagging")):
            if part in self.query:
                verb = {"PUT": "Put", "DELETE": "Delete"}.get(self.method, "Get")
                return f"{verb}Object{version}{noun}"
        if self.method in {"GET", "HEAD"}:
            if "uploadId" in self.query:
                return "ListMultipartUploadParts"
            return f"GetObject{version}"
        if self.method == "DELETE":
            return "AbortMultipartUpload" if "uploadId" in self.query else f"DeleteObject{version}"
        return "PutObject"


current: ContextVar[Call | None] = ContextVar("current", default=None)
"""The request that this thread answers."""
