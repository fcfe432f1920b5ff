"""What storage in Google Cloud, Azure and Swift writes into the custom resource."""

import copy
import json
import re
from typing import Any

import pytest

from settings import SettingsError, StackSettings, azure, gcp, validate
from settings.later import unfilled
from tests.settings import cases_azure, cases_gcs, cases_swift
from tests.settings.cases import GONE, GOOD
from tests.settings.cases_azure import AZURE
from tests.settings.cases_gcs import EMAIL, GCS, KEY, KEYFILE, PROVIDER
from tests.settings.cases_swift import BY_USER, SWIFT

CANARY = "canary-8c1f"
KEYFILE_TEXT = json.dumps({"type": "service_account", "private_key": CANARY})
USED = {"use": {"name": "registry"}}


def stack(section: dict[str, Any], **registry: Any) -> StackSettings:
    config = {**GOOD, "storage": section, "registry": registry}
    return validate(copy.deepcopy(config), stack="prod-1")


def block(section: dict[str, Any]) -> dict[str, Any]:
    ((backend, found),) = stack(section).storage.backend.items()
    assert backend == section["kind"]
    return dict(found)


def test_gcs_writes_where_the_bucket_is() -> None:
    """Guide 3.2.2; public case C16: project and region together."""
    assert block(GCS) == {
        "bucket": "registry-of-prod-1",
        "region": "europe-west1",
        "projectID": "platform-shared",
    }
    alone = cases_gcs.storage(
        bucket=USED, credentials={"use": {}}, region=cases_gcs.GONE, projectID=cases_gcs.GONE
    )
    assert block(alone) == {"bucket": "registry"}


@pytest.mark.parametrize("mode", ["create", "adopt"])
def test_the_key_of_gcs_follows_the_bucket(mode: str) -> None:
    given = cases_gcs.bucket(mode, kms={"use": {"keyName": KEY}})
    assert block(cases_gcs.storage(bucket=given))["keyID"] == KEY
    assert block(cases_gcs.storage(bucket=given, keyID=KEY))["keyID"] == KEY
    new = block(cases_gcs.storage(bucket=cases_gcs.bucket(mode, kms={"create": {}})))
    assert list(unfilled(new)) == [("keyID",)]


def test_a_new_bucket_of_gcs_has_defaults() -> None:
    wanted = stack(GCS).storage.bucket
    assert wanted.lifecycle.abort_incomplete_multipart_upload_days == 1
    assert (wanted.soft_delete_days, wanted.kms, wanted.versioning, wanted.labels) == (
        *(0, None, None),
        {},
    )
    key = stack(cases_gcs.storage(bucket=cases_gcs.bucket(kms={"create": {}}))).storage.key
    assert (key.rotation_period_days, key.destroy_scheduled_days) == (90, 30)
    adopted = stack(cases_gcs.storage(bucket=cases_gcs.bucket("adopt"))).storage.bucket
    assert (adopted.soft_delete_days, adopted.lifecycle, adopted.labels) == (None, None, None)


@pytest.mark.parametrize(
    ("region", "location"), [("EU", "europe"), ("us", "us"), ("eur4", "eur4"), ("us-east1",) * 2]
)
def test_a_key_is_where_the_bucket_is(region: str, location: str) -> None:
    key = KEY.replace("europe-west1", location)
    given = cases_gcs.bucket(kms={"use": {"keyName": key}})
    assert block(cases_gcs.storage(bucket=given, region=region))["keyID"] == key


def test_what_google_takes_and_does_not_take() -> None:
    pattern = gcp.BUCKET.json_schema()["pattern"]
    for name in cases_gcs.BAD_NAMES:
        assert not gcp.BUCKET.accepts(name)
        assert len(name) > 63 or not re.search(pattern, name)
    for name in ("abc", "a" * 63, "reg_istry-1", "1a2"):
        assert block(cases_gcs.storage(bucket={"create": {"name": name}}))["bucket"] == name
    dotted = {"use": {"name": "images.example.com"}}
    assert block(cases_gcs.storage(bucket=dotted))["bucket"] == "images.example.com"
    assert stack(cases_gcs.storage(projectID="example.com:shared")).storage.in_project


