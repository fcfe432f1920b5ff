"""When a run waits for the registry to take a new access key, and what it says."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from cluster.client import Unreachable
from cluster.registry_key import Looks, NotReadable, Overwritten
from components import image_registry, new_key
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts, SecretFacts, labels
from settings.names import ACCESS_KEY, SECRET_KEY
from tests.components.test_aws_storage import USER, Account, declare
from tests.components.test_aws_storage import Declare as DeclareAws

__all__ = ["declare"]

MADE = f"{USER}-2026-12-id"
"""The id that the mocks give the new access key."""
ROTATED: dict[str, Any] = {"credentials": {"create": {"rotation": "2026-12"}}}
PREVIEW = pytest.mark.parametrize("on_cloud", [True], indirect=True, ids=["preview"])
UPDATE = pytest.mark.parametrize("on_cloud", [False], indirect=True, ids=["update"])

Answers = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """`answers(...)`: what each look at the cluster finds, the last one for ever. Returns, and
    goes on filling, the list of keys that were looked for."""
    monkeypatch.setattr(new_key, "PAUSE", 0.01)
    asked: list[str] = []

    def give(*found: str | Exception) -> list[str]:
        left = list(found)

        def missing(self: Looks) -> str:
            asked.append(self.key)
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(Looks, "missing", missing)
        return asked

    return give


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    for level in ("info", "warn"):
        monkeypatch.setattr(pulumi.log, level, heard.append)
    return heard


def live(key: str | None) -> LiveFacts:
    """A cluster whose secret has this access key; no secret for None."""
    found = SecretFacts(
        labels("prod-1"), (), "Opaque", (ACCESS_KEY, SECRET_KEY), None, access_key=key
    )
    return LiveFacts(secrets={SECRET_NAME: found if key else None})


def having(*keys: str) -> Account:
    """An account whose user has these access keys."""
    found = [{"accessKeyId": each, "createDate": "", "status": "Active"} for each in keys]
    user = {"userName": USER, "tags": labels("prod-1")}
    return Account(there={"getUser": user, "getAccessKeys": {"accessKeys": found}})


@UPDATE
def test_an_update_waits_until_the_registry_has_it(
    declare: DeclareAws, answers: Answers, said: list[str]
) -> None:
    asked = answers("it is not copied", Unreachable("x is away"), "")
    declare(live("OLD"), having("OLD"), **ROTATED)
    assert asked == [MADE] * 3
    first, last = said
    assert "stays until the registry runs with the new one" in first and "not copied" in first
    assert "waits up to 180 s" in first
    assert "the registry runs with the new access key, after 0 s" in last


@UPDATE
def test_what_is_there_already_is_not_spoken_of(
    declare: DeclareAws, answers: Answers, said: list[str]
) -> None:
    asked = answers("")
    declare(live("OLD"), having("OLD"), **ROTATED)
    assert (asked, said) == ([MADE], [])


@UPDATE
def test_an_older_key_that_a_run_has_left_is_waited_for(
    declare: DeclareAws, answers: Answers
) -> None:
    """The secret has the new one since a run that failed, and this one may delete the old."""
    asked = answers("")
    declare(live(MADE), having("OLD", MADE), **ROTATED)
    assert asked == [MADE]


UNASKED: dict[str, tuple[LiveFacts, Account, dict[str, Any]]] = {
    "a first key": (live(None), having(), ROTATED),
    "a first key of a lost secret": (live(None), having("OLD"), ROTATED),
    "the same key": (live(MADE), having(MADE), ROTATED),
}


@UPDATE
@pytest.mark.parametrize("case", UNASKED.values(), ids=UNASKED)
def test_nothing_older_goes(declare: DeclareAws, answers: Answers, case: Any) -> None:
    asked = answers(AssertionError("looked at"))
    facts, account, changes = case
    declare(facts, account, **changes)
    assert asked == []


@PREVIEW
def test_a_preview_does_not_wait(declare: DeclareAws, answers: Answers) -> None:
    asked = answers(AssertionError("looked at"))
    declare(live("OLD"), having("OLD"), **ROTATED)
    assert asked == []


@UPDATE
def test_keys_that_are_given_are_their_owners(declare: DeclareAws, answers: Answers) -> None:
    asked = answers(AssertionError("looked at"))
    given = {ACCESS_KEY: "NEW", SECRET_KEY: "secret"}
    declare(live("OLD"), bucket={"use": {"name": "images"}}, credentials={"given": given})
    assert asked == []


@UPDATE
@pytest.mark.parametrize(
    ("spec", "waits"),
    [
        ({"replicas": 1}, True),
        ({"replicas": 0}, False),
        ({"managementState": "Removed"}, False),
        ({"managementState": "Unmanaged"}, False),
    ],
)
def test_a_registry_without_pods_or_operator_is_not_waited_for(
    declare: DeclareAws,
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    spec: dict[str, Any],
    waits: bool,
) -> None:
    whole = image_registry.operator_spec
    monkeypatch.setattr(image_registry, "operator_spec", lambda *told: {**whole(*told), **spec})
    asked = answers("")
    declare(live("OLD"), having("OLD"), **ROTATED)
    assert bool(asked) is waits


@UPDATE
def test_the_deadline_leaves_the_old_key(
    declare: DeclareAws, answers: Answers, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_key, "PATIENCE", 0.1)
    answers("the operator is asleep")
    with pytest.raises(pulumi.RunError) as caught:
        declare(live("OLD"), having("OLD"), **ROTATED)
    told = str(caught.value)
    assert "after 0 seconds the registry does not run with the new access key: the operator" in told
    assert "The old key was left in place" in told and "the next `pulumi up`" in told
    assert "`oc get pods -n openshift-image-registry`" in told
    assert not any("OLD" in each or MADE in each for each in (told, *said))


@UPDATE
def test_what_may_not_be_read_is_not_waited_for(
    declare: DeclareAws, answers: Answers, said: list[str]
) -> None:
    answers(NotReadable("deployments/image-registry: Forbidden"))
    declare(live("OLD"), having("OLD"), **ROTATED)
    (warning,) = said
    assert "the old access key goes without waiting" in warning
    assert "deployments/image-registry: Forbidden" in warning
    assert "docs/how-to/permissions.md" in warning


@UPDATE
def test_a_secret_that_somebody_has_changed_is_not_waited_for(
    declare: DeclareAws, answers: Answers
) -> None:
    answers(Overwritten())
    with pytest.raises(pulumi.RunError, match=r"(?s)changed by somebody else.*--run-program"):
        declare(live("FOREIGN"), having(MADE), **ROTATED)
