"""The JSON Schema that editors use, and the reference pages, made from the forms.

    python -m settings.schema

writes stacks/schema.json, docs/reference/settings.md and docs/reference/refusals.md.
"""

import json
from pathlib import Path
from typing import Any

from settings.reference import refusals_page, settings_page
from settings.sections import PROJECT, PULUMIS_KEYS
from settings.stack import StackSettings

ROOT = Path(__file__).resolve().parent.parent

FILLED_BY_PRESET = {
    "storageClass": ("CreatedClass", "AdoptedClass"),
    "claim": ("CreatedClaim", "AdoptedClaim"),
}


def schema() -> dict[str, Any]:
    """Of a whole stack file, in draft 2020-12."""
    stack = _tidy(StackSettings.model_json_schema())
    forms = stack["$defs"]
    _required_without_preset(forms)
    sections = {f"{PROJECT}:{name}": each for name, each in stack["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of openshift-registry",
        "type": "object",
        "properties": {
            **{name: {} for name in PULUMIS_KEYS},
            "config": {
                "type": "object",
                "properties": sections,
                "patternProperties": {f"^(?!{PROJECT}:)[^:]+:.+$": {}},
                "required": [f"{PROJECT}:{name}" for name in stack["required"]],
                "additionalProperties": False,
            },
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": forms,
    }


def _tidy(node: Any) -> Any:
    """Without titles, which only repeat the names, and without defaults that mean absence."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    dropped = {"title"} if isinstance(node.get("title"), str) else set()
    if node.get("default", 0) is None:
        dropped.add("default")
    return {name: _tidy(each) for name, each in node.items() if name not in dropped}


def _required_without_preset(forms: dict[str, Any]) -> None:
    """A preset fills these in, so they are required only where there is none."""
    storage = forms["ClaimStorage"]
    storage["required"].remove("claim")
    parts = {}
    for part, (created, adopted) in FILLED_BY_PRESET.items():
        modes = {"create": forms[created].pop("required"), "adopt": forms[adopted].pop("required")}
        parts[part] = {"properties": {mode: {"required": each} for mode, each in modes.items()}}
    storage["if"] = {"required": ["preset"]}
    storage["else"] = {"required": ["claim"], "properties": parts}


def pages() -> dict[Path, str]:
    """Each generated file with what it has to hold."""
    built = schema()
    return {
        ROOT / "stacks" / "schema.json": json.dumps(built, indent=2, ensure_ascii=False) + "\n",
        ROOT / "docs" / "reference" / "settings.md": settings_page(built["$defs"]),
        ROOT / "docs" / "reference" / "refusals.md": refusals_page(),
    }


def main() -> None:
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
