"""What makes the pack one that can be installed and published by itself."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from lab.paths import ROOT

PACK = ROOT / "policies"
OPTIONS = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())


def pinned(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+) \\$", path.read_text(), flags=re.MULTILINE))


def test_the_pack_has_the_project_s_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert OPTIONS["version"] == project["version"]


def test_its_environment_is_its_own_and_in_a_checkout_the_project_s() -> None:
    place = PACK / OPTIONS["runtime"]["options"]["virtualenv"]
    assert place.parent == PACK
    assert (place / "bin" / "python").exists(), "make .venv/.installed makes it"
    assert place.resolve() == Path(sys.prefix).resolve()


def test_its_packages_have_the_versions_that_the_tests_have() -> None:
    own, projects = pinned(PACK / "requirements.txt"), pinned(ROOT / "requirements" / "dev.txt")
    assert own and {name: projects.get(name) for name in own} == own


def imported(source: Path) -> set[str]:
    """The packages' names, without what is of this folder."""
    nodes = [*ast.walk(ast.parse(source.read_text()))]
    names = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {each.partition(".")[0] for each in names}


def test_it_asks_for_what_it_imports() -> None:
    sources = [*PACK.glob("*.py"), *PACK.glob("rules/*.py")]
    own = {each.stem for each in sources} | {"rules"} | sys.stdlib_module_names
    found = {name for each in sources for name in imported(each)} - own
    lines = (PACK / "requirements.in").read_text().splitlines()
    asked = {Requirement(each).name for each in lines if not each.startswith("#")}
    imported_as = {"pyyaml": "yaml", "pulumi-policy": "pulumi_policy"}
    # grpc comes with pulumi: it speaks the engine's protocol.
    assert {imported_as.get(each, each) for each in asked} == found - {"grpc"}
    assert "grpcio" in pinned(PACK / "requirements.txt")
