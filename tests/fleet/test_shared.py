"""What `ocpreg check` finds across stack files, and what it takes for no fault."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from typer.testing import CliRunner

from fleet.command import app
from fleet.shared import held, problems
from settings import StackFile
from settings.rules import RULES
from tests.settings.cases import GOOD, write
from tests.settings.cases_azure import AZURE, UUID
from tests.settings.cases_azure import FOUND as AZURE_FOUND
from tests.settings.cases_gcs import GCS
from tests.settings.cases_s3 import AWS, CLAIM, OTHER
from tests.settings.cases_swift import APPLICATION, BY_USER, SWIFT

Found = list[tuple[str, str, str]]
RGW = {**OTHER, "service": "rgw"}


def stack(name: str, storage: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    mine = {**GOOD["cluster"], "name": name, "infrastructureName": f"{name}-x7k2p", **cluster}
    return {
        "cluster": mine,
        "storage": storage or GOOD["storage"],
        "registry": {"managementState": "Managed"},
    }


def bucket(base: dict[str, Any], name: str, mode: str = "use", **more: Any) -> dict[str, Any]:
    changed = {**base, **more, "bucket": {mode: {"name": name}}}
    return {key: each for key, each in changed.items() if each is not None}


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Found]:
    """What is found in stacks a, b, c, ... as (stack, rule, path)."""

    def run(*configs: dict[str, Any]) -> Found:
        for name, config in zip("abcdef", configs, strict=False):
            write(tmp_path, config, name)
        done = CliRunner().invoke(app, ["check", str(tmp_path), "--json"])
        told = [each for file in json.loads(done.stdout)["files"] for each in file["problems"]]
        errors = [each for each in told if each["severity"] == "error"]
        assert done.exit_code == (1 if errors else 0)
        return [(each["stack"], each["rule"], each["path"]) for each in errors]

    return run


def azure(account: str, name: str, base: dict[str, Any] = AZURE_FOUND, **more: Any) -> Any:
    places = {"account": {"use": {"name": account}}, "container": {"use": {"name": name}}}
    return {**base, **places, **more}


def swift(name: str, base: dict[str, Any] = BY_USER, **more: Any) -> Any:
    changed = {**base, "container": {"use": {"name": name}}, **more}
    return {key: each for key, each in changed.items() if each is not None}


INFRASTRUCTURE = "cluster.infrastructureName"
NAMED = "storage.bucket.use.name"


def test_one_cluster(found: Callable[..., Found]) -> None:
    """Said once, though the name is the same too."""
    assert found(stack("one"), stack("two"), stack("one")) == [
        ("a", "fleet:same-cluster", INFRASTRUCTURE),
        ("c", "fleet:same-cluster", INFRASTRUCTURE),
    ]


def test_one_cluster_by_two_names(found: Callable[..., Found]) -> None:
    assert found(stack("one"), stack("two", infrastructureName="one-x7k2p")) == [
        ("a", "fleet:same-cluster", INFRASTRUCTURE),
        ("b", "fleet:same-cluster", INFRASTRUCTURE),
    ]


def test_one_name(found: Callable[..., Found]) -> None:
    assert found(stack("one"), stack("one", infrastructureName="other-x7k2p")) == [
        ("a", "fleet:same-name", "cluster.name"),
        ("b", "fleet:same-name", "cluster.name"),
    ]


SAME_BUCKET = {
    "made and used": (bucket(AWS, "images", "create"), bucket(AWS, "images")),
    "used twice": (bucket(AWS, "images"), bucket(AWS, "images")),
    "adopted in another region": (
        bucket(AWS, "images"),
        bucket(AWS, "images", "adopt", region="us-east-1"),
    ),
    "AWS by its endpoint": (
        bucket(AWS, "images"),
        bucket(AWS, "images", regionEndpoint="https://s3.eu-west-1.amazonaws.com"),
    ),
    "AWS as something else": (
        bucket(AWS, "images"),
        bucket(OTHER, "images", regionEndpoint="https://s3.eu-west-1.amazonaws.com"),
    ),
    "China": (
        bucket(AWS, "images", region="cn-north-1"),
        bucket(AWS, "images", region="cn-northwest-1"),
    ),
    "one endpoint": (bucket(OTHER, "images"), bucket(RGW, "images")),
    "one endpoint, more and less": (
        bucket(OTHER, "images"),
        bucket(OTHER, "images", regionEndpoint="https://objects.example.test:443/"),
    ),
    "one endpoint, without TLS": (
        bucket(OTHER, "images"),
        bucket(OTHER, "images", regionEndpoint="http://objects.example.test"),
    ),
    "Google Cloud": (bucket(GCS, "images-1", "create"), bucket(GCS, "images-1")),
    "Google Cloud, another project and region": (
        bucket(GCS, "images-1"),
        bucket(GCS, "images-1", projectID="platform-other", region="us-east1"),
    ),
}
SAME_CONTAINER = {
    "Azure": (azure("prod1registry", "images"), azure("prod1registry", "images")),
    "Azure, made and used": (
        {**AZURE, "container": {"create": {"name": "images"}}},
        azure("prod1registry", "images"),
    ),
    "Azure, another subscription": (
        azure("prod1registry", "images", subscriptionID=UUID, resourceGroup="one"),
        azure(
            "prod1registry",
            "images",
            subscriptionID=UUID.replace("0000", "9999"),
            resourceGroup="two",
        ),
    ),
    "Swift": (swift("images"), swift("images")),
    "Swift, made and used": (
        {**SWIFT, "container": {"create": {"name": "images"}}},
        swift("images", SWIFT),
    ),
    "Swift, the same Keystone": (
        swift("images"),
        swift("images", authURL="https://keystone.example.test/v3/"),
    ),
    "Swift, a project by its ID": (
        swift("images", tenant=None, tenantID="0c1a"),
        swift("images", tenant=None, tenantID="0c1a", domain="Other"),
    ),
}
INSIDE = "https://s3.openshift-storage.svc"
TWO_BUCKETS = {
    "names": (bucket(AWS, "images"), bucket(AWS, "images-2")),
    "case": (bucket(OTHER, "images"), bucket(OTHER, "Images")),
    "parts of AWS": (
        bucket(AWS, "images", region="cn-north-1"),
        bucket(AWS, "images", region="eu-west-1"),
        bucket(AWS, "images", region="us-gov-west-1"),
    ),
    "AWS and another": (bucket(AWS, "images"), bucket(OTHER, "images")),
    "endpoints": (
        bucket(OTHER, "images"),
        bucket(OTHER, "images", regionEndpoint="https://objects.example.com"),
    ),
    "ports": (
        bucket(OTHER, "images", regionEndpoint="https://objects.example.test:9000"),
        bucket(OTHER, "images", regionEndpoint="https://objects.example.test:9001"),
    ),
    "folders": (
        bucket(OTHER, "images", regionEndpoint="https://objects.example.test/one"),
        bucket(OTHER, "images", regionEndpoint="https://objects.example.test/two"),
    ),
    "each inside its own cluster": (
        bucket(OTHER, "images", regionEndpoint=INSIDE),
        bucket(OTHER, "images", regionEndpoint=INSIDE),
    ),
    "claims": (CLAIM, CLAIM),
    "logs": (
        {**AWS, "bucket": {"create": {"name": "b-1", "accessLogging": {"targetBucket": "logs"}}}},
        {**AWS, "bucket": {"create": {"name": "b-2", "accessLogging": {"targetBucket": "logs"}}}},
    ),
    "what one has left": (
        bucket(AWS, "images-1"),
        bucket(AWS, "images-2", replaces={"s3": {"bucket": "images-1"}}),
    ),
    "claims on a volume": (GOOD["storage"], GOOD["storage"]),
    "Google Cloud": (bucket(GCS, "images-1"), bucket(GCS, "images-2")),
    "Google Cloud and AWS": (bucket(GCS, "images-1"), bucket(AWS, "images-1")),
    "Azure's accounts": (azure("prod1registry", "images"), azure("prod2registry", "images")),
    "Azure's containers": (azure("prod1registry", "images"), azure("prod1registry", "images-2")),
    "Azure's clouds": (
        azure("prod1registry", "images"),
        azure("prod1registry", "images", environment="china"),
    ),
    "Azure Stack, each its own": (
        azure("prod1registry", "images", cloudName="AzureStackCloud"),
        azure("prod1registry", "images", cloudName="AzureStackCloud"),
    ),
    "Swift's case": (swift("images"), swift("Images")),
    "Swift's projects": (swift("images"), swift("images", tenant="others")),
    "Swift's domains": (swift("images"), swift("images", domain="Other")),
    "Swift's regions": (swift("images"), swift("images", regionName="RegionTwo")),
    "Keystones": (swift("images"), swift("images", authURL="https://keystone.example.com/v3")),
    "Swift, projects that nobody names": (
        swift("images", credentials=APPLICATION, tenant=None, domain=None),
        swift("images", credentials=APPLICATION, tenant=None, domain=None),
    ),
}


PLATFORMS = {"gcs": "GCP", "azure": "Azure", "swift": "OpenStack"}


def _of(storages: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    return [
        stack(f"prod-{n}", each, platform=PLATFORMS.get(each["kind"], "AWS"))
        for n, each in enumerate(storages)
    ]


@pytest.mark.parametrize("storages", SAME_BUCKET.values(), ids=SAME_BUCKET)
def test_one_bucket(found: Callable[..., Found], storages: tuple[dict[str, Any], ...]) -> None:
    wanted = [
        (name, "fleet:same-bucket", f"storage.bucket.{next(iter(each['bucket']))}.name")
        for name, each in zip("ab", storages, strict=True)
    ]
    assert found(*_of(storages)) == wanted


@pytest.mark.parametrize("storages", SAME_CONTAINER.values(), ids=SAME_CONTAINER)
def test_one_container(found: Callable[..., Found], storages: tuple[dict[str, Any], ...]) -> None:
    wanted = [
        (name, "fleet:same-bucket", f"storage.container.{next(iter(each['container']))}.name")
        for name, each in zip("ab", storages, strict=True)
    ]
    assert found(*_of(storages)) == wanted


def test_a_container_is_called_so(tmp_path: Path) -> None:
    for name, each in zip("ab", _of((swift("images"), swift("images"))), strict=True):
        write(tmp_path, each, name)
    done = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert 'storage.container.use.name = "images": is the container of stack b' in done.stdout
    assert "fix: give each registry a container of its own [fleet:same-bucket]" in done.stdout


@pytest.mark.parametrize("storages", TWO_BUCKETS.values(), ids=TWO_BUCKETS)
def test_two_buckets(found: Callable[..., Found], storages: tuple[dict[str, Any], ...]) -> None:
    assert found(*_of(storages)) == []


def test_a_stack_shares_nothing_with_itself(found: Callable[..., Found]) -> None:
    both = {**AWS, "bucket": {mode: {"name": "images"} for mode in ("create", "use")}}
    assert found(stack("one", both)) == [("a", "exactly-one", "storage.bucket")]


def test_every_rule_has_its_message(tmp_path: Path) -> None:
    """Each names the first of the others, and says how many more there are."""
    one = stack("one", bucket(AWS, "images"))
    for name in "abc":
        write(tmp_path, one, name)
    write(tmp_path, stack("one", infrastructureName="other-x7k2p"), "d")
    done = CliRunner().invoke(app, ["check", f"{tmp_path}/Pulumi.b.yaml", "--json"])
    assert done.exit_code == 1
    told = json.loads(done.stdout)["files"][0]["problems"]
    assert [(each["line"], each["value"], each["message"], each["rule"]) for each in told] == [
        (
            3,
            '"one"',
            f"is the cluster's name in stack a ({tmp_path}/Pulumi.a.yaml:3) and 2 more too: two "
            "stacks for one cluster undo each other, and two clusters of one name are taken for "
            "each other",
            "fleet:same-name",
        ),
        (
            6,
            '"one-x7k2p"',
            f"is the cluster of stack a ({tmp_path}/Pulumi.a.yaml:6) and 1 more too: both would "
            "write the same custom resource, and undo each other",
            "fleet:same-cluster",
        ),
        (
            14,
            '"images"',
            f"is the bucket of stack a ({tmp_path}/Pulumi.a.yaml:14) and 1 more too: pruning one "
            "registry deletes layers of the other one",
            "fleet:same-bucket",
        ),
    ]
    assert [each["fix"] for each in told] == [
        "keep one stack for a cluster, and give another cluster another name",
        "keep one stack for a cluster, or correct the name (oc get infrastructure cluster -o "
        "jsonpath='{.status.infrastructureName}')",
        "give each registry a bucket of its own",
    ]
    assert {each["rule"] for each in told} == {each for each in RULES if each[:6] == "fleet:"}


def test_files_beside_those_that_are_asked_about(tmp_path: Path) -> None:
    """They are compared with, and their own problems are not told."""
    write(tmp_path, stack("one"), "a")
    broken = {**stack("one"), "registry": {"replicas": "many"}}
    write(tmp_path, broken, "b")
    (tmp_path / "Pulumi.c.yaml").write_text("config: [")
    for arguments in ([f"{tmp_path}/Pulumi.a.yaml"], [str(tmp_path), "--stack", "a"]):
        done = CliRunner().invoke(app, ["check", *arguments])
        assert done.exit_code == 1
        assert 'infrastructureName = "one-x7k2p": is the cluster of stack b' in done.stdout
        assert done.stdout.endswith("\n1 stack file checked: 1 error, 0 warnings\n")


def test_a_file_with_other_faults_is_compared_too(found: Callable[..., Found]) -> None:
    wrong = stack("two", bucket(AWS, "images", region="nowhere", service="awz"))
    assert found(stack("one", bucket(AWS, "images")), wrong) == [
        ("b", "value", "storage.service"),
    ], "which store it is can't be told"
    wrong["storage"]["service"] = "aws"
    assert ("b", "fleet:same-bucket", NAMED) in found(stack("one", bucket(AWS, "images")), wrong)


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(max_size=3), inner)),
    max_leaves=4,
)
ODD_URLS = st.sampled_from(["https://[", "https://h.x:99999", "https://h.x:p", "//", "s3", "\0"])


@hypothesis(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(JUNK, JUNK, st.one_of(JUNK, ODD_URLS), JUNK, JUNK)
def test_whatever_a_file_says(cluster: Any, kind: Any, url: Any, name: Any, mode: Any) -> None:
    storage = {"kind": "s3", "regionEndpoint": url, "region": kind, "service": kind}
    named = {"use": {"name": name}}
    for config in (
        {"storage": {"kind": "gcs", "bucket": mode}},
        {"storage": {"kind": "azure", "environment": kind, "account": mode, "container": named}},
        {"storage": {"kind": "swift", "authURL": url, "tenant": name, "container": named}},
        {"cluster": cluster, "storage": kind},
        {"cluster": {"name": name}, "storage": {**storage, "bucket": {"use": {"name": name}}}},
        {"storage": {**storage, "bucket": mode}},
        {"storage": {**storage, "bucket": {"create": mode, "use": {"name": name}}}},
    ):
        read = StackFile("Pulumi.a.yaml", "a", config)
        assert list(problems([*held(read), *held(read)])) == []
