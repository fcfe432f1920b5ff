"""S3 by the names that it has in the world, and URLs that somebody else has signed."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from botocore.exceptions import ClientError

from lab.clouds.aws.server.call import Call
from lab.clouds.aws.service import AwsService
from lab.network.service import Network

pytestmark = pytest.mark.slow

Enforced = Callable[[], AbstractContextManager[None]]
BUCKET = "by-its-name"
KEY = "docker/a layer"
OBJECT = f"arn:aws:s3:::{BUCKET}/docker/*"


@pytest.fixture(scope="module")
def network(aws: AwsService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    process = Network.start(folder, aws.routes, {})
    found = Network.at(folder)
    assert found is not None
    yield found
    process.stop()


@pytest.fixture(scope="module")
def named(aws: AwsService, network: Network) -> Callable[..., Any]:
    """A client that knows of no lab: the address is what boto3 makes of bucket and region."""
    import boto3
    from botocore.config import Config

    def make(key: tuple[str, str] | None = None, dual: bool = True, path: bool = False) -> Any:
        identifier, secret = key or aws.credentials
        return boto3.client(
            "s3",
            region_name="eu-west-1",
            aws_access_key_id=identifier,
            aws_secret_access_key=secret,
            verify=str(aws.authority),
            config=Config(
                s3={"addressing_style": "path" if path else "virtual"},
                use_dualstack_endpoint=dual,
                signature_version="s3v4",
                proxies={"https": f"http://{network.outside}"},
                retries={"total_max_attempts": 1},
            ),
        )

    return make


@pytest.fixture(scope="module")
def bucket(named: Callable[..., Any]) -> str:
    place = {"LocationConstraint": "eu-west-1"}
    named().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    named().put_object(Bucket=BUCKET, Key=KEY, Body=b"layer")
    return BUCKET


def allows(action: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": OBJECT}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def user(client: Callable[..., Any]) -> Iterator[Callable[[str], tuple[str, str]]]:
    """The key of a user who may do one thing with the objects."""
    iam, made = client("iam"), []

    def make(action: str) -> tuple[str, str]:
        iam.create_user(UserName="someone")
        document = allows(action)
        iam.put_user_policy(UserName="someone", PolicyName="p", PolicyDocument=document)
        made.append(iam.create_access_key(UserName="someone")["AccessKey"])
        return made[0]["AccessKeyId"], made[0]["SecretAccessKey"]

    yield make
    iam.delete_user_policy(UserName="someone", PolicyName="p")
    iam.delete_access_key(UserName="someone", AccessKeyId=made[0]["AccessKeyId"])
    iam.delete_user(UserName="someone")


@pytest.mark.parametrize("dual", [True, False])
@pytest.mark.parametrize("path", [True, False])
def test_a_bucket_by_its_name(
    named: Callable[..., Any], bucket: str, iam_enforced: Enforced, dual: bool, path: bool
) -> None:
    with iam_enforced():
        s3 = named(dual=dual, path=path)
        assert s3.get_object(Bucket=bucket, Key=KEY)["Body"].read() == b"layer"
        assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [KEY]
        with pytest.raises(ClientError, match="NoSuchKey"):
            s3.get_object(Bucket=bucket, Key="other")


@pytest.mark.parametrize(
    ("host", "path", "found"),
    [
        ("b.s3.eu-west-1.amazonaws.com", "/k/l", ("b", "k/l")),
        ("b.s3.dualstack.eu-west-1.amazonaws.com:443", "/k", ("b", "k")),
        ("s3.b.s3.amazonaws.com", "/", ("s3.b", "")),
        ("s3.dualstack.eu-west-1.amazonaws.com", "/b/k", ("b", "k")),
        ("s3.amazonaws.com", "/b", ("b", "")),
        ("127.0.0.1:4711", "/b/k", ("b", "k")),
        ("b.s3.example.test", "/b/k", ("b", "k")),
    ],
)
def test_what_a_host_and_a_path_name(host: str, path: str, found: tuple[str, str]) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "wsgi.url_scheme": "https",
        "HTTP_HOST": host,
        "PATH_INFO": path,
    }
    call = Call.of(environ)
    assert (call.bucket, call.key) == found


def fetch(aws: AwsService, network: Network, url: str) -> tuple[int, str]:
    trust = ssl.create_default_context(cafile=str(aws.authority))
    proxy = f"http://{network.outside}"
    with httpx2.Client(verify=trust, proxy=proxy, trust_env=False) as asking:
        answer = asking.get(url)
    return answer.status_code, answer.text


@pytest.fixture
def presigned(named: Callable[..., Any], bucket: str) -> Callable[..., str]:
    def make(key: tuple[str, str] | None = None, seconds: int = 60) -> str:
        wanted = {"Bucket": bucket, "Key": KEY}
        return named(key).generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)

    return make


@pytest.mark.parametrize("enforcing", [True, False])
def test_a_signed_url_is_good_for_what_it_says(
    aws: AwsService,
    network: Network,
    presigned: Callable[..., str],
    iam_enforced: Enforced,
    enforcing: bool,
) -> None:
    with iam_enforced() if enforcing else nullcontext():
        url = presigned()
        assert fetch(aws, network, url) == (200, "layer")
        for wrong in (
            url.replace("a%20layer", "other"),
            url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
            url[:-1] + ("0" if url[-1] != "0" else "1"),
        ):
            code, said = fetch(aws, network, wrong)
            assert code == 403 and "SignatureDoesNotMatch" in said
        for seconds in ("0", "604801", "x"):
            code, said = fetch(aws, network, url.replace("Expires=60", f"Expires={seconds}"))
            assert code == 400 and "AuthorizationQueryParametersError" in said


def test_a_signed_url_ends(
    aws: AwsService, network: Network, presigned: Callable[..., str]
) -> None:
    for seconds in (1, 4, 16):  # a busy machine may be too late for the first
        url = presigned(seconds=seconds)
        code, _ = fetch(aws, network, url)
        if code == 200:
            break
    assert code == 200
    time.sleep(seconds + 1)
    code, said = fetch(aws, network, url)
    assert code == 403 and "Request has expired" in said


def test_a_signed_url_allows_what_its_signer_may(
    aws: AwsService,
    network: Network,
    presigned: Callable[..., str],
    user: Callable[[str], tuple[str, str]],
    client: Callable[..., Any],
    iam_enforced: Enforced,
) -> None:
    key = user("s3:PutObject")
    with iam_enforced():
        url = presigned(key)
        code, said = fetch(aws, network, url)
        assert code == 403 and "AccessDenied" in said
        document = allows("s3:GetObject")
        iam = client("iam")
        iam.put_user_policy(UserName="someone", PolicyName="p", PolicyDocument=document)
        assert fetch(aws, network, url) == (200, "layer")
        iam.update_access_key(UserName="someone", AccessKeyId=key[0], Status="Inactive")
        code, said = fetch(aws, network, url)
        assert code == 403 and "InvalidAccessKeyId" in said
        code, said = fetch(aws, network, presigned(("AKIANOBODY", "x")))
        assert code == 403 and "InvalidAccessKeyId" in said


def test_the_network_leads_to_the_lab_alone(aws: AwsService, network: Network) -> None:
    for url in ("https://example.com/", "https://s3.amazonaws.com.example.com/"):
        with pytest.raises(httpx2.ProxyError, match=r"403 example.com:443 is not in this lab|403"):
            fetch(aws, network, url)
    code, said = fetch(aws, network, "http://b.s3.eu-west-1.amazonaws.com/")
    assert code == 403 and "this proxy takes nothing but CONNECT" in said
    with pytest.raises(httpx2.ProxyError, match=r"amazonaws\.com:80 is not in"):
        fetch(aws, network, "https://b.s3.eu-west-1.amazonaws.com:80/")


def test_a_service_that_is_gone(aws: AwsService, tmp_path: Path) -> None:
    process = Network.start(tmp_path, {"s3.example.test:443": "127.0.0.1:9"}, {})
    try:
        found = Network.at(tmp_path)
        assert found is not None and found.reaches("S3.example.test.", 443)
        assert not found.reaches("s3.example.test", 80)
        with pytest.raises(httpx2.ProxyError, match="which does not answer"):
            fetch(aws, found, "https://s3.example.test/")
    finally:
        process.stop()
    assert Network.at(tmp_path / "none") is None


def test_the_certificate_is_for_its_own_region(aws: AwsService, network: Network) -> None:
    assert urlsplit(aws.https).netloc == aws.routes["*.amazonaws.com:443"]
    for host in ("x.s3.eu-west-2.amazonaws.com", "iam.amazonaws.com", "a.b.s3.amazonaws.com"):
        with pytest.raises(httpx2.ConnectError, match="Hostname mismatch"):
            fetch(aws, network, f"https://{host}/")
