"""Every bad fixture, registered with the real engine and plugin, is caught at preview."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from fixtures import read

from lab.lab import Lab
from lab.paths import ROOT
from tests.lab.project import Project, pulumi
from tests.quick import quick

pytestmark = pytest.mark.lab

PROGRAM = Path(__file__).parent / "cases_program"
PLUGINS = Path(__file__).parent / "cases_plugin"
CLOUDS = ("aws:", "azure-native:", "gcp:", "openstack:")
STACK = "pulumi:pulumi:Stack"
RULES = ROOT / "policies" / "rules"


def bad_cases() -> list[dict[str, Any]]:
    found = []
    for path in sorted(RULES.glob("*.bad.yaml")):
        rule = path.name.removesuffix(".bad.yaml").replace("_", "-")
        for number, case in enumerate(read(path)):
            found.append({**case, "rule": rule, "prefix": f"{rule}-{number}"})
    return found


def can_be_disturbed(case: dict[str, Any]) -> bool:
    """Can it be disturbed by others: it has settings, or its rule looks at the whole stack?"""
    rule = (RULES / f"{case['rule'].replace('-', '_')}.py").read_text()
    return "settings" in case or "@stack_rule" in rule


def named_apart(case: dict[str, Any]) -> dict[str, Any]:
    """The case with names of its own in its cloud, so that it may share a run with others.

    Everything is joined by the names of buckets and users, or by the resources themselves.
    """
    number = BAD.index(case)
    text = json.dumps(case).replace("prod-1", f"c-{number}")
    return json.loads(text.replace("prod1registry", f"c{number}registry"))


def group(case: dict[str, Any]) -> str:
    """Which cases it can share a run with.

    Among buckets of many cases, those count that one of the registry's configurations names; in a
    run without any configuration, all.
    """
    kinds = {each["type"].rpartition(":")[2] for each in case["resources"]}
    in_a_cloud = [each for each in case["resources"] if each["type"].startswith(CLOUDS)]
    if not can_be_disturbed(case):
        return "each resource"
    # A name that is not known yet could be that of any.
    named = all("bucketPrefix" not in each["props"] for each in in_a_cloud)
    about_storage = in_a_cloud or case["rule"].startswith("registry-")
    if "settings" in case or not about_storage or not named or {"Secret", "SecretPatch"} & kinds:
        return "kinds of its own"
    if "CryptoKey" in kinds and "Bucket" not in kinds:
        return "kinds of its own"  # Keys count by themselves where there are no buckets.
    return "a registry's bucket" if "ConfigPatch" in kinds else "buckets"


def apart(cases: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Those of one run have no kind of resource in common, and each another rule: what it looks
    for in the whole stack, and what it says of that, is of its own case."""
    runs: list[tuple[set[str], list[dict[str, Any]]]] = []
    for case in cases:
        kinds = {case["rule"], *(each["type"] for each in case["resources"])}
        free = next((each for each in runs if not each[0] & kinds), None)
        if free is None:
            free = (set(), [])
            runs.append(free)
        free[0].update(kinds)
        free[1].append(case)
    return [together for _, together in runs]


BAD = bad_cases()
TOGETHER = {
    name: [named_apart(case) for case in BAD if group(case) == name]
    for name in ("each resource", "a registry's bucket", "buckets")
}
TOGETHER |= {
    f"{number} of {', '.join(case['rule'] for case in cases)}": cases
    for number, cases in enumerate(
        apart([case for case in BAD if group(case) == "kinds of its own"])
    )
}


@pytest.fixture(scope="module")
def stack(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program, and the state of a stack that was never applied."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(PROGRAM, folder / "program")
    project = folder / "program" / "Pulumi.yaml"
    project.write_text(project.read_text().replace("VIRTUALENV", str(ROOT / ".venv")))
    (folder / "state").mkdir()
    environment = {
        **lab.environment(),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        **quick.environment,
    }
    pulumi(folder / "program", environment, "stack", "init", "cases").ok()
    return folder


def preview(
    lab: Lab, stack: Path, folder: Path, cases: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The policy events of a preview of the cases' resources."""
    shutil.copytree(stack, folder, dirs_exist_ok=True)
    resources = [
        {**resource, "prefix": case["prefix"]} for case in cases for resource in case["resources"]
    ]
    (folder / "cases.json").write_text(json.dumps(resources))
    policies = {case["rule"]: case["settings"] for case in cases if "settings" in case}
    (folder / "policies.json").write_text(json.dumps({"version": 2, "policies": policies}))
    environment = lab.environment()
    environment |= {
        "PATH": os.pathsep.join([str(PLUGINS), environment["PATH"]]),
        "CASES": str(folder / "cases.json"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_OPTION_POLICY_PACK_CONFIG": str(folder / "policies.json"),
        "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
        # What is judged is the plan; no cluster is asked.
        "KUBECONFIG": str(folder / "none"),
        **quick.environment,
    }
    ran = pulumi(folder / "program", environment, "preview", "--json", "--stack", "cases")
    lines = [line for line in ran.output.splitlines() if line.startswith("{")]
    events = [json.loads(line).get("policyEvent") for line in lines]
    found = [event for event in events if event]
    assert found, ran.output
    return found


def caught(events: list[dict[str, Any]], case: dict[str, Any]) -> bool:
    """By its own rule, on one of its own resources, in words that hold what the case says."""
    own = (f"::{case['prefix']}-", f"::{STACK}::")
    return any(
        event["policyName"] == case["rule"]
        and any(each in event["resourceUrn"] for each in own)
        and case.get("says", "") in event["message"]
        for event in events
    )


@pytest.mark.parametrize("name", TOGETHER)
def test_each_is_caught(lab: Lab, stack: Path, tmp_path: Path, name: str) -> None:
    cases = TOGETHER[name]
    events = preview(lab, stack, tmp_path, cases)
    missed = [f"{case['rule']}: {case['title']}" for case in cases if not caught(events, case)]
    assert cases and not missed, missed


def test_the_pack_is_clean_on_the_lab_stack(project: Project) -> None:
    project.preview().ok().clean()
