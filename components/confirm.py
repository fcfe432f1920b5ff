"""After the patch: does the live object say what the stack says?

The engine compares a stack file with its state, not with the cluster. What somebody has changed
on the live object since is "unchanged" to it, and a run would end well over a registry that is
on another storage, or whose storage the operator may delete.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResourcePatch

from cluster.kubeconfig import ClusterAccess
from cluster.read import read
from cluster.takeover import differences

MEND = "pulumi up --refresh --run-program"


def confirm(patch: CustomResourcePatch, access: ClusterAccess, spec: Mapping[str, Any]) -> None:
    """Once the patch is applied or found unchanged, fail the run if a field is not as wanted."""

    def check(wanted: Any) -> None:
        found = differences(read(access, (), ()), wanted)
        if found:
            rows = "\n".join(f"  {row}" for row in found)
            raise pulumi.RunError(
                "configs/cluster was changed by somebody else since the last run, and the engine "
                f"did not see it:\n{rows}\n    fix: {MEND}"
            )

    pulumi.Output.all(patch.id, spec).apply(lambda both: check(both[1]))
