"""The stack lab-azure: an account and a container of its own, read back from the lab's Azure."""

import base64
import json
import re
from collections.abc import Iterator

import pytest

from lab import kinds
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.azure_cloud import (
    GROUP,
    NAMESPACE,
    SECRET,
    account_id,
    code,
    container,
    live_key,
    properties,
    service,
)
from tests.lab.conftest import LabOf
from tests.lab.project import Project, Ran, config, get, storage
from tests.lab.test_registry import rolled_out, smoke

pytestmark = pytest.mark.lab

ACCOUNT, CONTAINER = "labazurex7k2pregistry", "image-registry"
ID = account_id(ACCOUNT)
NO_CHANGES = "--expect-no-changes"
MEND = ("--refresh", "--run-program")
BY_THE_API = {"networkAccess": {"type": "External"}}
"""A default of the CRD."""
TAGS = {
    "app.kubernetes.io_managed-by": "openshift-registry",
    "app.kubernetes.io_instance": "lab-azure",
}


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    project = Project(tmp_path_factory.mktemp("lab-azure"), lab_of("4.15", "lab-azure"))
    said = [project.preview("--diff").ok().output, project.up("--diff").ok().output]
    hidden(live_key(project.lab), *said)
    yield project


def hidden(secret: str, *texts: str) -> None:
    """Neither the key nor its base64, which is how a Secret holds it, is in these."""
    for form in (secret, base64.b64encode(secret.encode()).decode()):
        assert not any(form in text for text in texts)


def one_changed(ran: Ran) -> None:
    ran.ok()
    assert re.search(r"~ 1 updated", ran.output), ran
    assert not re.search(r"created|deleted|replaced", ran.output.split("Resources:")[1]), ran


def test_the_account_is_closed_but_to_the_nodes(applied: Project) -> None:
    found = properties(applied.lab, ID)
    closed = {
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": True,
        "tags": TAGS,
    }
    assert {key: found[key] for key in closed} == closed
    rules = found["networkRuleSet"]
    assert (rules["defaultAction"], rules["bypass"], rules["ipRules"]) == ("Deny", "None", [])
    (subnet,) = rules["virtualNetworkRules"]
    assert subnet["virtualNetworkResourceId"].endswith("/subnets/lab-azure-x7k2p-worker-subnet")


