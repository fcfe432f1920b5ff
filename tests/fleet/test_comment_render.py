"""The comment that `ocpreg comment` renders, as a Markdown library reads it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from fleet.command import app
from fleet.comment.budget import length
from fleet.comment.load import load
from fleet.comment.markdown import code, details, fence, row, text
from fleet.comment.render import About, render
from fleet.scrub import Scrubber
from lab.paths import ROOT
from tests.fleet.plans import BUCKET, CLAIM, REAL, REGISTRY, SECRET, UNKNOWN, Plan, keep

GIVEN = (
    "--commit",
    "0123abcd",
    "--time",
    "2026-11-26 05:00 UTC",
    "--url",
    "https://ci.example.com/7",
)
MARKER = "<!-- ocpreg:preview:default -->"


def rendered(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["comment", str(folder), *(arguments or GIVEN)])
    assert done.exit_code == 0, done.output
    return done.stdout


def html(body: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(body)


def plain(body: str) -> str:
    """What a person reads."""
    read = re.sub(r"<[^>]+>", "", html(body)).replace("\u200b", "").replace("&#8203;", "")
    for escape, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        read = read.replace(escape, character)
    return read


def part(body: str, head: str) -> str:
    return body.split(f"### {head}\n")[1].split("\n### ")[0]


@pytest.fixture
def one(tmp_path: Path) -> Callable[[Plan], str]:
    return lambda *plans: rendered(keep(tmp_path / "out", *plans))


def test_a_real_run() -> None:
    """Of a lab's engine: danger first and open, then each cluster's verdict, then the rest."""
    body = rendered(REAL)
    assert body.startswith(f"{MARKER}\n## Image registries: 6 clusters: 2 failed, 1 stopped by ")
    heads = re.findall(r"<h3>(.*?)</h3>", html(body))
    assert heads == ["Danger", "Failed", "Policies", "Changes"]
    rows = re.findall(r"<tr>\n<td>(.*?)</tr>", html(body), re.DOTALL)
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in each.split("</td>")] for each in rows
    ]
    assert [(each[0], each[2], each[3]) for each in cells] == [
        ("prod-delete", "❌ failed", "~1"),
        ("prod-refused", "❌ failed", ""),
        ("prod-violation", "⛔ stopped by policy", ""),
        ("prod-switch", "⚠️ changes, with danger", "+3 ~1"),
        ("prod-update", "⚠️ changes, with danger", "~1"),
        ("prod-exempt", "✅ no changes", ""),
    ]
    danger = part(body, "Danger")
    assert "<details>" not in danger and body.index("### Danger") < body.index("| cluster |")
    for each in (
        "- `prod-delete`: **deleted**: `claim reg`, it is protected: the engine refuses",
        "- `prod-switch`: **storage switch**: `spec.storage`, the registry switches its storage",
        "- `prod-update`: **takeover**: `configs/cluster`",
        "    spec.logLevel: Normal -> Debug (now cluster-image-registry-operator)",
        "`prod-violation`: **mandatory policy violated**: `empty-dir-development-only` on",
    ):
        assert each in danger
    assert "storage.storageClass: is missing" in part(body, "Failed")
    policies = part(body, "Policies")
    assert policies.count("- **high** `empty-dir-development-only`") == 1
    assert "waived by `EX-1` until **2026-12-31**: Images of this site" in policies
    assert "Fix: Use storage that outlives a pod" in policies
    assert '+   spec.logLevel: "Debug"' in part(body, "Changes")
    assert (
        plain(body)
        .rstrip()
        .endswith(
            "commit 0123abcd · 2026-11-26 05:00 UTC · run and artifact · [secret] and [unknown] "
            "stand for values"
        )
    )


def test_the_comment_in_the_docs() -> None:
    """ocpreg comment tests/fleet/previews --output docs/how-to/pull-request-comment.md, and these
    options."""
    given = ("--commit", "0123abcd", "--time", "2026-11-26 05:00 UTC")
    body = rendered(REAL, *given, "--url", "https://ci.example.com/runs/7")
    assert (ROOT / "docs" / "how-to" / "pull-request-comment.md").read_text() == body
    inside = [
        line[2:] for line in (ROOT / "README.md").read_text().splitlines() if line[:2] == "> "
    ]
    assert len(inside) > 6 and [line for line in inside if line not in body.splitlines()] == []


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        rendered(REAL, *GIVEN, "--output", str(tmp_path / name))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert "2026" not in rendered(REAL, "--id", "x").split("<sub>")[-1], "no clock is asked"


def test_what_of_a_plan_is_danger(one: Callable[..., str]) -> None:
    plan = Plan("prod-1")
    plan.step("replace", CLAIM, "images", {"a": 1}, {"a": 2}, {"spec.size": "update-replace"})
    plan.step("delete", BUCKET, "logs", {"a": 1}, retainOnDelete=True)
    plan.step("delete", BUCKET, "gone", {"a": 1})
    plan.step("import", BUCKET, "found", None, {"a": 1})
    plan.step("delete", "kubernetes:core/v1:Secret", "harmless", {"a": 1})
    plan.step("create", BUCKET, "new", None, {"a": 1})
    danger = part(one(plan), "Danger").split("\n\n|")[0].strip()
    assert danger == (
        "- `prod-1`: **replaced**: `claim images`, and the images with it\n"
        "  ```\n  spec.size\n  ```\n"
        "- `prod-1`: **deleted**: `bucket logs`, from the stack; the object itself stays\n"
        "- `prod-1`: **deleted**: `bucket gone`, and the images with it\n"
        "- `prod-1`: **taken over**: `bucket found`, it exists, and belongs to this stack from "
        "then on"
    )


def test_a_switch_that_only_the_patch_shows(one: Callable[..., str]) -> None:
    """Where the preview could not see the cluster."""
    old = {"spec": {"storage": {"s3": {"bucket": "a", "region": "r"}}}}
    new = {"spec": {"storage": {"s3": {"bucket": "b", "region": "s"}}}}
    plan = Plan("prod-1").step(
        *("update", REGISTRY, "cluster", old, new),
        {"spec.storage.s3.bucket": "update", "spec.storage.s3.region": "update"},
    )
    danger = part(one(plan), "Danger")
    assert "**storage switch**" in danger and 'spec.storage.s3.bucket: "a" -> "b"' in danger
    assert "region" not in danger
    region = Plan("prod-1").step(
        *("update", REGISTRY, "cluster", old, new), {"spec.storage.s3.region": "update"}
    )
    assert "### Danger" not in one(region)


def test_differences(one: Callable[..., str]) -> None:
    """Changed paths only; secrets and what is unknown are marked."""
    old = {"a": {"b c": 1, "same": 1}, "s": SECRET, "list": [{"k": "old"}], "gone": True}
    new = {"a": {"b c": 2, "same": 1}, "s": SECRET, "list": [{"k": UNKNOWN}], "in": {"s": SECRET}}
    paths = {'a["b c"]': "update", "s": "update", "list[0].k": "update-replace", "gone": "delete"}
    plan = Plan("prod-1").step("update", "a:b:C", "x", old, new, {**paths, "in.s": "add"})
    assert part(one(plan), "Changes").split("```")[1].splitlines() == [
        "diff",
        "! update a:b:C x",
        '-   a["b c"]: 1',
        '+   a["b c"]: 2',
        "-   gone: true",
        "+   in.s: [secret]",
        '-   list[0].k: "old"  (replaces it)',
        "+   list[0].k: [unknown]  (replaces it)",
        "-   s: [secret]",
        "+   s: [secret]",
    ]
    created = Plan("prod-1").step("create", "a:b:C", "x", None, {"a": {"b": [1, SECRET]}, "e": {}})
    assert '+   a.b: [1, "[secret]"]\n+   e: {}' in one(created)


def test_policies_by_severity(one: Callable[..., str]) -> None:
    later = "can't run policy 'x' from policy pack 'y' during preview: ..."
    plan = Plan("prod-1", code=1)
    plan.violates("low-one", "A title\nx: is low.\nFix: mend it\nWhy: docs", severity="low")
    plan.violates("worst", "Another\nx: is bad.\nFix: mend that", "advisory", "critical")
    plan.violates("waits", later, "advisory")
    body = one(plan)
    assert part(body, "Policies").split("\n\n")[0].strip() == (
        "- **critical** `worst`: Another\n  - `prod-1` `cluster` (advisory): x: is bad.\n"
        "  - Fix: mend that\n"
        "- **low** `low-one`: A title\n  - `prod-1` `cluster` (mandatory): x: is low.\n"
        "  - Fix: mend it"
    )
    assert "1 policy waits for a value that only `pulumi up` knows." in body
    assert "| `prod-1` | production | ⛔ stopped by policy |  | 1 mandatory, 1 advisory |" in body


@pytest.mark.parametrize("state", ["none", "no folder", "unfinished", "broken", "newer", "shape"])
def test_previews_that_did_not_end(tmp_path: Path, state: str) -> None:
    """There is a comment all the same, and it says so."""
    folder = tmp_path / "out"
    plans = [Plan("prod-1").step("create", BUCKET, "b", None, {}), Plan("prod-2", whole=False)]
    if state != "no folder":
        keep(folder, *(plans if state != "none" else ()), ended=state not in ("unfinished", "none"))
    summary = folder / "summary.json"
    if state == "broken":
        summary.write_text("{")
    if state == "newer":
        summary.write_text(summary.read_text().replace('"version": 1', '"version": 2'))
    if state == "shape":
        summary.write_text('{"version": 1, "stacks": [1]}')
    body = rendered(folder)
    says = {
        "none": "did not come to their end",
        "no folder": "No preview has left anything",
        "unfinished": "did not come to their end",
        "newer": "of another version of ocpreg (summary.json: 2)",
    }
    assert says.get(state, "can't be read") in plain(body)
    if state == "unfinished":
        assert "| `prod-1` |  | 🔷 changes | +1 |" in body
        assert "| `prod-2` |  | ❌ failed |" in body


def test_a_preview_that_crashed(one: Callable[..., str]) -> None:
    body = one(Plan("prod-1", code=255, errors="error: no such thing\n", whole=False))
    assert "| `prod-1` | production | ❌ failed |" in body
    assert "`prod-1`\n\n```\nno such thing\n```" in body


def test_events_that_are_cut_short(tmp_path: Path) -> None:
    folder = keep(tmp_path / "out", Plan("prod-1").step("create", BUCKET, "b", None, {}))
    events = folder / "prod-1" / "events.jsonl"
    events.write_text(events.read_text()[:-20])
    assert "create aws:s3/bucket:Bucket b" in rendered(folder)
    events.write_text('{"resourcePreEvent": 1}\n')
    assert "`prod-1`" in rendered(folder)


@pytest.mark.parametrize("limit", [65_536, 20_000, 8_000])
def test_a_fleet_that_is_too_long(tmp_path: Path, limit: int) -> None:
    """What does not fit is counted; danger goes before all, and no block is cut in two."""
    plans = [Plan("a-danger").step("delete", CLAIM, "images", {"x": 1})]
    for number in range(300):
        plan = Plan(f"prod-{number:03}").says("a warning 😀 " * 30)
        values = {f"key{each}": "x" * 100 for each in range(20)}
        plans.append(plan.step("create", BUCKET, "b", None, values))
    plans += [Plan(f"quiet-{number:03}") for number in range(100)]
    folder = keep(tmp_path / "out", *plans)
    body = render(load(folder), About(), limit, Scrubber())
    assert length(body) <= limit
    assert length(body) > limit * 0.7
    assert "- `a-danger`: **deleted**: `claim images`" in body
    shown, more = body.count("<summary><code>"), re.findall(r"\*\*(\d+) more\*\* clusters'", body)
    assert shown + int(more[0]) == 301
    rows = body.count("| `prod-") + body.count("| `a-danger`")
    left_out = re.findall(r"\| \*\*(\d+) more\*\* clusters in the artifact", body)
    assert rows + sum(map(int, left_out)) == 301
    assert "100 clusters without changes" in body
    assert body.count("<details>") == body.count("</details>")
    assert body.count("```") % 2 == 0
    assert body.rstrip().endswith("</sub>")


def test_dangers_that_are_too_many(tmp_path: Path) -> None:
    plan = Plan("prod-1")
    for number in range(2000):
        plan.step("delete", CLAIM, f"claim-{number}", {})
    body = render(load(keep(tmp_path / "out", plan)), About(), 65_536, Scrubber())
    shown = body.count(": **deleted**: ")
    assert f"- **{2000 - shown} more** dangers in the artifact" in body and shown > 100
    assert length(body) <= 65_536


EVIL = (
    "</details> <script>x</script> <!-- ocpreg --> ``` | `a` **b** @somebody #12 [l](http://x) $m$"
)


def test_text_from_outside_is_shown_as_it_is(one: Callable[..., str]) -> None:
    plan = Plan("prod-1", environment=EVIL, code=1)
    plan.step("create", BUCKET, EVIL, None, {EVIL: EVIL})
    plan.step("delete", CLAIM, EVIL, {})
    plan.says(f"{EVIL}\n```\n# head").says(EVIL, "error")
    plan.violates(EVIL, f"{EVIL}\n{EVIL}\nFix: {EVIL}", exceptions=[("EX", EVIL)])
    body = one(plan)
    read = html(body)
    assert (
        "<script>" not in read
        and "<strong>b</strong>" not in read
        and '<a href="http://x' not in read
    )
    assert read.count("</details>") == body.count("<details>") == 1
    outside = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", read, flags=re.DOTALL)
    assert not re.search(r"@s|#1|\$m|http://x", outside), "nobody is called, nothing linked"
    assert plain(body).count(EVIL) >= 7
    assert len(re.findall(r"<tr>", read)) == 2


@hypothesis(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=40))
def test_any_text(value: str) -> None:
    words = " ".join(value.split())
    for each in (text(value), code(value)):
        found = re.sub(r"<[^>]+>", "", html(f"x{each}x")).replace("\u200b", "")
        for escape, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            found = found.replace(escape, character)
        if "\x00" not in value:
            assert found.strip() in (f"x{words}x", f"x{words or ' '}x")
    block = html(f"{fence([value], 'diff')}\n\nafter")
    assert block.count("<pre>") == 1 and block.rstrip().endswith("<p>after</p>")
    table = html(f"{row(['a', 'b'])}\n{row(['---', '---'])}\n{row([code(value), text(value)])}\n")
    assert table.count("<td>") == 2
    assert html(details("x", fence([value]))).rstrip().endswith("</details>")


def test_usage(tmp_path: Path) -> None:
    for arguments, says in (
        (["--id", "a b"], "--id 'a b' is no name"),
        (["--step-summary"], "GITHUB_STEP_SUMMARY is not set"),
        (["--post", "github"], "GITHUB_REPOSITORY is not set"),
        (["--post", "gitlab"], "CI_PROJECT_ID is not set"),
    ):
        done = CliRunner(env=dict.fromkeys(UNSET)).invoke(app, ["comment", str(REAL), *arguments])
        assert done.exit_code == 2
        assert says in done.stderr and "fix: " in done.stderr


UNSET = (
    *("GITHUB_STEP_SUMMARY", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "CI_PROJECT_ID"),
    *("GITLAB_TOKEN", "GITHUB_REF", "GITHUB_EVENT_PATH", "CI_MERGE_REQUEST_IID"),
)


def test_without_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a pull request from a fork: to a file, or to the summary of the step."""
    for each in UNSET:
        monkeypatch.delenv(each, raising=False)
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    arguments = ("--step-summary", "--output", str(tmp_path / "comment.md"))
    assert rendered(REAL, *arguments) == ""
    body = (tmp_path / "comment.md").read_text()
    assert body.startswith(MARKER)
    assert summary.read_text() == f"before\n{body}\n"
