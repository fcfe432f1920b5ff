"""Storage outside the cluster: fields and credentials, as far as they can be judged without it."""

import json

import pytest

from lab.operator.judge import judge
from lab.operator.storage.swift import auth_url
from tests.lab.operator.objects import condition, config_map, secret

USER = "image-registry-private-configuration-user"
S3_KEYS = {
    "REGISTRY_STORAGE_S3_ACCESSKEY": "AKIAEXAMPLE",
    "REGISTRY_STORAGE_S3_SECRETKEY": "s3-secret-canary",
}
SWIFT = "REGISTRY_STORAGE_SWIFT_"
KEYFILE = json.dumps({"type": "service_account", "private_key": "gcs-canary"})
S3 = {"bucket": "images", "region": "eu-west-1"}
SWIFT_BLOCK = {"container": "images", "authURL": "https://keystone.example.test:5000"}


def judge_cloud(make_config, make_world, key, block, credentials, state="Unmanaged", **parts):
    storage = {key: block, "managementState": state}
    storage = {field: value for field, value in storage.items() if value is not None}
    secrets = [] if credentials is None else [secret(USER, **credentials)]
    config = make_config(storage=storage, replicas=2, rolloutStrategy="RollingUpdate")
    platform = parts.pop("platform", "BareMetal")
    return judge(config, make_world(platform, secrets=secrets, **parts))


def environment(verdict) -> dict[str, object]:
    (deployment,) = (each for each in verdict.objects if each["kind"] == "Deployment")
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


@pytest.mark.parametrize(
    ("key", "block", "credentials", "reason"),
    [
        ("s3", S3, S3_KEYS, "S3 Bucket Exists"),
        (
            "gcs",
            {"bucket": "images"},
            {"REGISTRY_STORAGE_GCS_KEYFILE": KEYFILE},
            "GCS Bucket Exists",
        ),
        (
            "azure",
            {"accountName": "regstore01", "container": "images"},
            {"REGISTRY_STORAGE_AZURE_ACCOUNTKEY": "a2V5"},
            "UserManaged",
        ),
        (
            "swift",
            SWIFT_BLOCK,
            {f"{SWIFT}USERNAME": "u", f"{SWIFT}PASSWORD": "p"},
            "Container exists",
        ),
    ],
)
def test_complete_and_unmanaged_counts_as_there(
    make_config, make_world, key, block, credentials, reason
) -> None:
    verdict = judge_cloud(make_config, make_world, key, block, credentials)
    assert verdict.error is None
    assert condition(verdict.config, "StorageExists")[:2] == ("True", reason)
    assert verdict.config["status"]["storage"] == {key: block, "managementState": "Unmanaged"}


@pytest.mark.parametrize(
    ("key", "block", "credentials", "problem"),
    [
        ("s3", S3, None, 'secret "installer-cloud-credentials" not found'),
        ("s3", S3, {"REGISTRY_STORAGE_S3_ACCESSKEY": "a"}, "REGISTRY_STORAGE_S3_SECRETKEY"),
        ("s3", S3, {"REGISTRY_STORAGE_S3_SECRETKEY": "a"}, "REGISTRY_STORAGE_S3_ACCESSKEY"),
        ("s3", {"bucket": "b"}, S3_KEYS, "MissingRegion"),
        ("s3", {"bucket": "b", "regionEndpoint": "https://s3.test"}, S3_KEYS, "MissingRegion"),
        (
            "s3",
            {"bucket": "b", "region": "r", "regionEndpoint": "objects.example.test:9021"},
            S3_KEYS,
            "unsupported protocol scheme",
        ),
        ("s3", {"bucket": "b", "region": "noobaa"}, S3_KEYS, "no such host"),
        ("s3", {**S3, "trustedCA": {"name": "gone"}}, S3_KEYS, 'failed to get trusted CA "gone"'),
        ("gcs", {"bucket": "b"}, {"STORAGE_GCS_KEYFILE": KEYFILE}, "REGISTRY_STORAGE_GCS_KEYFILE"),
        ("gcs", {"bucket": "b"}, {"REGISTRY_STORAGE_GCS_KEYFILE": "{gcs-canary"}, "is not JSON"),
        ("gcs", {"bucket": "b"}, {"REGISTRY_STORAGE_GCS_KEYFILE": "{}"}, "unknown credential type"),
        (
            "azure",
            {"accountName": "a", "container": "c"},
            {"REGISTRY_STORAGE_AZURE_ACCOUNTKEY": ""},
            "has an empty value",
        ),
        (
            "azure",
            {"accountName": "a", "container": "c", "cloudName": "AzureMoonCloud"},
            {"REGISTRY_STORAGE_AZURE_ACCOUNTKEY": "k"},
            'no cloud environment matching the name "AZUREMOONCLOUD"',
        ),
        (
            "swift",
            SWIFT_BLOCK,
            {f"{SWIFT}USER": "u", f"{SWIFT}PASSWORD": "p"},
            "does not contain required keys",
        ),
        (
            "swift",
            SWIFT_BLOCK,
            {f"{SWIFT}APPLICATIONCREDENTIALID": "i", f"{SWIFT}APPLICATIONCREDENTIALSECRET": "s"},
            "APPLICATIONCREDENTIALNAME",
        ),
        (
            "swift",
            {"container": "c"},
            {f"{SWIFT}USERNAME": "u", f"{SWIFT}PASSWORD": "p"},
            "unsupported protocol scheme",
        ),
        ("oss", {"bucket": "b"}, S3_KEYS, "the lab has no OSS"),
    ],
)
def test_incomplete_is_refused_and_nothing_is_made(
    make_config, make_world, key, block, credentials, problem
) -> None:
    verdict = judge_cloud(make_config, make_world, key, block, credentials)
    assert problem in str(verdict.error)
    assert "canary" not in str(verdict.error)
    assert verdict.objects == ()
    assert condition(verdict.config, "StorageExists")[0] != "True"


