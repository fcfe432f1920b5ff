"""What the secrets of the routes are declared as."""

import base64
from typing import Any

import pulumi
import pytest

from components.exposure import route_secrets
from settings import validate
from settings.facts import LiveFacts, SecretFacts
from tests.certificates import CHAIN, LEAF, MIDDLE
from tests.components.conftest import SECRET, Declare, Recorder
from tests.components.test_image_registry import record_options
from tests.settings.cases import GOOD
from tests.settings.cases_exposure import public, routes, secret

NAME = "public-route-tls"
TEXTS = {"tls.crt": CHAIN, "tls.key": LEAF.key, "tls.cacrt": MIDDLE.pem}
WHOLE = {"name": NAME, **TEXTS}


def run(declare: Declare, *each: dict[str, Any], live: LiveFacts | None = None) -> Recorder:
    settings = validate({**GOOD, **routes(*each)}, stack="one")
    exposure = settings.exposure
    assert exposure is not None

    def program() -> None:
        route_secrets(exposure, "prod-1", live or LiveFacts(), pulumi.ResourceOptions())

    return declare(program=program)


def test_the_guides_secret_is_where_the_operator_looks(declare: Declare) -> None:
    """Guide 5.2, step 1; public case C26 for the key `tls.cacrt`."""
    made = run(declare, public({"create": WHOLE})).one("Secret")
    assert (made.typ, made.name) == ("kubernetes:core/v1:Secret", NAME)
    assert made.inputs["type"] == "kubernetes.io/tls"
    assert made.inputs["metadata"]["name"] == NAME
    assert made.inputs["metadata"]["namespace"] == "openshift-image-registry"
    assert made.inputs["metadata"]["labels"]["app.kubernetes.io/instance"] == "prod-1"
    data = made.inputs["data"]["value"]
    assert {key: base64.b64decode(text).decode() for key, text in data.items()} == TEXTS
    assert "stringData" not in made.inputs


def test_the_key_is_secret_from_birth(declare: Declare) -> None:
    recorder = run(declare, public({"create": WHOLE}))
    inputs = recorder.one("Secret").inputs
    assert inputs["data"].pop(SECRET)
    del inputs["data"]
    shown = repr([each.inputs for each in recorder.made])
    body = LEAF.key.splitlines()[1]
    assert body not in shown
    assert base64.b64encode(LEAF.key.encode()).decode() not in shown


def test_nothing_that_may_repeat_it_is_shown(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    run(declare, public({"create": WHOLE}))
    named = [each.additional_secret_outputs for each in options if each.additional_secret_outputs]
    assert ["data", "stringData", "metadata"] in named
    assert [each for each in options if each.retain_on_delete and not each.import_]


def test_one_secret_for_each_certificate_that_is_written(declare: Declare) -> None:
    recorder = run(
        declare,
        public({"create": WHOLE}),
        {"name": "b", "certificate": {"use": {"name": NAME}}},
        {"name": "c", "certificate": {"create": secret(name="other", **{"tls.key": LEAF.key})}},
        {"name": "d"},
    )
    assert sorted(each.name for each in recorder.made) == ["other", NAME]


def test_an_adopted_secret_keeps_what_others_have_put_on_it(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    keys = ("tls.crt", "tls.key", "ca.crt")
    theirs = SecretFacts({"team": "one"}, ("made-by",), "Opaque", keys, CHAIN)
    live = LiveFacts(secrets={NAME: theirs})
    given = secret(**{"tls.key": LEAF.key})
    run(declare, public({"adopt": given}), live=live)
    (adopted,) = {id(each): each for each in options if each.import_}.values()
    assert adopted.import_ == f"openshift-image-registry/{NAME}"
    assert {
        'metadata.labels["team"]',
        'metadata.annotations["made-by"]',
        "metadata.finalizers",
        'data["ca.crt"]',
        "immutable",
        "type",
    } == set(adopted.ignore_changes)


def test_a_preview_without_a_cluster_does_not_ask_for_an_import(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    run(declare, public({"adopt": WHOLE}))
    assert not [each for each in options if each.import_]
