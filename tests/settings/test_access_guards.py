"""`access` against the live cluster, and what it asks the cluster for."""

from typing import Any

import pytest
from hypothesis import given, settings

from settings import SettingsError, StackSettings, validate
from settings.access_guards import access
from settings.facts import LiveFacts, NamespaceFacts, ObjectFacts, labels
from settings.problems import Finding
from settings.rules import RULES
from tests.settings.cases import GOOD
from tests.settings.strategies_access import access_sections

SUBJECTS = [{"kind": "Group", "name": "developers"}]
VIEW = {"role": "registry-viewer", "namespaces": ["team-a", "team-b"], "subjects": SUBJECTS}
PUSH = {"role": "registry-editor", "clusterWide": True, "subjects": SUBJECTS}
CREATE = {"bindings": [VIEW, PUSH], "metrics": {"subjects": SUBJECTS}}
USE = {"metrics": {"role": {"use": {"name": "scraper"}}, "subjects": SUBJECTS}}

THEIRS = ObjectFacts(labels={}, annotations=())
OURS = ObjectFacts(labels=labels("prod-1"), annotations=())
ANOTHERS = ObjectFacts(labels=labels("prod-2"), annotations=())
ROLES = dict.fromkeys(["registry-viewer", "registry-editor"], THEIRS)
NAMESPACES = dict.fromkeys(["team-a", "team-b"], NamespaceFacts(labels={}, annotations=()))
LEAVING = {**NAMESPACES, "team-b": NamespaceFacts(labels={}, annotations=(), leaving=True)}


def stack(section: Any) -> StackSettings:
    return validate({**GOOD, **({"access": section} if section else {})}, stack="prod-1")


def judge(section: Any, **facts: Any) -> list[Finding]:
    agreeing = {
        "namespaces": NAMESPACES,
        "cluster_roles": {**ROLES, "prometheus-scraper": None, "scraper": THEIRS},
    }
    return list(access(stack(section), LiveFacts(**{**agreeing, **facts})))


def namespace(name: str) -> dict[str, Any]:
    return {"namespaces": {**NAMESPACES, name: None}}


def role(name: str, live: ObjectFacts | None) -> dict[str, Any]:
    return {"cluster_roles": {**ROLES, name: live}}


REFUSED = [
    (
        *("access-namespace", CREATE, namespace("team-b")),
        *(("access", "bindings", 0, "namespaces", 1), "no such namespace"),
    ),
    (
        *("access-namespace", CREATE, {"namespaces": LEAVING}),
        *(("access", "bindings", 0, "namespaces", 1), "being deleted"),
    ),
    (
        *("access-role", CREATE, role("registry-editor", None)),
        *(("access", "bindings", 1, "role"), "no such cluster role"),
    ),
    (
        *("exists", CREATE, role("prometheus-scraper", THEIRS)),
        *(("access", "metrics", "role", "create", "name"), "not made by this stack"),
    ),
    (
        *("exists", CREATE, role("prometheus-scraper", ANOTHERS)),
        *(("access", "metrics", "role", "create", "name"), "not made by this stack"),
    ),
    (
        *("missing", USE, role("scraper", None)),
        *(("access", "metrics", "role", "use", "name"), "no such cluster role"),
    ),
]


@pytest.mark.parametrize(("rule", "section", "facts", "path", "says"), REFUSED)
def test_each_contradiction_has_its_words(
    rule: str, section: Any, facts: dict[str, Any], path: Any, says: str
) -> None:
    (found,) = judge(section, **facts)
    assert (found.rule, found.path) == (f"guard:{rule}", path)
    assert found.rule in RULES
    assert says in found.message and found.fix and found.value


@pytest.mark.parametrize(
    ("section", "facts"),
    [
        (None, {}),
        ({}, {}),
        (CREATE, {}),
        (USE, {}),
        (CREATE, role("prometheus-scraper", OURS)),
        (USE, role("scraper", OURS)),
        # What could not be read is not missing.
        (CREATE, {"namespaces": {}, "cluster_roles": {}}),
        (USE, {"cluster_roles": {}}),
    ],
)
def test_what_agrees_is_not_complained_of(section: Any, facts: dict[str, Any]) -> None:
    assert judge(section, **facts) == []


def test_all_come_together() -> None:
    nothing = {"namespaces": dict.fromkeys(NAMESPACES), "cluster_roles": dict.fromkeys(ROLES)}
    assert len(judge(CREATE, **nothing)) == 4


def test_what_is_asked_of_the_cluster() -> None:
    wanted = stack({"bindings": [VIEW, PUSH, {**VIEW, "role": "registry-editor"}], **USE}).access
    assert wanted is not None
    assert wanted.cluster_roles == ("registry-viewer", "registry-editor", "scraper")
    assert wanted.namespaces == ("team-a", "team-b")
    nothing = stack({"bindings": []}).access
    assert nothing is not None
    assert (nothing.cluster_roles, nothing.namespaces) == ((), ())


def test_a_name_may_be_anything_that_a_provider_calls_a_user() -> None:
    names = ["CN=Ada,OU=One", "ada@example.com", "Ada L.", "ädä", "system:serviceaccount:ci:bot"]
    subjects = [{"kind": "User", "name": name} for name in names]
    assert stack({"bindings": [{**VIEW, "subjects": subjects}]}).warnings == ()


def test_everybody_who_has_logged_in_may_pull() -> None:
    names = ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:team-b"]
    subjects = [{"kind": "Group", "name": name} for name in names]
    assert stack({"bindings": [{**VIEW, "subjects": subjects}]}).warnings == ()
    one = [{"kind": "Group", "name": "system:serviceaccounts:team-b"}]
    assert stack({"bindings": [{**PUSH, "subjects": one}]}).warnings == ()


@settings(max_examples=200, deadline=None)
@given(access_sections(["team-a", "team-b"]))
def test_generated_ones_are_taken_or_refused_in_words(section: Any) -> None:
    try:
        stack(section)
    except SettingsError as error:
        for each in error.problems:
            assert each.message and each.fix and each.path.startswith("access")
            assert str(each).replace("\n", "").isprintable()


def test_most_generated_ones_are_taken() -> None:
    taken: list[bool] = []

    @settings(max_examples=100, deadline=None)
    @given(access_sections(["team-a", "team-b"]))
    def count(section: Any) -> None:
        try:
            taken.append(bool(stack(section)))
        except SettingsError:
            taken.append(False)

    count()
    assert sum(taken) > len(taken) / 3, sum(taken)