def test_the_container_is_private_and_what_is_deleted_is_kept(applied: Project) -> None:
    lab = applied.lab
    found = container(lab, ACCOUNT, CONTAINER).get_container_properties()
    assert found.public_access is None and found.metadata["app_kubernetes_io_instance"] == lab.stack
    policy = service(lab).blobs(ACCOUNT, live_key(lab)).get_service_properties()
    assert policy["delete_retention_policy"].enabled
    assert policy["delete_retention_policy"].days == 7
    services = properties(lab, f"{ID}/blobServices/default")
    assert services["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 7}


def test_who_asks_is_written_down(applied: Project) -> None:
    setting = f"{ID}/blobServices/default/providers/Microsoft.Insights/diagnosticSettings"
    found = properties(applied.lab, f"{setting}/openshift-registry")
    assert found["workspaceId"].endswith("/workspaces/registries")
    assert [each["category"] for each in found["logs"]] == [
        *("StorageRead", "StorageWrite", "StorageDelete")
    ]


def test_the_key_opens_the_account_and_nobody_without_it(applied: Project) -> None:
    azure = service(applied.lab)
    mine = container(applied.lab, ACCOUNT, CONTAINER)
    assert code(mine.list_blobs) == ""
    wrong = container(applied.lab, ACCOUNT, CONTAINER, base64.b64encode(b"wrong").decode())
    assert code(wrong.list_blobs) == "AuthorizationFailure"
    nobody = azure.blobs(ACCOUNT, "").get_container_client(CONTAINER)
    assert code(nobody.list_blobs) == "PublicAccessNotPermitted"
    opened = code(mine.set_container_access_policy, {}, public_access="blob")
    assert opened == "PublicAccessNotPermitted"


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    """Guide 3.4.2."""
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    assert storage(applied.lab) == {
        "managementState": "Unmanaged",
        "azure": {"accountName": ACCOUNT, "container": CONTAINER, **BY_THE_API},
    }
    assert config(applied.lab)["spec"]["replicas"] == 2


def test_an_image_goes_in_and_comes_out(applied: Project) -> None:
    settle(applied.lab, say)
    result, said = smoke(applied.lab)
    assert result == 0, said
    assert "warning" not in said
    names = [each.name for each in container(applied.lab, ACCOUNT, CONTAINER).list_blobs()]
    assert any(each.startswith("docker/registry/v2/blobs/") for each in names)


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    applied.again("up again:")
    applied.refresh(NO_CHANGES).ok("refresh:")
    applied.preview(NO_CHANGES).ok("preview after it:").clean()


@pytest.mark.parametrize(
    ("changes", "at", "value"),
    [
        ({"tags": {"team": "platform"}}, ("tags", "team"), "platform"),
        ({"sku": "Standard_ZRS"}, ("sku", "name"), "Standard_ZRS"),
    ],
)
def test_one_change_changes_one_resource(
    applied: Project, changes: dict, at: tuple[str, str], value: str
) -> None:
    sections = applied.original()
    sections["storage"]["account"]["create"] |= changes
    applied.write(sections)
    one_changed(applied.apply())
    assert properties(applied.lab, ID)[at[0]][at[1]] == value
    applied.write(applied.original())
    one_changed(applied.apply())


def test_a_log_that_is_left_out_ends(applied: Project) -> None:
    sections = applied.original()
    del sections["storage"]["account"]["create"]["diagnostics"]
    applied.write(sections)
    ran = applied.up().ok()
    assert re.search(r"- 1 deleted", ran.output), ran
    applied.write(applied.original())
    applied.apply()


def test_drift_is_seen_and_put_right(applied: Project) -> None:
    """Made with the blobs' client, and in Resource Manager."""
    azure = service(applied.lab)
    from azure.storage.blob import RetentionPolicy

    blobs = azure.blobs(ACCOUNT, live_key(applied.lab))
    blobs.set_service_properties(delete_retention_policy=RetentionPolicy(False))
    azure.store.patch(ID, minimumTlsVersion="TLS1_0", networkRuleSet={"defaultAction": "Allow"})
    code, found = applied.drift()
    assert (code, "StorageAccount minimumTlsVersion" in found) == (4, True), found
    seen = applied.preview("--refresh", "--diff").ok().output
    assert "minimumTlsVersion" in seen and "deleteRetentionPolicy" in seen
    assert "networkRuleSet" in seen
    applied.up(*MEND).ok()
    assert properties(applied.lab, ID)["minimumTlsVersion"] == "TLS1_2"
    assert properties(applied.lab, ID)["networkRuleSet"]["defaultAction"] == "Deny"
    assert blobs.get_service_properties()["delete_retention_policy"].days == 7
    applied.unchanged()


def test_the_other_key_takes_the_firsts_place(applied: Project) -> None:
    before = live_key(applied.lab)
    sections = applied.original()
    sections["storage"]["credentials"] = {"accountKey": {"key": "key2"}}
    applied.write(sections)
    with rolled_out(applied.lab):
        ran = applied.up("--diff")
    one_changed(ran)
    after = live_key(applied.lab)
    assert before != after and after == service(applied.lab).accounts.keys(ACCOUNT)[1]
    hidden(after, ran.output, applied.raw_state())
    result, said = smoke(applied.lab)
    assert result == 0, said
    applied.write(applied.original())
    with rolled_out(applied.lab):
        one_changed(applied.apply())


def test_the_key_is_nowhere(applied: Project) -> None:
    said = [
        applied.preview("--logtostderr", "-v=9").output,
        applied.preview("--json").output,
        applied.pulumi("stack", "export", "--stack", applied.stack).output,
        applied.pulumi("stack", "output", "--json", "--stack", applied.stack).output,
        applied.raw_state(),
        *(path.read_text() for path in (applied.lab.directory / "logs").glob("*.log")),
    ]
    assert any(ACCOUNT in text for text in said)
    for each in service(applied.lab).accounts.keys(ACCOUNT):
        hidden(each, *said)


def test_down_leaves_account_key_and_images(applied: Project) -> None:
    key = live_key(applied.lab)
    blobs = container(applied.lab, ACCOUNT, CONTAINER)
    blobs.upload_blob("image", b"image", overwrite=True)
    before = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["resourceVersion"]
    applied.down().ok()
    assert blobs.download_blob("image").readall() == b"image"
    assert live_key(applied.lab) == key
    assert properties(applied.lab, f"{ID}/blobServices/default")
    assert storage(applied.lab)["azure"]["container"] == CONTAINER
    assert healthy(settle(applied.lab, say))
    result, said = smoke(applied.lab)
    assert result == 0, said
    applied.apply()
    after = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["resourceVersion"]
    assert (live_key(applied.lab), after) == (key, before)
    applied.unchanged()


def test_a_plain_destroy_is_refused(applied: Project) -> None:
    applied.pulumi("destroy", "--yes", "--stack", applied.stack).refused("protected")
    assert properties(applied.lab, ID)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"subscriptionID": "99999999-1111-2222-3333-444444444444"},
            "subscriptionID: 99999999-1111-2222-3333-444444444444: this login reaches no such",
        ),
        ({"resourceGroup": "elsewhere"}, "resourceGroup: elsewhere: there is no such resource"),
        ({"environment": "usgovernment", "location": "usgovvirginia"}, "is of the cloud public"),
    ],
)
def test_another_subscription_is_refused_at_preview(
    applied: Project, changes: dict, said: str
) -> None:
    sections = applied.original()
    sections["storage"] |= changes
    applied.write(sections)
    for ran in (applied.preview(), applied.up("--skip-preview")):
        ran.refused(said)
    applied.write(applied.original())


