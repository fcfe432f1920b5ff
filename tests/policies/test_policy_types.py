"""A rule keyed to a misspelt type never fires: every type it names has to exist."""

import importlib
import json
from pathlib import Path

import pulumi
import pulumi_kubernetes
import pytest
import yaml
from fixtures import KINDS, cases_of, with_outputs
from policy_cases import cases
from pulumi.runtime.rpc import get_resource_module

from lab.build import crds
from lab.clouds.base.shapes import arguments, mistakes
from lab.paths import ROOT
from rules import RULES

HERE = Path(__file__).parent
TYPES = {token for rule in RULES.values() for token in rule.types}
OPENSHIFT = {token for token in TYPES if ".openshift.io/" in token}


@pytest.mark.parametrize("token", sorted(TYPES - OPENSHIFT))
def test_the_type_is_registered_by_the_plugins_sdk(token):
    package, module, _ = token.split(":")
    if package == "pulumi":
        assert token in ("pulumi:providers:kubernetes", "pulumi:pulumi:Stack")
    elif package == "openshift-registry":
        assert f'"{token}"' in (ROOT / "components" / "image_registry.py").read_text()
    else:  # Importing the SDK registers its modules.
        importlib.import_module(f"pulumi_{package.replace('-', '_')}")
        assert token in get_resource_module(package, module, "").mod_info["classes"]


@pytest.mark.lab
def test_the_type_is_a_kind_of_openshift():
    """`lab`, as it needs the Go module that the lab takes the cluster's CRDs from."""
    kinds = {
        f"kubernetes:{crd['spec']['group']}/v1:{crd['spec']['names']['kind']}"
        for group in ("config", "imageregistry", "route")
        for path in (crds("4.15") / group / "v1").glob("*.crd*.yaml")
        for crd in [yaml.load(path.read_text(), Loader=yaml.CSafeLoader)]
    }
    assert {token.removesuffix("Patch") for token in OPENSHIFT} <= kinds


def test_every_rule_sees_its_own_examples():
    for case in cases("good") + cases("bad"):
        assert {each["type"] for each in case.resources} & set(RULES[case.rule].types), case


CLOUDS = ("aws:", "azure-native:", "gcp:", "openstack:")
DOCUMENTS = ("policy", "assumeRolePolicy")
"""Of AWS: JSON text, which the examples may write as it reads."""


@pytest.mark.parametrize("rule", RULES)
def test_an_example_is_spelt_as_the_sdk_spells_it(rule):
    """A property under another name is one that no rule would ever see."""
    for kind in KINDS:
        for case in cases_of(rule, kind):
            assert misspelt(case.resources) == {}, case


@pytest.mark.parametrize("path", sorted(HERE.glob("whole_*.yaml")), ids=lambda path: path.stem)
def test_a_whole_stack_is_spelt_as_the_sdk_spells_it(path):
    assert misspelt(with_outputs(yaml.safe_load(path.read_text()))) == {}


def misspelt(resources):
    found = {}
    for each in resources:
        if not each["type"].startswith(CLOUDS):
            continue
        props = each["props"]
        texts = {
            key: json.dumps(props[key])
            for key in DOCUMENTS
            if each["type"].startswith("aws:") and isinstance(props.get(key), dict)
        }
        if wrong := list(mistakes(arguments(each["type"]), props | texts)):
            found[each["name"]] = wrong
    return found


def test_patches_are_registered_under_the_kind_plus_patch(monkeypatch):
    """No table of the SDK lists these types: CustomResourcePatch makes them up from the kind."""
    seen = []
    monkeypatch.setattr(
        pulumi.CustomResource, "__init__", lambda self, token, *rest, **options: seen.append(token)
    )
    patch = pulumi_kubernetes.apiextensions.CustomResourcePatch
    patch("image", api_version="config.openshift.io/v1", kind="Image")
    for kind in ("Config", "ImagePruner"):
        patch(kind, api_version="imageregistry.operator.openshift.io/v1", kind=kind)
    assert set(seen) == {token for token in OPENSHIFT if token.endswith("Patch")}
