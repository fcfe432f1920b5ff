"""The cluster that a stack file describes; the lab makes one of that description."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from lab.errors import LabError


@dataclass(frozen=True)
class Described:
    """What a lab has to know of it."""

    name: str
    infrastructure_name: str
    platform: str
    version: str
    environment: str

    @classmethod
    def of_stack(cls, stack: str, stacks: Path) -> "Described":
        path = stacks / f"Pulumi.{stack}.yaml"
        if not path.is_file():
            known = sorted(each.name[7:-5] for each in stacks.glob("Pulumi.lab-*.yaml"))
            raise LabError(f"no stack file {path}; lab stacks there: {', '.join(known) or 'none'}")
        try:
            config = yaml.safe_load(path.read_text())["config"]["openshift-registry:cluster"]
            return cls(
                config["name"],
                config["infrastructureName"],
                config["platform"],
                config["version"],
                config["environment"],
            )
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise LabError(
                f"{path} says too little of its cluster for a lab "
                f"(name, infrastructureName, platform, version, environment): {error!r}"
            ) from error
