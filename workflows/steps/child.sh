#!/bin/sh
# GitLab's child pipeline, in child.yml: a job for each stack of stacks.json.
set -eu
. "$(dirname "$0")/env.sh"

cp workflows/gitlab/base.yml child.yml
python - >> child.yml << 'END'
import json
from pathlib import Path

stacks = json.loads(Path("stacks.json").read_text())["stacks"]
jobs = {
    f"up {each['stack']}": {
        "extends": ".up",
        "variables": {"STACK": each["stack"], "ENVIRONMENT": each["environment"]},
        "resource_group": f"up-{each['stack']}",
        "environment": {
            "name": f"{each['environment']}/{each['stack']}",
            "deployment_tier": each["environment"],
        },
    }
    for each in stacks
}
# A pipeline without a job is refused.
nothing = {"no stack is touched": {"script": ["true"]}}
for name, job in (jobs or nothing).items():
    print(f"\n{json.dumps(name)}: {json.dumps(job)}")
END
