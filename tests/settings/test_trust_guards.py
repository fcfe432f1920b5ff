"""The trust of a stack file against what the cluster has."""

from typing import Any

import pytest

from settings import validate
from settings.facts import ConfigMapFacts, LiveFacts, Patched, labels
from settings.image_spec import image_spec
from settings.problems import Finding
from settings.rules import RULES, trust
from settings.trust_guards import trust as judged
from tests.certificates import LEAF, NOTES, ROOT, make
from tests.settings.cases import GOOD
from tests.settings.cases_trust import trust as section

NAME = "openshift-registry-trusted-ca"
HOST = "registry.example.com"
CREATE = section(create={"certificates": {HOST: ROOT.pem}})
ADOPT = section(adopt={"name": "theirs", "certificates": {HOST: ROOT.pem}})
ADOPT_NOTES = section(adopt={"name": "theirs", "certificates": {HOST: NOTES + ROOT.pem}})
USE = section(use={"name": "theirs"})
OURS = labels("prod-1")
INJECTED = {"config.openshift.io/inject-trusted-cabundle": "true"}
ENDING = make("ending", ca=True, starts=-400, days=12)


def maps(
    name: str, data: dict[str, str] | None = None, fixed: bool = False, **labelled: str
) -> LiveFacts:
    """A cluster with this map of openshift-config, and none of another name."""
    given = {HOST: ROOT.pem} if data is None else data
    return LiveFacts(config_maps={name: ConfigMapFacts(labelled, (), given, fixed)})


def gone(name: str) -> LiveFacts:
    return LiveFacts(config_maps={name: None})


def referring(name: str, manager: str = "kubectl-edit", operation: str = "Update") -> LiveFacts:
    """A cluster whose image.config refers to the map, set by this manager."""
    entry = {
        "manager": manager,
        "operation": operation,
        "fieldsV1": {"f:spec": {"f:additionalTrustedCA": {".": {}, "f:name": {}}}},
    }
    live = {
        "metadata": {"managedFields": [entry]},
        "spec": {"additionalTrustedCA": {"name": name}},
    }
    return LiveFacts(image=Patched(live))


def judge(sections: dict[str, Any], facts: LiveFacts) -> list[Finding]:
    return list(judged(validate({**GOOD, **sections}, stack="one"), facts))


BUNDLE = "ca-bundle.crt"
UNOWNED = LiveFacts(image=Patched({"spec": {"additionalTrustedCA": {"name": "x"}}}))

REFUSED = [
    ("exists", CREATE, maps(NAME), "not made by this stack", "`adopt`"),
    ("exists", CREATE, maps(NAME, **labels("other")), "not made by this stack", "`use`"),
    ("missing", ADOPT, gone("theirs"), "no such object", "`create`"),
    ("missing", USE, gone("theirs"), "no such object", "`create`"),
    ("trust-foreign", CREATE, referring("other"), "set by kubectl-edit", "use: {name: other}"),
    ("trust-foreign", USE, referring("other", "a", "Apply"), "set by a", "adopt: {name: other"),
    ("trust-foreign", ADOPT, UNOWNED, "set by nobody", "use: {name: x}"),
    ("trust-injected", ADOPT, maps("theirs", **INJECTED), "network operator", "another name"),
    ("trust-injected", CREATE, maps(NAME, **INJECTED, **OURS), "network operator", "another name"),
    ("immutable", ADOPT, maps("theirs", {HOST: NOTES + ROOT.pem}, True), "immutable", "`use`"),
    ("immutable", ADOPT, maps("theirs", {"a": "", HOST: ROOT.pem}, True), "immutable", "`create`"),
    ("immutable", CREATE, maps(NAME, {HOST: LEAF.pem}, True, **OURS), "immutable", "another name"),
    ("trust-lost", ADOPT, maps("theirs", {"a": "", "b": "", HOST: ""}), '"a", "b"', "name them"),
    ("trust-used", USE, maps("theirs", {BUNDLE: ROOT.pem}), "name of a file", "correct the map"),
    ("trust-used", USE, maps("theirs", {HOST: "x"}), "no PEM certificate", "correct the map"),
    ("trust-used", USE, maps("theirs", {HOST: ROOT.key}), "a private key", "correct the map"),
    ("trust-doubt", USE, maps("theirs", {HOST: ENDING.pem}), "expires on", "in the map, add"),
    ("trust-doubt", USE, maps("theirs", {HOST: LEAF.pem}), "is no CA", "in the map, write"),
]


@pytest.mark.parametrize(("rule", "sections", "facts", "says", "fix"), REFUSED)
def test_each_contradiction_has_its_words(
    rule: str, sections: dict[str, Any], facts: LiveFacts, says: str, fix: str
) -> None:
    (found,) = judge(sections, facts)
    (mode,) = sections["trust"]["additionalTrustedCA"]
    assert found.rule == f"guard:{rule}"
    assert found.path == ("trust", "additionalTrustedCA", mode, "name")
    assert says in found.message and fix in found.fix
    assert (found.severity == "warning") == RULES[found.rule].warning


AGREED = [
    ({}, referring("other")),
    (CREATE, LiveFacts()),
    (CREATE, gone(NAME)),
    (CREATE, maps(NAME, **OURS)),
    (CREATE, maps(NAME, {"a.example.com": ""}, **OURS)),
    (CREATE, referring(NAME)),
    (CREATE, referring("")),
    # Given a new name by this stack.
    (CREATE, referring("other", "openshift-registry", "Apply")),
    (ADOPT, maps("theirs")),
    (ADOPT, maps("theirs", {})),
    (ADOPT, maps("theirs", {"a.example.com": ROOT.pem}, **OURS)),
    (ADOPT, referring("theirs")),
    # Whose data stay as they are.
    (ADOPT, maps("theirs", fixed=True)),
    (ADOPT_NOTES, maps("theirs", {HOST: NOTES + ROOT.pem}, True)),
    (CREATE, maps(NAME, fixed=True, **OURS)),
    (USE, maps("theirs", {"a.example.com": ROOT.pem}, True)),
    (USE, maps("theirs", {f"{HOST}..5000": f"subject=root\n{ROOT.pem}"})),
    (USE, referring("theirs")),
]


@pytest.mark.parametrize(("sections", "facts"), AGREED)
def test_what_agrees_is_not_complained_of(sections: dict[str, Any], facts: LiveFacts) -> None:
    assert judge(sections, facts) == []


def test_every_guard_of_trust_has_a_test() -> None:
    tested = {f"guard:{rule}" for rule, *_ in REFUSED}
    assert {name for name in trust.RULES if name.startswith("guard:")} <= tested


def test_image_config_gets_what_is_set() -> None:
    """openshift/api config/v1 types_image.go."""

    def spec(**sections: Any) -> dict[str, Any]:
        return image_spec(validate({**GOOD, **sections}, stack="one"))

    assert spec() == {}
    assert spec(exposure={"defaultRoute": True}) == {}
    assert spec(exposure={"externalRegistryHostnames": []}) == {}
    hosts = ["b.example.com:8443", "a.example.com"]
    assert spec(exposure={"externalRegistryHostnames": hosts}, **USE) == {
        "additionalTrustedCA": {"name": "theirs"},
        "externalRegistryHostnames": hosts,
    }
    assert spec(**CREATE) == {"additionalTrustedCA": {"name": NAME}}
