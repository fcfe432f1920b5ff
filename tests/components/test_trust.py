"""What the map of CAs is declared as."""

from typing import Any

import pulumi
import pytest

from components.trust import trusted_ca
from settings import validate
from settings.facts import ConfigMapFacts, LiveFacts
from tests.certificates import NOTES, ROOT
from tests.components.conftest import Declare, Recorder
from tests.components.test_image_registry import record_options
from tests.settings.cases import GOOD
from tests.settings.cases_trust import trust

CERTIFICATES = {"registry.example.com..5000": ROOT.pem}


def run(declare: Declare, live: LiveFacts | None = None, **chosen: Any) -> Recorder:
    settings = validate({**GOOD, **trust(**chosen)}, stack="one")
    assert settings.trust is not None
    wanted = settings.trust.additional_trusted_ca

    def program() -> None:
        trusted_ca(wanted, "prod-1", live or LiveFacts(), pulumi.ResourceOptions())

    return declare(program=program)


def test_the_guides_map_is_where_image_config_looks(declare: Declare) -> None:
    """Guide 2.7."""
    made = run(declare, create={"certificates": CERTIFICATES}).one("ConfigMap")
    assert made.name == made.inputs["metadata"]["name"] == "openshift-registry-trusted-ca"
    assert made.inputs["metadata"]["namespace"] == "openshift-config"
    assert made.inputs["metadata"]["labels"]["app.kubernetes.io/instance"] == "prod-1"
    assert made.inputs["data"] == CERTIFICATES


def test_what_is_written_is_the_text_as_given(declare: Declare) -> None:
    """Else an adopted map would differ from the live one, and an immutable one be refused."""
    text = f"{NOTES}{ROOT.pem}{NOTES}"
    given = {"name": "theirs", "certificates": {"registry.example.com": text}}
    made = run(declare, adopt=given).one("ConfigMap")
    assert made.inputs["data"] == {"registry.example.com": text}


def test_it_is_registered_as_the_sdk_registers_it(declare: Declare) -> None:
    ours = run(declare, create={"certificates": CERTIFICATES}).one("ConfigMap")

    def by_the_sdk() -> None:
        from pulumi_kubernetes.core.v1 import ConfigMap

        ConfigMap(ours.name, metadata=ours.inputs["metadata"], data=ours.inputs["data"])

    same = declare(program=by_the_sdk).one("ConfigMap")
    assert (ours.typ, ours.name, ours.inputs) == (same.typ, same.name, same.inputs)


def test_a_used_map_is_not_declared(declare: Declare) -> None:
    assert run(declare, use={"name": "theirs"}).made == []


def test_it_is_retained(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    options = record_options(monkeypatch)
    run(declare, create={"certificates": CERTIFICATES})
    assert [each for each in options if each.retain_on_delete and not each.import_]


def test_an_adopted_map_keeps_what_others_have_put_on_it(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    theirs = ConfigMapFacts({"team": "one"}, ("made-by",), CERTIFICATES)
    chosen = {"name": "theirs", "certificates": CERTIFICATES}
    run(declare, LiveFacts(config_maps={"theirs": theirs}), adopt=chosen)
    (adopted,) = {id(each): each for each in options if each.import_}.values()
    assert adopted.import_ == "openshift-config/theirs"
    assert {
        'metadata.labels["team"]',
        'metadata.annotations["made-by"]',
        "metadata.finalizers",
        "binaryData",
        "immutable",
    } == set(adopted.ignore_changes)


def test_a_preview_without_a_cluster_does_not_ask_for_an_import(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    run(declare, adopt={"name": "theirs", "certificates": CERTIFICATES})
    assert not [each for each in options if each.import_]
