"""Storage in a bucket that exists, from the first `up` to `down` and back.

The operator stand-in judges the keys of the secret, the map of CAs and its key, region and
endpoint; it reaches no bucket, and no image is pushed here.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from lab import kinds
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.project import Project, Ran, config, get, kubectl, storage

pytestmark = pytest.mark.lab

NAMESPACE, TRUST = "openshift-image-registry", "openshift-config"
SECRET, BUNDLE = "image-registry-private-configuration-user", "image-registry-s3-bundle"
ACCESS_KEY, SECRET_KEY = "REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"
GIVEN = "openshift-registry:storage.credentials.given"
KEYS = {ACCESS_KEY: "LABACCESSKEY00000001", SECRET_KEY: "lab/secret/key/that/opens/nothing/000001"}
NEW = {ACCESS_KEY: "CANARYACCESSKEY00002", SECRET_KEY: "CANARY/secret/key/of/the/rotation/000002"}


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    lab = lab_of("4.15", "lab-s3-endpoint")
    assert config(lab)["spec"]["managementState"] == "Removed"
    project = Project(tmp_path_factory.mktemp("lab-s3-endpoint"), lab)
    preview = project.preview("--diff").ok()
    up = project.up("--diff").ok()
    hidden(preview.output, up.output)
    yield project


def hidden(*texts: str, keys: dict[str, str] = KEYS) -> None:
    """Neither a key nor its base64, which is how a secret holds it, is in any of these."""
    for key in keys.values():
        for form in (key, base64.b64encode(key.encode()).decode()):
            assert not any(form in text for text in texts)


def live_keys(project: Project) -> dict[str, str]:
    data = get(project.lab, kinds.Secret, SECRET, NAMESPACE)["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def well(project: Project) -> None:
    conditions = settle(project.lab, say)
    assert healthy(conditions), conditions


def one_changed(ran: Ran) -> None:
    ran.ok()
    assert re.search(r"~ 1 updated", ran.output), ran
    assert not re.search(r"created|deleted|replaced", ran.output.split("Resources:")[1]), ran


def set_key(project: Project, key: str, value: str) -> None:
    project.pulumi(
        "config", "set", "--secret", "--path", f"{GIVEN}.{key}", value, "--stack", project.stack
    ).ok()


def test_the_registry_is_pointed_at_the_bucket(applied: Project) -> None:
    """Guide 3.1.3; 2.8 for the secret."""
    well(applied)
    assert storage(applied.lab) == {
        "managementState": "Unmanaged",
        "s3": {
            "bucket": "registry",
            "region": "us-east-1",
            "regionEndpoint": "https://objects.lab-s3.example.test",
            "trustedCA": {"name": BUNDLE},
        },
    }
    assert config(applied.lab)["spec"]["replicas"] == 2
    assert live_keys(applied) == KEYS
    data = get(applied.lab, kinds.ConfigMap, BUNDLE, TRUST)["data"]
    given = applied.original()["storage"]["trustedCA"]["create"]["certificates"]
    assert data == {"ca-bundle.crt": given}


def test_the_registry_gets_what_was_said(applied: Project) -> None:
    """As the operator puts it into the pods."""
    well(applied)
    live = get(applied.lab, kinds.Deployment, "image-registry", NAMESPACE)
    assert live["spec"]["replicas"] == 2
    (container,) = live["spec"]["template"]["spec"]["containers"]
    environment = {each["name"]: each.get("value") for each in container["env"]}
    assert environment["REGISTRY_STORAGE"] == "s3"
    assert environment["REGISTRY_STORAGE_S3_BUCKET"] == "registry"
    assert environment["REGISTRY_STORAGE_S3_FORCEPATHSTYLE"] == "true"
    endpoint = environment["REGISTRY_STORAGE_S3_REGIONENDPOINT"]
    assert endpoint == "https://objects.lab-s3.example.test"


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    applied.again("up again:")
    refresh = applied.refresh("--diff")
    refresh.ok("refresh:")
    applied.unchanged("preview after it:")
    applied.again("up after it:")
    hidden(refresh.output, applied.raw_state())


def test_one_change_changes_one_resource(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["virtualHostedStyle"] = True
    applied.write(sections)
    one_changed(applied.apply())
    assert storage(applied.lab)["s3"]["virtualHostedStyle"] is True
    well(applied)
    applied.write(applied.original())
    applied.apply()
    assert "virtualHostedStyle" not in storage(applied.lab)["s3"]
    well(applied)


def test_keys_are_rotated_in_place(applied: Project) -> None:
    """The secret is never gone, and the old key in no place once the new one is there."""
    before = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]
    for key, value in NEW.items():
        set_key(applied, key, value)
    preview = applied.preview("--diff")
    ran = applied.up("--diff")
    one_changed(ran)
    after = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]
    assert (after["uid"], live_keys(applied)) == (before["uid"], NEW)
    applied.unchanged()
    said = (preview.output, ran.output, applied.raw_state(), applied.file.read_text())
    hidden(*said, keys=KEYS)
    hidden(*said, keys=NEW)
    well(applied)
    applied.write(applied.original())
    one_changed(applied.apply())
    assert live_keys(applied) == KEYS


def test_keys_are_nowhere(applied: Project) -> None:
    said = [
        applied.preview("--logtostderr", "-v=9").output,
        applied.preview("--json").output,
        applied.pulumi("stack", "export", "--stack", applied.stack).output,
        applied.pulumi("stack", "output", "--json", "--stack", applied.stack).output,
        applied.raw_state(),
        *(path.read_text() for path in (applied.lab.directory / "logs").glob("*.log")),
    ]
    assert SECRET in said[-1] or any(SECRET in text for text in said)
    hidden(*said)


def test_a_secret_that_was_deleted_is_named_and_mended(applied: Project) -> None:
    kubectl(applied.lab, "-n", NAMESPACE, "delete", "secret", SECRET)
    applied.up().refused(f"Secret {NAMESPACE}/{SECRET}", "deleted by somebody else")
    applied.up("--refresh", "--run-program").ok()
    assert live_keys(applied) == KEYS
    well(applied)


def test_another_bucket_is_refused_unless_the_old_one_is_named(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"] = {"use": {"name": "other"}}
    applied.write(sections)
    applied.preview().refused("keeps its images in this storage now", "replaces: {s3: {bucket:")
    sections["storage"]["replaces"] = {"s3": {"bucket": "registry"}}
    applied.write(sections)
    assert "images are not moved" in re.sub(r"\s+", " ", applied.preview().ok().output)
    applied.write(applied.original())
    assert storage(applied.lab)["s3"]["bucket"] == "registry"


WRONG: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"regionEndpoint": "objects.lab-s3.example.test"}, ("has no scheme", "[s3:endpoint]")),
    ({"regionEndpoint": "https://registry.lab-s3.example.test"}, ("[s3:bucket-in-endpoint]",)),
    ({"keyID": "k"}, ("has no effect", "[s3:key-ignored]")),
    ({"bucket": {"create": {"name": "registry"}}}, ("in AWS only", "[s3:not-aws]")),
    ({"kind": "objectBucketClaim"}, ("storage.provider: is missing", "the claim's secret")),
]


@pytest.mark.parametrize(("changes", "says"), WRONG, ids=lambda each: str(each)[:40])
def test_a_wrong_combination_is_refused(
    applied: Project, changes: dict[str, Any], says: tuple[str, ...]
) -> None:
    sections = applied.original()
    sections["storage"].update(changes)
    applied.write(sections)
    try:
        ran = applied.preview()
        for text in says:
            assert text in re.sub(r"\s+", " ", ran.output), ran
        ran.refused()
        hidden(ran.output)
    finally:
        applied.write(applied.original())


def test_the_policy_stops_plain_http(applied: Project) -> None:
    """Public case R1: whoever is on the way reads the images."""
    sections = applied.original()
    sections["storage"]["regionEndpoint"] = "http://objects.lab-s3.example.test"
    sections["storage"]["replaces"] = {"s3": {"bucket": "registry"}}
    applied.write(sections)
    ran = applied.preview()
    ran.refused("bucket-endpoint-tls", "[mandatory]")
    applied.write(applied.original())


def test_down_keeps_what_the_registry_refers_to_and_up_carries_on(applied: Project) -> None:
    well(applied)
    before = config(applied.lab)["spec"]
    ran = applied.down().ok()
    hidden(ran.output)
    assert config(applied.lab)["spec"] == before
    assert live_keys(applied) == KEYS
    assert "ca-bundle.crt" in get(applied.lab, kinds.ConfigMap, BUNDLE, TRUST)["data"]
    well(applied)
    applied.apply()
    applied.unchanged()
    assert config(applied.lab)["spec"] == before
    well(applied)
