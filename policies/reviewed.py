"""What the two reviewed files, levels.yaml and exceptions.yaml, have in common."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter
from pydantic import ValidationError as PydanticError

from rules import RULES


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Unusable(Exception):
    """Every problem of a file, one sentence each."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


def _policy_id(value: str) -> str:
    if value not in RULES:
        raise ValueError(f"is no policy{nearest(value, RULES)}")
    return value


PolicyId = Annotated[str, AfterValidator(_policy_id)]


def nearest(value: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name."""
    known = list(known)
    if found := get_close_matches(value, known, n=1):
        return f"; did you mean {found[0]}?"
    if len(known) > 10:
        return "; docs/reference/policies.md lists them"
    return f"; there is {', '.join(known) or 'none'}"


class _Loader(yaml.SafeLoader):
    """Days stay text: YAML's own dates raise a bare ValueError for a 31st of June."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read(path: Path, adapter: TypeAdapter, empty: Any, model: type[Strict]) -> Any:
    """The checked content of a YAML file; `empty` stands for an empty one, `model` is its entry."""
    try:
        document = yaml.load(path.read_text(), Loader=_Loader)
    except OSError as error:
        raise Unusable([f"{path}: can't be read: {error.strerror}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unusable([f"{path}: is no YAML: {' '.join(str(error).split())}"]) from None
    try:
        return adapter.validate_python(empty if document is None else document)
    except PydanticError as error:
        raise Unusable([f"{path}: {_sentence(each, model)}" for each in error.errors()]) from None


def _sentence(error: Any, model: type[Strict]) -> str:
    keys = [key for key in error["loc"] if key != "[key]"]
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    where, value = where or "the whole file", error["input"]
    match error["type"]:
        case "missing":
            return f"{where} is missing: {model.model_fields[keys[-1]].description}"
        case "extra_forbidden":
            return f"{where} is no key of this file{nearest(str(keys[-1]), model.model_fields)}"
        case "model_type":
            return f"{where}: {value!r} is no mapping of {', '.join(model.model_fields)}"
        case "value_error":
            return f"{where}: {value!r} {error['ctx']['error']}"
        case _:
            shown = "" if isinstance(value, dict | list) and value else f" {value!r}:"
            return f"{where}:{shown} {error['msg'][0].lower()}{error['msg'][1:]}"
