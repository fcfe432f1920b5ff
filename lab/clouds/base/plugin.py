"""The work of a plugin: each of the engine's questions, answered from a cloud's table."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.clouds.base.cloud import Cloud
from lab.clouds.base.difference import Difference, difference, same
from lab.clouds.base.kind import CloudError, Kind, State
from lab.clouds.base.shapes import (
    Failure,
    arguments,
    document_mistake,
    mistakes,
    outputs,
    shape,
)
from lab.clouds.base.values import UNKNOWN, Inputs, has_unknown

OWN = ("__defaults", "__internal")


@dataclass
class Plugin:
    """Plain values in and out; who calls sees to secrets."""

    cloud: Cloud
    claimed: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a resource of this run has claimed -> its URN."""

    def kind(self, token: str) -> Kind:
        found = self.cloud.kinds.get(token)
        if found is None:
            known = ", ".join(each.rpartition(":")[2] for each in self.cloud.kinds)
            raise CloudError(
                f"the lab's {self.cloud.title} has no resource type {token}; there are: {known}"
            )
        return found

    def check(
        self, urn: str, old: Inputs, new: Inputs, seed: bytes
    ) -> tuple[Inputs, list[Failure]]:
        token, logical = urn.split("::")[-2].rpartition("$")[2], urn.split("::")[-1]
        kind = self.kind(token)
        inputs = {key: value for key, value in new.items() if key not in OWN}
        for key in kind.documents & inputs.keys():
            if isinstance(inputs[key], dict) and not has_unknown(inputs[key]):
                inputs[key] = json.dumps(inputs[key])
        _make_up_name(kind, logical, old, inputs, seed)
        failures = list(mistakes(arguments(token), inputs))
        failures += [
            Failure((key,), f"the lab's {self.cloud.title} does not play this property of {token}")
            for key in sorted(kind.not_played & inputs.keys())
        ]
        for key in sorted(kind.documents & inputs.keys()):
            wrong = document_mistake(inputs[key])
            failures += [Failure((key,), wrong)] if wrong else []
        if not failures:
            failures = [*kind.check(inputs), *self._claim(kind, urn, inputs)]
        return inputs, failures

    def _claim(self, kind: Kind, urn: str, inputs: Inputs) -> list[Failure]:
        """The cloud keeps one of a thing; of two resources for it, the last one run would win."""
        what = kind.claims(inputs)
        if what is None:
            return []
        holder = self.claimed.setdefault((kind.token, what), urn)
        if holder == urn:
            return []
        other = holder.split("::")[-1]
        return [Failure((), f"{what} has one of this kind, and {other!r} describes it already")]

    def diff(
        self, token: str, old_inputs: Inputs, state: State, new: Inputs, ignored: Sequence[str]
    ) -> Difference:
        return difference(self.kind(token), old_inputs, state, new, ignored)

    def create(self, token: str, inputs: Inputs, preview: bool) -> tuple[str, State]:
        kind = self.kind(token)
        if preview:
            # The real plugins plan what they know beforehand: the region, and what absence means.
            unknown = dict.fromkeys(outputs(token), UNKNOWN)
            given = {**kind.meaning(), **self._given(kind, inputs)}
            return "", kind.planned({**unknown, **given})
        identifier, told = kind.create(inputs)
        live = kind.read(identifier, {**inputs, **told})
        if live is None:
            raise CloudError(f"{token} {identifier} is gone right after it was created")
        return identifier, {**self._given(kind, inputs), **live, **told}

    def read(self, token: str, identifier: str, state: State, inputs: Inputs) -> Any:
        """Properties and inputs as they are; None if it is gone."""
        kind = self.kind(token)
        live = kind.read(identifier, state)
        if live is None:
            return None
        kept = {key: state[key] for key in (*kind.kept, *kind.local) if key in state}
        properties = {**kind.local, **kept, **live}
        if inputs:
            return properties, {
                key: value
                if key in kind.local or same(kind, key, properties.get(key), value)
                else properties.get(key)
                for key, value in inputs.items()
                if key not in OWN
            }
        return properties, self._described(kind, properties)

    def update(
        self, token: str, identifier: str, state: State, new: Inputs, preview: bool
    ) -> State:
        kind = self.kind(token)
        kept = {key: state[key] for key in kind.kept if key in state}
        if preview:
            return kind.planned({**state, **self._given(kind, new)})
        kind.update(identifier, state, new)
        live = kind.read(identifier, {**new, **kept})
        if live is None:
            raise CloudError(f"{token} {identifier} is gone; `pulumi refresh` sees that")
        return {**self._given(kind, new), **kept, **live}

    def delete(self, token: str, identifier: str, state: State) -> None:
        self.kind(token).delete(identifier, state)

    def invoke(self, token: str, given: Inputs) -> dict[str, Any]:
        function = self.cloud.functions.get(token)
        if function is None:
            known = ", ".join(each.rpartition(":")[2] for each in self.cloud.functions)
            raise CloudError(
                f"the lab's {self.cloud.title} has no function {token}; there are: {known}"
            )
        return function(given)

    @staticmethod
    def _given(kind: Kind, inputs: Inputs) -> State:
        return {**kind.local, **inputs}

    @staticmethod
    def _described(kind: Kind, properties: State) -> Inputs:
        """The inputs that a program would have given: for an import."""
        wanted = shape(arguments(kind.token))
        return {
            key: properties[key]
            for key in wanted.types
            if properties.get(key) is not None
            and (
                key in wanted.required
                or key in kind.identity
                or (key in kind.absent and properties[key] != kind.absent[key])
            )
        }


def _make_up_name(kind: Kind, logical: str, old: Inputs, inputs: Inputs, seed: bytes) -> None:
    """As the real plugin does it: the logical name, a hyphen, seven hexadecimal digits."""
    if kind.name is None:
        return
    key, longest = kind.name
    if key in inputs or f"{key}Prefix" in inputs:
        return
    if old.get(key):
        inputs[key] = old[key]
        return
    suffix = (seed or os.urandom(8)).hex()[:7]
    inputs[key] = f"{kind.made_up(logical)[: longest - 8]}-{suffix}"
