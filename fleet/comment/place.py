"""Which pull request: as the pipeline's environment says."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fleet.comment.api import Api
from fleet.comment.services import GitHub, GitLab, Service

GITHUB, GITLAB = "github", "gitlab"


class NoPlace(Exception):
    """Something that is needed to post is not said. The message says what; `fix` where."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def service(kind: str, number: int | None, environment: Mapping[str, str]) -> Service:
    """Raises `NoPlace`."""
    return _github(number, environment) if kind == GITHUB else _gitlab(number, environment)


def _github(number: int | None, environment: Mapping[str, str]) -> GitHub:
    url = environment.get("GITHUB_API_URL") or "https://api.github.com"
    repository = _given(environment, "GITHUB_REPOSITORY", "OWNER/NAME of the repository")
    token = _given(environment, "GITHUB_TOKEN", "a token that may write to pull requests")
    number = number or _event_number(environment)
    if number is None:
        raise NoPlace("no pull request is named", "give its --number; a push has none by itself")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "ocpreg",
    }
    return GitHub(Api(url, headers), repository, number)


def _gitlab(number: int | None, environment: Mapping[str, str]) -> GitLab:
    url = environment.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
    project = _given(environment, "CI_PROJECT_ID", "the project's ID or path")
    token = _given(
        environment,
        "GITLAB_TOKEN",
        "a project's access token with the scope api (a job's own may not write notes)",
    )
    said = environment.get("CI_MERGE_REQUEST_IID", "")
    number = number or (int(said) if said.isdigit() else None)
    if number is None:
        raise NoPlace("no merge request is named", "give its --number, or run for merge requests")
    return GitLab(Api(url, {"PRIVATE-TOKEN": token, "User-Agent": "ocpreg"}), project, number)


def _given(environment: Mapping[str, str], name: str, what: str) -> str:
    value = environment.get(name)
    if not value:
        raise NoPlace(f"{name} is not set", f"set it to {what}")
    return value


def _event_number(environment: Mapping[str, str]) -> int | None:
    ref = re.fullmatch(r"refs/pull/(\d+)/(merge|head)", environment.get("GITHUB_REF", ""))
    if ref:
        return int(ref[1])
    try:
        event: Any = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text())
        return int((event.get("pull_request") or event["issue"])["number"])
    except (LookupError, OSError, ValueError, TypeError, AttributeError):
        return None
