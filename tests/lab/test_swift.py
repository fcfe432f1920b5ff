"""The stack lab-swift: a container of its own, and a credential that opens it and nothing else."""

import base64
import re
from collections.abc import Iterator

import pytest

from lab.clouds.openstack.client import session, session_by
from lab.clouds.openstack.names import ENGINEER, NEIGHBOUR
from lab.lab import say
from lab.summary import summary
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.openstack import (
    APPLICATION,
    credentials,
    delete_credential,
    engineer,
    live_keys,
    registry,
    reset_openstack,
    service,
    status,
)
from tests.lab.project import Project, Ran, config

pytestmark = pytest.mark.lab

CONTAINER = "lab-swift-x7k2p-image-registry"
MARK = "x-container-meta-openshift-registry"
NOW = {"swift": {"container": CONTAINER}}
NO_CHANGES = "--expect-no-changes"
MEND = ("--refresh", "--run-program")


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    project = Project(tmp_path_factory.mktemp("lab-swift"), lab_of("4.15", "lab-swift"))
    said = [project.preview("--diff").ok().output, project.up("--diff").ok().output]
    hidden(live_keys(project.lab)[f"{APPLICATION}SECRET"], *said)
    yield project


def hidden(secret: str, *texts: str) -> None:
    """Neither the secret nor its base64, which is how a Secret holds it, is in these."""
    for form in (secret, base64.b64encode(secret.encode()).decode()):
        assert not any(form in text for text in texts)


def one_changed(ran: Ran) -> None:
    ran.ok()
    assert re.search(r"~ 1 updated", ran.output), ran
    assert not re.search(r"created|deleted|replaced", ran.output.split("Resources:")[1]), ran


def test_the_container_is_its_projects_alone(applied: Project) -> None:
    found = engineer(applied.lab).head_container(CONTAINER)
    assert found[MARK] == "lab-swift"
    assert not {"x-container-read", "x-container-write"} & found.keys()
    assert "x-versions-enabled" not in found
    # Whom nobody has let in: nobody at all, and a member of another project.
    from lab.clouds.openstack.client import swift

    stranger = swift(service(applied.lab), session(service(applied.lab), ENGINEER, NEIGHBOUR))
    url = engineer(applied.lab).get_auth()[0]
    stranger.url, stranger.token = url, stranger.get_auth()[1]
    assert status(stranger.head_container, CONTAINER) == 403


def test_the_credential_opens_this_container_and_no_other(applied: Project) -> None:
    """Keystone's access rules; by whoever else the neighbours may be read."""
    mine, all_of_them = registry(applied.lab), engineer(applied.lab)
    all_of_them.put_container("somebody-elses")
    all_of_them.put_object("somebody-elses", "a", b"a")
    all_of_them.put_container(f"{CONTAINER}-2")
    mine.put_object(CONTAINER, "docker/a", b"a")
    assert mine.get_object(CONTAINER, "docker/a")[1] == b"a"
    assert [each["name"] for each in mine.get_container(CONTAINER)[1]] == ["docker/a"]
    mine.post_container(CONTAINER, {"X-Container-Meta-Temp-Url-Key": "a"})
    mine.delete_object(CONTAINER, "docker/a")
    refused = {
        "its objects": status(mine.get_object, "somebody-elses", "a"),
        "its names": status(mine.get_container, "somebody-elses"),
        "writing": status(mine.put_object, "somebody-elses", "b", b""),
        "a name that begins alike": status(mine.head_container, f"{CONTAINER}-2"),
        "all containers": status(mine.get_account),
        "another one": status(mine.put_container, "third"),
    }
    assert refused == dict.fromkeys(refused, 401)
    for each in ("somebody-elses", f"{CONTAINER}-2"):
        for thing in all_of_them.get_container(each)[1]:
            all_of_them.delete_object(each, thing["name"])
        all_of_them.delete_container(each)