@pytest.mark.parametrize(
    ("section", "credentials"),
    [
        (GCS, {"create": {}}),
        (GCS, {"given": {KEYFILE: KEYFILE_TEXT}}),
        (GCS, {"workloadIdentity": {"create": {"provider": PROVIDER}}}),
        (AZURE, {"accountKey": {"key": "key2"}}),
        (AZURE, cases_azure.GIVEN),
        (SWIFT, {"create": {}}),
        (BY_USER, cases_swift.USER),
        (SWIFT, cases_swift.APPLICATION),
        (GCS, {"workloadIdentity": {"use": {"provider": PROVIDER, "serviceAccount": EMAIL}}}),
    ],
)
def test_credentials_that_are_written(section: Any, credentials: dict[str, Any]) -> None:
    def mode(wanted: dict[str, Any]) -> Any:
        return stack({**section, "credentials": wanted}).storage.credentials.secret_mode

    assert mode(credentials) == "create"
    adopting = copy.deepcopy(credentials)
    ((chosen, inner),) = adopting.items()
    if chosen == "workloadIdentity":
        (inner,) = inner.values()
    inner["adoptSecret"] = True
    assert mode(adopting) == "adopt"
    assert mode({"use": {}}) is None


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        (GCS, {KEYFILE: KEYFILE_TEXT}),
        (AZURE, {cases_azure.KEY: CANARY}),
        (SWIFT, dict.fromkeys(cases_swift.TRIO, CANARY)),
        (BY_USER, {cases_swift.USERNAME: "a", cases_swift.PASSWORD: CANARY}),
    ],
)
def test_given_keys_go_into_the_secret_and_nowhere_else(section: Any, keys: dict[str, str]) -> None:
    accepted = stack({**section, "credentials": {"given": {**keys, "adoptSecret": True}}})
    data = accepted.storage.credentials.data
    assert {key: each.reveal() for key, each in data.items()} == keys
    assert set(accepted.secrets) == {("storage", "credentials", "given", key) for key in keys}
    assert CANARY not in f"{accepted!r} {accepted.storage.backend}"


@pytest.mark.parametrize("section", [GCS, AZURE, SWIFT], ids=["gcs", "azure", "swift"])
@pytest.mark.parametrize("wrong", [CANARY, [CANARY], {"x": CANARY}, {"given": CANARY}, 8123456])
def test_a_key_is_never_shown(section: dict[str, Any], wrong: Any) -> None:
    for credentials in (wrong, {"given": wrong}):
        with pytest.raises(SettingsError) as error:
            stack({**section, "credentials": credentials})
        shown = f"{error.value} {error.value.problems!r}"
        assert CANARY not in shown and "8123456" not in shown
        assert error.value.__cause__ is None


@pytest.mark.parametrize(
    ("section", "replicas"), [(GCS, 2), (AZURE, 2), (SWIFT, 2)], ids=["gcs", "azure", "swift"]
)
def test_replicas(section: dict[str, Any], replicas: int) -> None:
    assert stack(section).effective_replicas == replicas
    assert stack(section, replicas=1).effective_replicas == 1
    assert stack(section).effective_rollout_strategy is None


def test_azure_writes_where_the_container_is() -> None:
    """Guide 3.4.2."""
    assert block(AZURE) == {"accountName": "prod1registry", "container": "image-registry"}


@pytest.mark.parametrize(
    ("environment", "cloud"),
    [
        ("public", None),
        ("usgovernment", "AzureUSGovernmentCloud"),
        ("china", "AzureChinaCloud"),
        ("german", "AzureGermanCloud"),
    ],
)
def test_the_cloud_follows_from_the_environment(environment: str, cloud: str | None) -> None:
    """Guide 3.4.3; public case C17."""
    used = {**cases_azure.FOUND, "environment": environment}
    assert block(used).get("cloudName") == cloud
    named = azure.CLOUD_NAMES[environment]
    assert block({**used, "cloudName": named})["cloudName"] == named
    assert block({**cases_azure.FOUND, "cloudName": azure.STACK})["cloudName"] == azure.STACK


def test_locations_are_in_a_cloud() -> None:
    assert [azure.environment_of(each) for each in ("westeurope", "germanywestcentral")] == [
        "public"
    ] * 2
    assert azure.environment_of("usdodeast") == "usgovernment"
    assert azure.environment_of("chinaeast2") == "china"
    assert azure.environment_of("germanycentral") == "german"


