"""What `ocpreg drift` makes of the engine's events, of the shape that a refresh gives them."""

import json
from pathlib import Path
from typing import Any

import pytest

from fleet.drift import Looked, table, to_json
from fleet.preview.events import SECRET, SIGNATURE, kept, read
from fleet.preview.job import DRIFT, PREVIEW, PREVIEW_REFRESHED, Job, Ran
from fleet.preview.outcome import Result, outcome

SEALED = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
PATCH = "kubernetes:imageregistry.operator.openshift.io/v1:ConfigPatch"
Event = dict[str, Any]


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:prod-1::openshift-registry::{kind}::{name}"


def refreshed(
    kind: str, name: str, op: str, old: Event, new: Event, *paths: str, **more: Any
) -> list[Event]:
    """The events of one resource: a refresh, and what it has come to."""
    about = {"urn": urn(kind, name), "type": kind}
    found = {path: {"diffKind": "update", "inputDiff": False} for path in paths}
    was = {"inputs": old, "outputs": {"secret": SEALED}}
    will = {"inputs": new, "outputs": more or {"secret": SEALED}}
    return [
        {"resourcePreEvent": {"metadata": {**about, "op": "refresh", "old": was, "new": was}}},
        {
            "resOutputsEvent": {
                "metadata": {**about, "op": op, "old": was, "new": will, "detailedDiff": found}
            }
        },
        # The program runs too, and changes nothing.
        {"resourcePreEvent": {"metadata": {**about, "op": "same", "old": was, "new": will}}},
        {"resOutputsEvent": {"metadata": {**about, "op": "same", "old": was, "new": will}}},
    ]


def lines(*groups: list[Event], changes: dict[str, int] | None = None) -> str:
    events = [each for group in groups for each in group]
    end = {"summaryEvent": {"resourceChanges": changes or {"same": len(groups)}}}
    return "".join(f"{json.dumps(each)}\n" for each in (*events, end))


SAME = refreshed("pulumi:pulumi:Stack", "prod-1", "update", {}, {})
REPLICAS = refreshed(
    PATCH,
    "cluster",
    "update",
    {"spec": {"replicas": 1}},
    {"spec": {"replicas": 2}},
    "spec.replicas",
)
GONE = refreshed(
    "aws:s3/bucketLifecycle:BucketLifecycle", "uploads", "delete", {"days": 1}, {}, "days"
)
HIDDEN = refreshed("kubernetes:core/v1:Secret", "keys", "update", {"d": SEALED}, {"d": SEALED}, "d")
OUTPUT = refreshed("x:y:Z", "z", "update", {}, {}, "state", state="off")


def looked(text: str, code: int = 0, packs: tuple[str, ...] = ()) -> Looked:
    job = Job("prod-1", Path("stacks/Pulumi.prod-1.yaml"), "production", Path(), packs)
    ran = Ran(code, 1.0, "", "", kept(text, lambda event: event))
    return Looked(outcome(job, ran, 900), tuple(read(ran.events).found))


def test_what_is_no_resource_of_a_provider_does_not_drift() -> None:
    one = looked(lines(SAME))
    assert (one.outcome.result, one.found) == (Result.SAME, ())
    assert "prod-1  no drift" in table([one])


def test_paths_with_what_the_state_has_and_what_is_there() -> None:
    one = looked(lines(SAME, REPLICAS, GONE, changes={"same": 1, "update": 1, "delete": 1}))
    assert one.outcome.result is Result.CHANGES
    said = table([one])
    assert "prod-1  drift, 2 resources changed behind its back" in said
    assert "prod-1: ConfigPatch cluster\n    spec.replicas: 1 -> 2\n" in said
    assert "prod-1: BucketLifecycle uploads is gone" in said
    assert said.count("fix: put it right with `pulumi up --refresh --run-program`") == 1
    assert said.endswith("1 stack looked at: 1 drift")


def test_a_secret_is_none_in_what_is_printed() -> None:
    one = looked(lines(HIDDEN, changes={"update": 1}))
    assert f"    d: {SECRET} -> {SECRET}" in table([one])


def test_what_only_the_provider_tells_is_shown_too() -> None:
    (step,) = looked(lines(OUTPUT, changes={"update": 1})).found
    assert [(each.path, each.new) for each in step.differences] == [("state", '"off"')]


def test_a_violation_of_the_state_and_drift_at_once() -> None:
    policy = {
        "policyEvent": {
            "policyName": "claim-protected",
            "enforcementLevel": "mandatory",
            "message": "claim: is not protected",
            "resourceUrn": urn("kubernetes:core/v1:PersistentVolumeClaim", "claim"),
        }
    }
    text = lines(REPLICAS, changes={"update": 1}) + json.dumps(policy)
    one = looked(text, code=1, packs=("policies",))
    assert one.outcome.result is Result.VIOLATIONS
    said = table([one])
    assert "violates policies, 1 resource changed behind its back" in said
    assert "prod-1: mandatory: claim-protected: claim: is not protected" in said


def test_a_stack_that_could_not_be_looked_at() -> None:
    failed = {"diagnosticEvent": {"severity": "error", "message": "no such host"}}
    one = looked(json.dumps(failed), code=255)
    assert one.outcome.result is Result.FAILED
    assert "prod-1: error: no such host" in table([one])


def test_as_json() -> None:
    told = json.loads(
        to_json([looked(lines(REPLICAS, changes={"update": 1})), looked(lines(GONE))])
    )
    first, second = told["stacks"]
    assert first["drift"] == [
        {
            "urn": urn(PATCH, "cluster"),
            "type": PATCH,
            "gone": False,
            "differences": [{"path": "spec.replicas", "old": "1", "new": "2", "replaces": False}],
        }
    ]
    (gone,) = second["drift"]
    assert (gone["gone"], gone["differences"]) == (True, [])
    assert told["results"]["changes"] == 1


def test_an_ordinary_preview_keeps_no_ends_of_steps() -> None:
    about = {"urn": urn(PATCH, "cluster"), "type": PATCH, "op": "update"}
    events = [{"resourcePreEvent": {"metadata": about}}, {"resOutputsEvent": {"metadata": about}}]
    assert "resOutputsEvent" not in kept(lines(events), lambda event: event)
    assert read(lines(events)).found == []


@pytest.mark.parametrize(
    ("command", "starts", "packs"),
    [
        (PREVIEW, ["preview", "--stack", "prod-1"], True),
        (PREVIEW_REFRESHED, ["preview", "--refresh", "--run-program", "--stack"], True),
        (DRIFT, ["refresh", "--preview-only", "--run-program", "--stack"], False),
    ],
)
def test_what_the_engine_is_asked(command: tuple[str, ...], starts: list[str], packs: bool) -> None:
    job = Job("prod-1", Path("x"), "production", Path(), ("p",), ("{environment}.json",), command)
    given = ["--policy-pack", "p", "--policy-pack-config", "production.json"]
    assert job.arguments[: len(starts)] == starts
    assert (job.arguments[-4:] == given) == packs
    assert job.analysis == ["policy", "analyze", "--stack", "prod-1", "--json", *given]
    assert Job("prod-1", Path("x"), "production", Path()).analysis == []
