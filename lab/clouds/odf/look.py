"""What an object store of OpenShift Data Foundation refuses.

Keys open the buckets of their claim alone, from the beginning. Of AWS's rules it has none: no
regions, no KMS, ACLs are open. What it has besides S3 is for its own operators.
"""

from dataclasses import dataclass

from lab.clouds.aws.server.access import Refusal, bucket_of
from lab.clouds.aws.server.call import Call
from lab.clouds.aws.server.presigned import check_signature


@dataclass(frozen=True)
class Look:
    administrator: str
    """The access key of the store's own operator."""

    def __post_init__(self) -> None:
        from moto import settings

        # moto's IAM, which is off at first otherwise.
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0

    def __call__(self, call: Call) -> None:
        if call.access_key is None:
            raise Refusal(403, "AccessDenied", "Access Denied")
        if call.service != "s3" and call.access_key != self.administrator:
            raise Refusal(405, "MethodNotAllowed", "The specified method is not allowed.")
        if call.presigned:
            check_signature(call)
        if call.bucket and bucket_of(call.bucket) is None and call.action != "s3:CreateBucket":
            raise Refusal(404, "NoSuchBucket", "The specified bucket does not exist")
