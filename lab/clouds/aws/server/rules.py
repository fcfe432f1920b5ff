"""moto, held to what AWS does at an account made today. `install()` puts it in place, once.

moto takes what is wrong and lets a new bucket be open; here each of its calls is wrapped by the
rule that AWS has for it, with the page that states it.
"""

import inspect
import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import JsonRESTError
from moto.iam.access_control import IAMRequestBase, PermissionResult
from moto.iam.exceptions import DeleteConflictException, LimitExceededException, ValidationError
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.kms.exceptions import ValidationException
from moto.kms.models import KmsBackend
from moto.s3.exceptions import InvalidBucketName, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from lab.clouds.aws.names import bucket_name_problem
from lab.clouds.aws.server import access, bucket_policy, lifecycle
from lab.clouds.aws.server.call import current
from lab.clouds.aws.server.policy import Decision, decide

SSE_S3 = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}
DECISIONS = {
    Decision.ALLOW: PermissionResult.PERMITTED,
    Decision.DENY: PermissionResult.DENIED,
    Decision.SILENT: PermissionResult.NEUTRAL,
}
USER_POLICIES = 2048
ROLE_POLICIES = 10240
"""Characters of a user's and a role's inline policies together, white space not counted (IAM
User Guide, "IAM and AWS STS quotas")."""


def install() -> None:
    _buckets()
    policies()
    _users()
    _keys()


def before(owner: type, name: str, check: Callable[..., None]) -> None:
    """Let `check` see each call of a method before it is made, its arguments by name."""
    original = getattr(owner, name)
    signature = inspect.signature(original)

    def wrapped(self: Any, *arguments: Any, **named: Any) -> Any:
        bound = signature.bind(self, *arguments, **named)
        bound.apply_defaults()
        check(**bound.arguments)
        return original(self, *arguments, **named)

    setattr(owner, name, wrapped)


def _buckets() -> None:
    create = S3Backend.create_bucket

    def create_bucket(self: S3Backend, bucket_name: str, *rest: Any, **named: Any) -> FakeBucket:
        # S3 User Guide, "General purpose bucket naming rules".
        if bucket_name_problem(bucket_name):
            raise InvalidBucketName
        bucket = create(self, bucket_name, *rest, **named)
        # "Starting in April 2023 all newly created buckets have Block Public Access enabled and
        # access control lists disabled", and since January 2023 SSE-S3 is their encryption.
        bucket.public_access_block = PublicAccessBlock(True, True, True, True)
        bucket.ownership_rule = "BucketOwnerEnforced"
        bucket.encryption = SSE_S3
        return bucket

    put = S3Response._bucket_response_put

    def bucket_put(self: S3Response, request: Any, bucket_name: str, query: Any) -> Any:
        # S3 API, CreateBucketConfiguration: the tags of a new bucket, which moto does not read.
        answer = put(self, request, bucket_name, query)
        tags = {} if query or not self.body else _tags_of_a_new_bucket(self.body)
        if tags:
            self.backend.put_bucket_tagging(bucket_name, tags)
        return answer

    def put_encryption(self: S3Backend, bucket_name: str, encryption: dict[str, Any]) -> None:
        # S3 API, ServerSideEncryptionByDefault: a key "if and only if" the algorithm is a KMS one.
        # That the key is there is not looked at: "Amazon S3 doesn't validate the KMS key ID
        # provided in PutBucketEncryption requests".
        default = encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
        algorithm = default["SSEAlgorithm"]
        if algorithm not in {"AES256", "aws:kms", "aws:kms:dsse"}:
            raise S3ClientError("MalformedXML", lifecycle.SCHEMA)
        if default.get("KMSMasterKeyID") and algorithm == "AES256":
            raise S3ClientError(
                "InvalidArgument",
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms",
            )

    def put_lifecycle(self: S3Backend, bucket_name: str, rules: Sequence[Any]) -> None:
        try:
            lifecycle.check(rules if isinstance(rules, list) else [rules])
        except lifecycle.Refused as refused:
            raise S3ClientError(refused.code, refused.message) from None

    def put_ownership(self: S3Backend, bucket_name: str, ownership: Any) -> None:
        known = {"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"}
        if ownership not in known:
            raise S3ClientError("MalformedXML", lifecycle.SCHEMA)

    def delete_encryption(self: S3Backend, bucket_name: str) -> None:
        # "If you use the DELETE operation ... resets the default encryption for the bucket as
        # SSE-S3" (S3 API, DeleteBucketEncryption).
        self.get_bucket(bucket_name).encryption = SSE_S3

    S3Backend.create_bucket = create_bucket
    S3Response._bucket_response_put = bucket_put
    S3Backend.delete_bucket_encryption = delete_encryption
    before(S3Backend, "put_bucket_encryption", put_encryption)
    before(S3Backend, "put_bucket_lifecycle_configuration", put_lifecycle)
    before(S3Backend, "put_bucket_ownership_controls", put_ownership)


def _tags_of_a_new_bucket(body: bytes | str) -> dict[str, str]:
    found = ElementTree.fromstring(body).iterfind("{*}Tags/{*}Tag")
    return {each.findtext("{*}Key", ""): each.findtext("{*}Value", "") for each in found}