def test_the_credential_makes_no_other(applied: Project) -> None:
    keys = live_keys(applied.lab)
    by = session_by(service(applied.lab), keys[f"{APPLICATION}ID"], keys[f"{APPLICATION}SECRET"])
    url = f"{service(applied.lab).keystone}/users/{by.get_user_id()}/application_credentials"
    body = {"application_credential": {"name": "another"}}
    assert status(by.post, url, json=body) in {401, 403}
    (name,) = credentials(applied.lab).values()
    assert re.fullmatch(r"lab-swift-x7k2p-image-registry-[0-9a-f]{7}", name)
    assert keys[f"{APPLICATION}NAME"] == name


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    """Guide 3.3.4. No registry runs here, and it is said why."""
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    spec = config(applied.lab)["spec"]
    assert spec["storage"] == {
        "managementState": "Unmanaged",
        "swift": {
            "container": CONTAINER,
            "authURL": "https://keystone.example.test:5000/v3",
            "authVersion": "3",
            "regionName": "RegionOne",
        },
    }
    assert (spec["disableRedirect"], spec["replicas"]) == (True, 2)
    log = (applied.lab.directory / "logs" / "platform.log").read_text()
    assert "the driver of upstream's registry takes a user of Keystone alone" in log


def test_nobody_is_sent_to_a_registry_that_does_not_run(
    applied: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Upstream's takes no application credential; the end of `make up` says where it is told."""
    assert summary(applied.engine)
    told = capsys.readouterr().out
    assert "\n  ocpreg smoke" not in told
    assert "No registry runs here" in told and "logs/platform.log" in told
    log = applied.lab.directory / "logs" / "platform.log"
    assert "takes a user of Keystone alone" in log.read_text()


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    """Also with what a registry writes to the container, and Keystone to the roles."""
    registry(applied.lab).post_container(CONTAINER, {"X-Container-Meta-Temp-Url-Key": "b"})
    applied.again("up again:")
    applied.refresh(NO_CHANGES).ok("refresh:")
    applied.preview(NO_CHANGES).ok("preview after it:").clean()


def test_one_change_changes_one_resource(applied: Project) -> None:
    sections = applied.original()
    sections["registry"] = {"replicas": 3}
    applied.write(sections)
    one_changed(applied.apply())
    applied.write(applied.original())
    one_changed(applied.apply())


def test_what_somebody_deleted_is_made_again(applied: Project) -> None:
    before = live_keys(applied.lab)
    delete_credential(applied.lab, before[f"{APPLICATION}ID"])
    assert status(registry(applied.lab).head_container, CONTAINER) == 404  # of Keystone
    seen = applied.preview("--refresh").ok().output
    assert "ApplicationCredential" in seen
    applied.up(*MEND).ok()
    assert live_keys(applied.lab) != before
    assert registry(applied.lab).head_container(CONTAINER)
    applied.unchanged()


def test_a_new_credential_is_there_before_the_old_one_goes(applied: Project) -> None:
    before = live_keys(applied.lab)
    sections = applied.original()
    sections["storage"]["credentials"]["create"] = {"rotation": "2026-12"}
    applied.write(sections)
    plan = applied.preview("--diff").ok().output
    ran = applied.up().ok()
    after = live_keys(applied.lab)
    assert before[f"{APPLICATION}ID"] != after[f"{APPLICATION}ID"]
    order = re.findall(r"(Credential|:Secret) \S+ (created|updated|deleted)", ran.output)
    assert order == [("Credential", "created"), (":Secret", "updated"), ("Credential", "deleted")]
    assert list(credentials(applied.lab)) == [after[f"{APPLICATION}ID"]]
    assert registry(applied.lab).head_container(CONTAINER)
    assert "is not the one that this stack uses" not in ran.output
    applied.unchanged()
    for keys in (before, after):
        hidden(keys[f"{APPLICATION}SECRET"], plan, ran.output, applied.raw_state())
    applied.write(applied.original())
    applied.apply()
    assert len(credentials(applied.lab)) == 1


def test_the_secret_is_nowhere(applied: Project) -> None:
    said = [
        applied.preview("--logtostderr", "-v=9").output,
        applied.preview("--json").output,
        applied.pulumi("stack", "export", "--stack", applied.stack).output,
        applied.raw_state(),
        *(path.read_text() for path in (applied.lab.directory / "logs").glob("*.log")),
    ]
    assert any(CONTAINER in text for text in said)
    hidden(live_keys(applied.lab)[f"{APPLICATION}SECRET"], *said)
    hidden(ENGINEER.password, *said)
    # Nor is a token, by which the program asks what is there: Keystone's all begin so.
    assert session(service(applied.lab)).get_token().startswith("gAAAAA")
    assert not any("gAAAAA" in text for text in said)


def test_down_leaves_container_credential_and_images(applied: Project) -> None:
    keys = live_keys(applied.lab)
    registry(applied.lab).put_object(CONTAINER, "image", b"image")
    applied.down().ok()
    assert live_keys(applied.lab) == keys
    assert registry(applied.lab).get_object(CONTAINER, "image")[1] == b"image"
    assert healthy(settle(applied.lab, say))
    applied.apply()
    assert live_keys(applied.lab) == keys
    applied.unchanged()
    applied.pulumi("destroy", "--yes", "--stack", applied.stack).refused("protected")
    assert registry(applied.lab).get_object(CONTAINER, "image")[1] == b"image"


def test_another_project_is_refused_at_preview(applied: Project) -> None:
    """Of the same user, and of the same cloud."""
    elsewhere = {"OS_PROJECT_NAME": NEIGHBOUR}
    said = f"storage.tenant: registries: the login of {ENGINEER.user} is for another project"
    applied.preview(environment=elsewhere).refused(said, f"{NEIGHBOUR} (", "fix: log in")
    up = applied.pulumi(
        *("up", "--yes", "--skip-preview", "--stack", applied.stack), environment=elsewhere
    )
    up.refused(said)
    applied.preview(environment={"OS_PASSWORD": "wrong"}).refused(
        "OpenStack does not let this login in", "swift-permissions.md"
    )


def test_a_region_without_swift_is_refused_at_preview(applied: Project) -> None:
    sections = applied.original()
    sections["storage"] |= {"regionName": "RegionTwo", "replaces": NOW}
    applied.write(sections)
    applied.preview().refused("storage.regionName: RegionTwo")
    applied.write(applied.original())


def test_a_container_of_somebody_elses_is_not_taken(applied: Project) -> None:
    """Swift itself would make it again without a word."""
    swift = engineer(applied.lab)
    swift.put_container("theirs", {"X-Container-Read": "other:*"})
    sections = applied.original()
    sections["storage"] |= {"container": {"create": {"name": "theirs"}}, "replaces": NOW}
    applied.write(sections)
    for ran in (applied.preview(), applied.up("--skip-preview")):
        ran.refused(
            "storage.container.create.name: theirs: the project has a container of that name",
            "`adopt` to take it over",
        )
    assert swift.head_container("theirs")["x-container-read"] == "other:*"
    applied.write(applied.original())
    swift.delete_container("theirs")
    applied.apply()


def test_a_state_that_was_lost_finds_its_container(applied: Project) -> None:
    """It is taken up by its mark; the credential's secret can't be, and the old one is named."""
    old = live_keys(applied.lab)[f"{APPLICATION}ID"]
    applied.forget()
    ran = applied.up().ok()
    assert re.search(rf"= +openstack:objectstorage:Container {CONTAINER} import", ran.output), ran
    assert live_keys(applied.lab)[f"{APPLICATION}ID"] != old
    ran = applied.unchanged()
    assert f"openstack application credential delete {old}" in ran.output
    delete_credential(applied.lab, old)
    assert "credential delete" not in applied.unchanged().output
    assert healthy(settle(applied.lab, say))


def test_a_container_that_exists_is_taken_over_and_made_private(applied: Project) -> None:
    """What is in it stays, and what lets others in goes."""
    reset_openstack(applied.lab)
    applied.engine.make_stack(say)
    swift = engineer(applied.lab)
    swift.put_container("shared", {"X-Container-Read": ".r:*", "X-Container-Meta-Team": "one"})
    swift.put_object("shared", "image", b"image")
    sections = applied.original()
    sections["storage"]["container"] = {"adopt": {"name": "shared"}}
    applied.write(sections)
    said = "the container shared is made private, and what it says now goes: Container-Read: .r:*"
    assert said in applied.preview().ok().output
    assert swift.head_container("shared")["x-container-read"] == ".r:*"
    ran = applied.up().ok()
    assert re.search(r"= +openstack:objectstorage:Container shared import", ran.output), ran
    found = swift.head_container("shared")
    assert "x-container-read" not in found and found["x-container-meta-team"] == "one"
    assert registry(applied.lab).get_object("shared", "image")[1] == b"image"
    assert healthy(settle(applied.lab, say))
    applied.unchanged()
    applied.refresh(NO_CHANGES).ok("refresh:")