def test_an_account_of_others_is_refused_at_preview(applied: Project) -> None:
    from lab.clouds.azure.before import make_account

    make_account(service(applied.lab), "registries", "somebodyelses")
    sections = applied.original()
    sections["storage"]["account"]["create"]["name"] = "somebodyelses"
    sections["storage"]["replaces"] = {
        "azure": {"accountName": ACCOUNT, "container": CONTAINER},
    }
    applied.write(sections)
    applied.preview().refused("the account somebodyelses exists and does not carry this stack's")
    applied.write(applied.original())


def test_a_state_that_was_lost_finds_all_of_it(applied: Project) -> None:
    key = live_key(applied.lab)
    applied.forget()
    ran = applied.up().ok()
    for kind in ("storage:StorageAccount", "storage:BlobContainer", "monitor:DiagnosticSetting"):
        assert re.search(rf"= +azure-native:{kind} \S+ import", ran.output), ran
    assert live_key(applied.lab) == key
    applied.unchanged()
    assert healthy(settle(applied.lab, say))


def test_an_identity_takes_the_keys_place(applied: Project) -> None:
    """Last: the cluster is made one that vouches for its service accounts elsewhere."""
    from tests.lab.project import kubectl

    lab, sections = applied.lab, applied.original()
    sections["storage"]["credentials"] = {"workloadIdentity": {"create": {}}}
    applied.write(sections)
    applied.preview().refused("guard:cloud-no-identity", "not set up for workload identity")
    issuer = json.dumps({"spec": {"serviceAccountIssuer": "https://oidc.example.test/lab-azure"}})
    kind = "authentications.config.openshift.io"
    kubectl(lab, "patch", kind, "cluster", "--type=merge", "-p", issuer)
    applied.preview().refused("guard:cloud-secret-first")
    kubectl(lab, "-n", NAMESPACE, "delete", "secret", SECRET)
    secret = {"metadata": {"name": "installer-cloud-credentials", "namespace": NAMESPACE}}
    document = json.dumps({"apiVersion": "v1", "kind": "Secret", **secret})
    kubectl(lab, "apply", "-f", "-", stdin=document)
    # The secret is protected, and gone: the state has to see that.
    applied.refresh().ok()
    applied.apply()
    assert properties(lab, ID)["allowSharedKeyAccess"] is False
    azure, name = service(lab), "lab-azure-x7k2p-image-registry"
    identity = azure.store.get(
        f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    )
    assert identity is not None
    data = get(lab, kinds.Secret, "installer-cloud-credentials", NAMESPACE)["data"]
    told = {key: base64.b64decode(each).decode() for key, each in data.items()}
    assert told["azure_client_id"] == identity["made"]["clientId"]
    assert told["azure_resourcegroup"] == "registries"
    closed = azure.blobs(ACCOUNT).get_container_client(CONTAINER)
    assert code(closed.list_blobs) == "KeyBasedAuthenticationNotPermitted"
    scopes = {
        each["path"]["scope"].removeprefix(ID): each["properties"]["principalId"]
        for each in azure.store.every("Microsoft.Authorization/roleAssignments")
    }
    principal = identity["made"]["principalId"]
    assert scopes == {
        "": principal,
        f"/blobServices/default/containers/{CONTAINER}": principal,
    }
    applied.unchanged()
    applied.refresh(NO_CHANGES).ok()
    assert healthy(settle(lab, say))
    applied.down().ok()
    assert azure.store.get(identity["id"])
    applied.apply()
    applied.forget()
    applied.apply()
    applied.unchanged()
