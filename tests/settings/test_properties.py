"""What holds for every stack file, right or wrong.

OCPREG_EXAMPLES sets how many are generated (10000 takes about three minutes).
"""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fleet.check import check_files, to_json
from settings import SettingsError, StackSettings, check_file, validate
from settings.rules import RULES
from settings.secret import Secret
from tests.settings.cases import GOOD
from tests.settings.strategies import JUNK, mutated, registry_settings, relatives, right_registry
from tests.settings.strategies_stack import stack_files

EXAMPLES = int(os.environ.get("OCPREG_EXAMPLES", "200"))
CANARY = "canary-8c1f"

many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stacks") / "Pulumi.prod-1.yaml"


@many
@given(document=stack_files())
def test_no_traceback(path: Path, document: dict[str, Any]) -> None:
    judged(path, document)


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=stack_files(), seed=st.integers(0, 2**32))
def test_no_traceback_in_ten_thousand_files(
    path: Path, document: dict[str, Any], seed: int
) -> None:
    for each in relatives(document, seed, count=10):
        judged(path, each)


def judged(path: Path, document: dict[str, Any]) -> None:
    text = yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    found, problems = check_file(path)
    assert (found is None) == any(each.severity == "error" for each in problems)
    for problem in problems:
        assert problem.message and problem.fix and problem.path
        assert problem.rule in RULES
        assert problem.severity == ("warning" if RULES[problem.rule].warning else "error")
        assert (problem.stack, problem.file) == ("prod-1", str(path))
        assert problem.line is not None
        assert str(problem).isprintable() or str(problem).replace("\n", "").isprintable()
    assert len(set(problems)) == len(problems)


ANYTHING = st.recursive(
    JUNK,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=5), st.integers()), inner, max_size=3),
    ),
    max_leaves=8,
)


@many
@given(config=st.dictionaries(st.sampled_from(["cluster", "storage", "registry", "x"]), ANYTHING))
@example(config={"cluster": {"name": "\ud800"}})
@example(config={"registry": {"affinity": {"podAffinity": [[[[]]]]}}})
def test_anything_at_all(config: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as error:
        validate(config, stack="prod-1")
    assert error.value.problems


@many
@given(registry=right_registry())
def test_spec_is_what_was_given(registry: dict[str, Any]) -> None:
    try:
        accepted = judge(registry)
    except SettingsError:
        return
    spec = plain(accepted.registry.spec())
    for name in set(registry) - {"logging", "logLevel"}:
        assert spec[name] == registry[name]
    assert set(spec) - set(registry) <= {"managementState", "logLevel"}
    json.dumps(spec)
    assert plain(judge(spec).registry.spec()) == spec


def judge(registry: dict[str, Any]) -> StackSettings:
    # The newest version, so that only what is wrong anywhere is refused.
    cluster = {**GOOD["cluster"], "version": "4.99"}
    return validate({"cluster": cluster, "registry": registry}, stack="prod-1")


def plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def test_most_right_settings_are_accepted() -> None:
    """Else the property above would hold for want of examples."""
    accepted = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(right_registry())
    def count(registry: dict[str, Any]) -> None:
        try:
            accepted.append(bool(judge(registry)))
        except SettingsError:
            accepted.append(False)

    count()
    assert sum(accepted) > len(accepted) / 2


@st.composite
def with_secrets(draw: st.DrawFn) -> dict[str, Any]:
    config = copy.deepcopy(GOOD)
    config["registry"] = {
        **draw(registry_settings()),
        "httpSecret": CANARY,
        "proxy": {
            "http": f"http://user:{CANARY}@proxy.example.test",
            "https": f"user:{CANARY}/{CANARY}@proxy.example.test:3128",
        },
    }
    kubeconfig = draw(st.sampled_from(["clusters: []\n{}", "{}", "/home/{}"]))
    config["cluster"]["kubeconfig"] = kubeconfig.format(CANARY)
    if draw(st.booleans()):
        config["cluster"]["kubeConfig"] = config["cluster"].pop("kubeconfig")
        config["registry"]["httpsecret"] = config["registry"].pop("httpSecret")
    return config


@many
@given(config=st.one_of(with_secrets(), mutated(with_secrets)), told=st.booleans())
def test_secrets_are_never_shown(config: dict[str, Any], told: bool) -> None:
    try:
        accepted = validate(config, stack="prod-1", encrypted=("cluster",) if told else None)
        shown = f"{accepted!r} {accepted} {accepted.registry.spec()!r}"
    except SettingsError as error:
        shown = f"{error} {error!r} {error.problems!r} {error.warnings!r}"
        assert error.__cause__ is None
    assert CANARY not in shown


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(config=with_secrets())
def test_secrets_are_never_printed(path: Path, config: dict[str, Any]) -> None:
    document = {"config": {f"openshift-registry:{key}": each for key, each in config.items()}}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert CANARY not in to_json(check_files([path]))


LONG = (f"-----BEGIN EC PRIVATE KEY-----\n{CANARY}", CANARY * 40)


@pytest.mark.parametrize("key", [*LONG, f"wJalrX/{CANARY}+z"])
def test_a_key_that_is_a_secret_is_not_shown(path: Path, key: str) -> None:
    """Key and value swapped, or a value pasted where its name belongs."""
    sections = [{"credentials": {"create": {key: "REGISTRY_STORAGE_S3_SECRETKEY"}}}]
    if key in LONG:
        trusted = {"create": {"certificates": {key: "a.example.com"}}}
        sections.append({"trust": {"additionalTrustedCA": trusted}})
        sections.append({"registry": {"nodeSelector": {key: ""}, key: 1}})
    for section in sections:
        document = {
            f"openshift-registry:{name}": each for name, each in {**GOOD, **section}.items()
        }
        path.write_text(yaml.safe_dump({"config": document}), encoding="utf-8")
        assert CANARY not in to_json(check_files([path]))
