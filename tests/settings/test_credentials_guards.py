"""`credentials` against the live cluster; which keys go together; what is never shown."""

import copy
import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings import SettingsError, StackSettings, validate
from settings.credentials import KEY_SETS, SECRET_NAME, key_set
from settings.credentials_guards import credentials
from settings.facts import LiveFacts, Patched, SecretFacts, labels
from settings.problems import Finding
from settings.rules import RULES
from tests.settings.cases import GOOD
from tests.settings.cases_credentials import ACCESS_KEY, AZURE, GCS, SECRET_KEY, SWIFT

CANARY = "canary-8c1f"
S3 = {ACCESS_KEY: CANARY, SECRET_KEY: CANARY}
KEYS = [key for each in KEY_SETS for key in each.keys]


def stack(section: Any, **cluster: str) -> StackSettings:
    config = {
        "cluster": {**GOOD["cluster"], "version": "4.20", **cluster},
        "registry": {"replicas": 2},
        "credentials": section,
    }
    return validate(copy.deepcopy(config), stack="prod-1")


def secret(cluster: str | None, fixed: bool = False) -> SecretFacts:
    marks, keys = labels(cluster) if cluster else {}, (ACCESS_KEY,)
    return SecretFacts(marks, (), "Opaque", keys, certificates=None, immutable=fixed)


def judge(section: Any, live: Any = ..., **storage: Any) -> list[Finding]:
    spec = {"storage": storage or {"s3": {"bucket": "theirs"}, "managementState": "Managed"}}
    secrets = {} if live is ... else {SECRET_NAME: live}
    return list(
        credentials(stack(section), LiveFacts(config=Patched({"spec": spec}), secrets=secrets))
    )


REFUSED = [
    ("exists", {"create": S3}, secret(None), {}, "not made by this stack"),
    ("exists", {"create": S3}, secret("prod-2"), {}, "not made by this stack"),
    ("missing", {"adopt": S3}, None, {}, "no such secret"),
    ("exists", {"create": S3}, secret("prod-2", fixed=True), {}, "not made by this stack"),
    ("immutable", {"create": S3}, secret("prod-1", fixed=True), {}, "is immutable"),
    ("immutable", {"adopt": S3}, secret(None, fixed=True), {}, "is immutable"),
    ("credentials-backend", {"create": S3}, None, {"gcs": {"bucket": "x"}}, "has [gcs]"),
    ("credentials-backend", {"adopt": {AZURE: "x"}}, secret(None), {}, "for azure, and"),
    ("credentials-backend", {"create": S3}, None, {"managementState": "Managed"}, "no storage"),
]


@pytest.mark.parametrize(("rule", "section", "live", "storage", "says"), REFUSED)
def test_each_contradiction_has_its_words(
    rule: str, section: Any, live: Any, storage: Any, says: str
) -> None:
    (found,) = judge(section, live, **storage)
    assert found.rule == f"guard:{rule}" and found.rule in RULES
    assert found.path == ("credentials", next(iter(section)))
    assert says in found.message and found.fix
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    ("section", "live"),
    [
        ({"create": S3}, None),
        ({"create": S3}, secret("prod-1")),
        ({"adopt": S3}, secret(None)),
        ({"adopt": S3}, secret("prod-1")),
        # What could not be read is neither there nor missing.
        ({"create": S3}, ...),
        ({"adopt": S3}, ...),
    ],
)
def test_what_agrees_is_not_complained_of(section: Any, live: Any) -> None:
    assert judge(section, live) == []


def test_an_unread_registry_is_not_guessed_at() -> None:
    assert list(credentials(stack({"create": {AZURE: "x"}}), LiveFacts())) == []
    nothing = validate({**GOOD}, stack="prod-1")
    assert list(credentials(nothing, LiveFacts(secrets={SECRET_NAME: None}))) == []


@pytest.mark.parametrize("wanted", KEY_SETS, ids=lambda each: each.keys[0])
def test_each_set_is_enough(wanted: Any) -> None:
    text = json.dumps({"type": "external_account"}) if wanted.backend == "gcs" else "x"
    given = {key: text for key in wanted.keys}
    accepted = stack({"create": given}).credentials
    assert accepted is not None
    assert key_set(accepted.data) == wanted
    assert {key: each.reveal() for key, each in accepted.data.items()} == given
    assert all(path[:2] == ("credentials", "create") for path in stack({"create": given}).secrets)


def test_nothing_else_is_a_set() -> None:
    right = {frozenset(each.keys) for each in KEY_SETS}
    for size in range(4):
        for keys in combinations(KEYS, size):
            try:
                stack({"create": {key: {"secure": "v1:x"} for key in keys}})
            except SettingsError as error:
                assert [each.rule for each in error.problems] == ["credentials:set"]
                assert frozenset(keys) not in right
            else:
                assert frozenset(keys) in right


def test_sets_came_with_versions() -> None:
    """OCPBUGS-2889 for application credentials."""
    application = next(each for each in KEY_SETS if each.since == "4.15")
    given = {"create": dict.fromkeys(application.keys, "x")}
    assert stack(given, version="4.15")
    with pytest.raises(SettingsError, match=r"4\.15 or later|since OpenShift 4\.15"):
        stack(given, version="4.14")


def test_a_key_file_may_end_with_a_line_end() -> None:
    assert stack({"create": {GCS: '{"type": "service_account"}\n'}})


def wrong(draw: st.DrawFn) -> Any:
    """The secret in every place where it does not belong."""
    value = draw(
        st.sampled_from([CANARY, f"{CANARY}\n", f"{CANARY}\r", [CANARY], {"x": CANARY}, 5])
    )
    key = draw(st.sampled_from([*KEYS, f"{SWIFT}USER", "STORAGE_GCS_KEYFILE", "accessKey"]))
    inner = draw(st.sampled_from([value, {key: value}, {key: value, AZURE: CANARY}]))
    mode = draw(st.sampled_from(["create", "adopt", "use", "creat"]))
    return draw(st.sampled_from([inner, {mode: inner}, {mode: inner, "create": inner}]))


@settings(max_examples=300, deadline=None)
@given(st.composite(wrong)(), st.sampled_from(["4.20", "4.14"]), st.booleans())
def test_a_secret_is_never_shown(section: Any, version: str, plain: bool) -> None:
    config = {
        "cluster": {**GOOD["cluster"], "version": version},
        "registry": {"replicas": 2},
        "credentials": section,
    }
    try:
        accepted = validate(config, stack="prod-1", encrypted=() if plain else None)
        shown = f"{accepted!r} {accepted.credentials!r}"
    except SettingsError as error:
        shown = f"{error} {error.problems!r} {error.warnings!r}"
        assert error.__cause__ is None
    assert CANARY not in shown


@pytest.mark.parametrize("number", [1234567, 12.34567, True])
def test_a_number_is_not_shown_either(number: Any) -> None:
    for section in ({"create": {AZURE: number}}, {"create": number}, number):
        with pytest.raises(SettingsError) as error:
            stack(section)
        assert str(number) not in str(error.value)


@pytest.mark.parametrize("storage", [{"kind": "emptyDir"}, GOOD["storage"]])
def test_keys_beside_storage_without_any(storage: dict[str, Any]) -> None:
    config = {**GOOD, "storage": storage, "registry": {"replicas": 1}}
    config["cluster"] = {**GOOD["cluster"], "environment": "development"}
    with pytest.raises(SettingsError) as error:
        validate({**config, "credentials": {"create": S3}}, stack="prod-1")
    assert [each.rule for each in error.value.problems] == ["credentials:unused"]
