"""What the pages tell people to write is right, and their links lead somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import SettingsError, StackSettings, validate
from settings.schema import ROOT
from tests.certificates import CHAIN, MIDDLE
from tests.certificates import ROOT as CA

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
TELLING = [page for page in PAGES if page.parent.name in ("platforms", "how-to")]
PREFIX = "openshift-registry:"

CLUSTER = {
    "name": "prod-1",
    "version": "4.15",
    "environment": "production",
    "infrastructureName": "prod-1-x7k2p",
}
PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n\.\.\.\n-----END CERTIFICATE-----\n?")
STANDS_FOR = {"tls.crt": CHAIN, "tls.cacrt": MIDDLE.pem}
"""What is written for a certificate that a page leaves out, by its key."""

WARNINGS = {"empty-dir.md": ["storage:empty-dir"]}
"""Page -> rules of the warnings that it speaks of."""


def snippets(page: Path) -> list[dict[str, Any]]:
    """The sections of each block that is part of a stack file."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    return [yaml.safe_load(block) for block in blocks if block.startswith(PREFIX)]


def whole(snippet: dict[str, Any]) -> dict[str, Any]:
    """A snippet with as little else as makes a stack file of it."""
    sections = {key.removeprefix(PREFIX): filled("", value) for key, value in snippet.items()}
    if "storage" not in sections:
        sections["registry"] = {"replicas": 2, **sections.get("registry", {})}
    return {"cluster": CLUSTER, **sections}


def filled(key: str, value: Any) -> Any:
    """With a certificate wherever `...` stands for one."""
    if isinstance(value, dict):
        return {name: filled(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(key, each) for each in value]
    if isinstance(value, str) and PEM.fullmatch(value):
        return STANDS_FOR.get(key, CA.pem)
    return value


def checked(snippet: dict[str, Any]) -> StackSettings:
    return validate(whole(snippet), stack="prod-1", encrypted=())


SNIPPETS = [
    pytest.param(page, each, id=f"{page.name}-{index}")
    for page in TELLING
    for index, each in enumerate(snippets(page))
]


@pytest.mark.parametrize(("page", "snippet"), SNIPPETS)
def test_a_snippet_is_right(page: Path, snippet: dict[str, Any]) -> None:
    assert all(key.startswith(PREFIX) for key in snippet)
    warned = [each.rule for each in checked(snippet).warnings]
    assert warned == WARNINGS.get(page.name, [])


def test_every_platform_and_section_has_a_snippet() -> None:
    shown = {page for page in TELLING if snippets(page)}
    assert {page for page in TELLING if page.parent.name == "platforms"} <= shown
    sections = {
        key.removeprefix(PREFIX) for page in TELLING for each in snippets(page) for key in each
    }
    assert set(StackSettings.model_fields) == sections


def test_the_first_stack_file_of_the_readme_is_right() -> None:
    text = (ROOT / "README.md").read_text()
    (block,) = re.findall(r"^ +```yaml\n(.*?)^ +```", text, re.DOTALL | re.MULTILINE)
    assert checked(yaml.safe_load(block)["config"]).warnings == ()


def test_a_wrong_snippet_is_found() -> None:
    (snippet,) = snippets(ROOT / "docs" / "platforms" / "nutanix.md")[:1]
    snippet[f"{PREFIX}storage"]["preset"] = "nutanics"
    with pytest.raises(SettingsError, match="nutanix"):
        checked(snippet)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", each.lower()) for each in headings)
    return {each.replace(" ", "-") for each in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_linked(page: Path) -> None:
    linked = {
        (each.parent / target.partition("#")[0]).resolve()
        for each in PAGES
        if each != page
        for target in re.findall(r"\]\(([^)\s]+)\)", each.read_text())
    }
    assert page == ROOT / "README.md" or page in linked
