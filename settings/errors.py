"""pydantic's errors as findings."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from settings.form import Form
from settings.problems import Finding, Path, is_encrypted, path_text, quoted, shown
from settings.stack import StackSettings
from settings.types import nearest
from settings.walk import form_at, untagged

WANTED = {
    "string_type": ("is not text", "write text"),
    "string_unicode": ("is not text", "write text"),
    "int_type": ("is not a whole number", "write a whole number"),
    "bool_type": ("is neither true nor false", "write true or false"),
    "list_type": ("is not a list", "write a list"),
    "dict_type": ("is not a mapping", "write a mapping of keys to values"),
    "model_type": ("is not a mapping", "write a mapping of keys to values"),
}


class Fault(NamedTuple):
    """A finding, and what has to go before the rest can be judged: a value that is wrong, or a
    key that is missing, which its example stands in for."""

    finding: Finding
    blamed: Path
    missing: bool = False
    example: Any = None


def faults(error: ValidationError) -> list[Fault]:
    """Everything that `error` holds, in pydantic's order."""
    return [_fault(each) for each in error.errors(include_url=False)]


def _fault(error: ErrorDetails) -> Fault:
    tagged, kind, value = error["loc"], error["type"], error["input"]
    where = untagged(StackSettings, tagged)
    context = error.get("ctx") or {}
    if "fix" in context:
        path = (*where, *context["at"])
        there, part = _part(value, context["at"])
        told = shown(part, path) if there and not isinstance(part, dict | list) else ""
        finding = Finding(path, context["message"], context["fix"], kind, told)
        return Fault(finding, path if there else where)
    if kind == "missing":
        stand_in = _example(form_at(StackSettings, tagged[:-1]), where[-1])
        fix = f"add it, e.g. {where[-1]}: {_flow(stand_in)}"
        return Fault(Finding(where, "is missing", fix, "required"), where, True, stand_in)
    if kind == "extra_forbidden":
        return Fault(_unknown(where, form_at(StackSettings, tagged[:-1])), where)
    if where[-1:] == ("[key]",):
        where = where[:-1]
        kind = "invalid_key"
    if kind == "invalid_key":
        message = f"has the key {shown(value)}, which is not text"
        return Fault(Finding(where[:-1], message, "put it in quotes", "type"), where)
    return Fault(_type(where, kind, value, error["msg"]), where)


def _part(value: Any, at: Path) -> tuple[bool, Any]:
    """Is there something at `at` inside `value`, and what?"""
    for step in at:
        if isinstance(step, int) or (isinstance(value, dict) and step in value):
            value = value[step]
        else:
            return False, None
    return True, value


def _example(form: type[Form] | None, alias: str | int) -> Any:
    """A value that would do for a required key."""
    fields = form.model_fields.values() if form else ()
    return next(
        (each.examples[0] for each in fields if each.alias == alias and each.examples), None
    )


def _unknown(where: Path, form: type[Form] | None) -> Finding:
    name = str(where[-1])
    reason = form.not_settable.get(name) if form else None
    if reason:
        return Finding(where, f"can't be set: it {reason}", "leave it out", "not-settable")
    known = [field.alias or "" for field in form.model_fields.values()] if form else []
    section, dot, _ = name.partition(".")
    if len(where) == 1 and dot and section in known:
        fix = f"write it inside openshift-registry:{section}"
    else:
        meant = nearest(name, known)
        fix = f"write {meant}" if meant else f"the keys here are: {', '.join(known) or 'none'}"
    # The value is not shown: it may be a secret under a misspelt name.
    return Finding(where, "is not a known key", fix, "unknown-key")


def _type(where: Path, kind: str, value: Any, message: str) -> Finding:
    if value is None:
        return Finding(where, "has no value", "give it one, or leave the key out", "null", "null")
    if is_encrypted(value):
        return Finding(
            where,
            "is encrypted, and only secrets are",
            f"pulumi config set --path 'openshift-registry:{path_text(where)}' with the plain "
            "value",
            "type",
            shown(value),
        )
    what, fix = WANTED.get(kind, (f"does not fit: {message}", "see docs/reference/settings.md"))
    if kind == "string_type" and isinstance(value, bool | int | float):
        # Not the value itself: YAML has read 0123 as 83, and 5e12 as something else.
        fix = "put it in quotes, as it is written"
    elif kind == "string_type":
        fix = "write text, in quotes if it looks like anything else"
    elif kind == "int_type" and isinstance(value, str) and value.lstrip("-").isdigit():
        fix = f"leave the quotes out: {value[:20]}"
    return Finding(where, what, fix, "type" if kind in WANTED else "value", shown(value, where))


def _flow(value: Any) -> str:
    """As one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    quoted_text = isinstance(value, str) and value.replace(".", "").isdigit()
    return quoted(value) if quoted_text else str(value)
