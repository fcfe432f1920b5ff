"""Roles that would be given twice, or to everybody."""

from collections.abc import Iterator

from settings.access import PULL, AccessSettings, Binding, Subject
from settings.problems import Finding, Path, path_text, shown
from settings.stack import StackSettings

UNKNOWN = ("system:anonymous", "system:unauthenticated")
"""Whoever reaches the registry, without a password."""

EVERYBODY = (
    "system:authenticated",
    "system:authenticated:oauth",
    "system:serviceaccounts",
    *UNKNOWN,
)
"""Names that Kubernetes and OpenShift give to all users, or to all pods."""


def duplicates(settings: StackSettings) -> Iterator[Finding]:
    """One binding a role and place: two of the same name would be one object."""
    if settings.access is None:
        return
    bound: dict[tuple[str, str | None], Path] = {}
    for path, binding in _bindings(settings.access):
        yield from _bound_before(path, binding, bound)
        for index, name in _repeated(binding.namespaces or []):
            yield _twice((*path, "namespaces", index), "stands here twice", shown(name))
    for path, subjects in _all_subjects(settings.access):
        for index, subject in _repeated(subjects):
            yield _twice((*path, index), f"is {subject} a second time")


def _bound_before(
    path: Path, binding: Binding, bound: dict[tuple[str, str | None], Path]
) -> Iterator[Finding]:
    for place in dict.fromkeys(binding.places):
        first = bound.setdefault((binding.role, place), path)
        if first is not path:
            where = f"in {place}" if place else "in the whole cluster"
            yield _twice(
                path,
                f"gives {binding.role} {where}, which {path_text(first)} does already",
                fix="put the subjects of both into one of them",
            )


def _twice(path: Path, message: str, value: str = "", fix: str = "keep one of the two") -> Finding:
    return Finding(path, message, fix, "access:duplicate", value)


def anybody(settings: StackSettings) -> Iterator[Finding]:
    if settings.access is None:
        return
    for path, binding in _bindings(settings.access):
        for index, subject in enumerate(binding.subjects):
            yield from _anybody((*path, "subjects", index, "name"), binding.role, subject)
    for path, subjects in _all_subjects(settings.access):
        if path[1] == "metrics":
            for index, subject in enumerate(subjects):
                yield from _anybody((*path, index, "name"), "the metrics' role", subject)


def _anybody(path: Path, role: str, subject: Subject) -> Iterator[Finding]:
    pushes = role not in (PULL, "the metrics' role")
    if subject.kind == "ServiceAccount" or subject.name not in (EVERYBODY if pushes else UNKNOWN):
        return
    if pushes:
        yield Finding(
            path,
            f"is everybody, and {role} pushes: anybody could replace the images that pods run",
            "name the users, groups or service accounts that push",
            "access:anybody-pushes",
            shown(subject.name),
        )
    else:
        yield Finding(
            path,
            f"is whoever reaches the registry, without logging in, and gets {role}",
            "name a group, or system:authenticated for everybody who has logged in",
            "access:anybody-reads",
            shown(subject.name),
            "warning",
        )


def _bindings(access: AccessSettings) -> Iterator[tuple[Path, Binding]]:
    for index, binding in enumerate(access.bindings):
        yield ("access", "bindings", index), binding


def _all_subjects(access: AccessSettings) -> Iterator[tuple[Path, list[Subject]]]:
    for path, binding in _bindings(access):
        yield (*path, "subjects"), binding.subjects
    if access.metrics:
        yield ("access", "metrics", "subjects"), access.metrics.subjects


def _repeated(items: list) -> Iterator[tuple[int, object]]:
    """What stood in the list before, with its index."""
    for index, item in enumerate(items):
        if item in items[:index]:
            yield index, item
