"""What the section `access` declares."""

import itertools
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from pulumi import ResourceOptions

from components.access import access, rbac_objects
from settings import SettingsError, validate
from settings.access import AccessSettings
from tests.components.conftest import Declare, Recorder
from tests.settings.cases import GOOD
from tests.settings.strategies_access import access_sections

GROUP = "rbac.authorization.k8s.io"
DEVELOPERS = {"kind": "Group", "name": "developers"}
BUILDER = {"kind": "ServiceAccount", "name": "builder", "namespace": "ci"}
SECTION: dict[str, Any] = {
    "bindings": [
        {"role": "registry-viewer", "namespaces": ["team-a", "team-b"], "subjects": [DEVELOPERS]},
        {"role": "system:image-builder", "clusterWide": True, "subjects": [BUILDER]},
    ],
    "metrics": {"subjects": [{"kind": "User", "name": "ada"}, BUILDER]},
}
MADE = {
    ("RoleBinding", "team-a/openshift-registry:registry-viewer"),
    ("RoleBinding", "team-b/openshift-registry:registry-viewer"),
    ("ClusterRoleBinding", "openshift-registry:system:image-builder"),
    ("ClusterRole", "prometheus-scraper"),
    ("ClusterRoleBinding", "openshift-registry:prometheus-scraper"),
}


def wanted(section: Any) -> AccessSettings:
    found = validate({**GOOD, "access": section}, stack="prod-1").access
    assert found is not None
    return found


def made(declare: Declare, section: Any = SECTION) -> Recorder:
    def program() -> None:
        access(wanted(section), "prod-1", ResourceOptions())

    return declare(program=program)


def named(recorder: Recorder, name: str) -> dict[str, Any]:
    (found,) = [each for each in recorder.made if each.name == name]
    return found.inputs


def test_each_is_found_by_its_name(declare: Declare) -> None:
    found = [(each.typ.rsplit(":", 1)[1], each.name) for each in made(declare).made]
    assert set(found) == MADE and len(found) == len(MADE)


def test_a_binding_in_a_namespace(declare: Declare) -> None:
    """Guide 4.1: `oc policy add-role-to-user registry-viewer`."""
    inputs = named(made(declare), "team-b/openshift-registry:registry-viewer")
    assert inputs["apiVersion"] == f"{GROUP}/v1"
    assert inputs["metadata"]["name"] == "openshift-registry:registry-viewer"
    assert inputs["metadata"]["namespace"] == "team-b"
    assert inputs["metadata"]["labels"]["app.kubernetes.io/instance"] == "prod-1"
    assert inputs["roleRef"] == {
        "apiGroup": GROUP,
        "kind": "ClusterRole",
        "name": "registry-viewer",
    }
    assert inputs["subjects"] == [{"kind": "Group", "name": "developers", "apiGroup": GROUP}]


def test_a_binding_for_the_whole_cluster(declare: Declare) -> None:
    inputs = named(made(declare), "openshift-registry:system:image-builder")
    assert inputs["kind"] == "ClusterRoleBinding"
    assert "namespace" not in inputs["metadata"]
    assert inputs["subjects"] == [BUILDER]


def test_the_guides_role_for_metrics(declare: Declare) -> None:
    """Guide 4.5."""
    recorder = made(declare)
    inputs = recorder.one("ClusterRole").inputs
    assert inputs["rules"] == [
        {"apiGroups": ["image.openshift.io"], "resources": ["registry/metrics"], "verbs": ["get"]}
    ]
    binding = named(recorder, "openshift-registry:prometheus-scraper")
    assert binding["roleRef"]["name"] == "prometheus-scraper"
    assert [each["name"] for each in binding["subjects"]] == ["ada", "builder"]


def test_a_role_that_is_used_is_not_declared(declare: Declare) -> None:
    role = {"use": {"name": "theirs"}}
    recorder = made(declare, {"metrics": {**SECTION["metrics"], "role": role}})
    assert [each.name for each in recorder.made] == ["openshift-registry:theirs"]


def test_nothing_asked_is_nothing_made(declare: Declare) -> None:
    assert made(declare, {}).made == []


def test_they_go_with_the_stack_and_never_change_their_role(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: dict[str, ResourceOptions] = {}
    register = pulumi.CustomResource.__init__

    def record(self: Any, kind: str, name: str, props: Any, opts: ResourceOptions) -> None:
        options[name] = opts
        register(self, kind, name, props, opts)

    monkeypatch.setattr(pulumi.CustomResource, "__init__", record)
    made(declare)
    assert set(options) == {name for _, name in MADE}
    assert not [each for each in options.values() if each.retain_on_delete or each.protect]
    bindings = [name for kind, name in MADE if kind != "ClusterRole"]
    assert all(options[name].replace_on_changes == ["roleRef"] for name in bindings)


def test_objects_are_registered_as_the_sdk_registers_them(declare: Declare) -> None:
    ours = made(declare)

    def by_the_sdk() -> None:
        from pulumi_kubernetes.rbac.v1 import ClusterRole, ClusterRoleBinding, RoleBinding

        for each in ours.made:
            inputs = each.inputs
            if each.typ.endswith(":ClusterRole"):
                (rule,) = inputs["rules"]
                rules = [{"api_groups" if key == "apiGroups" else key: rule[key] for key in rule}]
                ClusterRole(each.name, metadata=inputs["metadata"], rules=rules)
                continue
            kind = RoleBinding if each.typ.endswith(":RoleBinding") else ClusterRoleBinding
            kind(
                each.name,
                metadata=inputs["metadata"],
                role_ref=_snake(inputs["roleRef"]),
                subjects=[_snake(subject) for subject in inputs["subjects"]],
            )

    theirs = declare(program=by_the_sdk)
    for mine, same in itertools.zip_longest(by_name(ours), by_name(theirs)):
        assert (mine.typ, mine.name, mine.inputs) == (same.typ, same.name, same.inputs)


def by_name(recorder: Recorder) -> list[Any]:
    return sorted(recorder.made, key=lambda each: (each.typ, each.name))


def _snake(values: dict[str, str]) -> dict[str, str]:
    return {"api_group" if key == "apiGroup" else key: each for key, each in values.items()}


@settings(max_examples=100, deadline=None)
@given(access_sections(["team-a", "team-b"]))
def test_no_two_are_called_the_same(section: Any) -> None:
    """Two resources of one name would stop the program, two objects of one name each other."""
    try:
        objects = list(rbac_objects(wanted(section), "prod-1"))
    except SettingsError:
        return
    names = [(each.kind, each.resource_name) for each in objects]
    assert len(set(names)) == len(names)
