"""render.py: what the engine is given, and what is refused."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import render
from declare import Level
from levels import Environment
from render import main

from rules import RULES

PACK = Path(render.__file__).parent
URN = "urn:pulumi:prod::openshift-registry::kubernetes:core/v1:PersistentVolumeClaim::claim"
EXCEPTION = f"""
- id: EX-1
  policies: [claim-protected, claim-minimum-size]
  targets: ["{URN}"]
  reason: The volume is backed up elsewhere
  until: 2026-06-30
  approvedBy: platform-security
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Run it on given files; gives the exit code, the document (or None) and stderr."""

    def run(exceptions="", levels="", environment="production", today="2026-01-01"):
        (tmp_path / "exceptions.yaml").write_text(exceptions)
        (tmp_path / "levels.yaml").write_text(levels)
        code = main(
            ["--environment", environment, "--today", today]
            + ["--exceptions", str(tmp_path / "exceptions.yaml")]
            + ["--levels", str(tmp_path / "levels.yaml")]
        )
        shown = capsys.readouterr()
        return code, json.loads(shown.out) if shown.out else None, shown.err

    return run


def test_without_departures_every_policy_keeps_its_level(run):
    code, document, errors = run()
    assert (code, errors) == (0, "")
    assert document["version"] == 2 and document["exceptions"] == {}
    levels = {policy: entry["enforcementLevel"] for policy, entry in document["policies"].items()}
    assert levels == {rule.id: rule.level for rule in RULES.values()}


@pytest.mark.parametrize("environment", Environment)
def test_policies_that_ask_for_it_are_told_the_environment(run, environment):
    _, document, _ = run(environment=environment)
    told = {p: e["environment"] for p, e in document["policies"].items() if "environment" in e}
    assert told == {"empty-dir-development-only": environment}


def test_an_environment_departs_for_itself_only(run):
    levels = """
staging:
development:
  levels: {claim-protected: advisory, registry-removed: disabled}
  settings: {claim-minimum-size: {minimumGiB: 5}}
