"""The questions that Azure is asked are functions of its SDK, with the arguments that they take."""

import importlib
import inspect
import re
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi import InvokeOptions, RunError

from components.azure import key
from components.azure.found import Subscription
from components.azure.names import guid, metadata_of, tags_of
from settings import validate
from tests.settings.cases import GOOD
from tests.settings.cases_azure import storage

QUESTIONS = {
    "resource_group": (),
    "account": (),
    "container": (),
    "diagnostics": ("log",),
    "identity": ("registry",),
    "federation": ("registry", "operator"),
    "role": ("/subscriptions/a", "b"),
    "assignment": ("/subscriptions/a", "b"),
    "endpoint": ("way",),
    "zone_group": ("way", "default"),
    "zone": ("a.test",),
    "link": ("a.test", "lab"),
}


@pytest.fixture
def found() -> Subscription:
    config = {"cluster": GOOD["cluster"], "storage": storage()}
    return Subscription(validate(config, stack="test").storage, "prod-1", InvokeOptions())


def sdk(token: str) -> Any:
    """The function behind a token."""
    module, name = token.removeprefix("azure-native:").split(":")
    name = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()
    return getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_is_one_of_the_sdks(
    found: Subscription, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []

    def answer(what: str, given: Any, options: Any) -> Any:
        asked.append((what, given))
        return SimpleNamespace(value={"id": "x"})

    monkeypatch.setattr(pulumi.runtime, "invoke", answer)
    for _ in range(2):
        getattr(found, question)(*QUESTIONS[question])
    ((what, given),) = asked
    parameters = inspect.signature(sdk(what)).parameters
    assert {snake(each) for each in given} <= parameters.keys()
    needed = {name for name, each in parameters.items() if each.default is inspect.Parameter.empty}
    assert needed <= {snake(each) for each in given}


def test_every_question_is_looked_at() -> None:
    own = {name for name, each in vars(Subscription).items() if inspect.isfunction(each)}
    public = {name for name in own if not name.startswith("_")}
    assert public - {"ask_ahead", "ours"} == QUESTIONS.keys()
    assert sdk(key.TOKEN)


def test_what_is_ours_carries_it(found: Subscription) -> None:
    assert found.ours("it", None, "fix it") is False
    assert found.ours("it", {"tags": {**tags_of("prod-1"), "team": "one"}}, "fix it")
    assert found.ours("it", {"metadata": metadata_of("prod-1")}, "fix it")
    for live in ({}, {"tags": tags_of("prod-2")}, {"metadata": {"a": "b"}}):
        with pytest.raises(RunError, match=r"(?s)it exists .* somebody else's.*fix: fix it"):
            found.ours("it", live, "fix it")


def test_azure_takes_the_marks() -> None:
    assert not any(set("<>%&\\?/") & set(each) for each in tags_of("prod-1"))
    assert all(each.isidentifier() for each in metadata_of("prod-1"))


def test_a_guid_is_the_same_for_the_same() -> None:
    assert guid("/a/B", "c") == guid("/A/b", "c") != guid("/a/b", "d")
