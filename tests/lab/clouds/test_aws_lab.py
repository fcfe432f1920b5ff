"""A lab whose stack file says platform AWS has an AWS of its own; another has none."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import yaml

from lab import kinds
from lab.described import Described
from lab.errors import LabError
from lab.lab import Lab
from tests.lab.clouds.stack import Stack
from tests.lab.platform.labs import start
from tests.lab.project import get

CLUSTER = {
    "name": "lab-aws",
    "version": "4.15",
    "environment": "development",
    "infrastructureName": "lab-aws-x7k2p",
    "platform": "AWS",
}


@pytest.mark.parametrize(
    ("more", "region"),
    [
        ({}, "us-east-1"),
        ({"openshift-registry:storage": {"kind": "s3", "region": "eu-west-3"}}, "eu-west-3"),
        (
            {"lab:region": "eu-west-1", "openshift-registry:storage": {"region": "eu-west-3"}},
            "eu-west-1",
        ),
        ({"openshift-registry:storage": "s3"}, "us-east-1"),
    ],
)
def test_the_region_of_a_stack(tmp_path: Path, more: dict, region: str) -> None:
    assert described(tmp_path, more).region == region


@pytest.mark.parametrize("value", [5, "", ["eu-west-1"]])
def test_a_region_that_is_none(tmp_path: Path, value: object) -> None:
    with pytest.raises(LabError, match=r"lab:region = .* is no region; write us-east-1"):
        described(tmp_path, {"lab:region": value})


def described(directory: Path, more: dict) -> Described:
    document = {"config": {"openshift-registry:cluster": CLUSTER, **more}}
    (directory / "Pulumi.lab-aws.yaml").write_text(yaml.safe_dump(document))
    return Described.of_stack("lab-aws", directory)


@pytest.fixture(scope="module")
def aws_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = start(tmp_path_factory.mktemp("aws-lab"), "AWS")
    yield lab
    lab.stop()


@pytest.mark.lab
def test_the_cluster_is_one_on_aws(aws_lab: Lab) -> None:
    status = get(aws_lab, kinds.Infrastructure, "cluster")["status"]["platformStatus"]
    assert status == {"type": "AWS", "aws": {"region": "us-east-1"}}
    config = get(aws_lab, kinds.Config, "cluster")
    assert set(config["spec"]["storage"]) == {"s3"}
    worker = get(aws_lab, kinds.Node, "lab-aws-x7k2p-worker-0")
    assert worker["metadata"]["labels"]["topology.kubernetes.io/zone"] == "us-east-1a"


@pytest.mark.lab
def test_the_engine_of_the_lab_reaches_its_aws(aws_lab: Lab, tmp_path: Path) -> None:
    environment, service = aws_lab.environment(), aws_lab.clouds.aws
    assert service is not None
    assert environment["PATH"].split(":")[0].endswith("lab/clouds/aws/bin")
    stack = Stack(tmp_path / "stack", service)
    stack.environment = {**stack.environment, **environment}
    stack.environment["PULUMI_BACKEND_URL"] = f"file://{stack.state}"
    for name in [each for each in environment if each.startswith("PULUMI_OPTION")]:
        del stack.environment[name]
    program = 'aws.s3.Bucket("bucket", bucket="in-the-lab")'
    stack.write(program).up().ok()
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{service.http}/in-the-lab/nothing")
    assert caught.value.code in {403, 404}


@pytest.mark.lab
def test_a_lab_of_another_platform_has_no_aws(lab: Lab) -> None:
    environment = lab.environment()
    assert not [each for each in environment if each.startswith("AWS")]
    assert "clouds" not in environment["PATH"]
    assert not {"HTTPS_PROXY", "SSL_CERT_FILE"} & set(environment)
    assert lab.clouds.network is None and not lab.clouds.stores
    record = json.loads((lab.directory / "lab.json").read_text())
    assert not {"aws", "rgw", "noobaa", "network"} & {each["name"] for each in record["processes"]}


@pytest.mark.lab
def test_its_aws_ends_with_the_lab(tmp_path: Path) -> None:
    lab = start(tmp_path, "AWS", kind=Lab)
    record = json.loads((lab.directory / "lab.json").read_text())
    (aws,) = [each for each in record["processes"] if each["name"] == "aws"]
    assert psutil.pid_exists(aws["pid"])
    psutil.Process(aws["pid"]).terminate()
    psutil.wait_procs([psutil.Process(aws["pid"])], 5)
    assert not lab.running()
    lab.start(lambda text: None)
    assert lab.running()
    record = json.loads((lab.directory / "lab.json").read_text())
    lab.stop()
    pids = [each["pid"] for each in record["processes"]]
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert not lab.directory.exists()
