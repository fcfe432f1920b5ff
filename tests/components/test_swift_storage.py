"""What is declared in OpenStack, with a project in which nothing is yet, and with one that has
some."""

import base64
import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pulumi
import pytest
from pulumi.runtime import mocks

from components import new_key
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts, SecretFacts, labels
from tests.components.conftest import SECRET, OnCloud, Recorder
from tests.components.declared import Declared
from tests.components.test_credential_secret import unmarked
from tests.settings.case import GONE
from tests.settings.cases_swift import BY_USER, NAME, PASSWORD, SWIFT, TRIO, USED, USERNAME, storage

CANARY, TOKEN = "CANARY-secret-of-the-credential", "CANARY-token-of-the-login"
CREDENTIAL = "prod-1-x7k2p-image-registry"
PATH = f"/v1/AUTH_0c1a/{NAME}"
KEYSTONE = "https://keystone.example.test:5000/v3"
OBJECTS = "https://swift.example.test:8080"
MARK = "X-Container-Meta-Openshift-Registry"
ADOPTED = {"adopt": {"name": NAME}}


def endpoint(url: str, region: str = "RegionOne", interface: str = "public") -> dict[str, str]:
    return {"id": "x", "interface": interface, "region": region, "regionId": region, "url": url}


def service(kind: str, *endpoints: dict[str, str]) -> dict[str, Any]:
    name = {"identity": "keystone", "object-store": "swift"}[kind]
    return {"id": "x", "name": name, "type": kind, "endpoints": list(endpoints)}


SCOPE: dict[str, Any] = {
    **{"id": "x", "name": "x", "region": "RegionOne", "setTokenId": True, "tokenId": TOKEN},
    **{"userId": "u1", "userName": "engineer", "userDomainId": "default"},
    **{"userDomainName": "Default", "projectDomainId": "default", "projectDomainName": "Default"},
    **{"projectId": "0c1a", "projectName": "registries", "domainId": "", "domainName": ""},
    "roles": [{"roleId": "x", "roleName": each} for each in ("member", "reader")],
    "serviceCatalogs": [
        service("identity", endpoint(KEYSTONE)),
        service("object-store", endpoint(f"{OBJECTS}/v1/AUTH_0c1a")),
    ],
}


@dataclass
class Cloud(Recorder):
    """OpenStack as the plugin tells it, and as Swift and Keystone answer."""

    scope: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(SCOPE))
    refused: str = ""
    container: dict[str, str] | None = None
    credentials: list[dict[str, str]] = field(default_factory=list)
    status: int = 0
    """Of every answer, instead of the right one."""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def call(self, args: mocks.MockCallArgs) -> Any:
        assert args.token == "openstack:identity/getAuthScope:getAuthScope"
        return ({}, [("", self.refused)]) if self.refused else self.scope

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        identifier, state = super().new_resource(args)
        if args.typ.endswith(":ApplicationCredential"):
            state |= {"secret": CANARY, "name": f"{args.name}-1234567"}
        return identifier, state

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append((request.method, str(request.url), dict(request.headers)))
        if self.status:
            return httpx2.Response(self.status)
        if request.url.path == PATH:
            found = self.container
            return httpx2.Response(404) if found is None else httpx2.Response(204, headers=found)
        assert str(request.url) == f"{KEYSTONE}/users/u1/application_credentials"
        return httpx2.Response(200, json={"application_credentials": self.credentials})


Declare = Callable[..., Declared[Cloud]]


@pytest.fixture
def declare(on_cloud: OnCloud, monkeypatch: pytest.MonkeyPatch) -> Declare:
    for variable in ("OS_CLOUD", "OS_CACERT", "OS_INSECURE", "OS_ENDPOINT_TYPE"):
        monkeypatch.delenv(variable, raising=False)
    client = httpx2.Client

    def run(
        live: LiveFacts | None = None, cloud: Cloud | None = None, **changes: Any
    ) -> Declared[Cloud]:
        recorder = cloud or Cloud()
        transport = httpx2.MockTransport(recorder.answer)
        monkeypatch.setattr(httpx2, "Client", lambda **told: client(transport=transport))
        section = storage(changes.pop("good", SWIFT), **changes)
        return on_cloud("openstack", recorder, section, live, platform="OpenStack")

    return run


