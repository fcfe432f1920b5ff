"""The resources of lab-aws and the same live reads, straight down, without checks."""

import base64
import json
import os
from pathlib import Path

import pulumi
import pulumi_aws as aws
import yaml
from httpx2 import Timeout
from lightkube import Client, KubeConfig
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import create_global_resource, create_namespaced_resource
from pulumi import Output, ResourceOptions
from pulumi_kubernetes import Provider
from pulumi_kubernetes.apiextensions import CustomResourcePatch
from pulumi_kubernetes.core.v1 import Secret

NAMESPACE = "openshift-image-registry"
SECRET = "image-registry-private-configuration-user"
BUCKET = USER = "lab-aws-x7k2p-image-registry"
ARN = f"arn:aws:s3:::{BUCKET}"
TAGS = {
    "app.kubernetes.io/managed-by": "openshift-registry",
    "app.kubernetes.io/instance": "lab-aws",
}

kubeconfig = Path(os.environ["KUBECONFIG"]).read_text()
client = Client(KubeConfig.from_dict(yaml.safe_load(kubeconfig)), Timeout(30), trust_env=False)


def get(api: str, plural: str, name: str, namespace: str | None = None) -> None:
    group, _, version = api.rpartition("/")
    make = create_namespaced_resource if namespace else create_global_resource
    try:
        client.get(make(group, version, plural, plural), name, namespace=namespace)
    except ApiError as error:
        if error.status.code != 404:
            raise


get("config.openshift.io/v1", "infrastructures", "cluster")
get("config.openshift.io/v1", "clusterversions", "version")
get("imageregistry.operator.openshift.io/v1", "configs", "cluster")
get("v1", "secrets", SECRET, NAMESPACE)

in_aws = ResourceOptions(
    provider=aws.Provider("aws", region="eu-west-1", allowed_account_ids=["123456789012"])
)
user = aws.iam.User(USER, name=USER, tags=TAGS, opts=in_aws)
bucket = aws.s3.Bucket(BUCKET, bucket=BUCKET, tags=TAGS, opts=in_aws)
block = aws.s3.BucketPublicAccessBlock(
    BUCKET,
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
    opts=in_aws,
)
owner = aws.s3.BucketOwnershipControls(
    BUCKET, bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=in_aws
)
encryption = aws.s3.BucketServerSideEncryptionConfiguration(
    BUCKET,
    bucket=bucket.bucket,
    rules=[
        {
            "apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"},
            "bucket_key_enabled": False,
        }
    ],
    opts=in_aws,
)
closed = aws.s3.BucketPolicy(
    BUCKET,
    bucket=bucket.bucket,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OnlyOverTLS",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [ARN, f"{ARN}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }
    ),
    opts=ResourceOptions.merge(in_aws, ResourceOptions(depends_on=[block])),
)
lifecycle = aws.s3.BucketLifecycleConfiguration(
    BUCKET,
    bucket=bucket.bucket,
    rules=[
        {
            "id": "abandoned-uploads",
            "status": "Enabled",
            "filter": {},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
        }
    ],
    opts=in_aws,
)
policy = aws.iam.UserPolicy(
    USER,
    name="image-registry",
    user=user.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Bucket",
                    "Effect": "Allow",
                    "Action": [
                        "s3:GetBucketLocation",
                        "s3:ListBucket",
                        "s3:ListBucketMultipartUploads",
                    ],
                    "Resource": ARN,
                },
                {
                    "Sid": "Objects",
                    "Effect": "Allow",
                    "Action": [
                        "s3:AbortMultipartUpload",
                        "s3:DeleteObject",
                        "s3:GetObject",
                        "s3:ListMultipartUploadParts",
                        "s3:PutObject",
                    ],
                    "Resource": f"{ARN}/*",
                },
            ],
        }
    ),
    opts=in_aws,
)
key = aws.iam.AccessKey(
    USER, user=user.name, opts=ResourceOptions.merge(in_aws, ResourceOptions(depends_on=[policy]))
)

in_cluster = ResourceOptions(
    provider=Provider("cluster", kubeconfig=pulumi.Output.secret(kubeconfig))
)


def encoded(value: Output[str]) -> Output[str]:
    return Output.secret(value).apply(lambda text: base64.b64encode(text.encode()).decode())


secret = Secret(
    SECRET,
    metadata={"name": SECRET, "namespace": NAMESPACE},
    type="Opaque",
    data={
        "REGISTRY_STORAGE_S3_ACCESSKEY": encoded(key.id),
        "REGISTRY_STORAGE_S3_SECRETKEY": encoded(key.secret),
    },
    opts=in_cluster,
)
made = [bucket, block, owner, encryption, closed, lifecycle, policy, secret]
CustomResourcePatch(
    "cluster",
    api_version="imageregistry.operator.openshift.io/v1",
    kind="Config",
    metadata={"name": "cluster", "annotations": {"pulumi.com/patchForce": "true"}},
    spec={
        "replicas": 2,
        "managementState": "Managed",
        "storage": {
            "managementState": "Unmanaged",
            "s3": {"bucket": BUCKET, "region": "eu-west-1", "encrypt": True},
        },
    },
    opts=ResourceOptions.merge(in_cluster, ResourceOptions(depends_on=made)),
)
