"""Credentials that don't last: a service account which the operator and the registry act as."""

import json
from collections.abc import Iterator

import pytest

from lab.clouds.google import email
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.gcs_project import account, asked, keys_of, live_keyfile, roles
from tests.lab.planes import SharedLab
from tests.lab.project import Project, kubectl, storage

pytestmark = pytest.mark.lab

ISSUER = "https://oidc.example.test/lab-gcs"
POOL = "projects/314159265359/locations/global/workloadIdentityPools/lab-gcs"
PROVIDER = f"{POOL}/providers/lab-gcs"
BUCKET, ACCOUNT = "registry-of-lab-gcs", "lab-gcs-x7k2p-registry"
WHO = f"principal://iam.googleapis.com/{POOL}/subject/system:serviceaccount"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A cluster as installed without identities, and a stack that wants one."""
    folder = tmp_path_factory.mktemp("lab-gcs-wif")
    lab = SharedLab("lab-gcs", folder / "lab")
    lab.start(say)
    project = Project(folder / "project", lab)
    sections = project.original()
    wanted = {"workloadIdentity": {"create": {"provider": PROVIDER}}}
    sections["storage"]["credentials"] = wanted
    project.write(sections)
    yield project
    lab.stop()


def test_a_cluster_without_an_issuer_of_its_own_is_refused(fresh: Project) -> None:
    fresh.preview().refused("guard:cloud-no-identity", "not set up for workload identity")
    issuer = json.dumps({"spec": {"serviceAccountIssuer": ISSUER}})
    kind = "authentications.config.openshift.io"
    kubectl(fresh.lab, "patch", kind, "cluster", "--type=merge", "-p", issuer)


def test_the_operator_is_told_of_the_account_and_of_no_key(fresh: Project) -> None:
    fresh.preview().ok()
    fresh.apply()
    found = live_keyfile(fresh.lab)
    assert found["type"] == "external_account" and "private_key" not in str(found)
    assert found["audience"] == f"//iam.googleapis.com/{PROVIDER}"
    assert f"/serviceAccounts/{email(ACCOUNT)}:" in found["service_account_impersonation_url"]
    assert keys_of(fresh.lab, ACCOUNT) == []
    assert len(roles(fresh.lab, BUCKET, ACCOUNT)) == 2
    assert storage(fresh.lab)["gcs"]["bucket"] == BUCKET
    assert healthy(settle(fresh.lab, say))


def test_the_account_is_for_two_service_accounts_of_this_cluster(fresh: Project) -> None:
    policy = asked(fresh.lab, f"{account(ACCOUNT)}:getIamPolicy", "POST")
    (binding,) = policy["bindings"]
    assert binding["role"] == "roles/iam.workloadIdentityUser"
    assert set(binding["members"]) == {
        f"{WHO}:openshift-image-registry:cluster-image-registry-operator",
        f"{WHO}:openshift-image-registry:registry",
    }


def test_again_changes_nothing_and_down_keeps_the_account(fresh: Project) -> None:
    fresh.unchanged()
    fresh.refresh("--expect-no-changes").ok()
    fresh.unchanged()
    fresh.down().ok()
    assert live_keyfile(fresh.lab)["type"] == "external_account"
    assert asked(fresh.lab, account(ACCOUNT))["email"] == email(ACCOUNT)
