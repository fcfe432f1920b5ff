"""Stack files as files: their form, their lines, and what can't be read."""

from pathlib import Path
from typing import Any

import pytest

from settings import Problem, SettingsError, check_file, read_stack_file
from tests.certificates import OTHER
from tests.settings.cases import FILE_RULES, GOOD, changed, write

CLUSTER = "{name: prod-1, version: '4.15', environment: production, infrastructureName: prod-1-x}"
REGISTRY = "{replicas: 2}"


def check(directory: Path, content: str | bytes, name: str = "Pulumi.prod-1.yaml") -> list[Problem]:
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check_file(path)[1]


BAD_FILES: dict[str, tuple[str | bytes, str, str, int | None]] = {
    "empty": ("", "yaml", "is empty", None),
    "only a comment": ("# nothing\n", "yaml", "is empty", None),
    "null": ("~\n", "yaml", "is empty", None),
    "a list": ("- a\n", "yaml", "not a mapping", None),
    "a text": ("hello\n", "yaml", "not a mapping", None),
    "syntax": ("config:\n  a: [1\n  b: 2\n", "yaml", "not YAML that Pulumi can read", 3),
    "tab": ("config:\n\ta: 1\n", "yaml", "not YAML that Pulumi can read", 2),
    "two documents": ("config: {}\n---\nconfig: {}\n", "yaml", "another document", 2),
    "unknown tag": ("config: !!python/object:os.system {}\n", "yaml", "the tag", 1),
    "wrong tag": ("config: {a: !!int x}\n", "yaml", "the tag", 1),
    "text tag on a list": ("config: !!str [a]\n", "yaml", "the tag", 1),
    "merge of a text": ("config: {<<: x}\n", "yaml", "`<<` takes a mapping", 1),
    "list as key": ("config: {[a]: b}\n", "yaml", "a key must be plain text", 1),
    "control character": ("config: {a: '\x01'}\n", "yaml", "not YAML that Pulumi can read", None),
    "undefined alias": ("config: *nowhere\n", "yaml", "undefined alias", 1),
    "merge of itself": ("config: &a {<<: *a}\n", "yaml", "nested too deeply", 1),
    "alias in itself": ("config: &a {b: *a}\n", "yaml", "nested too deeply", 1),
    "deep": ("config: " + "[" * 200 + "]" * 200, "yaml", "nested too deeply", 1),
    "deeper": ("config: " + "[" * 5000 + "]" * 5000, "yaml", "not YAML that Pulumi can read", 1),
    "not UTF-8": (b"config: {a: \xff}\n", "file", "not UTF-8 (byte 13)", None),
    "huge": (b"#" * (2**20 + 1), "yaml", "larger than 1048576 bytes", None),
    "no config": ("encryptionsalt: x\n", "required", "is missing", 1),
    "config is a list": ("config: []\n", "required", "not a mapping", 1),
    "unknown top key": (
        f"confg: 1\nconfig:\n  openshift-registry:cluster: {CLUSTER}\n"
        f"  openshift-registry:registry: {REGISTRY}\n",
        "unknown-key",
        "not a key of a stack file",
        1,
    ),
    "same key twice": (
        f"config:\n  openshift-registry:cluster: {CLUSTER}\n"
        "  openshift-registry:registry:\n    replicas: 2\n    replicas: 3\n",
        "duplicate-key",
        'has the key "replicas" twice',
        5,
    ),
    "same section twice": (
        f"config:\n  openshift-registry:cluster: {CLUSTER}\n  cluster: {CLUSTER}\n"
        f"  openshift-registry:registry: {REGISTRY}\n",
        "duplicate-key",
        'as "openshift-registry:cluster" and "cluster"',
        2,
    ),
    "no config key": (
        f"config:\n  openshift-registry:cluster: {CLUSTER}\n  a:b:c: 1\n"
        f"  openshift-registry:registry: {REGISTRY}\n",
        "unknown-key",
        "not of the form namespace:name",
        1,
    ),
    "encrypted section": (
        "config:\n  openshift-registry:cluster: {secure: v1:x}\n"
        f"  openshift-registry:registry: {REGISTRY}\n",
        "encrypted-section",
        "encrypted as a whole",
        2,
    ),
    "flat key": (
        f"config:\n  openshift-registry:cluster: {CLUSTER}\n"
        f"  openshift-registry:registry: {REGISTRY}\n  openshift-registry:cluster.name: x\n",
        "unknown-key",
        "not a known key",
        4,
    ),
    "a date for a text": (
        "config:\n  openshift-registry:cluster:\n    name: 2024-01-01\n    version: '4.15'\n"
        "    environment: production\n    infrastructureName: x\n"
        f"  openshift-registry:registry: {REGISTRY}\n",
        "type",
        "is not text",
        3,
    ),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_bad_file(tmp_path: Path, what: str) -> None:
    content, rule, says, line = BAD_FILES[what]
    (problem,) = check(tmp_path, content)
    assert (problem.rule, problem.line) == (rule, line), problem
    assert says in problem.message
    assert problem.fix
    assert problem.file == str(tmp_path / "Pulumi.prod-1.yaml")


def test_every_file_rule_is_shown(tmp_path: Path) -> None:
    named = check(tmp_path, "", name="prod.yaml")
    assert {rule for _, rule, _, _ in BAD_FILES.values()} | {named[0].rule} >= FILE_RULES


def test_aliases_that_grow_without_end(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    (problem,) = check(tmp_path, "\n".join(lines))
    assert problem.rule == "yaml"
    assert "too large" in problem.message


def test_a_flat_key_belongs_inside_its_section(tmp_path: Path) -> None:
    (problem,) = check(tmp_path, BAD_FILES["flat key"][0])
    assert problem.fix == "write it inside openshift-registry:cluster"


def test_another_name(tmp_path: Path) -> None:
    (problem,) = check(tmp_path, "config: {}\n", name="prod.yaml")
    assert problem.rule == "file-name"
    assert "Pulumi.<stack>.yaml" in problem.fix
    (problem,) = check(tmp_path, "config: {}\n", name="Pulumi.prod.yml")
    assert (problem.rule, problem.stack) == ("file-name", "prod")


def test_unreadable(tmp_path: Path) -> None:
    (problem,) = check_file(tmp_path / "Pulumi.gone.yaml")[1]
    assert (problem.rule, problem.stack) == ("file", "gone")
    (tmp_path / "Pulumi.folder.yaml").mkdir()
    (problem,) = check_file(tmp_path / "Pulumi.folder.yaml")[1]
    assert problem.rule == "file"


@pytest.mark.parametrize("form", ["openshift-registry:{}", "openshift-registry:config:{}", "{}"])
def test_key_forms_that_pulumi_reads(tmp_path: Path, form: str) -> None:
    text = (
        f"config:\n  {form.format('cluster')}: {CLUSTER}\n  {form.format('registry')}: {REGISTRY}"
    )
    assert check(tmp_path, text) == []


def test_other_namespaces_are_left_alone(tmp_path: Path) -> None:
    text = (
        "secretsprovider: passphrase\nencryptionsalt: v1:x\nencryptedkey: y\nenvironment: [dev]\n"
        "config:\n  aws:region: eu-west-1\n  pulumi:disable-default-providers: ['*']\n"
        f"  openshift-registry:cluster: {CLUSTER}\n  openshift-registry:registry: {REGISTRY}\n"
    )
    assert check(tmp_path, text) == []


def test_section_as_json_text(tmp_path: Path) -> None:
    """What `pulumi config set openshift-registry:registry '{...}'` writes."""
    text = f"config:\n  cluster: {CLUSTER}\n  openshift-registry:registry: '{{\"replicas\": 2}}'\n"
    assert check(tmp_path, text) == []
    (problem,) = check(tmp_path, text.replace('"replicas": 2', '"replicas": "2"'))
    assert (problem.path, problem.line) == ("registry.replicas", 3)


def test_json_text_that_is_none(tmp_path: Path) -> None:
    for text in ("{", '{"a":' * 100_000):
        content = f"config:\n  cluster: {CLUSTER}\n  registry: '{text}'\n"
        (problem,) = check(tmp_path, content)
        assert (problem.path, problem.rule) == ("registry", "type")


def test_anchors_and_merges(tmp_path: Path) -> None:
    text = (
        "config:\n  openshift-registry:cluster: &base\n    <<: {environment: staging}\n"
        "    name: prod-1\n    version: '4.15'\n    environment: production\n"
        "    infrastructureName: prod-1-x\n  aws:copy: *base\n  openshift-registry:registry:\n"
        f"    <<: [{REGISTRY}, {{replicas: 5}}]\n"
    )
    settings, problems = check_file(_file(tmp_path, text))
    assert problems == []
    assert settings is not None
    assert settings.cluster.environment == "production"
    assert settings.registry.replicas == 2


def test_byte_order_mark(tmp_path: Path) -> None:
    text = f"config: {{cluster: {CLUSTER}, registry: {REGISTRY}}}"
    assert check(tmp_path, b"\xef\xbb\xbf" + text.encode()) == []


def test_lines(tmp_path: Path) -> None:
    text = (
        "# a comment\nconfig:\n  openshift-registry:cluster:\n    name: prod-1\n"
        "    version: 4.15\n    environment: production\n    infrastructureName: prod-1-x\n"
        "  openshift-registry:registry:\n    replicas: 2\n    tolerations:\n"
        "    - operator: Exists\n    - key: a\n      value: b\n      efect: NoSchedule\n"
    )
    found = {each.path: each.line for each in check(tmp_path, text)}
    assert found == {"cluster.version": 5, "registry.tolerations[1].efect": 14}
    read = read_stack_file(_file(tmp_path, text))
    assert read.line_of(("registry", "tolerations", 1, "key")) == 12
    assert read.line_of(("registry", "tolerations", 1, "effect")) == 12
    assert read.line_of(("registry", "tolerations", 7)) == 10
    assert read.line_of(("registry", "proxy", "http")) == 8
    assert read.line_of(("storage",)) == 2
    assert read.line_of(()) == 2


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Shapes, syntax, parts against each other and a version, none hidden by another."""
    changes: dict[str, Any] = {
        "cluster.nmae": "x",
        "cluster.environment": "prod",
        "cluster.version": "4.3",
        "storage.claim.create.size": "10GB",
        "storage.claim.create.volumeMode": "Block",
        "storage.storageClass.create.color": "red",
        "registry.replicas": 2,
        "registry.readOnly": "no",
        "registry.logLevel": "Debug",
        "registry.tolerations": [{"key": "a b", "operator": "Exists"}],
        "registry.nodeSelector": None,
    }
    _, found = check_file(write(tmp_path, changed(changes)))
    assert {(each.path, each.rule) for each in found} == {
        ("cluster.nmae", "unknown-key"),
        ("cluster.environment", "value"),
        ("registry.logLevel", "version"),
        ("storage.claim.create.accessModes", "version"),
        ("storage.claim.create.size", "quantity"),
        ("storage.claim.create.volumeMode", "operator:block-volume"),
        ("storage.storageClass.create.color", "unknown-key"),
        ("registry.replicas", "operator:rwo-replicas"),
        ("registry.readOnly", "type"),
        ("registry.tolerations[0].key", "deployment:label"),
        ("registry.nodeSelector", "null"),
    }
    assert [each.line for each in found] == sorted(each.line or 0 for each in found)


def test_a_form_that_is_refused_as_a_whole_hides_nothing(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "storage.storageClass.create.availability": "nova",
        "storage.storageClass.create.provisioner": "efs.csi.aws.com",
        "storage.storageClass.create.color": "red",
        "registry.resources": {"requests": {"cpu": 2, "gpu": 1}, "limits": {"cpu": 1}, "x": 1},
    }
    _, found = check_file(write(tmp_path, changed(changes)))
    assert {each.path for each in found} == {
        "storage.storageClass.create.availability",
        "storage.storageClass.create.color",
        "registry.resources.x",
        "registry.resources.requests.gpu",
        "registry.resources.requests.cpu",
    }


def test_makeshift_values_cause_no_problems_of_their_own(tmp_path: Path) -> None:
    for gone in (("cluster",), ("storage", "claim"), ("storage", "claim", "create", "accessModes")):
        config = changed({})
        here: Any = config
        for part in gone[:-1]:
            here = here[part]
        del here[gone[-1]]
        _, found = check_file(write(tmp_path, config))
        assert [(each.path, each.rule) for each in found] == [(".".join(gone), "required")]


def test_unreadable_files_raise(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        read_stack_file(_file(tmp_path, "config: ["))
    assert [each.rule for each in error.value.problems] == ["yaml"]
    assert str(error.value).count("fix:") == 1


def test_settings_of_a_good_file(tmp_path: Path) -> None:
    settings, problems = check_file(write(tmp_path, GOOD))
    assert problems == []
    assert settings is not None
    assert settings.warnings == ()


def _file(directory: Path, text: str) -> Path:
    path = directory / "Pulumi.prod-1.yaml"
    path.write_text(text)
    return path


def test_one_bad_route_hides_nothing_of_the_others(tmp_path: Path) -> None:
    """A private key in the wrong place above all."""
    certificate = {"create": {"name": "b-tls", "tls.crt": OTHER.key, "tls.key": {"secure": "v1:x"}}}
    routes = [{"name": "Bad_Name"}, {"name": "b", "certificate": certificate}, {"hostname": "c.d"}]
    _, found = check_file(write(tmp_path, changed({"exposure": {"routes": routes}})))
    paths = {each.path for each in found}
    assert {"exposure.routes[0].name", "exposure.routes[2].name"} < paths
    assert any(path.startswith("exposure.routes[1].certificate") for path in paths), found
    assert not any("PRIVATE KEY-----\n" in str(each) for each in found)
