"""Reference pages in Markdown, made from the forms and the rules."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

from pydantic_core import PydanticUndefined

from settings.choice import ExactlyOne
from settings.form import Form
from settings.presets import PRESETS
from settings.rules import RULES
from settings.stack import StackSettings
from settings.walk import Entry, entries

GENERATED = "<!-- Made by `python -m settings.schema`. Change the code, not this page. -->\n"
HEAD = "| key | type | default | since | guide | meaning |\n|---|---|---|---|---|---|\n"

Schemas = dict[str, Any]


def settings_page(schemas: Schemas) -> str:
    """Every key of a stack file. `schemas` are the JSON Schemas of the forms by name."""
    uses = Counter(each.inner for each in entries(StackSettings) if each.inner)
    shared = [form for form, times in uses.items() if times > 1]
    parts = [
        "# Settings of a stack file\n",
        GENERATED,
        "A stack file is `stacks/Pulumi.<stack>.yaml`. Under `config:` it has the sections below, "
        "each key spelled as the API that receives it. Keys are strict: nothing unknown, nothing "
        "empty, no `null`, no text for a number. *Since* is the first OpenShift minor that has "
        "the key, where that is not 4.1; on an older `cluster.version` it is refused. *Guide* is "
        "the section of Red Hat's registry guide for OpenShift 4.15. What is refused, and why, "
        "is in [refusals.md](refusals.md).\n",
    ]
    for section in entries(StackSettings):
        if len(section.path) == 1 and section.inner:
            parts.append(f"## openshift-registry:{section.path[0]}{_kind(section.inner)}\n")
            parts.append(f"{section.field.description}\n")
            parts.append(_table(section.inner, schemas, shared))
            if "preset" in section.inner.model_fields:
                parts.append(_presets())
    parts.append("## Parts that several keys share\n")
    for form in sorted(shared, key=lambda each: each.__name__):
        parts += [f"### {form.__name__}\n", f"{_first(form)}\n", _table(form, schemas, shared)]
    return "\n".join(parts)


def refusals_page() -> str:
    """Every rule by its id."""
    rows = [
        f"| `{name}` | {'warning' if rule.warning else 'error'} | {rule.refuses} | {rule.why} | "
        f"{'yes' if rule.ours else ''} |"
        for name, rule in RULES.items()
    ]
    return "\n".join(
        [
            "# What is refused\n",
            GENERATED,
            "Each problem that `ocpreg check` and a preview report ends with the id of its rule. "
            "An error stops the stack before anything is touched; a warning does not. *Ours* "
            "marks rules that refuse something the API server alone would take, or that are not "
            "about the custom resource at all: the reason is then the operator, the registry's "
            "Deployment, the storage, or the safety of images and secrets. Checks against the "
            "live cluster have ids that begin with `guard:`; those across stack files, which "
            "`ocpreg check` alone makes, have ids that begin with `fleet:`.\n",
            "| rule | kind | refuses | why | ours |\n|---|---|---|---|---|\n" + "\n".join(rows),
            "",
        ]
    )


def _table(form: type[Form], schemas: Schemas, shared: list[type[Form]]) -> str:
    return HEAD + "".join(f"{row}\n" for row in _rows(form, schemas, shared, ""))


def _rows(
    form: type[Form], schemas: Schemas, shared: list[type[Form]], prefix: str
) -> Iterator[str]:
    siblings: dict[frozenset[str], str] = {}
    for entry in entries(form):
        if len(entry.path) > 1:
            continue
        name, inner = str(entry.path[0]), entry.inner
        schema = schemas[form.__name__]["properties"][name]
        same = siblings.setdefault(frozenset(inner.model_fields), name) if inner else name
        copied = issubclass(form, ExactlyOne) and inner is not None and same != name
        kind = f"the keys of `{same}`" if copied else _type(schema, entry, shared)
        yield _row(f"{prefix}{name}", kind, entry)
        if inner and inner not in shared and not copied:
            item = "[]" if schema.get("type") == "array" else ""
            yield from _rows(inner, schemas, shared, f"{prefix}{name}{item}.")


def _row(name: str, kind: str, entry: Entry) -> str:
    field = entry.field
    default = ""
    if field.is_required():
        default = "required"
    elif field.default not in (None, PydanticUndefined):
        default = f"`{field.default}`"
    since, guide = entry.fact("since") or "", entry.fact("guide") or ""
    meaning = field.description or ""
    if field.examples:
        meaning += f" Example: `{json.dumps(field.examples[0], ensure_ascii=False)}`."
    return f"| `{name}` | {kind} | {default} | {since} | {guide} | {meaning} |"


def _type(schema: Schemas, entry: Entry, shared: list[type[Form]]) -> str:
    if entry.inner in shared:
        link = f"[{entry.inner.__name__}](#{entry.inner.__name__.lower()})"
        return f"list of {link}" if schema.get("type") == "array" else link
    return type_words(schema)


def type_words(schema: Schemas) -> str:
    """The JSON Schema of a key in a few words."""
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "anyOf" in schema:
        return " or ".join(type_words(each) for each in schema["anyOf"])
    if "secure" in schema.get("properties", {}):
        return "secret"
    kind = schema.get("type", "object")
    if kind == "array":
        return f"list of {type_words(schema['items'])}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"mapping of text to {type_words(schema['additionalProperties'])}"
    if isinstance(kind, list):
        return "quantity"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(
        kind, "mapping"
    )


def _presets() -> str:
    lines = ["### Presets\n", "| preset | fills in | with |\n|---|---|---|"]
    for name, preset in PRESETS.items():
        used = preset.class_mode == "use"
        for part, values in (
            ("claim.create", preset.claim),
            ("storageClass.use", preset.used_class if used else {}),
            ("storageClass.create", preset.storage_class),
            ("registry", {"replicas": preset.replicas} if preset.replicas else {}),
        ):
            if not values:
                continue
            shown = ", ".join(f"`{key}: {json.dumps(value)}`" for key, value in values.items())
            lines.append(f"| `{name}`: {preset.meaning} | `{part}` | {shown} |")
    return "\n".join([*lines, ""])


def _kind(form: type[Form]) -> str:
    """For a section that may be one of several forms, which one."""
    kind = form.model_fields.get("kind")
    return f", kind: {get_args(kind.annotation)[0]}" if kind else ""


def _first(form: type[Form]) -> str:
    return (form.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