def test_a_private_container_and_a_credential_of_its_own(declare: Declare) -> None:
    made = declare()
    assert made.kinds() == ["ApplicationCredential", "Container"]
    assert made.one("Container") == {"name": NAME, "metadata": {"Openshift-Registry": "prod-1"}}
    credential = made.one("ApplicationCredential")
    assert credential["roles"] == ["member"] and credential["unrestricted"] is False
    assert "name" not in credential  # Pulumi gives it one that no other has
    rules = {(each["method"], each["path"]) for each in credential["accessRules"]}
    paths = (PATH, f"{PATH}/**")
    assert rules == {(m, p) for m in ("DELETE", "GET", "HEAD", "POST", "PUT") for p in paths}
    assert {each["service"] for each in credential["accessRules"]} == {"object-store"}


def test_the_provider_is_of_the_keystone_and_region_of_the_stack_file(declare: Declare) -> None:
    made = declare().cloud.made
    (provider,) = [each for each in made if each.typ == "pulumi:providers:openstack"]
    assert provider.inputs["authUrl"] == KEYSTONE
    assert provider.inputs["region"] == "RegionOne"


def test_it_asks_with_the_token_of_the_login_and_changes_nothing(declare: Declare) -> None:
    asked = declare().cloud.asked
    assert {method for method, _, _ in asked} == {"GET", "HEAD"}
    assert {headers["x-auth-token"] for _, _, headers in asked} == {TOKEN}


def test_what_holds_images_stays(declare: Declare) -> None:
    options = declare().options
    container, credential = options["Container"], options["ApplicationCredential"]
    assert container.protect and container.retain_on_delete
    assert container.ignore_changes == ["metadata"]
    assert not credential.retain_on_delete  # a new one takes its place
    assert credential.ignore_changes == ["roles"]
    secret = options["Secret"]
    assert secret.protect and secret.retain_on_delete


def test_the_keys_are_a_secret_from_birth(declare: Declare) -> None:
    made = declare().cloud
    data = made.one("Secret").inputs["data"]
    assert data[SECRET]
    plain = {key: base64.b64decode(each).decode() for key, each in data["value"].items()}
    assert [plain[each] for each in TRIO] == [f"{CREDENTIAL}-id", f"{CREDENTIAL}-1234567", CANARY]
    for each in made.made:
        assert unmarked(each.inputs, [CANARY, TOKEN, "Q0FOQVJZ"]) == []


def test_the_custom_resource(declare: Declare) -> None:
    """An application credential is of one project, and may not ask for another."""
    spec = declare(authVersion="3", domain="Default").one("ConfigPatch")["spec"]
    text = json.dumps(spec)
    assert "tenant" not in text and "domain" not in text
    swift = {"container": NAME, "authURL": KEYSTONE, "authVersion": "3", "regionName": "RegionOne"}
    assert spec["storage"] == {"managementState": "Unmanaged", "swift": swift}
    assert spec["disableRedirect"] is True


def test_user_and_password_are_given(declare: Declare) -> None:
    given = {"given": {USERNAME: "registry", PASSWORD: "CANARY-password"}}
    made = declare(good=BY_USER, credentials=given)
    assert made.kinds() == [] and made.cloud.asked == []
    assert set(made.one("Secret")["data"]["value"]) == {USERNAME, PASSWORD}
    assert unmarked(made.one("Secret"), ["Q0FOQVJZ"]) == []
    block = made.one("ConfigPatch")["spec"]["storage"]["swift"]
    assert (block["tenant"], block["domain"]) == ("registries", "Default")


def test_a_container_alone(declare: Declare) -> None:
    """By whom the registry logs in is somebody else's."""
    made = declare(credentials={"use": {}})
    assert made.kinds() == ["Container"]
    assert not [each for each in made.cloud.made if each.typ.endswith(":Secret")]


