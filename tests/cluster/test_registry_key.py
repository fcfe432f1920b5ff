"""Whether the registry runs with an access key, read from an API server over HTTP."""

import base64
import copy
from typing import Any

import pytest

from cluster import registry_key
from cluster.client import Unreachable
from cluster.registry_key import Looks, NotReadable, Overwritten
from settings.credentials import KEYFILE
from settings.names import ACCESS_KEY, APPLICATION_ID
from tests.cluster.api import Api
from tests.cluster.test_read import access

OLD, NEW = "CANARY-old", "CANARY-new"
PLACE = "namespaces/openshift-image-registry"
USERS = f"/api/v1/{PLACE}/secrets/image-registry-private-configuration-user"
COPY = f"/api/v1/{PLACE}/secrets/image-registry-private-configuration"
DEPLOYMENT = f"/apis/apps/v1/{PLACE}/deployments/image-registry"
BEFORE, SKEWED, THEN, AFTER = (f"2026-01-01T00:00:{each}Z" for each in (10, 18, 20, 30))
DONE = {"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def users(key: str) -> dict[str, Any]:
    return {"metadata": {"name": "x"}, "data": {ACCESS_KEY: encoded(key)}}


def operators(key: str, time: str = THEN) -> dict[str, Any]:
    text = f"[default]\naws_access_key_id = {key}\naws_secret_access_key = CANARY%(a)s"
    own = {"time": time, "fieldsV1": {"f:data": {"f:credentials": {}}}}
    # Somebody puts a label on it later: that rolls nothing out.
    others = {"time": AFTER, "fieldsV1": {"f:metadata": {"f:labels": {}}}}
    metadata = {"name": "x", "managedFields": [own, others]}
    return {"metadata": metadata, "data": {"credentials": encoded(text)}}


def keyfile(key: str, time: str = THEN) -> dict[str, Any]:
    """Of Google Cloud: the user's secret and the operator's have the same."""
    text = f'{{"type": "service_account", "private_key_id": "{key}", "private_key": "CANARY"}}'
    own = {"time": time, "fieldsV1": {"f:data": {f"f:{KEYFILE}": {}}}}
    metadata = {"name": "x", "managedFields": [own]}
    return {"metadata": metadata, "data": {KEYFILE: encoded(text)}}


def deployment(time: str = THEN, wanted: int = 2, **status: int) -> dict[str, Any]:
    own = {"time": time, "fieldsV1": {"f:spec": {"f:template": {}}}}
    # Its status is written all the time.
    others = {"time": AFTER, "fieldsV1": {"f:status": {}}}
    return {
        "metadata": {"name": "x", "generation": 3, "managedFields": [own, others]},
        "spec": {"replicas": wanted},
        "status": {**DONE, **status},
    }


GOOD = {USERS: users(NEW), COPY: operators(NEW), DEPLOYMENT: deployment()}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """That of the process that looks."""
    now = [1000.0]
    monkeypatch.setattr(registry_key.time, "monotonic", lambda: now[0])
    return now


def look(looks: Looks, **live: Any) -> str:
    names = {"users": USERS, "copy": COPY, "deployment": DEPLOYMENT}
    Api.objects = {**copy.deepcopy(GOOD), **{names[key]: each for key, each in live.items()}}
    said = looks.missing()
    assert "CANARY" not in said
    return said


def looked(server: str, **live: Any) -> str:
    """By one that has looked for long."""
    return look(Looks(access(server), NEW, _since=-1000), **live)


def test_all_of_it_is_there(server: str) -> None:
    assert looked(server) == ""
    assert looked(server, deployment=deployment(AFTER)) == ""
    # By the clock of another API server, or in the same second.
    assert looked(server, deployment=deployment(SKEWED)) == ""


FINISHED: dict[str, Any] = {"deployment": deployment()}
"""A rollout of the time of the copy: of what came just before it, or of the new key."""


def test_a_deployment_that_was_changed_just_before(server: str, clock: list[float]) -> None:
    """Its rollout is of the old key, as long as the operator has written the copy alone."""
    looks = Looks(access(server), NEW)
    assert "has not copied" in look(looks, copy=operators(OLD), **FINISHED)
    assert "has not changed the Deployment" in look(looks, **FINISHED)
    newer = {**deployment(observedGeneration=3)}
    newer["metadata"]["generation"] = 4
    assert "nobody has rolled" in look(looks, deployment=newer)
    newer["status"]["observedGeneration"] = 4
    assert look(looks, deployment=newer) == ""


def test_the_operator_was_faster_than_the_first_look(server: str, clock: list[float]) -> None:
    looks = Looks(access(server), NEW)
    assert "has not changed the Deployment" in look(looks, **FINISHED)
    clock[0] += 4
    assert "has not changed the Deployment" in look(looks, **FINISHED)
    clock[0] += 2
    assert look(looks, **FINISHED) == ""
    # One that is older than the copy by more than clocks differ is no new one, however long.
    clock[0] += 1000
    assert "has not changed the Deployment" in look(looks, deployment=deployment(BEFORE))


def test_an_application_credential_is_one_too(server: str) -> None:
    """The operator copies it as it is."""

    def swift(key: str) -> dict[str, Any]:
        own = {"time": THEN, "fieldsV1": {"f:data": {f"f:{APPLICATION_ID}": {}}}}
        return {
            "metadata": {"name": "x", "managedFields": [own]},
            "data": {APPLICATION_ID: encoded(key)},
        }

    assert looked(server, users=swift(NEW), copy=swift(NEW)) == ""
    assert "has not copied" in looked(server, users=swift(NEW), copy=swift(OLD))
    not_yet = looked(server, users=swift(NEW), copy=swift(NEW), deployment=deployment(BEFORE))
    assert "has not changed the Deployment" in not_yet
    with pytest.raises(Overwritten):
        looked(server, users=swift(OLD), copy=swift(NEW))


NOT_YET = [
    ({"copy": None}, "has not copied the key"),
    ({"copy": operators(OLD)}, "has not copied the key"),
    ({"copy": users(NEW)}, "has not copied the key"),
    ({"copy": {"metadata": {}, "data": {"credentials": encoded("CANARY")}}}, "has not copied"),
    ({"copy": {"metadata": {}, "data": {"credentials": encoded("[a]\nb")}}}, "has not copied"),
    ({"copy": {"metadata": {}, "data": {"credentials": "CANARY"}}}, "has not copied"),
    # The old rollout is complete, and the operator has only written the first of the two.
    ({"deployment": deployment(BEFORE)}, "has not changed the Deployment image-registry"),
    ({"deployment": deployment(observedGeneration=2)}, "nobody has rolled the Deployment"),
    (
        {"deployment": deployment(updatedReplicas=1)},
        "of 2 pods of the Deployment image-registry 1 run with it; 2 are available, 1 are old ones",
    ),
    ({"deployment": deployment(availableReplicas=1)}, "1 are available, 0 are old"),
    ({"deployment": deployment(replicas=3)}, "2 run with it; 2 are available, 1 are old ones"),
]


@pytest.mark.parametrize(("live", "says"), NOT_YET)
def test_what_is_not_there_yet(server: str, live: dict[str, Any], says: str) -> None:
    assert says in looked(server, **live)


def test_the_key_of_a_key_file(server: str) -> None:
    mine = {"users": keyfile(NEW), "copy": keyfile(NEW)}
    assert looked(server, **mine) == ""
    assert "has not copied" in looked(server, **{**mine, "copy": keyfile(OLD)})
    later = {**mine, "deployment": deployment(BEFORE)}
    assert "has not changed the Deployment" in looked(server, **later)
    for text in ("CANARY", "[]", "{}"):
        wrong = {"metadata": {}, "data": {KEYFILE: encoded(text)}}
        assert "has not copied" in looked(server, **{**mine, "copy": wrong})
        with pytest.raises(Overwritten):
            looked(server, users=wrong)


@pytest.mark.parametrize("live", [None, deployment(wanted=0)], ids=["none", "no pods"])
def test_a_registry_without_pods_waits_for_nothing(server: str, live: Any) -> None:
    assert looked(server, copy=operators(OLD), deployment=live) == ""


def test_times_that_nobody_noted_hold_nothing_up(server: str) -> None:
    for name, path in (("copy", COPY), ("deployment", DEPLOYMENT)):
        live = copy.deepcopy(GOOD[path])
        del live["metadata"]["managedFields"]
        assert looked(server, **{name: live}) == ""


@pytest.mark.parametrize("live", [None, users(OLD), {"metadata": {"name": "x"}}])
def test_a_secret_that_somebody_has_changed(server: str, live: Any) -> None:
    with pytest.raises(Overwritten):
        looked(server, users=live)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (COPY, "secrets/image-registry-private-configuration: Forbidden"),
        (DEPLOYMENT, "deployments/image-registry: Forbidden"),
    ],
)
def test_what_may_not_be_read(server: str, path: str, says: str) -> None:
    Api.forbidden = (path,)
    with pytest.raises(NotReadable, match=says):
        looked(server)


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(Unreachable):
        Looks(access("http://127.0.0.1:1"), NEW).missing()