def policies() -> None:
    """Who may do what, judged as AWS does."""

    def put_policy(self: S3Backend, bucket_name: str, policy: bytes) -> None:
        bucket = self.get_bucket(bucket_name)
        try:
            document = bucket_policy.check(policy, bucket_name, access.exists)
        except bucket_policy.Malformed as malformed:
            raise S3ClientError("MalformedPolicy", str(malformed)) from None
        if bucket_policy.refuses_public(document, bucket.public_access_block):
            raise S3ClientError(
                "AccessDenied",
                "public policies are blocked by the BlockPublicPolicy block public access setting",
            )

    def permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
        call = current.get()
        if call is None:
            return PermissionResult.NEUTRAL
        return DECISIONS[access.bucket_decision(call, self, action, resource)]

    def permitted(self: IAMRequestBase, resource: str) -> None:
        # Instead of moto's own, which takes a condition that isn't met for a Deny.
        call = current.get()
        if call is None or self._action == "sts:GetCallerIdentity":
            return
        if access.inactive(call.access_key):
            # IAM User Guide: an inactive key "can't be used for API calls".
            self._raise_invalid_access_key("InvalidId")
        action = call.action if call.service == "s3" else self._action
        if call.service == "s3":
            resource = call.resource
        if not access.allowed(call, self._access_key.collect_policies(), action, resource):
            self._raise_access_denied()

    authenticate = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def authorize(self: Any, *arguments: Any, **named: Any) -> None:
        # moto looks for a header, which a presigned URL does not have: see presigned.py.
        call = current.get()
        if call is None or not call.presigned:
            authenticate(self, *arguments, **named)

    ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize
    before(S3Backend, "put_bucket_policy", put_policy)
    FakeBucket.get_permission = permission
    IAMRequestBase.check_action_permitted = permitted


def _users() -> None:
    def delete_user(self: IAMBackend, user_name: str) -> None:
        # IAM API, DeleteUser: "you must delete the items attached to the user manually".
        if self.get_user(user_name).access_keys:
            raise DeleteConflictException("Cannot delete entity, must delete access keys first.")

    def create_user(self: IAMBackend, user_name: str, **_: Any) -> None:
        _name("userName", user_name)

    def create_role(
        self: IAMBackend, role_name: str, assume_role_policy_document: str, **_: Any
    ) -> None:
        _name("roleName", role_name)
        IAMTrustPolicyDocumentValidator(assume_role_policy_document).validate()

    def user_policy(self: IAMBackend, user_name: str, policy_name: str, policy_json: str) -> None:
        present = self.get_user(user_name).policies
        _fits({**present, policy_name: policy_json}, USER_POLICIES, f"user {user_name}")

    def role_policy(self: IAMBackend, role_name: str, policy_name: str, policy_json: str) -> None:
        present = self.get_role(role_name).policies
        _fits({**present, policy_name: policy_json}, ROLE_POLICIES, f"role {role_name}")

    before(IAMBackend, "delete_user", delete_user)
    before(IAMBackend, "create_user", create_user)
    before(IAMBackend, "create_role", create_role)
    before(IAMBackend, "put_user_policy", user_policy)
    before(IAMBackend, "put_role_policy", role_policy)


def _name(parameter: str, value: str) -> None:
    """IAM API, CreateUser and CreateRole: 1 to 64 of a set of characters."""
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", value):
        raise ValidationError(
            f"The specified value for {parameter} is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-"
        )


def _fits(policies: dict[str, str], limit: int, owner: str) -> None:
    if sum(len(re.sub(r"\s", "", text)) for text in policies.values()) > limit:
        raise LimitExceededException(f"Maximum policy size of {limit} bytes exceeded for {owner}")


def _keys() -> None:
    delete = KmsBackend.schedule_key_deletion

    def schedule(self: KmsBackend, key_id: str, pending_window_in_days: int) -> float:
        # KMS API, ScheduleKeyDeletion: "between 7 and 30, inclusive".
        if not 7 <= int(pending_window_in_days) <= 30:
            raise ValidationException(
                f"PendingWindowInDays {pending_window_in_days} is not between 7 and 30"
            )
        # "Specify the key ID or key ARN"; moto finds it by its ID alone.
        return delete(self, self.any_id_to_key_id(key_id), pending_window_in_days)

    def create_key(self: KmsBackend, policy: str | None, **_: Any) -> None:
        if policy:
            _key_policy(policy)

    def put_key_policy(self: KmsBackend, key_id: str, policy: str) -> None:
        _key_policy(policy)

    KmsBackend.schedule_key_deletion = schedule
    before(KmsBackend, "create_key", create_key)
    before(KmsBackend, "put_key_policy", put_key_policy)


def _key_policy(text: str) -> None:
    """KMS API, CreateKey and PutKeyPolicy: it must "allow the calling principal to make a
    subsequent PutKeyPolicy request"; BypassPolicyLockoutSafetyCheck is not played."""
    code = "MalformedPolicyDocumentException"
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not document.get("Statement"):
        raise JsonRESTError(code, "Policy document is malformed.")
    call = current.get()
    principal = access.principal_of(call.access_key if call else None)
    if call is None or principal is None:
        return
    values = access.values_of(call, principal)
    said = decide([document], "kms:PutKeyPolicy", "*", values, principal, whose=True)
    if said is not Decision.ALLOW:
        message = "The new key policy will not allow you to update the key policy in the future."
        raise JsonRESTError(code, message)
