"""The registry on the lab's Amazon S3, by the names that S3 has in the world."""

import base64
import json
import re
from collections.abc import Iterator

import pytest

from lab import kinds
from lab.lab import Lab
from tests.lab.aws import admin
from tests.lab.aws import enforced as iam_enforced
from tests.lab.platform.labs import start
from tests.lab.project import config, get, kubectl
from tests.lab.test_registry import CONFIG, NAMESPACE, patch, rolled_out, smoke, until, works

pytestmark = pytest.mark.lab

REGION = "us-east-1"
BUCKET = "lab-images"
PREFIX = "docker/registry/v2"
ON_BUCKET = ("ListBucket", "GetBucketLocation", "ListBucketMultipartUploads")
ON_OBJECTS = (
    "GetObject",
    "PutObject",
    "DeleteObject",
    "AbortMultipartUpload",
    "ListMultipartUploadParts",
)


@pytest.fixture(scope="module")
def aws_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Its registry is on a bucket, with the key of a user who may do what a registry does."""
    lab = start(tmp_path_factory.mktemp("aws"), "AWS")
    admin(lab, "s3").create_bucket(Bucket=BUCKET)
    give(lab, *key_of(lab, "registry"))
    patch(
        lab,
        {
            "managementState": "Managed",
            "replicas": 2,
            "storage": {
                "managementState": "Unmanaged",
                "s3": {"bucket": BUCKET, "region": REGION, "encrypt": True},
            },
        },
    )
    yield lab
    lab.stop()


def key_of(lab: Lab, user: str, *without: str) -> tuple[str, str]:
    """A new user's, who may do all that a registry does but for the actions `without`."""
    iam = admin(lab, "iam")
    iam.create_user(UserName=user)
    own, objects = (
        [f"s3:{each}" for each in actions if each not in without]
        for actions in (ON_BUCKET, ON_OBJECTS)
    )
    arn = f"arn:aws:s3:::{BUCKET}"
    statements = [
        {"Effect": "Allow", "Action": own, "Resource": arn},
        {"Effect": "Allow", "Action": objects, "Resource": f"{arn}/*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=user, PolicyName="registry", PolicyDocument=document)
    made = iam.create_access_key(UserName=user)["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def give(lab: Lab, identifier: str, secret: str) -> None:
    data = {"REGISTRY_STORAGE_S3_ACCESSKEY": identifier, "REGISTRY_STORAGE_S3_SECRETKEY": secret}
    manifest = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "image-registry-private-configuration-user", "namespace": NAMESPACE},
        "data": {name: base64.b64encode(each.encode()).decode() for name, each in data.items()},
    }
    kubectl(lab, "apply", "-f", "-", stdin=json.dumps(manifest))


@pytest.fixture
def enforced(aws_lab: Lab) -> Iterator[None]:
    """Each call is authenticated and authorised."""
    with iam_enforced(aws_lab):
        yield


def uploads(lab: Lab) -> list[str]:
    """What S3 holds of uploads that were never finished."""
    said = admin(lab, "s3").list_multipart_uploads(Bucket=BUCKET)
    return [each["Key"] for each in said.get("Uploads", [])]


def test_images_are_in_the_bucket(aws_lab: Lab) -> None:
    code, said = smoke(aws_lab, "--json", "--keep")
    assert code == 0, said
    report = json.loads(said)
    digest = report["digest"].removeprefix("sha256:")
    blob = f"{PREFIX}/blobs/sha256/{digest[:2]}/{digest}/data"
    found = admin(aws_lab, "s3").get_object(Bucket=BUCKET, Key=blob)
    assert found["ServerSideEncryption"] == "AES256"
    assert json.loads(found["Body"].read())["schemaVersion"] == 2


def test_an_upload_that_breaks_off_stays_in_s3(aws_lab: Lab) -> None:
    before = uploads(aws_lab)
    code, said = smoke(aws_lab)
    assert code == 0, said
    (left,) = re.findall(r"left behind: unfinished upload (\S+)", said)
    (new,) = set(uploads(aws_lab)) - set(before)
    assert new == f"{PREFIX}/repositories/default/ocpreg-smoke/_uploads/{left}/data"


def test_who_pulls_is_sent_to_the_bucket(aws_lab: Lab) -> None:
    """By its name in the world, with a certificate that a system has to trust."""
    works(aws_lab)
    where = f"https://{BUCKET}.s3.dualstack.{REGION}.amazonaws.com"
    code, said = smoke(aws_lab, without=("SSL_CERT_FILE",))
    assert code == 1
    assert f"the registry sends to its storage, and {where} fails" in said
    assert "CERTIFICATE_VERIFY_FAILED" in said and "registry.disableRedirect: true" in said
    without = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
    code, said = smoke(aws_lab, without=without, more={"HTTPS_PROXY": "http://127.0.0.1:9"})
    assert code == 1
    assert f"and {where} fails" in said


def test_what_removes_it_is_told(aws_lab: Lab) -> None:
    code, said = smoke(aws_lab)
    assert code == 0
    assert f"warning: uploads that break off stay in bucket {BUCKET} for ever" in said
    rule = {
        "ID": "abandoned",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
    }
    given = {"Rules": [rule]}
    admin(aws_lab, "s3").put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration=given
    )
    code, said = smoke(aws_lab)
    assert code == 0
    assert f"rule 'abandoned' of bucket {BUCKET} removes it after 2 days" in said
    assert "warning" not in said
    code, said = smoke(aws_lab, without=["AWS_ACCESS_KEY_ID"])
    assert code == 0
    assert "whose lifecycle was not asked: there are no AWS credentials here" in said


@pytest.mark.parametrize("redirect", [True, False])
@pytest.mark.usefixtures("enforced")
def test_its_users_key_is_enough(aws_lab: Lab, redirect: bool) -> None:
    patch(aws_lab, {"disableRedirect": not redirect})
    code, said = smoke(aws_lab, without=() if redirect else ("HTTPS_PROXY", "https_proxy"))
    assert code == 0, said


@pytest.mark.usefixtures("enforced")
def test_a_key_that_may_not_write(aws_lab: Lab) -> None:
    secret = "image-registry-private-configuration-user"
    kept = get(aws_lab, kinds.Secret, secret, NAMESPACE)["data"]
    patch(aws_lab, {"disableRedirect": False})
    with rolled_out(aws_lab):
        give(aws_lab, *key_of(aws_lab, "reader", "PutObject"))
    try:
        code, said = smoke(aws_lab)
        assert code == 1
        assert "500" in said and "error: " in said
    finally:
        with rolled_out(aws_lab):
            give(aws_lab, *(base64.b64decode(each).decode() for each in kept.values()))
    works(aws_lab)


def test_a_bucket_that_is_not_there(aws_lab: Lab) -> None:
    change = {"spec": {"storage": {"s3": {"bucket": "nobodys-images"}}}}
    kubectl(aws_lab, "patch", CONFIG, "cluster", "--type=merge", "-p", json.dumps(change))
    until(lambda: storage_exists(aws_lab) == ("False", "NotFound"), "NotFound")
    patch(aws_lab, {"storage": {"s3": {"bucket": BUCKET}}})
    assert storage_exists(aws_lab) == ("True", "S3 Bucket Exists")


def storage_exists(lab: Lab) -> tuple[str, str]:
    conditions = config(lab)["status"]["conditions"]
    found = next(each for each in conditions if each["type"] == "StorageExists")
    return found["status"], found["reason"]
