"""Bucket claims on OpenShift Data Foundation, and registries on what they get."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, SSLError
from lightkube import Client

from lab import build, kinds
from lab.kinds import Object
from lab.lab import Lab, say
from lab.openshift.addons import ADD_ONS
from lab.openshift.object_stores import CEPH, NOOBAA, ObjectStore
from lab.openshift.serving import Authorities
from lab.platform.bucket_claims import bucket_name
from lab.process import free_port
from lab.process import start as started
from tests.lab.operator.live import patch, settled, wait
from tests.lab.operator.objects import condition
from tests.lab.platform.labs import start
from tests.lab.test_registry import smoke

NAMESPACE = "openshift-image-registry"
CLASS = {"rgw": "ocs-storagecluster-ceph-rgw", "noobaa": "openshift-storage.noobaa.io"}
DOMAIN = "lab-baremetal.example.test"
LABEL = {
    "rgw": "openshift-storage.ceph.rook.io-bucket",
    "noobaa": "openshift-storage.noobaa.io-obc",
}


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({"bucketName": "b"}, "b"),
        ({"bucketName": "b", "generateBucketName": "c"}, "b"),
        ({}, None),
        ({"bucketName": "", "generateBucketName": ""}, None),
    ],
)
def test_a_bucket_of_a_name(spec: Object, name: str | None) -> None:
    assert bucket_name(spec) == name


@pytest.mark.parametrize(
    ("prefix", "length"), [("a", 38), ("x" * 26, 63), ("x" * 27, 63), ("x" * 50, 63)]
)
def test_a_generated_name(prefix: str, length: int) -> None:
    one, two = (bucket_name({"generateBucketName": prefix}) for _ in range(2))
    assert one is not None and one != two and len(one) == length and one.startswith(prefix[:26])


def test_a_cloud_has_no_ceph_object_store() -> None:
    def made(platform: str) -> set[str]:
        documents = ADD_ONS["odf"].documents(platform, Authorities.make())
        return {f"{each['kind']}/{each['metadata']['name']}" for each in documents}

    assert made("AWS") < made("BareMetal")
    gone = {each for each in made("BareMetal") - made("AWS")}
    assert gone == {
        f"StorageClass/{CLASS['rgw']}",
        f"Service/{CEPH.service}",
        f"Secret/{CEPH.secret}",
        *(f"Route/{each}" for each in CEPH.routes),
    }


@pytest.fixture(scope="module")
def odf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = start(tmp_path_factory.mktemp("odf"), "BareMetal", "odf")
    yield lab
    lab.stop()


Make = Callable[..., Object]


@pytest.fixture
def make(odf: Lab) -> Iterator[Make]:
    """A claim; it goes after the test."""
    client, made = odf.client(), []

    def create(name: str, store: ObjectStore, **spec: str) -> Object:
        given = {"storageClassName": CLASS[store.name], **(spec or {"generateBucketName": name})}
        metadata = {"name": name, "namespace": NAMESPACE}
        made.append(name)
        return client.create(kinds.ObjectBucketClaim(metadata=metadata, spec=given))

    yield create
    for name in made:
        gone = find(client, kinds.ObjectBucketClaim, name) is None
        if not gone:
            client.delete(kinds.ObjectBucketClaim, name, namespace=NAMESPACE)
            wait(lambda name=name: find(client, kinds.ObjectBucketClaim, name) is None, "gone")


def find(client: Client, kind: Any, name: str, namespace: str | None = NAMESPACE) -> Object | None:
    from lightkube import ApiError

    try:
        return client.get(kind, name, **({"namespace": namespace} if namespace else {}))
    except ApiError as error:
        assert error.status.code == 404
        return None


def bound(client: Client, name: str) -> Object:
    def look() -> Object | None:
        live = client.get(kinds.ObjectBucketClaim, name, namespace=NAMESPACE)
        return live if live.get("status", {}).get("phase") == "Bound" else None

    return wait(look, f"claim {name} is bound")


def key_of(client: Client, name: str) -> tuple[str, str]:
    data = client.get(kinds.Secret, name, namespace=NAMESPACE)["data"]
    assert set(data) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    identifier, secret = (base64.b64decode(data[each]).decode() for each in names)
    return identifier, secret


def s3(lab: Lab, endpoint: str, key: tuple[str, str], verify: str | bool = True) -> Any:
    """As from within a pod."""
    import boto3
    from botocore.config import Config

    network = lab.clouds.network
    assert network is not None
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="eu-west-1",  # any
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        verify=verify,
        config=Config(
            s3={"addressing_style": "path"},
            proxies={"https": f"http://{network.inside}"},
            retries={"total_max_attempts": 1},
        ),
    )


@pytest.fixture
def service_ca(odf: Lab, tmp_path: Any) -> str:
    return written(odf, tmp_path, "service-ca")


def written(lab: Lab, folder: Any, name: str) -> str:
    path = folder / f"{name}.pem"
    path.write_text(published(lab, name))
    return str(path)


def published(lab: Lab, name: str) -> str:
    client = lab.client()
    found = client.get(kinds.ConfigMap, name, namespace="openshift-config-managed")
    return found["data"]["ca-bundle.crt"]


@pytest.mark.lab
@pytest.mark.parametrize("store", [CEPH, NOOBAA], ids=lambda each: each.name)
def test_a_claim_gets_a_bucket(odf: Lab, make: Make, store: ObjectStore, service_ca: str) -> None:
    client = odf.client()
    uid = make("images", store)["metadata"]["uid"]
    claim = bound(client, "images")
    bucket = claim["spec"]["bucketName"]
    assert bucket.startswith("images-") and len(bucket) == 43
    assert claim["spec"]["objectBucketName"] == f"obc-{NAMESPACE}-images"
    assert claim["metadata"]["finalizers"] == ["objectbucket.io/finalizer"]
    assert claim["metadata"]["labels"]["bucket-provisioner"] == LABEL[store.name]
    told = client.get(kinds.ConfigMap, "images", namespace=NAMESPACE)
    assert told["data"] == {
        "BUCKET_HOST": f"{store.service}.openshift-storage.svc",
        "BUCKET_NAME": bucket,
        "BUCKET_PORT": "443",
        "BUCKET_REGION": "",
        "BUCKET_SUBREGION": "",
    }
    assert told["metadata"]["ownerReferences"][0]["uid"] == uid
    assert told["metadata"]["finalizers"] == ["objectbucket.io/finalizer"]
    made = client.get(kinds.ObjectBucket, f"obc-{NAMESPACE}-images")
    assert made["status"]["phase"] == "Bound"
    assert made["spec"]["claimRef"]["uid"] == uid
    assert made["spec"]["reclaimPolicy"] == "Delete"
    assert made["spec"]["endpoint"]["bucketName"] == bucket
    own = s3(odf, f"https://{store.host}", key_of(client, "images"), service_ca)
    own.put_object(Bucket=bucket, Key="k", Body=b"mine")
    assert own.get_object(Bucket=bucket, Key="k")["Body"].read() == b"mine"
    with pytest.raises(ClientError, match="AccessDenied"):
        own.create_bucket(Bucket="another")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        own.list_objects_v2(Bucket="another")


@pytest.mark.lab
def test_a_key_opens_its_own_bucket_alone(odf: Lab, make: Make, service_ca: str) -> None:
    client = odf.client()
    make("one", CEPH, bucketName="bucket-one")
    make("two", CEPH)
    make("three", NOOBAA, bucketName="bucket-one")
    bound(client, "one"), bound(client, "two"), bound(client, "three")
    one, two, three = (key_of(client, each) for each in ("one", "two", "three"))
    ceph, noobaa = (f"https://{each.host}" for each in (CEPH, NOOBAA))
    s3(odf, ceph, one, service_ca).put_object(Bucket="bucket-one", Key="k", Body=b"1")
    for endpoint, key, code in (
        (ceph, two, "AccessDenied"),
        (ceph, three, "InvalidAccessKeyId"),
        (noobaa, one, "InvalidAccessKeyId"),
        (ceph, (one[0], "another"), "SignatureDoesNotMatch"),
        (noobaa, three, "NoSuchKey"),
    ):
        with pytest.raises(ClientError, match=code):
            s3(odf, endpoint, key, service_ca).get_object(Bucket="bucket-one", Key="k")
    with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        s3(odf, ceph, one).list_objects_v2(Bucket="bucket-one")


@pytest.mark.lab
def test_claims_that_wait(odf: Lab, make: Make) -> None:
    client, log = odf.client(), odf.directory / "logs" / "platform.log"
    make("first", NOOBAA, bucketName="taken")
    bound(client, "first")
    make("second", NOOBAA, bucketName="taken")
    metadata = {"name": "third", "namespace": NAMESPACE}
    client.create(kinds.Secret(metadata=metadata, data={}))
    make("third", NOOBAA)
    make("fourth", NOOBAA, additionalConfig=None)
    for name, text in (
        ("second", 'bucket "taken" already exists and is of a different claim'),
        ("third", 'secret "third" already exists'),
        ("fourth", "expected either bucketName or generateBucketName defined"),
    ):
        line = f"bucket claim {NAMESPACE}/{name}: {text}"
        wait(lambda line=line: line in log.read_text(), line)
        claim = client.get(kinds.ObjectBucketClaim, name, namespace=NAMESPACE)
        assert claim["status"]["phase"] == "Pending"
    client.delete(kinds.Secret, "third", namespace=NAMESPACE)
    client.delete(kinds.ObjectBucketClaim, "first", namespace=NAMESPACE)
    assert bound(client, "second") and bound(client, "third")


@pytest.mark.lab
@pytest.mark.parametrize("policy", ["Delete", "Retain"])
def test_a_claim_that_goes(odf: Lab, make: Make, policy: str, service_ca: str) -> None:
    client = odf.client()
    name = f"going-{policy.lower()}"
    other = dict(client.get(kinds.StorageClass, CLASS["rgw"]))
    metadata = {"name": name}
    client.create(kinds.StorageClass({**other, "metadata": metadata, "reclaimPolicy": policy}))
    make(name, CEPH, bucketName=name, storageClassName=name)
    bound(client, name)
    key = key_of(client, name)
    own = s3(odf, f"https://{CEPH.host}", key, service_ca)
    own.put_object(Bucket=name, Key="k", Body=b"1")
    own.create_multipart_upload(Bucket=name, Key="left")
    client.delete(kinds.ObjectBucketClaim, name, namespace=NAMESPACE)
    wait(lambda: find(client, kinds.ObjectBucketClaim, name) is None, "the claim is gone")
    wait(lambda: find(client, kinds.Secret, name) is None, "the secret is gone")
    wait(lambda: find(client, kinds.ConfigMap, name) is None, "the map is gone")
    assert find(client, kinds.ObjectBucket, f"obc-{NAMESPACE}-{name}", None) is None
    with pytest.raises(ClientError, match=r"NoSuchBucket|InvalidAccessKeyId"):
        own.list_objects_v2(Bucket=name)
    store = odf.clouds.stores[CEPH.provisioner]
    buckets = s3(odf, store.http, store.credentials).list_buckets()["Buckets"]
    assert (name in [each["Name"] for each in buckets]) == (policy == "Retain")
    client.delete(kinds.StorageClass, name)


def use(lab: Lab, claim: str, endpoint: str, trusted: str | None, redirect: bool) -> None:
    """Put the registry on a claim's bucket, as the guide has it."""
    client = lab.client()
    identifier, secret = key_of(client, claim)
    data = {"REGISTRY_STORAGE_S3_ACCESSKEY": identifier, "REGISTRY_STORAGE_S3_SECRETKEY": secret}
    name = "image-registry-private-configuration-user"
    put(client, kinds.Secret, name, NAMESPACE, stringData=data)
    block = {
        "bucket": client.get(kinds.ConfigMap, claim, namespace=NAMESPACE)["data"]["BUCKET_NAME"],
        "region": "us-east-1",
        "regionEndpoint": endpoint,
        "trustedCA": None,
    }
    if trusted:
        ca = {"ca-bundle.crt": published(lab, trusted)}
        put(client, kinds.ConfigMap, "storage-ca", "openshift-config", data=ca)
        block["trustedCA"] = {"name": "storage-ca"}
    storage = {"managementState": "Unmanaged", "s3": block}
    spec = {"managementState": "Managed", "replicas": 2, "storage": storage}
    patch(client, {**spec, "rolloutStrategy": "RollingUpdate", "disableRedirect": not redirect})