def test_a_credential_for_a_container_that_is_used(declare: Declare) -> None:
    made = declare(cloud=Cloud(container={}), container=USED)
    assert made.kinds() == ["ApplicationCredential"]


def test_what_this_stack_has_made_is_taken_up(declare: Declare) -> None:
    made = declare(cloud=Cloud(container={MARK: "prod-1"}))
    assert made.options["Container"].import_ == NAME
    assert declare().options["Container"].import_ is None


@pytest.mark.parametrize(
    ("headers", "by"),
    [({}, "this stack has not made it"), ({MARK: "prod-2"}, "the stack of prod-2 has made it")],
)
def test_what_somebody_else_has_made_is_not(
    declare: Declare, headers: dict[str, str], by: str
) -> None:
    with pytest.raises(pulumi.RunError, match=rf"create.name: {NAME}: .*{by}(?s:.*)fix: .*adopt"):
        declare(cloud=Cloud(container=headers))


def test_an_adopted_container_keeps_what_it_was_born_with(declare: Declare) -> None:
    made = declare(cloud=Cloud(container={}), container=ADOPTED)
    assert made.one("Container") == {"name": NAME}
    options = made.options["Container"]
    assert options.import_ == NAME and options.protect and options.retain_on_delete
    assert {"metadata", "storagePolicy", "versioning"} <= set(options.ignore_changes)
    assert {method for method, _, _ in made.cloud.asked} == {"GET", "HEAD"}


