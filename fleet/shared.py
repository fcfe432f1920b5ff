"""What two stacks must not share: a cluster, or a bucket or container.

Looked for in what the files say, whatever else is wrong with them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from settings import Problem, StackFile
from settings.aws import partition
from settings.endpoint import IN_CLUSTER
from settings.problems import Finding, Path, shown

AMAZON = re.compile(r".+\.amazonaws\.com(\.cn)?")
STANDARD_PORTS = (80, 443)
NOT_ONE = "AzureStackCloud"
"""Clouds of one's own that all have this name."""


class Rule(NamedTuple):
    """What is said of something that another stack has too."""

    id: str
    message: str
    fix: str


SAME_CLUSTER = Rule(
    "fleet:same-cluster",
    "is the cluster of {other} too: both would write the same custom resource, and undo each other",
    "keep one stack for a cluster, or correct the name (oc get infrastructure cluster -o "
    "jsonpath='{.status.infrastructureName}')",
)
SAME_NAME = Rule(
    "fleet:same-name",
    "is the cluster's name in {other} too: two stacks for one cluster undo each other, and two "
    "clusters of one name are taken for each other",
    "keep one stack for a cluster, and give another cluster another name",
)
SAME_BUCKET = Rule(
    "fleet:same-bucket",
    "is the bucket of {other} too: pruning one registry deletes layers of the other one",
    "give each registry a bucket of its own",
)
SAME_CONTAINER = Rule(
    SAME_BUCKET.id,
    "is the container of {other} too: pruning one registry deletes layers of the other one",
    "give each registry a container of its own",
)


class Held(NamedTuple):
    """Something that one stack file alone may hold."""

    file: str
    stack: str
    line: int | None
    rule: Rule
    what: tuple[str, ...]
    """Equal for what is the same thing."""
    path: Path
    value: str

    @property
    def owner(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"stack {self.stack} ({place})"


def held(read: StackFile) -> list[Held]:
    """Everything of the kind in one file."""
    return [
        Held(read.path, read.stack, read.line_of(path), rule, what, path, shown(what[-1], path))
        for rule, what, path in (*_cluster(read.config), *_bucket(read.config))
    ]


def problems(all_held: Iterable[Held]) -> Iterator[Problem]:
    """One for each file and thing that it shares with others, of whom the first is named."""
    holders: dict[tuple[Rule, tuple[str, ...]], dict[str, Held]] = defaultdict(dict)
    for each in all_held:
        holders[each.rule, each.what].setdefault(each.file, each)
    shared = [[*each.values()] for each in holders.values() if len(each) > 1]
    clusters = {each.file: each.what for each in _of(SAME_CLUSTER, shared)}
    for same in shared:
        first, second = same[:2]
        for one in same:
            known = clusters.get(one.file)
            if one.rule is SAME_NAME and known and all(clusters.get(x.file) == known for x in same):
                continue  # said of the cluster itself already
            other = second if one is first else first
            yield _problem(one, other, len(same) - 2)


def _of(rule: Rule, shared: list[list[Held]]) -> Iterator[Held]:
    return (each for same in shared for each in same if each.rule is rule)


def _problem(one: Held, other: Held, more: int) -> Problem:
    others = other.owner + (f" and {more} more" if more else "")
    message = one.rule.message.format(other=others)
    finding = Finding(one.path, message, one.rule.fix, one.rule.id, one.value)
    return finding.problem(one.stack, one.file, lambda _: one.line)


def _cluster(config: Mapping[str, Any]) -> Iterator[tuple[Rule, tuple[str, ...], Path]]:
    cluster = _mapping(config, "cluster")
    for rule, key in ((SAME_CLUSTER, "infrastructureName"), (SAME_NAME, "name")):
        value = cluster.get(key)
        if isinstance(value, str) and value:
            yield rule, (value,), ("cluster", key)


def _bucket(config: Mapping[str, Any]) -> Iterator[tuple[Rule, tuple[str, ...], Path]]:
    """What a claim is given, of a bucket or a volume, has a name that nobody else has."""
    storage = _mapping(config, "storage")
    kind = storage.get("kind")
    rule, section, stores = KINDS.get(kind if isinstance(kind, str) else "", NOWHERE)
    names = [*_names(storage, section)]
    for store in stores(storage) if names else ():
        for mode, name in names:
            yield rule, (*store, name), ("storage", section, mode, "name")


def _names(storage: Mapping[str, Any], section: str) -> Iterator[tuple[str, str]]:
    """How it is chosen, and its name."""
    chosen = _mapping(storage, section)
    for mode in chosen:
        name = _mapping(chosen, mode).get("name")
        if isinstance(name, str) and name:
            yield mode, name


# Within what a name is the only one; nothing if another cluster does not see it.


def _of_s3(storage: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """A bucket of AWS has one name in all of the regions of its part of AWS, however it is
    reached."""
    host, port, folder = _url(storage.get("regionEndpoint"))
    if storage.get("service") == "aws" or AMAZON.fullmatch(host):
        yield ("aws", partition(_text(storage, "region")))
    elif "." in host and not IN_CLUSTER.fullmatch(host):
        # Otherwise each cluster has a Service of this name, or none.
        yield (host, "" if port in (None, *STANDARD_PORTS) else str(port), folder)


def _of_gcs(storage: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """A bucket has one name in all of Google Cloud, whatever its project."""
    yield ("gcs",)


def _of_azure(storage: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """An account has one name in its cloud, whatever its subscription."""
    environment = _text(storage, "environment")
    if environment and storage.get("cloudName") != NOT_ONE:
        for _, account in _names(storage, "account"):
            yield ("azure", environment, account)


def _of_swift(storage: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """A container belongs to a project, which has a name in its domain, or an ID; without either
    there is no telling whose it is."""
    host = _url(storage.get("authURL"))[0]
    region = _text(storage, "regionName")
    domain = (_text(storage, "domain"), _text(storage, "domainID"))
    for key, within in (("tenant", domain), ("tenantID", ())):
        project = _text(storage, key)
        if host and project:
            yield ("swift", host, region, key, *within, project)


def _of_nothing(storage: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    yield from ()


Stores = Callable[[Mapping[str, Any]], Iterator[tuple[str, ...]]]
KINDS: dict[str, tuple[Rule, str, Stores]] = {
    "s3": (SAME_BUCKET, "bucket", _of_s3),
    "gcs": (SAME_BUCKET, "bucket", _of_gcs),
    "azure": (SAME_CONTAINER, "container", _of_azure),
    "swift": (SAME_CONTAINER, "container", _of_swift),
}
NOWHERE: tuple[Rule, str, Stores] = (SAME_BUCKET, "bucket", _of_nothing)


def _url(value: Any) -> tuple[str, int | None, str]:
    """Host, port and path."""
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        return parts.hostname or "", parts.port, parts.path.strip("/")
    except ValueError:  # no URL, which is said of the file itself
        return "", None, ""


def _text(parent: Mapping[str, Any], key: str) -> str:
    value = parent.get(key)
    return value if isinstance(value, str) else ""


def _mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, Mapping) else {}
