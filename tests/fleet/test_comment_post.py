"""`ocpreg comment --post` against servers that behave as GitHub's and GitLab's APIs do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fleet.command import app
from fleet.comment.api import Api, Lost, NotPosted
from tests.fleet.forges import TOKEN, Forge, serving
from tests.fleet.plans import BUCKET, REAL, Plan, keep

MARKER = "<!-- ocpreg:preview:default -->"
BOT = "github-actions[bot]"
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
FORK = {"message": "Resource not accessible by integration"}


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest) -> Iterator[Forge]:
    with serving(Forge(request.param)) as found:
        yield found


@pytest.fixture
def github() -> Iterator[Forge]:
    with serving(Forge("github", login=None)) as found:
        yield found


def posted(forge: Forge, folder: Path = REAL, *arguments: str) -> Any:
    runner = CliRunner(env={"GITHUB_EVENT_PATH": None, **forge.environment})
    return runner.invoke(app, ["comment", str(folder), "--post", forge.kind, *arguments])


def test_written_once_and_then_edited(forge: Forge, tmp_path: Path) -> None:
    assert (posted(forge).exit_code, posted(forge).stdout) == (0, "the comment is unchanged\n")
    assert len(forge.comments) == 1
    forge.add("a word of somebody's")
    folder = keep(tmp_path / "out", Plan("prod-9").step("create", BUCKET, "b", None, {}))
    done = posted(forge, folder)
    assert (done.exit_code, done.stdout) == (0, "the comment is updated\n")
    assert len(forge.comments) == 2
    assert "prod-9" in forge.comments[0]["body"] and "prod-switch" not in forge.comments[0]["body"]


def test_found_among_many(forge: Forge) -> None:
    """On the third page; those that look like it and are another's are left alone."""
    forge.add(f"{MARKER}\nof somebody who wants to be edited")
    forge.add(f"> {MARKER}\nquoted by the bot", BOT)
    forge.add("<!-- ocpreg:preview:other -->\nof another run", BOT)
    for number in range(230):
        forge.add(f"comment {number}", "another-linter[bot]" if number % 2 else "somebody")
    own = forge.add(f"{MARKER}\nof the last push", BOT)
    forge.add("the last word")
    before = [each["body"] for each in forge.comments]
    done = posted(forge)
    assert (done.exit_code, done.stdout) == (0, "the comment is updated\n")
    changed = [n for n, each in enumerate(forge.comments) if each["body"] != before[n]]
    assert changed == [forge.comments.index(own)] and len(forge.comments) == len(before)
    assert len(forge.writes()) == 1


def test_two_comments_of_two_runs(forge: Forge) -> None:
    for identity in ("one", "two", "one"):
        assert posted(forge, REAL, "--id", identity).exit_code == 0
    heads = [each["body"].splitlines()[0] for each in forge.comments]
    assert heads == ["<!-- ocpreg:preview:one -->", "<!-- ocpreg:preview:two -->"]


def test_a_job_s_token_has_no_user(github: Forge) -> None:
    """What is a bot's and has the marker is its own; what a person wrote is not."""
    github.add(f"{MARKER}\nof somebody")
    assert posted(github).stdout == "the comment is posted\n"
    assert posted(github, REAL, "--commit", "abc").stdout == "the comment is updated\n"
    assert [each["user"]["type"] for each in github.comments] == ["User", "Bot"]


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_posted_whatever_the_previews_did(kind: str, tmp_path: Path) -> None:
    violated = Plan("prod-1", code=1).violates("a-policy", "Title\nx")
    crashed = Plan("prod-1", code=255, errors="panic: out of memory", whole=False)
    for plan, ended, says in (
        (violated, True, "stopped by policy"),
        (crashed, True, "panic: out of memory"),
        (crashed, False, "did not come to their end"),
        (None, True, "No preview has left anything"),
    ):
        folder = tmp_path / says.replace(" ", "-").replace(":", "")
        if plan:
            keep(folder, plan, ended=ended)
        with serving(Forge(kind)) as forge:
            done = posted(forge, folder)
            assert (done.exit_code, done.stdout) == (0, "the comment is posted\n")
            assert says in forge.comments[0]["body"]