"""
    _, document, _ = run(levels=levels, environment="development")
    assert document["policies"]["claim-protected"]["enforcementLevel"] == "advisory"
    assert document["policies"]["registry-removed"]["enforcementLevel"] == "disabled"
    assert document["policies"]["claim-minimum-size"]["minimumGiB"] == 5
    _, document, _ = run(levels=levels, environment="staging")
    assert document["policies"]["claim-protected"]["enforcementLevel"] == "mandatory"
    assert "minimumGiB" not in document["policies"]["claim-minimum-size"]


def test_an_exception_is_rendered_as_the_engine_reads_it(run):
    code, document, errors = run(EXCEPTION)
    assert (code, errors) == (0, "")
    assert document["exceptions"] == {
        "EX-1": {
            "reason": "The volume is backed up elsewhere (until 2026-06-30)",
            "match": [{"policies": ["claim-protected", "claim-minimum-size"], "targets": [URN]}],
        }
    }


def test_an_exception_counts_through_its_last_day_and_is_announced_before(run):
    code, document, errors = run(EXCEPTION, today="2026-06-30")
    assert code == 0 and "EX-1" in document["exceptions"]
    assert "EX-1 ends in 0 days, on 2026-06-30" in errors
    assert "EX-1 ends in 14 days" in run(EXCEPTION, today="2026-06-16")[2]
    assert run(EXCEPTION, today="2026-06-15")[2] == ""


def test_an_exception_that_has_ended_waives_nothing_and_says_who_renews_what(run):
    code, document, errors = run(EXCEPTION, today="2026-07-01")
    assert code == 0 and document["exceptions"] == {}
    assert errors == (
        "exception EX-1 ended on 2026-06-30 and waives nothing any more: fix claim-protected, "
        "claim-minimum-size on claim, or have it renewed by platform-security\n"
    )


def test_its_policies_are_told_what_has_ended(run):
    _, document, _ = run(EXCEPTION, today="2026-07-01")
    key = "endedExceptions"
    told = {policy: each[key] for policy, each in document["policies"].items() if key in each}
    over = {
        "id": "EX-1",
        "until": "2026-06-30",
        "approvedBy": "platform-security",
        "targets": [URN],
    }
    assert told == {"claim-protected": [over], "claim-minimum-size": [over]}
    assert "endedExceptions" not in json.dumps(run(EXCEPTION, today="2026-06-30")[1])


def test_what_another_exception_still_waives_has_not_ended(run):
    again = EXCEPTION.replace("EX-1", "EX-2").replace("2026-06", "2026-07")
    again = again.replace("[claim-protected, claim-minimum-size]", "[claim-protected]")
    _, document, _ = run(EXCEPTION + again, today="2026-07-01")
    assert list(document["exceptions"]) == ["EX-2"]
    assert "endedExceptions" not in document["policies"]["claim-protected"]
    (over,) = document["policies"]["claim-minimum-size"]["endedExceptions"]
    assert over["id"] == "EX-1"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("reason: The volume", "x: The volume", "[0].reason is missing: why these resources"),
        ("The volume is backed up elsewhere", '"  "', "[0].reason: '  ': string should have"),
        ("until: 2026-06-30", "", "[0].until is missing: the last day on which it counts"),
        ("2026-06-30", "30.06.2026", "[0].until: '30.06.2026' is no day; write YYYY-MM-DD"),
        ("2026-06-30", "2026-06-31", "[0].until: '2026-06-31' is no day"),
        ("2026-06-30", "2026", "[0].until: 2026 is no day"),
        ("2026-06-30", "2026-06-30 12:00:00", "is no day; write YYYY-MM-DD"),
        ("claim-protected", "claim-protect", "is no policy; did you mean claim-protected?"),
        ("claim-protected", "all", "[0].policies[0]: 'all' is no policy"),
        ("approvedBy", "approver", "[0].approver is no key of this file; did you mean approvedBy?"),
        (URN, "urn:pulumi:prod::claim", "[0].targets[0]: 'urn:pulumi:prod::claim' is no URN"),
        (URN, URN.replace("claim", "*"), "no wildcard"),
        (f'["{URN}"]', "[]", "[0].targets: []: list should have at least 1 item"),
        ("EX-1", "EX 1", "[0].id: 'EX 1': string should match"),
        (EXCEPTION, EXCEPTION * 2, "the id EX-1 is used more than once"),
        (EXCEPTION, "id: EX-1", "the whole file: input should be a valid list"),
        (EXCEPTION, "- EX-1", "[0]: 'EX-1' is no mapping of id, policies, targets, reason"),
        (EXCEPTION, "- {id: [", "is no YAML"),
    ],
)
def test_an_unusable_exception_is_refused(run, old, new, problem):
    assert old in EXCEPTION
    code, document, errors = run(EXCEPTION.replace(old, new))
    assert (code, document) == (1, None)
    assert "exceptions.yaml: " in errors and problem in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("levels", "problem"),
    [
        ("prod: {}", "prod: 'prod': input should be 'production', 'staging' or 'development'"),
        ("staging: {levels: {nope: advisory}}", "staging.levels.nope: 'nope' is no policy"),
        ("staging: {levels: {singleton-name: remediate}}", "input should be 'advisory'"),
        ("staging: {level: {}}", "staging.level is no key of this file; did you mean levels?"),
        (
            "staging: {settings: {claim-minimum-size: {minimumGb: 5}}}",
            "minimumGb is no setting of it; did you mean minimumGiB?",
        ),
        (
            "staging: {settings: {claim-protected: {strict: true}}}",
            "claim-protected.strict is no setting of it; there is none",
        ),
        (
            "staging: {settings: {claim-minimum-size: {minimumGiB: true}}}",
            "settings.claim-minimum-size.minimumGiB: True is no number",
        ),
        (
            "production: {settings: {empty-dir-development-only: {environment: development}}}",
            "comes from --environment; take it out",
        ),
        (
            "production: {levels: {claim-protected: advisory}}",
            "production.levels.claim-protected: advisory would lower it",
        ),
    ],
)
def test_unusable_levels_are_refused(run, levels, problem):
    code, document, errors = run(levels=levels)
    assert (code, document) == (1, None)
    assert "levels.yaml: " in errors and problem in errors


def test_all_problems_of_both_files_are_shown_at_once(run):
    code, _, errors = run(
        EXCEPTION.replace("EX-1", "EX 1").replace("2026-06-30", "never"), levels="prod: {}"
    )
    assert code == 1 and len(errors.splitlines()) == 3


def test_the_projects_own_files_are_usable_in_every_environment(tmp_path, capsys):
    for environment in Environment:
        target = tmp_path / f"{environment}.json"
        assert main(["--environment", environment, "-o", str(target)]) == 0
        assert set(json.loads(target.read_text())["policies"]) == set(RULES)
    assert capsys.readouterr().out == ""


def test_development_is_not_told_off_for_looking_for_faults():
    levels = render.read_levels(PACK / "levels.yaml")
    relaxed = {"static-volume-protected": "advisory", "registry-log-level": "disabled"}
    for environment in Environment:
        given = render.render(environment, levels, [], date(2026, 1, 1))["policies"]
        for policy, level in relaxed.items():
            wanted = level if environment == "development" else RULES[policy].level
            assert given[policy]["enforcementLevel"] == wanted


def test_production_blocks_whatever_is_mandatory():
    assert main(["--environment", "production", "-o", "/dev/null"]) == 0
    levels = render.read_levels(PACK / "levels.yaml")
    document = render.render(Environment.PRODUCTION, levels, [], date(2026, 1, 1))
    for rule in RULES.values():
        if rule.level is Level.MANDATORY:
            assert document["policies"][rule.id]["enforcementLevel"] == "mandatory"


def test_usage_errors_and_files_that_cannot_be_reached(tmp_path, capsys):
    for arguments in ([], ["--environment", "prod"]):
        with pytest.raises(SystemExit, match="2"):
            main(arguments)
    with pytest.raises(SystemExit, match="2"):
        main(["--environment", "staging", "--today", "tomorrow"])
    assert "'tomorrow' is no day; write YYYY-MM-DD" in capsys.readouterr().err
    absent = tmp_path / "absent"
    assert main(["--environment", "staging", "--levels", str(absent)]) == 1
    assert f"{absent}: can't be read" in capsys.readouterr().err
    assert main(["--environment", "staging", "-o", str(absent / "file")]) == 1
    assert "can't be written" in capsys.readouterr().err


def test_it_runs_as_a_script_without_loading_pulumi():
    code = (
        "import runpy, sys; sys.argv = ['render.py', '--environment', 'staging'];"
        f"sys.path.insert(0, {str(PACK)!r})\n"
        f"try: runpy.run_path({str(PACK / 'render.py')!r}, run_name='__main__')\n"
        "except SystemExit as stop: assert stop.code == 0\n"
        "assert not any(name.split('.')[0].startswith('pulumi') for name in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["version"] == 2