def put(client: Client, kind: Any, name: str, namespace: str, **content: Any) -> None:
    document = {"metadata": {"name": name, "namespace": namespace}, **content}
    if find(client, kind, name, namespace) is None:
        client.create(kind(document))
    else:
        client.replace(kind(document))


def objects(lab: Lab, store: ObjectStore, claim: str) -> list[str]:
    service = lab.clouds.stores[store.provisioner]
    bucket = lab.client().get(kinds.ObjectBucketClaim, claim, namespace=NAMESPACE)["spec"]
    said = s3(lab, service.http, service.credentials).list_objects_v2(Bucket=bucket["bucketName"])
    return [each["Key"] for each in said.get("Contents", [])]


@pytest.mark.lab
@pytest.mark.parametrize("store", [CEPH, NOOBAA], ids=lambda each: each.name)
@pytest.mark.parametrize("way", ["route", "service", "plain"])
def test_a_registry_on_a_claims_bucket(odf: Lab, make: Make, store: ObjectStore, way: str) -> None:
    client = odf.client()
    make("images", store)
    bound(client, "images")
    route = store.hosts(DOMAIN)[-1]
    endpoint, trusted = {
        "route": (f"https://{route}", "default-ingress-cert"),
        "service": (f"https://{store.host}:443", "service-ca"),
        "plain": (f"http://{store.host}", None),
    }[way]
    use(odf, "images", endpoint, trusted, redirect=way == "route")
    config = settled(client, "Available", "True", "Ready")
    assert condition(config, "Degraded")[0] == "False"
    code, said = smoke(odf)
    assert code == 0, said
    blobs = "docker/registry/v2/blobs/sha256/"
    assert any(each.startswith(blobs) for each in objects(odf, store, "images"))


