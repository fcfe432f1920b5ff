"""Bring the stack file and the live cluster together, or refuse before anything is planned."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess, KubeconfigError, load
from cluster.read import read
from cluster.takeover import Taken, takeover
from settings import Problem, SettingsError, StackSettings
from settings.contradiction import flow
from settings.facts import LiveFacts
from settings.guards import disagreements, loopback_only
from settings.image_spec import image_spec
from settings.names import FIELD_MANAGER, OURS
from settings.operator_spec import operator_spec
from settings.problems import Finding, Place
from settings.questions import questions
from settings.storage_guards import foreign_storage
from settings.wanted import wanted_backend


@dataclass(frozen=True)
class Agreement:
    """What is known of the cluster once nothing contradicts it."""

    access: ClusterAccess | None
    """None when a preview has no kubeconfig."""
    facts: LiveFacts | None
    """None when a preview could not reach the cluster."""
    unchecked: tuple[str, ...] = ()
    """What could not be checked, one sentence each."""
    switched: str | None = None
    """What the switch of the storage means, when there is one."""
    taken: Mapping[str, Sequence[Taken]] = field(default_factory=dict)
    """What the patch of each object, by its name, will own from now on and does not own yet."""
    doubts: tuple[Problem, ...] = ()
    """What is doubtful about the live cluster and was let pass."""


def agree(
    settings: StackSettings,
    place: Place,
    preview: bool,
    environment: Mapping[str, str] = os.environ,
) -> Agreement:
    """Raises `SettingsError` with every contradiction. Reads only; sends nothing to a cluster
    that a lab stack has no business with. Only a preview may go on without a cluster."""
    try:
        access = load(_kubeconfig(settings), environment)
    except KubeconfigError as error:
        raise SettingsError([_problem(place, str(error), "mend the kubeconfig")]) from None
    if access is None:
        looked = environment.get("KUBECONFIG") or "~/.kube/config"
        return _without(place, preview, None, f"there is no kubeconfig (looked for {looked})")
    refused = loopback_only(place.stack, access.server, access.loopback)
    if refused is not None:
        raise SettingsError([place.problem(refused)])
    try:
        facts = read(access, questions(settings))
    except Unreachable as error:
        return _without(place, preview, access, str(error))
    backend = wanted_backend(settings, facts)
    demands = settings.storage.demands if settings.storage else {}
    found = [place.problem(each) for each in disagreements(settings, facts, backend)]
    problems = [each for each in found if each.severity == "error"]
    if not preview:
        # What a preview can only say, `up` does not pass over.
        problems += [
            _problem(
                place, f"{each}, so it can't be checked", "allow it; docs/how-to/permissions.md"
            )
            for each in facts.unread
        ]
    if problems:
        raise SettingsError(problems)
    return Agreement(
        access,
        facts,
        tuple(f"not checked, could not be read: {each}" for each in facts.unread),
        _switch(facts, backend),
        dict(_taken(settings, facts, operator_spec(settings, backend, demands))),
        tuple(each for each in found if each.severity == "warning"),
    )


def _taken(
    settings: StackSettings, facts: LiveFacts, config: Mapping[str, Any]
) -> Iterator[tuple[str, Sequence[Taken]]]:
    pruner = settings.pruning.spec() if settings.pruning else {}
    for name, live, wanted in (
        ("configs/cluster", facts.config, config),
        ("image.config/cluster", facts.image, image_spec(settings)),
        ("imagepruner/cluster", facts.pruner, pruner),
    ):
        rows = takeover(live, wanted, FIELD_MANAGER)
        if rows:
            yield name, rows


def _switch(facts: LiveFacts, backend: Mapping[str, Mapping[str, Any]] | None) -> str | None:
    left = foreign_storage(facts.backends, backend, None) if backend else {}
    if not left:
        return None
    ours = any(OURS in facts.config.owners(("storage", each)) for each in left)
    protected = (
        "; a claim or volume that leaves this stack is protected: let the state forget it first "
        "(pulumi state unprotect URN)"
        if ours
        else ""
    )
    return (
        f"the registry switches its storage from {flow(left)} to {flow(backend)}; images are not "
        f"moved: pods will find none until they are pushed again or copied{protected}"
    )


def _kubeconfig(settings: StackSettings) -> str | None:
    secret = settings.cluster.kubeconfig
    return secret.reveal() if secret is not None else None


def _without(place: Place, preview: bool, access: ClusterAccess | None, why: str) -> Agreement:
    if not preview:
        message = f"{why}, so nothing can be applied"
        raise SettingsError([_problem(place, message, "check KUBECONFIG and the network")])
    return Agreement(
        access,
        None,
        (
            f"{why}: this preview did not check that it is the right cluster, which storage the "
            "registry uses now, nor what exists already; `pulumi up` will",
        ),
    )


def _problem(place: Place, message: str, fix: str) -> Problem:
    return place.problem(Finding(("cluster",), message, fix, "guard:cluster"))