def test_a_comment_as_long_as_it_may_be(forge: Forge, tmp_path: Path) -> None:
    plans = []
    for number in range(120):
        values = {f"key{each}": "😀" * 100 for each in range(60)}
        plans.append(Plan(f"prod-{number}").step("create", BUCKET, "b", None, values))
    assert posted(forge, keep(tmp_path / "out", *plans)).exit_code == 0
    assert "more** clusters' changes in the artifact" in forge.comments[0]["body"]


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {"Retry-After": "0"}, SECONDARY),
        (429, {"Retry-After": "0"}, {"message": "Retry later"}),
        pytest.param(
            *(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}),
            {"message": "exceeded"},
            marks=pytest.mark.slow,  # a second each time
        ),
        (502, {"Retry-After": "0"}, {}),
    ],
)
def test_limits_are_waited_for(
    forge: Forge, status: int, headers: dict[str, str], body: dict[str, str]
) -> None:
    wrong = (status, headers, body)
    forge.wrong = [("GET .*(comments|notes)", wrong), ("GET .*(comments|notes)", wrong)]
    forge.wrong += [("POST .*", wrong)]
    done = posted(forge)
    assert (done.exit_code, done.stdout) == (0, "the comment is posted\n"), done.output
    assert len(forge.comments) == 1 and not forge.wrong


def test_a_limit_that_lasts(github: Forge) -> None:
    github.wrong = [("POST .*", (403, {"Retry-After": "3600"}, SECONDARY))]
    done = posted(github)
    assert done.exit_code == 1
    assert "asks to wait 3600 s (403: You have exceeded a secondary rate limit." in done.stderr
    assert done.stdout.startswith(MARKER), "it is in the log at least"


def test_how_long_is_waited(github: Forge) -> None:
    waits: list[float] = []
    api = Api(github.url, {"Authorization": f"Bearer {TOKEN}"}, waits.append)
    github.wrong = [("GET /a", (403, {}, SECONDARY)), ("GET /a", (503, {}, {}))]
    with pytest.raises(NotPosted):
        api.ask("GET", "a")
    assert waits == [60.0, 1.0], "a minute if it does not say, and less for what is just down"
    github.wrong = [("GET /a", (500, {}, {}))] * 6
    with pytest.raises(NotPosted, match="asks to wait 16 s"):
        api.ask("GET", "a")


def test_a_fork_may_not(forge: Forge) -> None:
    forge.wrong = [("POST .*", (403, {}, FORK))]
    done = posted(forge)
    assert done.exit_code == 1
    assert "127.0.0.1 says 403: Resource not accessible by integration" in done.stderr
    assert (
        "fix: give the job the right to write comments; a pull request from a fork" in done.stderr
    )
    assert done.stdout.startswith(MARKER)
    assert len(forge.writes()) == 1, "it is not tried again"


def test_an_answer_that_is_lost(forge: Forge) -> None:
    """It is written once all the same."""
    forge.loses = 1
    done = posted(forge)
    assert (done.exit_code, done.stdout) == (0, "the comment is unchanged\n")
    assert len(forge.comments) == 1


def test_nobody_answers() -> None:
    waits: list[float] = []
    with pytest.raises(Lost, match="gives no answer"):
        Api("http://127.0.0.1:9", {}, waits.append).ask("GET", "user")
    assert len(waits) == 6


def test_what_else_is_refused(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    for status, says, fix in (
        (401, "says 401: Bad credentials", "look at the token"),
        (404, "says 404: Not Found", "look at the repository and the number"),
        (422, "says 422: Unprocessable", "see what the service says"),
    ):
        said = says.split(": ")[1]
        forge.wrong = [("POST .*", (status, {}, {"message": f"{said}, {TOKEN}"}))]
        done = posted(forge)
        assert done.exit_code == 1
        assert says in done.stderr and fix in done.stderr
        assert TOKEN not in done.output and "Traceback" not in done.output


def test_the_token_goes_nowhere_else(forge: Forge) -> None:
    with serving(Forge(forge.kind)) as other:
        forge.elsewhere = f"127.0.0.1:{other.port}"
        for number in range(101):
            forge.add(f"comment {number}")
        done = posted(forge)
        assert done.exit_code == 1 and "sends to another server for its next page" in done.stderr
        assert other.asked == []


def test_as_json(forge: Forge, tmp_path: Path) -> None:
    told = json.loads(posted(forge, REAL, "--json", "--output", str(tmp_path / "c.md")).stdout)
    assert told["posted"] == "posted" and told["error"] is None
    assert told["body"] == (tmp_path / "c.md").read_text()


def test_the_number_of_an_event(github: Forge, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    arguments = ["comment", str(REAL), "--post", "github"]
    for said, code in (
        ({"pull_request": {"number": 7}}, 0),
        ({"issue": {"number": 7}}, 0),
        ({}, 2),
    ):
        event.write_text(json.dumps(said))
        given = {**github.environment, "GITHUB_REF": "refs/heads/main"}
        runner = CliRunner(env={**given, "GITHUB_EVENT_PATH": str(event)})
        done = runner.invoke(app, arguments)
        assert done.exit_code == code
    assert "no pull request is named" in done.stderr
    assert runner.invoke(app, [*arguments, "--number", "7"]).exit_code == 0