@pytest.mark.lab
def test_who_pulls_does_not_know_the_names_of_services(odf: Lab, make: Make) -> None:
    make("images", NOOBAA)
    bound(odf.client(), "images")
    use(odf, "images", f"https://{NOOBAA.host}", "service-ca", redirect=True)
    settled(odf.client(), "Available", "True", "Ready")
    code, said = smoke(odf)
    assert code == 1
    assert f"the registry sends to its storage, and https://{NOOBAA.host} fails: 403" in said
    assert "is not in this lab" in said


@pytest.mark.lab
@pytest.mark.parametrize(
    ("way", "trusted"),
    [
        ("route", None),
        ("route", "service-ca"),
        ("service", None),
        ("service", "default-ingress-cert"),
    ],
)
def test_an_endpoint_that_is_not_trusted(
    odf: Lab, make: Make, way: str, trusted: str | None
) -> None:
    client = odf.client()
    make("images", CEPH)
    bound(client, "images")
    host = CEPH.hosts(DOMAIN)[-1] if way == "route" else CEPH.host
    use(odf, "images", f"https://{host}", trusted, redirect=True)
    config = settled(client, "StorageExists", "Unknown", "Unknown Error Occurred")
    message = condition(config, "StorageExists")[2]
    assert f'Head "https://{host}/images-' in message
    assert message.endswith("x509: certificate signed by unknown authority")
    message = condition(config, "Progressing")[2]
    assert "unable to sync storage configuration: RequestError" in message


