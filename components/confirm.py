"""After a patch: does the live object say what the stack says?

The engine compares a stack file with its state, not with the cluster. What somebody has changed
on the live object since is "unchanged" to it, and a run would end well over a registry that is
on another storage, or whose storage the operator may delete.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from pulumi import Resource
from pulumi_kubernetes.apiextensions import CustomResourcePatch

from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess
from cluster.read import read_patched, read_places
from cluster.takeover import differences
from components.kubernetes_object import KubernetesObject, Place
from settings.names import MEND


def confirm(
    patch: CustomResourcePatch,
    access: ClusterAccess | None,
    name: str,
    kind: tuple[str, str],
    spec: Mapping[str, Any],
) -> None:
    """Once the patch is applied or found unchanged, fail the run if a field of `spec` is not as
    wanted. `kind` is the API version and the plural name. A preview has nothing to look at."""
    if spec and access is not None and not pulumi.runtime.is_dry_run():
        wanted = pulumi.Output.all(patch.id, spec)
        wanted.apply(lambda both: check(access, name, kind, both[1]))


def check(
    access: ClusterAccess, name: str, kind: tuple[str, str], wanted: Mapping[str, Any]
) -> None:
    """Raises `pulumi.RunError` unless the live object can be read and is as wanted."""
    try:
        live, unread = read_patched(access, *kind)
    except Unreachable as error:
        raise pulumi.RunError(f"{name} could not be looked at again: {error}") from None
    if live.live is None:
        why = "; ".join(unread) or "there is none"
        raise pulumi.RunError(f"{name} could not be looked at again: {why}")
    found = differences(live, wanted)
    if found:
        rows = "\n".join(f"  {row}" for row in found)
        raise pulumi.RunError(
            f"{name} was changed by somebody else since the last run, and the engine "
            f"did not see it:\n{rows}\n    fix: {MEND}"
        )


def confirm_there(made: Iterable[Resource], access: ClusterAccess | None) -> None:
    """Once these are applied or found unchanged, fail the run if an object of the cluster among
    them is gone."""
    made = [each for each in made if isinstance(each, KubernetesObject)]
    if made and access is not None and not pulumi.runtime.is_dry_run():
        places = [each.place for each in made]
        pulumi.Output.all(*(each.id for each in made)).apply(lambda _: check_there(access, places))


def check_there(access: ClusterAccess, places: Iterable[Place]) -> None:
    """Raises `pulumi.RunError` for objects that were deleted and that the engine, which looks at
    its state only, takes for unchanged. What can't be read is not judged."""
    try:
        gone = [str(place) for place, live in read_places(access, places) if not live]
    except Unreachable as error:
        raise pulumi.RunError(
            f"the stack's objects could not be looked at again: {error}"
        ) from None
    if gone:
        raise pulumi.RunError(
            "deleted by somebody else since the last run, and the engine did not see it: "
            f"{', '.join(gone)}\n    fix: {MEND}"
        )
