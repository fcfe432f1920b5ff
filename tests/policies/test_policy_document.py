"""The generated reference page."""

import re
from pathlib import Path

import document
import yaml
from document import PAGE, main, page
from fixtures import fixture, read

from rules import RULES


def test_the_page_is_up_to_date(capsys):
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_or_missing_page_is_noticed(tmp_path, capsys):
    copy = tmp_path / "docs" / "policies.md"
    assert main(["--check", "-o", str(copy)]) == 1
    assert "is stale: run python policies/document.py" in capsys.readouterr().err
    assert main(["-o", str(copy)]) == 0 and main(["--check", "-o", str(copy)]) == 0
    copy.write_text(copy.read_text().replace("critical", "low", 1))
    assert main(["--check", "-o", str(copy)]) == 1


def test_every_policys_url_leads_to_its_section():
    sections = set(re.findall(r"^## (\S+)$", page(), flags=re.MULTILINE))
    root = Path(document.__file__).parents[1]
    for rule in RULES.values():
        path, anchor = rule.url.split("#")
        assert root / path == PAGE and anchor in sections


def test_the_examples_shown_are_the_fixtures():
    shown = [
        yaml.load(text, yaml.CSafeLoader)
        for text in re.findall(r"```yaml\n(.*?)```", page(), re.DOTALL)
    ]
    wanted = [read(fixture(rule, kind))[0] for rule in RULES for kind in ("good", "bad")]
    assert [each["resources"] for each in shown] == [each["resources"] for each in wanted]


def test_links_of_the_page_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", page()):
        assert (PAGE.parent / target).resolve().exists(), target
