"""The fixtures beside the rules as arguments of their policies, and what can be made of them."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pulumi_policy as crossguard
from fixtures import PROVIDER, Case, cases_of, origins, urn
from pack import policy
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from rules import RULES


def cases(kind: str) -> list[Case]:
    return [case for rule in RULES for case in cases_of(rule, kind)]


def judge(case: Case) -> list[str]:
    """The case's violations in the words of its policy; raises UnknownValueError like the SDK."""
    messages: list[str] = []
    _judge(case, messages)
    return messages


def said(case: Case) -> list[str]:
    """The same, as far as it came."""
    messages: list[str] = []
    with suppress(UnknownValueError):
        _judge(case, messages)
    return messages


def _judge(case: Case, messages: list[str]) -> None:
    def report(message: str, urn: str | None = None) -> None:
        messages.append(message)

    rule = policy(RULES[case.rule])
    if isinstance(rule, crossguard.StackValidationPolicy):
        found = _resources(case.resources)
        rule.validate(crossguard.StackValidationArgs(found, case.settings), report)
    else:
        for each in case.resources:
            rule.validate(_arguments(each, case.settings), report)


def verdict(case: Case) -> str:
    """What a run shows: clean, fires, or later (the advisory that it can't be judged yet)."""
    try:
        return "fires" if judge(case) else "clean"
    except UnknownValueError:
        return "later"


def _options(resource: dict[str, Any]) -> crossguard.PolicyResourceOptions:
    opts = resource.get("opts", {})
    return crossguard.PolicyResourceOptions(
        protect=opts.get("protect", False),
        ignore_changes=opts.get("ignoreChanges", []),
        delete_before_replace=None,
        aliases=[],
        custom_timeouts=crossguard.PolicyCustomTimeouts(0, 0, 0),
        additional_secret_outputs=opts.get("additionalSecretOutputs", []),
    )


def _provider(resource: dict[str, Any]) -> crossguard.PolicyProviderResource | None:
    if "provider" not in resource:
        return None
    name = resource["provider"]["name"]
    return crossguard.PolicyProviderResource(
        PROVIDER, unknown_checking_proxy({}), urn({"type": PROVIDER, "name": name}), name
    )


def _arguments(resource: dict[str, Any], settings: dict) -> crossguard.ResourceValidationArgs:
    return crossguard.ResourceValidationArgs(
        resource["type"],
        unknown_checking_proxy(resource.get("props", {})),
        urn(resource),
        resource["name"],
        _options(resource),
        _provider(resource),
        settings,
    )


def _resources(resources: list[dict[str, Any]]) -> list[crossguard.PolicyResource]:
    made = [_resource(each) for each in resources]
    named = {each.name: each for each in made}
    for resource, each in zip(resources, made, strict=True):
        for key, names in origins(resource).items():
            each.property_dependencies[key] = [named[name] for name in names]
    return made


def _resource(resource: dict[str, Any]) -> crossguard.PolicyResource:
    return crossguard.PolicyResource(
        resource["type"],
        unknown_checking_proxy(resource.get("props", {})),
        urn(resource),
        resource["name"],
        _options(resource),
        _provider(resource),
        None,
        [],
        {},
    )


def variants(case: Case, value: Any) -> Iterator[tuple[str, Case]]:
    """The case once per property, at every depth, with that property replaced by a value."""
    for number, resource in enumerate(case.resources):
        for path in _paths(resource.get("props", {})):
            changed = copy.deepcopy(case.resources)
            place = changed[number]["props"]
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
            where = ".".join(map(str, path))
            yield f"{resource['name']}.{where}", _with(case, changed)


def with_strangers(case: Case, value: str) -> Case:
    """The case with a property more in every object, which no rule looks at."""

    def add(node: Any) -> Any:
        if isinstance(node, dict):
            # By a host's name: a map of CAs with another key would be a map of something else.
            # A condition more is a statement about something else.
            return {
                key: each if key == "Condition" else add(each) for key, each in node.items()
            } | {"stranger.example.test": value}
        return [add(each) for each in node] if isinstance(node, list) else node

    changed = [{**each, "props": add(each.get("props", {}))} for each in case.resources]
    return _with(case, changed)


def _with(case: Case, resources: list[dict[str, Any]]) -> Case:
    return Case(case.rule, case.kind, case.title, resources, case.settings, case.says)


def _paths(node: Any, above: tuple = ()) -> Iterator[tuple]:
    below = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in below:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*above, key))
