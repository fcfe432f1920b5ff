"""What the section `credentials` declares, and that nothing of it is ever in clear."""

import base64
from typing import Any

import pulumi
import pytest
from pulumi import Output, ResourceOptions

from components.credential_secret import credential_secret, secret_of
from settings import validate
from settings.credentials import KEY_SETS, SECRET_NAME
from settings.facts import LiveFacts, SecretFacts
from tests.components.conftest import SECRET, Declare
from tests.settings.cases import GOOD
from tests.settings.cases_credentials import ACCESS_KEY, SECRET_KEY

KEYS = {ACCESS_KEY: "CANARY-access", SECRET_KEY: "CANARY-ß-secret"}
THEIRS = SecretFacts(
    {"team": "one"}, ("made-by",), type="Opaque", keys=("OLD", ACCESS_KEY), certificates=None
)


def wanted(keys: dict[str, str], mode: str = "create") -> Any:
    config = {
        "cluster": {**GOOD["cluster"], "version": "4.20"},
        "registry": {"replicas": 2},
        "credentials": {mode: keys},
    }
    return validate(config, stack="prod-1").credentials


def inputs_of(declare: Declare, keys: dict[str, str] = KEYS, **more: Any) -> dict[str, Any]:
    def program() -> None:
        credential_secret(wanted(keys, **more), "prod-1", LiveFacts(), ResourceOptions())

    return declare(program=program).one("Secret").inputs


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_the_secret_of_the_guide(declare: Declare) -> None:
    """Guide 2.8 and 3.1.1."""
    inputs = inputs_of(declare)
    assert (inputs["apiVersion"], inputs["kind"], inputs["type"]) == ("v1", "Secret", "Opaque")
    assert inputs["metadata"]["name"] == "image-registry-private-configuration-user"
    assert inputs["metadata"]["namespace"] == "openshift-image-registry"
    assert inputs["metadata"]["labels"]["app.kubernetes.io/instance"] == "prod-1"
    assert "stringData" not in inputs


@pytest.mark.parametrize("keys", KEY_SETS, ids=lambda each: each.keys[0])
def test_exactly_the_keys_and_all_of_them_secret(declare: Declare, keys: Any) -> None:
    text = '{"type": "service_account", "private_key": "CANARY"}'
    inputs = inputs_of(declare, {key: text for key in keys.keys})
    data = inputs.pop("data")
    assert data[SECRET] and set(data) == {SECRET, "value"}
    assert data["value"] == {key: encoded(text) for key in keys.keys}
    assert "CANARY" not in repr(inputs) and encoded(text) not in repr(inputs)


def test_nothing_in_clear_outside_a_secret(declare: Declare) -> None:
    assert unmarked(inputs_of(declare), list(map(encoded, KEYS.values()))) == []
    assert unmarked({"data": {ACCESS_KEY: encoded("CANARY-access")}}, [encoded("CANARY-access")])


def unmarked(value: Any, secrets: list[str]) -> list[str]:
    """What of `secrets`, or of a canary, is on the wire without the mark of a secret."""
    if isinstance(value, dict):
        if SECRET in value:
            return []
        return [found for each in value.values() for found in unmarked(each, secrets)]
    if isinstance(value, list):
        return [found for each in value for found in unmarked(each, secrets)]
    return [value] if any(text in str(value) for text in [*secrets, "CANARY"]) else []


def test_keys_that_an_account_brings_stay_secret(declare: Declare) -> None:
    """A kind of storage that makes its own account has them as outputs."""

    def program() -> None:
        outputs = {ACCESS_KEY: Output.from_input("CANARY-access"), SECRET_KEY: Output.secret("ß")}
        secret_of(outputs, "create", "prod-1", None, ResourceOptions())

    data = declare(program=program).one("Secret").inputs["data"]
    assert data[SECRET]
    assert data["value"] == {ACCESS_KEY: encoded("CANARY-access"), SECRET_KEY: encoded("ß")}


def options(
    declare: Declare, monkeypatch: pytest.MonkeyPatch, mode: str, live: SecretFacts | None
) -> ResourceOptions:
    facts = LiveFacts(secrets={SECRET_NAME: live} if live else {})
    seen: list[ResourceOptions] = []
    register = pulumi.CustomResource.__init__

    def record(self: Any, kind: str, name: str, props: Any, opts: ResourceOptions) -> None:
        seen.append(opts)
        register(self, kind, name, props, opts)

    monkeypatch.setattr(pulumi.CustomResource, "__init__", record)
    declare(
        program=lambda: (
            credential_secret(wanted(KEYS, mode), "prod-1", facts, ResourceOptions()) and None
        )
    )
    (only,) = seen
    return only


def test_it_stays_with_the_registry_and_its_state_is_secret(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = options(declare, monkeypatch, "create", None)
    assert found.retain_on_delete and not found.import_ and not found.ignore_changes
    assert set(found.additional_secret_outputs) == {"data", "metadata"}


def test_an_adopted_one_keeps_what_is_not_ours(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = options(declare, monkeypatch, "adopt", THEIRS)
    assert found.import_ == ("openshift-image-registry/image-registry-private-configuration-user")
    assert {'metadata.labels["team"]', 'metadata.annotations["made-by"]'} <= set(
        found.ignore_changes
    )
    assert not [each for each in found.ignore_changes if each.startswith("data")]
    assert found.retain_on_delete and "data" in found.additional_secret_outputs


def test_a_preview_without_a_cluster_does_not_ask_for_an_import(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert options(declare, monkeypatch, "adopt", None).import_ is None


def test_it_is_registered_as_the_sdk_registers_it(declare: Declare) -> None:
    mine = inputs_of(declare)

    def by_the_sdk() -> None:
        from pulumi_kubernetes.core.v1 import Secret

        Secret(
            "image-registry-private-configuration-user",
            metadata=mine["metadata"],
            type="Opaque",
            data={key: Output.secret(encoded(text)) for key, text in sorted(KEYS.items())},
        )

    same = declare(program=by_the_sdk).one("Secret")
    assert same.typ == "kubernetes:core/v1:Secret"
    assert same.inputs == mine