def test_who_loses_an_adopted_container_is_told(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    made = declare(cloud=Cloud(container={"X-Container-Read": ".r:*"}), container=ADOPTED)
    assert any("is made private" in text and ".r:*" in text for text in told), told
    assert {method for method, _, _ in made.cloud.asked} == {"GET", "HEAD"}
    assert "containerRead" not in made.options["Container"].ignore_changes
    told.clear()
    declare(cloud=Cloud(container={}), container=ADOPTED)
    assert told == []


@pytest.mark.parametrize(
    ("mode", "form"), [("adopt", ADOPTED), ("use", USED)], ids=["adopt", "use"]
)
def test_what_has_to_be_there_is(declare: Declare, mode: str, form: dict[str, Any]) -> None:
    told = rf"container.{mode}.name: {NAME}: the project has no such container(?s:.*)fix: "
    with pytest.raises(pulumi.RunError, match=told):
        declare(container=form)


@pytest.mark.parametrize(
    ("said", "key", "value"),
    [
        ({"projectName": "others"}, "tenant", "registries"),
        ({"projectDomainName": "others"}, "domain", "Default"),
        ({"projectDomainId": "others"}, "domainID", "default"),
        ({"projectId": "1d2b"}, "tenantID", "0c1a"),
    ],
)
def test_another_project_is_refused(
    declare: Declare, said: dict[str, str], key: str, value: str
) -> None:
    changes: dict[str, Any] = {key: value}
    if key == "tenantID":
        changes["tenant"] = GONE
    cloud = Cloud(scope={**SCOPE, **said})
    told = rf"storage.{key}: {value}: the login of engineer is for another project(?s:.*)fix: "
    with pytest.raises(pulumi.RunError, match=told):
        declare(cloud=cloud, **changes)
    assert cloud.asked == []


def test_a_login_to_no_project_is_refused(declare: Declare) -> None:
    with pytest.raises(pulumi.RunError, match=r"is for no project\n +fix: .*OS_PROJECT_NAME"):
        declare(cloud=Cloud(scope={**SCOPE, "projectId": "", "projectName": ""}))


def test_a_cloud_of_clouds_yaml_has_to_be_this_one(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its URL wins over the stack file's. A project's ID is in one cloud alone."""
    elsewhere = [service("identity", endpoint("https://keystone.example.com/v3"))]
    cloud = {**SCOPE, "serviceCatalogs": [*elsewhere, SCOPE["serviceCatalogs"][1]]}
    wanted = {"container": {"create": {"name": NAME}}, "credentials": {"use": {}}}
    declare(cloud=Cloud(scope=cloud), **wanted)
    monkeypatch.setenv("OS_CLOUD", "staging")
    told = r"OS_CLOUD=staging reaches a cloud whose Keystone is at keystone.example.com"
    with pytest.raises(pulumi.RunError, match=rf"{told}\n +fix: (?s:.*)tenantID: 0c1a"):
        declare(cloud=Cloud(scope=cloud), **wanted)
    declare(cloud=Cloud(scope=cloud), tenant=GONE, tenantID="0c1a", **wanted)
    declare(**wanted)


def test_a_region_without_swift_is_refused(declare: Declare) -> None:
    told = r"regionName: RegionTwo: the cloud has no object store there \(there it is in RegionOne"
    with pytest.raises(pulumi.RunError, match=told):
        declare(regionName="RegionTwo")


def test_a_role_that_the_login_has_not_is_refused(declare: Declare) -> None:
    told = r"create.role: swiftoperator: engineer(?s:.*)fix: .*member, reader"
    with pytest.raises(pulumi.RunError, match=told):
        declare(credentials={"create": {"role": "swiftoperator"}})


def test_another_role_is_another_credential(declare: Declare) -> None:
    made = declare(credentials={"create": {"role": "reader", "accessRules": False}}).cloud
    credential = made.one("ApplicationCredential")
    assert credential.name == f"{CREDENTIAL}-reader"
    assert "accessRules" not in credential.inputs


def test_a_swift_of_another_name_is_told(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    store = {**SCOPE["serviceCatalogs"][1], "name": "radosgw"}
    declare(cloud=Cloud(scope={**SCOPE, "serviceCatalogs": [SCOPE["serviceCatalogs"][0], store]}))
    assert any("looks for the name swift" in text and "radosgw" in text for text in told), told
    told.clear()
    declare()
    assert told == []


@pytest.mark.parametrize(
    ("cloud", "told"),
    [
        (Cloud(refused="Authentication failed"), r"does not let this login in: .*failed.*"),
        (
            Cloud(refused="No suitable endpoint could be found in the service catalog."),
            "storage.regionName: RegionOne: Keystone's catalog has nothing in that region",
        ),
        (Cloud(status=403), r"could not be asked .*: 403 Forbidden"),
    ],
)
def test_what_openstack_says_is_told_with_a_fix(declare: Declare, cloud: Cloud, told: str) -> None:
    with pytest.raises(pulumi.RunError, match=rf"{told}\n +fix: (docs/how-to/swift-p|write)"):
        declare(cloud=cloud)


def test_no_answer_at_all_is_told_with_a_fix(declare: Declare) -> None:
    class Down(Cloud):
        def answer(self, request: httpx2.Request) -> httpx2.Response:
            raise httpx2.ConnectError("no route")

    with pytest.raises(pulumi.RunError, match=r"HEAD \S+: no route\n +fix: .*OS_CACERT"):
        declare(cloud=Down())


def test_a_rotation_is_a_credential_of_another_name(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what an interrupted run has left is named."""
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    monkeypatch.setattr(new_key.Looks, "missing", lambda self: "")  # test_new_key.py
    secret = SecretFacts(labels("prod-1"), (), "Opaque", TRIO, None, access_key="OLD")
    names = {"OLD": f"{CREDENTIAL}-1", "LOST": f"{CREDENTIAL}-2", "OTHER": "laptop"}
    present = [{"id": key, "name": name} for key, name in names.items()]
    made = declare(
        live=LiveFacts(secrets={SECRET_NAME: secret}),
        cloud=Cloud(credentials=present),
        credentials={"create": {"rotation": "2026-12"}},
    )
    assert made.cloud.one("ApplicationCredential").name == f"{CREDENTIAL}-2026-12"
    removals = [text for text in told if "openstack application credential delete" in text]
    assert len(removals) == 1 and "delete LOST" in removals[0]
