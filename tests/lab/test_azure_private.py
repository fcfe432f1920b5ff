"""The stack lab-azure-private: an account that the public has no way to."""

from collections.abc import Iterator

import pytest

from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.azure_cloud import GROUP, account_id, code, container, properties, service
from tests.lab.conftest import LabOf
from tests.lab.project import Project, config
from tests.lab.test_registry import smoke, until

pytestmark = pytest.mark.lab

ACCOUNT, CONTAINER = "labazureprivateregistry", "image-registry"
ID = account_id(ACCOUNT)
ENDPOINT = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/{ACCOUNT}-blob"
ZONE = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
NO_CHANGES = "--expect-no-changes"


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-azure-private")
    project = Project(tmp_path_factory.mktemp("lab-azure-private"), lab)
    project.apply()
    yield project


def test_the_public_has_no_way_and_the_cluster_has_one(applied: Project) -> None:
    found = properties(applied.lab, ID)
    assert found["publicNetworkAccess"] == "Disabled"
    assert found["networkRuleSet"]["defaultAction"] == "Deny"
    endpoint = properties(applied.lab, ENDPOINT)
    assert endpoint["subnet"]["id"].endswith("/subnets/lab-azure-private-x7k2p-worker-subnet")
    (connection,) = endpoint["privateLinkServiceConnections"]
    assert (connection["privateLinkServiceId"], connection["groupIds"]) == (ID, ["blob"])
    group = properties(applied.lab, f"{ENDPOINT}/privateDnsZoneGroups/default")
    assert [each["privateDnsZoneId"] for each in group["privateDnsZoneConfigs"]] == [ZONE]
    link = properties(applied.lab, f"{ZONE}/virtualNetworkLinks/{ACCOUNT}")
    assert link["virtualNetwork"]["id"].endswith("/lab-azure-private-x7k2p-vnet")


def test_it_is_encrypted_twice(applied: Project) -> None:
    found = properties(applied.lab, ID)["encryption"]
    assert found["keySource"] == "Microsoft.Keyvault"
    assert found["requireInfrastructureEncryption"] is True
    assert "keyVersion" not in found["keyVaultProperties"]


def test_the_registry_sends_nobody_there(applied: Project) -> None:
    assert healthy(settle(applied.lab, say))
    spec = config(applied.lab)["spec"]
    assert spec["disableRedirect"] is True
    assert spec["storage"]["azure"]["networkAccess"] == {"type": "External"}  # the CRD's default
    result, said = smoke(applied.lab)
    assert result == 0, said


def test_again_changes_nothing(applied: Project) -> None:
    applied.preview(NO_CHANGES).ok().clean()
    applied.refresh(NO_CHANGES).ok()


def test_without_the_way_the_account_is_closed_to_the_registry_too(applied: Project) -> None:
    store = service(applied.lab).store
    kept = store.get(ENDPOINT)
    store.remove(ENDPOINT)
    assert code(container(applied.lab, ACCOUNT, CONTAINER).list_blobs) == "AuthorizationFailure"
    seen = applied.preview("--refresh").ok().output
    assert "PrivateEndpoint" in seen and "PrivateDnsZoneGroup" in seen
    applied.up("--refresh", "--run-program").ok()
    assert store.get(ENDPOINT)["properties"] == kept["properties"]
    assert code(container(applied.lab, ACCOUNT, CONTAINER).list_blobs) == ""
    # It asks its storage now and then, and answers 503 until that went well again.
    until(lambda: smoke(applied.lab)[0] == 0, "the registry does not serve again")


def test_down_leaves_the_way_and_a_lost_state_finds_it(applied: Project) -> None:
    applied.down().ok()
    assert service(applied.lab).store.get(ENDPOINT) and service(applied.lab).store.get(ZONE)
    result, said = smoke(applied.lab)
    assert result == 0, said
    applied.forget()
    ran = applied.up().ok()
    for kind in ("PrivateEndpoint", "PrivateDnsZoneGroup", "PrivateZone", "VirtualNetworkLink"):
        assert any(f":{kind} " in line and "import" in line for line in ran.output.splitlines())
    applied.unchanged()