@pytest.mark.parametrize(
    ("block", "state"), [(S3, "Managed"), (S3, None), ({"region": "eu-west-1"}, "Unmanaged")]
)
def test_what_would_need_a_cloud_is_refused(make_config, make_world, block, state) -> None:
    verdict = judge_cloud(make_config, make_world, "s3", block, S3_KEYS, state)
    assert "no cloud in this lab" in str(verdict.error)
    assert condition(verdict.config, "StorageExists")[:2] == ("Unknown", "Unknown Error Occurred")


def test_azure_without_container_is_a_condition_not_an_error(make_config, make_world) -> None:
    key = {"REGISTRY_STORAGE_AZURE_ACCOUNTKEY": "k"}
    verdict = judge_cloud(make_config, make_world, "azure", {"accountName": "a"}, key)
    assert verdict.error is None
    assert condition(verdict.config, "StorageExists") == (
        "False",
        "StorageNotConfigured",
        "Storage account is provided, but container is not specified",
    )


def test_swift_versions_are_judged_when_the_pod_is_made(make_config, make_world) -> None:
    credentials = {f"{SWIFT}USERNAME": "u", f"{SWIFT}PASSWORD": "p"}
    for change, problem in (
        ({"authVersion": "v3"}, 'parsing "v3": invalid syntax'),
        ({"authURL": "https://keystone.example.test/identity/v3"}, "Incorrect Auth URL: /identity"),
    ):
        block = {**SWIFT_BLOCK, **change}
        verdict = judge_cloud(make_config, make_world, "swift", block, credentials)
        assert str(verdict.error).startswith("unable to apply objects: ")
        assert problem in str(verdict.error)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://k.test:5000", "https://k.test:5000/v3"),
        ("https://k.test:5000/", "https://k.test:5000/v3"),
        ("https://k.test:5000/v3", "https://k.test:5000/v3"),
        ("http://127.0.0.1:8080/v1.0", "http://127.0.0.1:8080/v1.0"),
    ],
)
def test_the_identity_url_gets_its_version(given: str, used: str) -> None:
    assert auth_url(given, "3") == used


def test_s3_environment_and_secret(make_config, make_world) -> None:
    block = {
        **S3,
        "encrypt": True,
        "keyID": "arn:aws:kms:eu-west-1:111122223333:key/1",
        "regionEndpoint": "https://s3.example.test",
        "trustedCA": {"name": "store-ca"},
    }
    trusted = [config_map("store-ca", **{"ca-bundle.crt": "PEM"})]
    verdict = judge_cloud(make_config, make_world, "s3", block, S3_KEYS, openshift_config=trusted)
    values = environment(verdict)
    prefix = "REGISTRY_STORAGE_S3_"
    assert values["REGISTRY_STORAGE"] == "s3"
    assert {name.removeprefix(prefix): values[name] for name in values if prefix in name} == {
        "BUCKET": "images",
        "REGION": "eu-west-1",
        "REGIONENDPOINT": "https://s3.example.test",
        "ENCRYPT": "true",
        "KEYID": "arn:aws:kms:eu-west-1:111122223333:key/1",
        "FORCEPATHSTYLE": "true",
        "USEDUALSTACK": "true",
        "CREDENTIALSCONFIGPATH": "/var/run/secrets/cloud/credentials",
    }
    assert "s3-secret-canary" not in json.dumps(values)
    (made,) = (
        each
        for each in verdict.objects
        if each["metadata"]["name"] == "image-registry-private-configuration"
    )
    assert set(made["data"]) == {"credentials"}


def test_s3_takes_region_and_endpoint_from_aws_only_together(make_config, make_world) -> None:
    aws = {"type": "AWS", "aws": {"region": "eu-west-1", "serviceEndpoints": [
        {"name": "s3", "url": "https://s3.internal.test"}]}}  # fmt: skip
    infrastructure = {"status": {"platformStatus": aws}}
    for block, endpoint in (
        ({"bucket": "b"}, "https://s3.internal.test"),
        ({"bucket": "b", "region": "eu-west-2"}, None),
    ):
        verdict = judge_cloud(
            make_config, make_world, "s3", block, S3_KEYS, infrastructure=infrastructure
        )
        values = environment(verdict)
        assert values.get("REGISTRY_STORAGE_S3_REGIONENDPOINT") == endpoint
        assert values["REGISTRY_STORAGE_S3_FORCEPATHSTYLE"] == ("false" if endpoint else "true")


