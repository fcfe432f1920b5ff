"""The end of `make up`: what was made, what to look at, how to go on."""

import json
import time

from lab.address import Address
from lab.described import Described
from lab.engine import Engine
from lab.lab import Lab, say
from lab.process import listens
from lab.verify import healthy, settle

DEFAULT = "lab-aws"
"""What make takes without STACK."""
TRIES = 20
"""Ten a second: a registry may be starting again."""


def summary(engine: Engine) -> bool:
    """Print it; False if the operator isn't content."""
    stack = engine.lab.stack
    state = Described.of_stack(stack, engine.lab.stacks).management_state
    conditions = settle(engine.lab, say, state=state)
    content = healthy(conditions, state)
    print(f"\nStack {stack}")
    for resource in _resources(engine):
        print(f"  {resource}")
    print("\nThe operator says")
    for name in ("Available", "Progressing", "Degraded", "StorageExists"):
        status, reason, message = conditions.get(name, ("?", "", ""))
        print(f"  {name}={status}  {reason}{': ' + message if message else ''}")
    given = "" if stack == DEFAULT else f" STACK={stack}"
    serves = _serves(engine.lab)
    print("\nLook at it")
    for command in (
        f'eval "$(make -s env{given})"',
        "kubectl get configs.imageregistry.operator.openshift.io cluster -o yaml "
        "--show-managed-fields",
        "kubectl -n openshift-image-registry get pvc,deployment",
        "pulumi preview --expect-no-changes",
        *(["ocpreg smoke"] if serves else []),
    ):
        print(f"  {command}")
    if not serves:
        log = engine.lab.directory / "logs" / "platform.log"
        print(f"\nNo registry runs here that `ocpreg smoke` could ask: see {log}")
    print("\nGo on")
    for command, meaning in (
        (f"make preview{given}", f"after editing stacks/Pulumi.{stack}.yaml"),
        (f"make down{given}", "give the stack up; images and storage stay"),
        ("make lab-stop", "throw the lab away"),
        ("README.md", "a first stack for a cluster of your own"),
    ):
        print(f"  {command:<28} {meaning}")
    return content


def _serves(lab: Lab) -> bool:
    """Whether a registry listens: upstream's can't log in with everything that OpenShift's can."""
    port = Address(lab.directory / "registry").port
    for _ in range(TRIES if port else 0):
        if listens(port):
            return True
        time.sleep(0.1)
    return False


def _resources(engine: Engine) -> list[str]:
    state = json.loads(engine.ask("stack", "export", "--stack", engine.lab.stack))
    lines = []
    for resource in state["deployment"].get("resources", []):
        if not resource["custom"] or resource["type"].startswith("pulumi:"):
            continue
        kept = ", protected" if resource.get("protect") else ""
        lines.append(f"{resource['urn'].rsplit('::', 1)[1]}  ({resource['type']}{kept})")
    return lines
