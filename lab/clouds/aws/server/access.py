"""Who may do what: bucket policies and keys for every call, IAM once it is switched on."""

import json
from collections.abc import Mapping
from typing import Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import FakeBucket, s3_backends

from lab.clouds.aws import ACCOUNT
from lab.clouds.aws.server.call import Call
from lab.clouds.aws.server.policy import Decision, decide

PARTITION = "aws"
ENCRYPTION = "x-amz-server-side-encryption"
KEY_ID = f"{ENCRYPTION}-aws-kms-key-id"


class Refusal(Exception):
    """An answer of S3 other than what was asked for."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers


def denied(why: str = "Access Denied") -> Refusal:
    return Refusal(403, "AccessDenied", why)


def bucket_of(name: str) -> FakeBucket | None:
    return s3_backends[ACCOUNT][PARTITION].buckets.get(name)


def enforced() -> bool:
    """Whether each call is authenticated and authorised (moto's reset-auth)."""
    from moto import settings

    return ActionAuthenticatorMixin.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT


def principal_of(access_key: str | None) -> str | None:
    """The ARN behind an access key; the account's root for one that is nobody's."""
    if access_key is None:
        return None
    backend = iam_backends[ACCOUNT][PARTITION]
    for user in list(backend.users.values()):
        if any(key.access_key_id == access_key for key in user.access_keys):
            return user.arn
    return f"arn:aws:iam::{ACCOUNT}:root"


def inactive(access_key: str | None) -> bool:
    users = list(iam_backends[ACCOUNT][PARTITION].users.values())
    keys = [key for user in users for key in user.access_keys]
    return any(key.access_key_id == access_key and key.status != "Active" for key in keys)


def exists(arn: str) -> bool:
    """Whether a principal of this account is there."""
    backend = iam_backends[ACCOUNT][PARTITION]
    _, _, _, _, account, name = arn.split(":", 5)
    if account != ACCOUNT or name == "root" or name.startswith("assumed-role/"):
        return True
    return any(
        arn == each.arn for each in [*list(backend.users.values()), *list(backend.roles.values())]
    )


def values_of(call: Call, principal: str | None) -> dict[str, str]:
    """The condition keys that the call has."""
    values = {
        "aws:SecureTransport": str(call.scheme == "https").lower(),
        "aws:SourceIp": "127.0.0.1",
        "aws:RequestedRegion": call.region,
        "aws:ResourceAccount": ACCOUNT,
        "s3:ResourceAccount": ACCOUNT,
        "aws:ViaAWSService": "false",
        "s3:signatureversion": "AWS4-HMAC-SHA256",
    }
    if call.scheme == "https":
        values["s3:TlsVersion"] = "1.2"
    if principal is not None:
        kind, _, name = principal.split(":")[5].partition("/")
        values |= {"aws:PrincipalArn": principal, "aws:PrincipalAccount": ACCOUNT}
        values["aws:PrincipalType"] = "Account" if kind == "root" else kind.capitalize()
        if kind == "user":
            values["aws:username"] = name.rpartition("/")[2]
    for header in (ENCRYPTION, KEY_ID, "x-amz-acl", "x-amz-storage-class"):
        if header in call.headers:
            values[f"s3:{header}"] = call.headers[header]
    for name in ("prefix", "delimiter", "max-keys"):
        if name in call.query:
            values[f"s3:{name}"] = call.query[name]
    return values


def bucket_decision(call: Call, bucket: FakeBucket, action: str, resource: str) -> Decision:
    if not bucket.policy:
        return Decision.SILENT
    principal = principal_of(call.access_key)
    document = json.loads(bucket.policy)
    values = values_of(call, principal)
    return decide([document], action, resource, values, principal, whose=True)


def identity_decision(
    policies: list[Any], action: str, resource: str, values: Mapping[str, str]
) -> Decision:
    """What a user's or role's own policies say, as moto collects them."""
    return decide([_document(each) for each in policies], action, resource, values)


def allowed(call: Call, policies: list[Any], action: str, resource: str) -> bool:
    """By the caller's own policies or the bucket's, and forbidden by neither."""
    values = values_of(call, principal_of(call.access_key))
    decisions = {identity_decision(policies, action, resource, values)}
    bucket = bucket_of(call.bucket) if call.bucket else None
    if bucket is not None:
        decisions.add(bucket_decision(call, bucket, action, resource))
    return Decision.ALLOW in decisions and Decision.DENY not in decisions


def _document(policy: Any) -> Mapping[str, Any]:
    if isinstance(policy, Mapping):
        text = policy["policy_document"]
    elif isinstance(policy, str):
        text = policy
    else:
        text = next(each for each in policy.versions if each.is_default).document
    return json.loads(text)


def check_object(call: Call, bucket: FakeBucket) -> None:
    """A key that encrypts has to be there and usable, and the caller allowed to use it.

    KMS Developer Guide, "Key states of AWS KMS keys"; S3 User Guide, "Using SSE-KMS": a put
    needs kms:GenerateDataKey, one in parts kms:Decrypt too, and a get kms:Decrypt.
    """
    if call.writes_object:
        algorithm, name = _encryption(call, bucket)
        actions = ["kms:GenerateDataKey"]
        if {"uploads", "uploadId"} & set(call.query):
            actions.append("kms:Decrypt")
    elif call.reads_object and call.key in bucket.keys:
        stored = bucket.keys[call.key]
        algorithm, name = getattr(stored, "encryption", None), getattr(stored, "kms_key_id", None)
        actions = ["kms:Decrypt"]
    else:
        return
    if algorithm not in {"aws:kms", "aws:kms:dsse"} or not name:
        return
    if call.scheme != "https":
        # "All GET and PUT requests for an object protected by KMS will fail if they're not made
        # via SSL or using SigV4" (S3 API, PutObject).
        raise Refusal(
            400,
            "InvalidArgument",
            "Requests specifying Server Side Encryption with AWS KMS managed keys must be made "
            "over a secure connection.",
        )
    key = _key(name, bucket.region_name)
    for action in actions:
        _may_use(call, key, action)


def _encryption(call: Call, bucket: FakeBucket) -> tuple[str | None, str | None]:
    asked = call.headers.get(ENCRYPTION)
    default = ((bucket.encryption or {}).get("Rule") or {}).get(
        "ApplyServerSideEncryptionByDefault"
    ) or {}
    if asked is None:
        return default.get("SSEAlgorithm"), default.get("KMSMasterKeyID")
    return asked, call.headers.get(KEY_ID) or default.get("KMSMasterKeyID")


def _key(name: str, region: str) -> Any:
    if name.startswith("arn:") and name.split(":")[3] != region:
        raise Refusal(400, "KMS.NotFoundException", f"Invalid arn {name.split(':')[3]}")
    backend = kms_backends[ACCOUNT][region]
    identifier = backend.any_id_to_key_id(name)
    key = backend.keys.get(identifier)
    if key is None:
        kind = "Alias" if "alias/" in name else "Key"
        arn = name if name.startswith("arn:") else f"arn:aws:kms:{region}:{ACCOUNT}:key/{name}"
        raise Refusal(400, "KMS.NotFoundException", f"{kind} '{arn}' does not exist")
    if key.key_state == "PendingDeletion":
        raise Refusal(400, "KMS.KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if not key.enabled or key.key_state != "Enabled":
        raise Refusal(400, "KMS.DisabledException", f"{key.arn} is disabled.")
    if (
        key.key_usage or "ENCRYPT_DECRYPT"
    ) != "ENCRYPT_DECRYPT" or key.key_spec != "SYMMETRIC_DEFAULT":
        raise Refusal(400, "KMS.InvalidKeyUsageException", f"{key.arn} is not symmetric.")
    return key


def _may_use(call: Call, key: Any, action: str) -> None:
    """The key's policy allows the caller, or leaves it to the caller's own policies (KMS Developer
    Guide, "Default key policy")."""
    if not enforced():
        return
    principal = principal_of(call.access_key)
    values = values_of(call, principal) | {"kms:ViaService": f"s3.{call.region}.amazonaws.com"}
    said = decide([json.loads(key.policy)], action, key.arn, values, principal, whose=True)
    own = identity_decision(policies_of(call.access_key), action, key.arn, values)
    by_name = decide(
        [_by_name(json.loads(key.policy))], action, key.arn, values, principal, whose=True
    )
    allowed = said is Decision.ALLOW and (own is Decision.ALLOW or by_name is Decision.ALLOW)
    if Decision.DENY in {said, own} or not allowed:
        raise denied(
            f"User: {principal} is not authorized to perform: {action} on resource: {key.arn} "
            f"because no identity-based policy allows the {action} action"
        )


def _by_name(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document without what it gives to the account as a whole."""
    root = f"arn:aws:iam::{ACCOUNT}:root"

    def names(statement: Mapping[str, Any]) -> bool:
        principal = statement.get("Principal")
        entries = principal.get("AWS") if isinstance(principal, Mapping) else principal
        return entries not in (root, [root], ACCOUNT, [ACCOUNT])

    return {"Statement": [each for each in document["Statement"] if names(each)]}


def policies_of(access_key: str | None) -> list[Any]:
    from moto.iam.access_control import CreateAccessKeyFailure, create_access_key

    if access_key is None:
        return []
    try:
        owner = create_access_key(ACCOUNT, PARTITION, access_key, {})
    except (CreateAccessKeyFailure, KeyError, AttributeError):
        return []
    return owner.collect_policies()
