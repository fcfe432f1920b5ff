"""What AWS has already of what a stack makes.

A run that died between AWS's answer and the state's record leaves a thing that the state does not
know. What has a name and carries the stack's tags is taken up by its name; what has none, a key of
KMS or an access key, is named, with the command that removes it.
"""

import re
from collections.abc import Callable
from typing import Any

from pulumi import InvokeOptions, RunError

from components.aws.names import Names
from components.found import Questions
from settings.facts import labels
from settings.s3 import S3Storage

NONE = re.compile(r"NoSuchEntity|NotFound|not found|couldn't find|no matching|empty result|404")
ELSEWHERE = re.compile(r"PermanentRedirect|Moved ?Permanently|StatusCode: 301")


class Account(Questions):
    """An account as the plugin sees it. Each method asks once; None is for what isn't there."""

    def __init__(self, storage: S3Storage, cluster: str, options: InvokeOptions) -> None:
        super().__init__()
        self.storage = storage
        self.cluster = cluster
        self.options = options
        self.names = Names(storage.account, storage.region)

    def bucket(self) -> Any:
        from pulumi_aws.s3 import get_bucket

        name = self.storage.bucket.name
        return self._ask("bucket", lambda: get_bucket(name, opts=self.options))

    def policy(self) -> str | None:
        """The bucket's policy."""
        from pulumi_aws.s3 import get_bucket_policy

        name = self.storage.bucket.name
        found = self._ask("policy", lambda: get_bucket_policy(name, opts=self.options))
        return found.policy if found else None

    def tagged(self) -> list[str]:
        """The ARNs of buckets and keys that carry the stack's tags."""
        from pulumi_aws.resourcegroupstaggingapi import get_resources

        filters = [{"key": key, "values": [each]} for key, each in labels(self.cluster).items()]
        kinds = ["s3", "kms:key"]
        found = self._ask(
            "tagged",
            lambda: get_resources(
                tag_filters=filters, resource_type_filters=kinds, opts=self.options
            ),
        )
        return [each.resource_arn for each in found.resource_tag_mapping_lists] if found else []

    def user(self, name: str) -> Any:
        from pulumi_aws.iam import get_user

        return self._ask(("user", name), lambda: get_user(user_name=name, opts=self.options))

    def role(self, name: str) -> Any:
        from pulumi_aws.iam import get_role

        return self._ask(("role", name), lambda: get_role(name=name, opts=self.options))

    def alias(self, name: str) -> Any:
        from pulumi_aws.kms import get_alias

        return self._ask(("alias", name), lambda: get_alias(name=name, opts=self.options))

    def going(self, key: str) -> bool:
        """Whether a key of KMS waits for its deletion. Until then it has its tags."""
        from pulumi_aws.kms import get_key

        found = self._ask(("key", key), lambda: get_key(key_id=key, opts=self.options))
        return found is None or found.key_state == "PendingDeletion"

    def access_keys(self, user: str) -> list[str]:
        from pulumi_aws.iam import get_access_keys

        asked = ("access keys", user)
        found = self._ask(asked, lambda: get_access_keys(user=user, opts=self.options))
        return [each.access_key_id for each in found.access_keys] if found else []

    def ours(self, tags: Any) -> bool:
        return labels(self.cluster).items() <= dict(tags or {}).items()

    def _answer(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # the plugin's answer, whatever the engine makes of it
            said = " ".join(str(error).split())
            if ELSEWHERE.search(said):
                region, bucket = self.storage.region, self.storage.bucket.name
                raise RunError(
                    f"openshift-registry:storage.region: {region}: a bucket {bucket} exists in "
                    "another region\n    fix: write its region (`aws s3api get-bucket-location "
                    f"--bucket {bucket}`), or another name"
                ) from None
            if not NONE.search(said):
                raise RunError(
                    f"AWS could not be asked what is there already: {said}\n"
                    "    fix: docs/how-to/aws-permissions.md has what the login must be allowed"
                ) from None
            return None
