"""The cluster that a stack file describes; the lab makes one of that description."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError

PROJECT = "openshift-registry"
ADD_ONS = "lab:addOns"
"""In a namespace of its own, which the program does not look at."""
REGION = "lab:region"
DEFAULT_REGION = "us-east-1"
NEEDED = ("name", "infrastructureName", "platform", "version", "environment")


@dataclass(frozen=True)
class Described:
    """What a lab has to know of it."""

    name: str
    infrastructure_name: str
    platform: str
    version: str
    environment: str
    management_state: str
    add_ons: tuple[str, ...] = ()
    """What an administrator has installed on the cluster (lab/openshift/addons.py)."""
    region: str = DEFAULT_REGION
    """Where a cluster on a cloud runs: `lab:region`, else the region of its storage."""
    storage: Any = None
    """The section, as it is written: what it refers to in a cloud is there before."""

    @classmethod
    def of_stack(cls, stack: str, stacks: Path) -> "Described":
        path = stacks / f"Pulumi.{stack}.yaml"
        if not path.is_file():
            known = sorted(each.name[7:-5] for each in stacks.glob("Pulumi.lab-*.yaml"))
            raise LabError(f"no stack file {path}; lab stacks there: {', '.join(known) or 'none'}")
        config = _mapping(_mapping(_load(path), path).get("config"), path, "config")
        cluster = config.get(f"{PROJECT}:cluster")
        cluster = _mapping(cluster, path, "config", f"{PROJECT}:cluster")
        wrong = [key for key in NEEDED if not isinstance(cluster.get(key), str)]
        if wrong:
            raise LabError(
                f"{path}: {PROJECT}:cluster: a lab needs {', '.join(wrong)}, as text "
                '(a version in quotes: "4.15")'
            )
        # A section that is wrong is the program's to refuse, with all that is wrong in it.
        registry = config.get(f"{PROJECT}:registry")
        state = registry.get("managementState") if isinstance(registry, dict) else None
        add_ons = _add_ons(config.get(ADD_ONS), path)
        storage = config.get(f"{PROJECT}:storage")
        region = _region(config.get(REGION), storage, path)
        needed = (cluster[key] for key in NEEDED)
        return cls(*needed, state or "Managed", add_ons, region, storage)


def _add_ons(value: object, path: Path) -> tuple[str, ...]:
    if value is None:
        return ()
    from lab.openshift.addons import ADD_ONS as KNOWN

    where, known = f"{path}: config: {ADD_ONS}", ", ".join(KNOWN)
    if not isinstance(value, list):
        raise LabError(f"{where} = {value!r} is no list; write one of: {known}, in [brackets]")
    for each in value:
        if not isinstance(each, str) or each not in KNOWN:
            raise LabError(f"{where}: the lab has no add-on {each!r}; there are: {known}")
    return tuple(dict.fromkeys(value))


def _region(value: object, storage: object, path: Path) -> str:
    if value is None:
        of_storage = storage.get("region") if isinstance(storage, dict) else None
        return of_storage if isinstance(of_storage, str) else DEFAULT_REGION
    if not isinstance(value, str) or not value:
        raise LabError(f"{path}: config: {REGION} = {value!r} is no region; write {DEFAULT_REGION}")
    return value


def _load(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabError(f"{path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise LabError(f"{path} is not UTF-8: byte {error.start + 1} is none; save it so") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise LabError(f"{path}{line} is not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise LabError(f"{path} is not YAML: {said}") from None


def _mapping(value: object, path: Path, *keys: str) -> dict:
    if isinstance(value, dict):
        return value
    where = f"{path}: {': '.join(keys)}" if keys else str(path)
    wrong = "is missing or empty" if value is None else "is no mapping of keys to values"
    raise LabError(f"{where} {wrong}; stacks/Pulumi.lab-aws.yaml is one that a lab takes")
