"""Bring the stack file and the live cluster together, or refuse before anything is planned."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster.kubeconfig import ClusterAccess, KubeconfigError, load
from cluster.read import Unreachable, read
from cluster.takeover import Taken, takeover
from settings import Problem, SettingsError, StackSettings
from settings.facts import LiveFacts
from settings.guards import disagreements, loopback_only
from settings.operator_spec import FIELD_MANAGER, operator_spec


@dataclass(frozen=True)
class Agreement:
    """What is known of the cluster once nothing contradicts it."""

    access: ClusterAccess | None
    """None when a preview has no kubeconfig."""
    facts: LiveFacts | None
    """None when a preview could not reach the cluster."""
    unchecked: tuple[str, ...] = ()
    """What could not be checked, one sentence each."""
    taken: tuple[Taken, ...] = ()
    """What the patch will own from now on and does not own yet."""


def agree(
    settings: StackSettings,
    stack: str,
    preview: bool,
    environment: Mapping[str, str] = os.environ,
) -> Agreement:
    """Raises `SettingsError` with every contradiction. Reads only; sends nothing to a cluster
    that a lab stack has no business with. Only a preview may go on without a cluster."""
    try:
        access = load(_kubeconfig(settings), environment)
    except KubeconfigError as error:
        raise SettingsError([_problem(stack, str(error), "mend the kubeconfig")]) from None
    if access is None:
        return _without(stack, preview, None, "there is no kubeconfig")
    refused = loopback_only(stack, access.server, access.loopback)
    if refused is not None:
        raise SettingsError([refused])
    claims, classes = _names(settings)
    try:
        facts = read(access, claims, classes)
    except Unreachable as error:
        return _without(stack, preview, access, str(error))
    backend = settings.storage.backend if settings.storage else None
    demands = settings.storage.demands if settings.storage else {}
    problems = disagreements(settings, facts, backend, stack)
    if not preview and facts.config is None and not facts.config_absent:
        why = "; ".join(facts.unread)
        problems.append(
            _problem(stack, f"the live registry can't be read ({why})", "grant `get` on it")
        )
    if problems:
        raise SettingsError(problems)
    wanted: dict[str, Any] = operator_spec(settings, backend, demands)
    return Agreement(
        access,
        facts,
        tuple(f"not checked, could not be read: {each}" for each in facts.unread),
        tuple(takeover(facts, wanted, FIELD_MANAGER)),
    )


def _kubeconfig(settings: StackSettings) -> str | None:
    secret = settings.cluster.kubeconfig
    return secret.reveal() if secret is not None else None


def _names(settings: StackSettings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    storage = settings.storage
    if storage is None or storage.kind != "claim":
        return (), ()
    return (
        (storage.claim.name,),
        (storage.storage_class.name,) if storage.storage_class else (),
    )


def _without(stack: str, preview: bool, access: ClusterAccess | None, why: str) -> Agreement:
    if not preview:
        raise SettingsError(
            [
                _problem(
                    stack, f"{why}, so nothing can be applied", "check KUBECONFIG and the network"
                )
            ]
        )
    return Agreement(
        access,
        None,
        (
            f"{why}: this preview did not check that it is the right cluster, which storage the "
            "registry uses now, nor what exists already; `pulumi up` will",
        ),
    )


def _problem(stack: str, message: str, fix: str) -> Problem:
    return Problem(
        stack=stack,
        file=None,
        line=None,
        path="cluster.kubeconfig",
        value="",
        message=message,
        fix=fix,
        rule="guard:cluster",
        severity="error",
    )