@pytest.mark.lab
def test_a_bucket_that_is_not_this_keys(odf: Lab, make: Make) -> None:
    client = odf.client()
    make("images", NOOBAA), make("other", NOOBAA)
    bound(client, "images"), bound(client, "other")
    use(odf, "images", f"https://{NOOBAA.host}", "service-ca", redirect=False)
    settled(client, "Available", "True", "Ready")
    theirs = client.get(kinds.ObjectBucketClaim, "other", namespace=NAMESPACE)["spec"]["bucketName"]
    for bucket, reason in ((theirs, "Forbidden"), ("none-such", "NotFound")):
        patch(client, {"storage": {"s3": {"bucket": bucket}}})
        config = settled(client, "StorageExists", "False", reason)
        assert f"{reason}: {reason}" in condition(config, "Progressing")[2]


@pytest.mark.lab
def test_the_registry_itself_trusts_what_it_is_given(
    odf: Lab, make: Make, tmp_path: Any, service_ca: str
) -> None:
    """Without the operator, which looks first."""
    client, network = odf.client(), odf.clouds.network
    make("images", CEPH)
    claim = bound(client, "images")
    identifier, secret = key_of(client, "images")
    assert network is not None
    given = {
        "REGISTRY_STORAGE": "s3",
        "REGISTRY_STORAGE_S3_BUCKET": claim["spec"]["bucketName"],
        "REGISTRY_STORAGE_S3_REGION": "us-east-1",
        "REGISTRY_STORAGE_S3_REGIONENDPOINT": f"https://{CEPH.host}",
        "REGISTRY_STORAGE_S3_ACCESSKEY": identifier,
        "REGISTRY_STORAGE_S3_SECRETKEY": secret,
        "OPENSHIFT_LAB_NETWORK": network.inside,
    }
    code, said = ready(tmp_path / "untrusted", given)
    assert code == 503 and "certificate signed by unknown authority" in said
    code, said = ready(tmp_path / "elsewhere", {**given, "OPENSHIFT_LAB_NETWORK": network.outside})
    assert code == 503 and "is not in this lab" in said
    assert ready(tmp_path / "trusted", {**given, "SSL_CERT_FILE": service_ca})[0] == 200


def ready(folder: Any, environment: dict[str, str]) -> tuple[int, str]:
    """What a registry of its own says of its storage."""
    import httpx2

    port = free_port()
    own = {**environment, "REGISTRY_HTTP_ADDR": f"127.0.0.1:{port}", "REGISTRY_HTTP_NET": "tcp"}
    process = started("registry", [build.toolchain(say).registry], folder / "registry.log", own)
    try:
        url = f"http://127.0.0.1:{port}"

        def healthy() -> bool:
            try:
                return httpx2.get(f"{url}/healthz", trust_env=False).status_code == 200
            except httpx2.HTTPError:
                return False

        wait(healthy, "the registry answers")
        answer = httpx2.get(f"{url}/readyz", trust_env=False, timeout=30)
        return answer.status_code, answer.text
    finally:
        process.stop()
