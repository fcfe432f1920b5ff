"""What the types of Google Cloud have in common."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lab.clouds.base.kind import Kind, State
from lab.clouds.base.values import Inputs

if TYPE_CHECKING:
    from lab.clouds.google.cloud import Google

_writing = threading.Lock()
"""A policy is read, changed and written as a whole: one member after the other."""

Policy = dict[str, Any]


class GoogleKind(Kind):
    def __init__(self, google: "Google") -> None:
        self.google = google

    def project(self, properties: Mapping[str, Any]) -> str:
        return properties.get("project") or self.google.project

    def labels_in(self, inputs: Inputs) -> dict[str, str]:
        """All labels of a resource, the provider's among them."""
        return {**self.google.default_labels, **(inputs.get("labels") or {})}

    def labels_out(self, live: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
        """The plugin speaks of the labels that it was told of, and leaves others (its guide
        "Labels")."""
        own = known.get("labels") or {}
        defaults = self.google.default_labels
        return {
            "labels": {key: each for key, each in live.items() if key in own},
            "effectiveLabels": dict(live),
            "pulumiLabels": {
                key: each for key, each in live.items() if key in own or key in defaults
            },
        }


def relabelled(wanted: Mapping[str, str], old: State) -> dict[str, str | None]:
    """What to write: those that were ours and are no longer wanted are taken off."""
    gone = [key for key in old.get("pulumiLabels") or {} if key not in wanted]
    return {**wanted, **dict.fromkeys(gone)}


class Member(GoogleKind):
    """One member of one role. Others who have it are left alone."""

    not_played = frozenset({"condition"})
    of: ClassVar[str]
    """The property that names what it is a role on."""

    def policy(self, thing: str) -> Policy | None:
        """None if the thing is gone."""
        raise NotImplementedError

    def write(self, thing: str, policy: Policy) -> None:
        raise NotImplementedError

    def create(self, inputs: Inputs) -> tuple[str, State]:
        thing, role, member = inputs[self.of], inputs["role"], inputs["member"]

        def add(members: list[str]) -> list[str]:
            return [*members, *([] if member in members else [member])]

        self._change(thing, role, add)
        return f"{self.prefix(thing)}/{role}/{member}", {}

    def prefix(self, thing: str) -> str:
        return thing

    def read(self, identifier: str, known: State) -> State | None:
        thing, role, member = self._named(identifier, known)
        policy = self.policy(thing)
        for each in (policy or {}).get("bindings") or ():
            if each["role"] == role and member in each.get("members", ()):
                return {
                    self.of: thing,
                    "role": role,
                    "member": member,
                    "etag": policy.get("etag", ""),
                }
        return None

    def delete(self, identifier: str, state: State) -> None:
        thing, role, member = self._named(identifier, state)
        if self.policy(thing) is not None:
            self._change(thing, role, lambda members: [each for each in members if each != member])

    def _named(self, identifier: str, known: State) -> tuple[str, str, str]:
        if known.get("member"):
            return known[self.of], known["role"], known["member"]
        # An import: `thing role member`.
        thing, role, member = identifier.split(" ")
        return thing.removeprefix("b/"), role, member

    def _change(self, thing: str, role: str, change: Callable[[list[str]], list[str]]) -> None:
        with _writing:
            policy = self.policy(thing) or {}
            bindings = {each["role"]: each for each in policy.get("bindings") or ()}
            members = change((bindings.get(role) or {}).get("members") or [])
            bindings[role] = {"role": role, "members": members}
            kept = [each for each in bindings.values() if each["members"]]
            self.write(thing, {**policy, "bindings": kept})


def at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