def test_a_cloudfront_key_is_mounted_and_not_optional(make_config, make_world) -> None:
    front = {
        "baseURL": "https://d1.cloudfront.test",
        "keypairID": "APK1",
        "privateKey": {"name": "front", "key": "private.pem"},
    }
    block = {**S3, "cloudFront": front}
    verdict = judge_cloud(make_config, make_world, "s3", block, S3_KEYS)
    (middleware,) = json.loads(environment(verdict)["REGISTRY_MIDDLEWARE_STORAGE"])
    assert middleware["options"]["duration"] == "1200s"
    assert middleware["options"]["privatekey"] == "/etc/docker/cloudfront/private.pem"
    (deployment,) = (each for each in verdict.objects if each["kind"] == "Deployment")
    volumes = deployment["spec"]["template"]["spec"]["volumes"]
    (volume,) = (each for each in volumes if each["name"] == "registry-cloudfront")
    assert volume["secret"]["optional"] is False


def test_gcs_reads_the_clusters_own_key_file_without_a_users_secret(
    make_config, make_world
) -> None:
    for data, problem in [
        ({"service_account.json": KEYFILE}, None),
        ({"credentials": "x"}, 'does not contain required key "service_account.json"'),
    ]:
        minted = secret("installer-cloud-credentials", **data)
        storage = {"managementState": "Unmanaged", "gcs": {"bucket": "b", "region": "r"}}
        config = make_config(storage=storage, replicas=2, rolloutStrategy="RollingUpdate")
        verdict = judge(config, make_world("GCP", secrets=[minted]))
        assert (problem is None) == (verdict.error is None), verdict.error
        assert problem is None or problem in str(verdict.error)


def test_gcs_loses_a_project_without_a_region(make_config, make_world) -> None:
    """One `if` in getGCSClient sets both from the infrastructure."""
    block = {"bucket": "images", "projectID": "platform-shared"}
    keyfile = {"REGISTRY_STORAGE_GCS_KEYFILE": KEYFILE}
    verdict = judge_cloud(make_config, make_world, "gcs", block, keyfile)
    assert verdict.config["spec"]["storage"]["gcs"] == {"bucket": "images"}
    assert environment(verdict)["REGISTRY_STORAGE_GCS_KEYFILE"] == "/gcs/keyfile"


def test_azure_government_has_its_own_realm(make_config, make_world) -> None:
    key = {"REGISTRY_STORAGE_AZURE_ACCOUNTKEY": "azure-canary"}
    block = {"accountName": "a", "container": "c", "cloudName": "AzureUSGovernmentCloud"}
    values = environment(judge_cloud(make_config, make_world, "azure", block, key))
    assert values["REGISTRY_STORAGE_AZURE_REALM"] == "core.usgovcloudapi.net"
    assert values["REGISTRY_STORAGE_AZURE_ACCOUNTKEY"] == {
        "secretKeyRef": {
            "name": "image-registry-private-configuration",
            "key": "REGISTRY_STORAGE_AZURE_ACCOUNTKEY",
        }
    }
    del block["cloudName"]
    values = environment(judge_cloud(make_config, make_world, "azure", block, key))
    assert "REGISTRY_STORAGE_AZURE_REALM" not in values


IDENTITY = {
    "azure_client_id": "client",
    "azure_tenant_id": "tenant",
    "azure_subscription_id": "subscription",
    "azure_federated_token_file": "/token",
}
AZURE = {"accountName": "a", "container": "c"}


def acting(make_config, make_world, block=AZURE, **changes):
    made = secret("installer-cloud-credentials", **{**IDENTITY, **changes})
    storage = {"azure": block, "managementState": "Unmanaged"}
    config = make_config(storage=storage, replicas=2, rolloutStrategy="RollingUpdate")
    return judge(config, make_world("Azure", secrets=[made]))


def test_azure_is_logged_in_to_by_an_identity(make_config, make_world) -> None:
    verdict = acting(make_config, make_world, {**AZURE, "cloudName": "AzureUSGovernmentCloud"})
    assert verdict.error is None
    assert condition(verdict.config, "StorageExists")[:2] == ("True", "ContainerExists")
    values = environment(verdict)
    assert values["AZURE_CLIENT_ID"] == "client"
    assert values["AZURE_FEDERATED_TOKEN_FILE"] == "/token"
    assert values["AZURE_AUTHORITY_HOST"] == "https://login.microsoftonline.us/"
    assert "REGISTRY_STORAGE_AZURE_ACCOUNTKEY" not in values


def test_half_an_identity_is_none(make_config, make_world) -> None:
    verdict = acting(make_config, make_world, azure_client_id="")
    assert "lacks azure_client_id" in str(verdict.error)


def test_the_labs_operator_makes_no_endpoint(make_config, make_world) -> None:
    block = {**AZURE, "networkAccess": {"type": "Internal"}}
    verdict = acting(make_config, make_world, block)
    assert "private endpoint" in str(verdict.error)
