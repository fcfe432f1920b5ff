from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, ENCRYPTIONS, bucket_parts, registry_buckets, s3
from ._objects import at, entries, text

KMS = "aws:kms"
ALGORITHMS = ("AES256", KMS, "aws:kms:dsse")


@stack_rule(
    title="The registry's bucket encrypts by default",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=s3("Setting default server-side encryption behavior"),
    types=(*DECIDING, *ENCRYPTIONS),
    why=(
        "The registry asks for encryption only when spec.storage.s3.encrypt says so; the bucket's "
        "default holds for whatever writes to it. With a KMS key and without a bucket key, each "
        "layer that is read or written is a call of KMS of its own: it costs more, and a node "
        "that pulls many images runs into the limit of the account."
    ),
    source=(
        "Amazon S3 User Guide, reducing the cost of SSE-KMS with Amazon S3 Bucket Keys; "
        "cluster-image-registry-operator pkg/storage/s3/s3.go, BucketKeyEnabled"
    ),
    remedy=(
        "Give the bucket a BucketServerSideEncryptionConfiguration: sseAlgorithm AES256, or "
        "aws:kms with bucketKeyEnabled true."
    ),
)
def bucket_encrypted(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        encryptions = bucket_parts(resources, bucket, ENCRYPTIONS)
        if not encryptions:
            yield bucket, "no BucketServerSideEncryptionConfiguration is for the bucket"
        for each in encryptions:
            rules = entries(each.props, "rules")
            if not rules:
                yield each, "rules are empty"
            for rule in rules:
                algorithm = text(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm")
                if algorithm not in ALGORITHMS:
                    yield each, "sseAlgorithm is none of S3's"
                elif algorithm == KMS and at(rule, "bucketKeyEnabled") is not True:
                    yield each, "the algorithm is aws:kms and bucketKeyEnabled is not true"
