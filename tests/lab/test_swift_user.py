"""The stack lab-swift-user: images in a container of Swift, by a registry that is a user there."""

import re
from collections.abc import Iterator

import pytest

from lab.clouds.openstack.names import REGISTRY
from lab.lab import say
from lab.summary import summary
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.killed import until
from tests.lab.openstack import PREFIX, engineer, live_keys, status
from tests.lab.project import Project, config, storage
from tests.lab.test_registry import pushed, smoke, there

pytestmark = pytest.mark.lab

CONTAINER = "lab-swift-user-x7k2p-image-registry"
TEMPORARY = "x-container-meta-temp-url-key"
NO_CHANGES = "--expect-no-changes"
MEND = ("--refresh", "--run-program")


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    project = Project(tmp_path_factory.mktemp("lab-swift-user"), lab_of("4.15", "lab-swift-user"))
    project.apply()
    yield project


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    """Guide 3.3.2 and 3.3.4; disableRedirect of 3.3.1."""
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    spec = config(applied.lab)["spec"]
    assert spec["storage"] == {
        "managementState": "Unmanaged",
        "swift": {
            "container": CONTAINER,
            "authURL": "https://keystone.example.test:5000/v3",
            "authVersion": "3",
            "domain": "Default",
            "tenant": "registries",
            "regionName": "RegionOne",
        },
    }
    assert (spec["disableRedirect"], spec["replicas"]) == (True, 2)
    assert live_keys(applied.lab) == {
        f"{PREFIX}USERNAME": REGISTRY.user,
        f"{PREFIX}PASSWORD": REGISTRY.password,
    }


def test_an_image_goes_in_and_comes_out_and_nothing_drifts(applied: Project) -> None:
    """The registry has put the key of its temporary URLs on the container: it is nobody's drift."""
    settle(applied.lab, say)
    code, said = smoke(applied.lab)
    assert code == 0, said
    assert "warning" not in said, said
    headers, objects = engineer(applied.lab).get_container(CONTAINER)
    assert headers[TEMPORARY] and any("/blobs/" in each["name"] for each in objects)
    applied.again("up again:")
    applied.refresh(NO_CHANGES).ok("refresh:")
    applied.preview(NO_CHANGES).ok("preview after it:").clean()


def test_make_up_ends_with_what_to_try(
    applied: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summary(applied.engine)
    told = capsys.readouterr().out
    assert "\n  ocpreg smoke\n" in told and "No registry runs here" not in told


def test_whom_somebody_lets_in_is_seen_and_put_out(applied: Project) -> None:
    """And the key of the temporary URLs stays."""
    settle(applied.lab, say)
    swift = engineer(applied.lab)
    before = swift.head_container(CONTAINER)[TEMPORARY]
    swift.post_container(CONTAINER, {"X-Container-Read": ".r:*,.rlistings"})
    assert applied.drift() == (4, ["Container containerRead"])
    seen = applied.preview("--refresh", "--diff").ok().output
    assert re.search(r"containerRead *: \".r:\*,.rlistings\"", seen), seen
    ran = applied.up(*MEND).ok()
    assert "~ 1 updated" in ran.output, ran
    after = swift.head_container(CONTAINER)
    assert "x-container-read" not in after and after[TEMPORARY] == before
    applied.unchanged()


def test_down_leaves_the_images_and_the_registry_serves_them(applied: Project) -> None:
    settle(applied.lab, say)
    tag = pushed(applied.lab)
    applied.down().ok()
    assert storage(applied.lab)["swift"]["container"] == CONTAINER
    assert healthy(settle(applied.lab, say))
    assert there(applied.lab, tag)
    applied.apply()
    assert there(applied.lab, tag)
    applied.unchanged()


def test_a_plain_destroy_is_refused(applied: Project) -> None:
    applied.pulumi("destroy", "--yes", "--stack", applied.stack).refused("protected")
    assert engineer(applied.lab).head_container(CONTAINER)


def test_a_wrong_password_is_told_by_the_operator(applied: Project) -> None:
    """It looks before the pods do."""
    swift = engineer(applied.lab)
    assert status(swift.head_container, "not-there") == 404
    sections = applied.original()
    given = sections["storage"]["credentials"]["given"]
    given[f"{PREFIX}PASSWORD"] = given[f"{PREFIX}USERNAME"]
    applied.write(sections)
    applied.apply()
    refused = "Failed to authenticate provider client: 401"
    # It may not have looked yet: nothing but a secret has changed.
    until(lambda: refused in str(settle(applied.lab, say, 0)), "word of it", 60)
    assert not healthy(settle(applied.lab, say, 0))
    applied.write(applied.original())
    applied.apply()
    assert healthy(settle(applied.lab, say))