def test_a_new_account_has_defaults() -> None:
    wanted = stack(AZURE).storage
    account = wanted.account
    assert (account.sku, account.soft_delete_days, account.tags) == ("Standard_LRS", 7, {})
    assert (account.customer_key, account.infrastructure_encryption) == (None, None)
    assert wanted.shared_keys and wanted.in_subscription and wanted.demands == {}
    assert not stack(cases_azure.FOUND).storage.in_subscription
    acting = stack(cases_azure.storage(credentials=cases_azure.ACTING)).storage
    assert not acting.shared_keys
    adopted = stack(cases_azure.storage(account=cases_azure.ADOPTED)).storage.account
    assert (adopted.network, adopted.soft_delete_days, adopted.tags) == (None, None, None)


@pytest.mark.parametrize("credentials", [{"accountKey": {}}, cases_azure.GIVEN, cases_azure.ACTING])
@pytest.mark.parametrize("private", [{"use": {}}, {"create": {"subnetID": cases_azure.SUBNET}}])
def test_private_access_is_ours_and_not_the_operators(credentials: Any, private: Any) -> None:
    """The operator returns before it reads networkAccess where there is an account key."""
    section = cases_azure.storage(
        account=cases_azure.account(network=GONE), credentials=credentials, privateAccess=private
    )
    accepted = stack(section)
    assert "networkAccess" not in accepted.storage.backend["azure"]
    assert accepted.storage.demands == {"disableRedirect": True}
    assert stack(section, disableRedirect=True)


@pytest.mark.parametrize("given", [{}, {"vnetName": "prod-1", "subnetName": "workers"}])
def test_private_access_is_the_operators_with_an_identity(given: dict[str, str]) -> None:
    section = cases_azure.storage(
        account=cases_azure.account(network=GONE),
        credentials=cases_azure.ACTING,
        privateAccess={"operator": given},
    )
    assert block(section)["networkAccess"] == {"type": "Internal", "internal": given}
    assert stack(section).storage.demands == {"disableRedirect": True}


def test_what_azure_takes_and_does_not_take() -> None:
    """Public case C08."""
    for syntax, names in (
        (azure.ACCOUNT, cases_azure.BAD_ACCOUNTS),
        (azure.CONTAINER, cases_azure.BAD_CONTAINERS),
    ):
        pattern = syntax.json_schema()["pattern"]
        for name in names:
            assert not syntax.accepts(name)
            assert len(name) > syntax.longest or not re.search(pattern, name) or "\n" in name
    for name in ("abc", "a" * 63, "1-a", "image-registry"):
        assert (
            block({**cases_azure.FOUND, "container": {"use": {"name": name}}})["container"] == name
        )


def test_swift_writes_what_was_said() -> None:
    """Guide 3.3.3 and 3.3.4."""
    assert block(cases_swift.FOUND) == {"container": "prod-1-image-registry"}
    said = {
        "authURL": "https://keystone.example.test:5000/v3",
        "authVersion": "3",
        "domain": "Default",
        "tenant": "registries",
        "regionName": "RegionOne",
    }
    everything = cases_swift.storage(BY_USER, **said)
    assert block(everything) == {"container": "prod-1-image-registry", **said}
    by_id = cases_swift.storage(
        BY_USER, domain=GONE, tenant=GONE, domainID="default", tenantID="0c1a"
    )
    found = block(by_id)
    assert (found["domainID"], found["tenantID"]) == ("default", "0c1a")
    assert not {"domain", "tenant"} & set(found)


@pytest.mark.parametrize("credentials", [{"create": {}}, cases_swift.APPLICATION])
def test_an_application_credential_asks_for_no_project(credentials: dict[str, Any]) -> None:
    """Keystone says "cannot request a scope" else."""
    found = block(cases_swift.storage(BY_USER, credentials=credentials))
    assert found == {
        "container": "prod-1-image-registry",
        "authURL": "https://keystone.example.test:5000/v3",
    }


@pytest.mark.parametrize("section", [SWIFT, BY_USER, cases_swift.FOUND])
def test_swift_redirects_nobody(section: dict[str, Any]) -> None:
    """Guide 3.3.1."""
    assert stack(section).storage.demands == {"disableRedirect": True}
    assert stack(section, disableRedirect=True)


@pytest.mark.parametrize("url", cases_swift.GOOD_URLS)
def test_urls_of_keystone(url: str) -> None:
    assert block(cases_swift.storage(authURL=url))["authURL"] == url


def test_a_new_credential_has_defaults() -> None:
    wanted = stack(SWIFT).storage.credentials
    assert (wanted.role, wanted.access_rules, wanted.rotation) == ("member", True, None)
    assert stack(SWIFT).storage.in_project and not stack(BY_USER).storage.in_project
