"""A stack loads of each SDK what it declares with, and of another one nothing: each of these would
cost every run a tenth of its time."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.components.test_image_registry import cinder
from tests.settings import cases_azure
from tests.settings.cases_gcs import EMAIL, GCS, KEYFILE, NAME, PROVIDER
from tests.settings.cases_s3 import ACCESS_KEY, AWS, KEY, OTHER, SECRET_KEY
from tests.settings.cases_swift import SWIFT

pytestmark = pytest.mark.slow

Modules = Callable[[dict[str, Any]], set[str]]

NEVER = {
    *("boto3", "botocore", "moto", "cryptography", "google.auth", "requests", "typer", "rich"),
    *("openstack", "keystoneauth1", "swiftclient"),
    "pulumi_kubernetes.core.v1._inputs",
}
CLOUDS = {"pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "pulumi_openstack"}

PROGRAM = """
import asyncio, json, os, sys
import pulumi
from components.image_registry import ImageRegistry
from pulumi.runtime import mocks
from settings import validate

class Nothing(mocks.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs
    def call(self, args):
        if args.token.endswith(":getResources"):
            return {"resourceTagMappingLists": []}
        if args.token == "aws:s3/getBucket:getBucket":
            return {"bucket": "there"}
        if args.token.endswith(":getAuthScope"):
            endpoint = {"interface": "public", "region": "RegionOne", "url": "https://a.example.test/v1"}
            store = {"type": "object-store", "name": "swift", "endpoints": [endpoint]}
            project = {"projectId": "1", "projectName": "registries", "tokenId": "t", "userId": "u"}
            return {**project, "roles": [{"roleName": "member"}], "serviceCatalogs": [store]}
        if args.token.endswith(":getProject"):
            return {"number": "1"}
        if args.token.startswith("gcp:storage/getBucket:"):
            return {"name": "there", "projectNumber": 1, "location": "EUROPE-WEST1"}
        if args.token.endswith(":getProjectServiceAccount"):
            return {"emailAddress": "agent"}
        if args.token.endswith(":getResourceGroup"):
            return {"location": "westeurope"}
        if args.token.endswith(":listStorageAccountKeys"):
            return {"keys": [{"keyName": "key1", "value": "a"}]}
        return {}, [("", "couldn't find resource: NotFound; not found")]

def answer(request):
    import httpx2
    if request.method == "HEAD":
        return httpx2.Response(204 if "there" in str(request.url) else 404)
    return httpx2.Response(200, json={"application_credentials": []})

def loaded(sections):
    if sections["storage"]["kind"] == "swift":
        import httpx2
        Client = httpx2.Client
        httpx2.Client = lambda **told: Client(transport=httpx2.MockTransport(answer))
    asyncio.set_event_loop(asyncio.new_event_loop())
    mocks.set_mocks(Nothing(), preview=True)
    stack = lambda: ImageRegistry(validate(sections, stack="test"), None, None)
    pulumi.runtime.test(stack)()
    return sorted(sys.modules)

for line in sys.stdin:
    if os.fork() == 0:
        print(json.dumps(loaded(json.loads(line))), flush=True)
        os._exit(0)
    if os.wait()[1] != 0:
        print("null", flush=True)
"""


GIVEN = {"given": {ACCESS_KEY: "AKIAEXAMPLE", SECRET_KEY: "a-secret"}}


def aws(**storage: Any) -> dict[str, Any]:
    sections = cinder(storage={**copy.deepcopy(AWS), **storage})
    sections["cluster"]["platform"] = "AWS"
    return sections


def made(**more: Any) -> dict[str, Any]:
    return {"create": {"name": "prod-1-image-registry", **more}}


USED = {"use": {"name": "prod-1-image-registry"}}
WITH_KEY = made(encryption={"kms": {"create": {"alias": "images"}}})
WITH_THEIRS = made(encryption={"kms": {"use": {"keyARN": KEY}}})
TAGS = "resourcegroupstaggingapi"


@pytest.mark.parametrize(
    ("sections", "parts"),
    [
        pytest.param(cinder(), set(), id="claim"),
        pytest.param(cinder(storage={**OTHER, "credentials": GIVEN}), set(), id="endpoint"),
        pytest.param(aws(bucket=USED, credentials=GIVEN), set(), id="bucket-used"),
        pytest.param(aws(), {"iam", "s3", TAGS}, id="bucket"),
        pytest.param(aws(credentials=GIVEN), {"iam", "s3", TAGS}, id="bucket-alone"),
        pytest.param(aws(bucket=USED), {"iam", "s3"}, id="user"),
        pytest.param(aws(bucket=WITH_THEIRS), {"iam", "s3", TAGS}, id="key-used"),
        pytest.param(aws(bucket=WITH_KEY), {"iam", "kms", "s3", TAGS}, id="key"),
    ],
)
def test_no_more_is_loaded_than_is_needed(
    modules: Modules, sections: dict[str, Any], parts: set[str]
) -> None:
    loaded = modules(sections)
    assert not {*NEVER, "pulumi_azure_native"} & loaded
    # Each part is there by its name from the beginning; what is in it once it is looked at.
    looked_at = [each.split(".") for each in loaded if re.match(r"pulumi_aws\.\w+\.", each)]
    assert {part for _, part, *_ in looked_at} == parts
    assert CLOUDS & loaded == ({"pulumi_aws"} if parts else set())


def swift(**storage: Any) -> dict[str, Any]:
    sections = cinder(storage={**copy.deepcopy(SWIFT), **storage})
    sections["cluster"]["platform"] = "OpenStack"
    return sections


FOUND = {"use": {"name": "there"}}


@pytest.mark.parametrize(
    ("sections", "parts"),
    [
        pytest.param(swift(), {"identity", "objectstorage"}, id="container"),
        pytest.param(swift(container=FOUND), {"identity"}, id="container-used"),
        pytest.param(swift(container=FOUND, credentials={"use": {}}), set(), id="nothing-made"),
    ],
)
def test_nor_of_openstacks(modules: Modules, sections: dict[str, Any], parts: set[str]) -> None:
    loaded = modules(sections)
    assert not NEVER & loaded
    looked_at = {
        each.split(".")[1] for each in loaded if re.match(r"pulumi_openstack\.\w+\.", each)
    }
    assert looked_at == parts
    assert CLOUDS & loaded == ({"pulumi_openstack"} if parts else set())


def gcs(**storage: Any) -> dict[str, Any]:
    return cinder(storage={**copy.deepcopy(GCS), **storage})


GCS_KEY = {"create": {"name": NAME, "kms": {"create": {}}}}
GCS_GIVEN = {"given": {KEYFILE: '{"type": "service_account"}'}}
IDENTITY = {"workloadIdentity": {"use": {"provider": PROVIDER, "serviceAccount": EMAIL}}}


@pytest.mark.parametrize(
    ("sections", "parts"),
    [
        pytest.param(gcs(bucket=USED, credentials=GCS_GIVEN), set(), id="bucket-used"),
        pytest.param(gcs(bucket=USED, credentials=IDENTITY), set(), id="identity-used"),
        pytest.param(gcs(credentials=GCS_GIVEN), {"organizations", "storage"}, id="bucket-alone"),
        pytest.param(gcs(), {"organizations", "serviceaccount", "storage"}, id="bucket"),
        pytest.param(
            gcs(bucket=GCS_KEY), {"kms", "organizations", "serviceaccount", "storage"}, id="key"
        ),
    ],
)
def test_no_more_is_loaded_of_google_cloud(
    modules: Modules, sections: dict[str, Any], parts: set[str]
) -> None:
    loaded = modules(sections)
    assert not NEVER & loaded
    looked_at = [each.split(".") for each in loaded if re.match(r"pulumi_gcp\.\w+\.", each)]
    assert {part for _, part, *_ in looked_at} - {"config", "_inputs"} == parts
    assert CLOUDS & loaded == ({"pulumi_gcp"} if parts else set())


def azure(**changes: Any) -> dict[str, Any]:
    sections = cinder(storage=cases_azure.storage(**changes))
    sections["cluster"]["platform"] = "Azure"
    return sections


CLOSED = cases_azure.account(network=cases_azure.GONE)
LOGGED = cases_azure.account(diagnostics=cases_azure.WORKSPACE)
OURS = {"workloadIdentity": {"create": {}}}
PRIVATE = {"create": {"subnetID": cases_azure.SUBNET}}


@pytest.mark.parametrize(
    ("sections", "parts"),
    [
        pytest.param(cinder(), set(), id="claim"),
        pytest.param(cinder(storage=cases_azure.FOUND), set(), id="found"),
        pytest.param(azure(), {"storage"}, id="key"),
        pytest.param(azure(account=LOGGED), {"storage", "monitor"}, id="log"),
        pytest.param(
            azure(credentials=OURS), {"storage", "authorization", "managedidentity"}, id="identity"
        ),
        pytest.param(
            azure(account=CLOSED, privateAccess=PRIVATE),
            {"storage", "network", "privatedns"},
            id="private",
        ),
    ],
)
def test_no_more_of_azure_is_loaded_than_is_needed(
    modules: Modules, sections: dict[str, Any], parts: set[str]
) -> None:
    loaded = modules(sections)
    assert not NEVER & loaded
    looked_at = [
        each.split(".") for each in loaded if re.match(r"pulumi_azure_native\.\w+\.", each)
    ]
    assert {part for _, part, *_ in looked_at} == parts
    assert CLOUDS & loaded == ({"pulumi_azure_native"} if parts else set())


@pytest.fixture(scope="module")
def modules() -> Iterator[Modules]:
    """What a program with these sections has loaded. It goes on in a fork of one that has imported
    what all of them do."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def ask(sections: dict[str, Any]) -> set[str]:
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps(sections) + "\n")
            process.stdin.flush()
            found = json.loads(process.stdout.readline() or "null")
            assert found is not None, "it failed; its standard error says of what"
            return set(found)

        yield ask
