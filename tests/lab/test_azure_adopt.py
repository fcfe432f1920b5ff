"""The stack lab-azure-gov: an account and a container that exist, with images in them, are
imported, in the cloud of the US Government."""

import re
from collections.abc import Iterator

import pytest

from lab.clouds.azure.before import BLOB
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.azure_cloud import account_id, code, container, live_key, properties, service
from tests.lab.conftest import LabOf
from tests.lab.project import Project, storage
from tests.lab.test_registry import smoke

pytestmark = pytest.mark.lab

ACCOUNT, CONTAINER = "labazuregovregistry", "images"
ID = account_id(ACCOUNT)
NO_CHANGES = "--expect-no-changes"


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-azure-gov")
    blobs = service(lab).blobs(ACCOUNT).get_container_client(CONTAINER)
    blobs.set_container_access_policy({}, public_access="blob")
    blobs.set_container_metadata({"of": "somebody"})
    project = Project(tmp_path_factory.mktemp("lab-azure-gov"), lab)
    project.preview().ok()
    ran = project.up().ok()
    for kind, name in (("StorageAccount", ACCOUNT), ("BlobContainer", f"{ACCOUNT}/{CONTAINER}")):
        assert re.search(rf"= +azure-native:storage:{kind} {name} import", ran.output), ran
    assert re.search(r"= 2 imported", ran.output) and "replaced" not in ran.output, ran
    yield project


def test_it_is_closed_and_keeps_the_rest(applied: Project) -> None:
    found = properties(applied.lab, ID)
    assert found["minimumTlsVersion"] == "TLS1_2" and found["allowBlobPublicAccess"] is False
    assert found["sku"] == {"name": "Standard_ZRS"} and found["tags"] == {"team": "one"}
    assert found["networkRuleSet"]["defaultAction"] == "Deny"
    assert found["accessTier"] == "Hot"
    live = container(applied.lab, ACCOUNT, CONTAINER).get_container_properties()
    assert live.public_access is None and live.metadata == {"of": "somebody"}


def test_no_blob_was_touched_and_nothing_is_left_to_do(applied: Project) -> None:
    blob = container(applied.lab, ACCOUNT, CONTAINER).download_blob(BLOB).readall()
    assert blob == b"of an image that was there before"
    applied.unchanged()
    applied.refresh(NO_CHANGES).ok()


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    """Guide 3.4.3."""
    assert healthy(settle(applied.lab, say))
    live = storage(applied.lab)["azure"]
    assert live.pop("networkAccess") == {"type": "External"}  # a default of the CRD
    assert live == {
        "accountName": ACCOUNT,
        "container": CONTAINER,
        "cloudName": "AzureUSGovernmentCloud",
    }
    assert live_key(applied.lab) == service(applied.lab).accounts.keys(ACCOUNT)[1]


def test_an_image_goes_in_and_comes_out(applied: Project) -> None:
    result, said = smoke(applied.lab)
    assert result == 0, said


def test_networks_that_are_given_take_the_place_of_all(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["account"]["adopt"]["network"] = {"ipRanges": ["198.51.100.0/24"]}
    applied.write(sections)
    applied.apply()
    rules = properties(applied.lab, ID)["networkRuleSet"]
    assert [each["iPAddressOrRange"] for each in rules["ipRules"]] == ["198.51.100.0/24"]
    assert code(container(applied.lab, ACCOUNT, CONTAINER).list_blobs) == ""
    applied.preview(NO_CHANGES).ok().clean()


def test_an_account_that_stays_open_to_all_is_refused_by_policy(applied: Project) -> None:
    """What is not given is kept, also that everybody may ask."""
    rules = properties(applied.lab, ID)["networkRuleSet"]
    service(applied.lab).store.patch(ID, networkRuleSet={"defaultAction": "Allow"})
    sections = applied.original()
    del sections["storage"]["account"]["adopt"]["network"]
    applied.write(sections)
    ran = applied.preview("--refresh")
    assert ran.code != 0 and "azure-account-network" in ran.output, ran
    service(applied.lab).store.patch(ID, networkRuleSet=rules)
    applied.write(applied.original())
    applied.apply()


def test_down_leaves_it(applied: Project) -> None:
    applied.down().ok()
    assert container(applied.lab, ACCOUNT, CONTAINER).download_blob(BLOB).readall()
    result, said = smoke(applied.lab)
    assert result == 0, said
