"""Credentials that don't last: a role which the operator and the registry take on (STS)."""

import base64
import json
from collections.abc import Iterator

import pytest

from lab import kinds
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.aws import NAMESPACE, SECRET, admin
from tests.lab.planes import SharedLab
from tests.lab.project import Project, get, kubectl, storage

pytestmark = pytest.mark.lab

ISSUER = "oidc.example.test/lab-aws"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
NAME = "lab-aws-x7k2p-image-registry"
ROLE = f"arn:aws:iam::123456789012:role/{NAME}"
INSTALLER = "installer-cloud-credentials"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A cluster as installed without STS, and a stack that wants a role."""
    folder = tmp_path_factory.mktemp("lab-aws-sts")
    lab = SharedLab("lab-aws", folder / "lab")
    lab.start(say)
    project = Project(folder / "project", lab)
    sections = project.original()
    sections["storage"]["credentials"] = {"sts": {"create": {}}}
    project.write(sections)
    yield project
    lab.stop()


def test_a_cluster_without_an_issuer_of_its_own_is_refused(fresh: Project) -> None:
    fresh.preview().refused("guard:s3-no-sts", "not set up for STS")
    issuer = json.dumps({"spec": {"serviceAccountIssuer": f"https://{ISSUER}"}})
    kind = "authentications.config.openshift.io"
    kubectl(fresh.lab, "patch", kind, "cluster", "--type=merge", "-p", issuer)
    other = {"role_arn": base64.b64encode(b"of the installer").decode()}
    secret = {"metadata": {"name": INSTALLER, "namespace": NAMESPACE}, "data": other}
    document = json.dumps({"apiVersion": "v1", "kind": "Secret", **secret})
    kubectl(fresh.lab, "apply", "-f", "-", stdin=document)


def test_the_operator_is_told_of_the_role_and_of_no_key(fresh: Project) -> None:
    fresh.preview().ok()
    fresh.apply()
    data = get(fresh.lab, kinds.Secret, INSTALLER, NAMESPACE)["data"]
    assert data.keys() == {"credentials", "role_arn"}, "what is the installer's stays"
    text = base64.b64decode(data["credentials"]).decode()
    assert f"role_arn = {ROLE}" in text
    assert "web_identity_token_file = /var/run/secrets/openshift/serviceaccount/token" in text
    assert not kubectl(fresh.lab, "-n", NAMESPACE, "get", "secret", SECRET, "--ignore-not-found")
    users = admin(fresh.lab, "iam").list_users()["Users"]
    assert NAME not in [each["UserName"] for each in users]
    assert storage(fresh.lab)["s3"]["bucket"] == NAME


def test_the_role_is_for_two_service_accounts_of_this_cluster(fresh: Project) -> None:
    role = admin(fresh.lab, "iam").get_role(RoleName=NAME)["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Federated": PROVIDER}
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    subjects = statement["Condition"]["StringEquals"][f"{ISSUER}:sub"]
    assert subjects == [
        f"system:serviceaccount:{NAMESPACE}:cluster-image-registry-operator",
        f"system:serviceaccount:{NAMESPACE}:registry",
    ]


def test_again_changes_nothing_and_down_keeps_the_role(fresh: Project) -> None:
    fresh.unchanged()
    fresh.refresh("--expect-no-changes").ok()
    fresh.unchanged()
    fresh.down().ok()
    assert "credentials" in get(fresh.lab, kinds.Secret, INSTALLER, NAMESPACE)["data"]
    assert admin(fresh.lab, "iam").get_role(RoleName=NAME)
    fresh.apply()
    fresh.unchanged()


def test_the_operator_is_healthy(fresh: Project) -> None:
    conditions = settle(fresh.lab, say)
    assert healthy(conditions), conditions


def test_a_role_that_exists_is_used(fresh: Project) -> None:
    sections = fresh.original()
    theirs = ROLE.replace(NAME, "of-others")
    sections["storage"]["credentials"] = {"sts": {"use": {"roleARN": theirs}}}
    fresh.write(sections)
    fresh.apply()
    data = get(fresh.lab, kinds.Secret, INSTALLER, NAMESPACE)["data"]
    assert f"role_arn = {theirs}" in base64.b64decode(data["credentials"]).decode()
    fresh.unchanged()
