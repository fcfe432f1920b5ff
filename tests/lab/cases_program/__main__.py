"""Registers the resources of a JSON file as they stand there: bad ones, for the policies to judge.

The file is a list of resources as in the policies' fixtures, each with a `prefix` that keeps
logical names apart.
"""

import json
import os
from pathlib import Path
from typing import Any

import pulumi


class Raw(pulumi.CustomResource):
    """A resource of any type with any properties."""


providers: dict[str, pulumi.ProviderResource] = {}


made: dict[tuple[str, str], Raw] = {}


def outputs(value: Any, prefix: str) -> Any:
    """The value with outputs where the fixture has `$unknown`, or `$of` another resource."""
    if value == {"$unknown": True}:
        return pulumi.Output(set(), ready("?"), ready(False), ready(False))
    if isinstance(value, dict) and "$of" in value:
        of = made[prefix, value["$of"]]
        # The URN is known in a preview, the id is not.
        return of.urn.apply(lambda _: value["$is"]) if "$is" in value else of.id
    if isinstance(value, dict):
        return {key: outputs(each, prefix) for key, each in value.items()}
    return [outputs(each, prefix) for each in value] if isinstance(value, list) else value


def ready(value: Any) -> Any:
    import asyncio

    future: Any = asyncio.get_event_loop().create_future()
    future.set_result(value)
    return future


for resource in json.loads(Path(os.environ["CASES"]).read_text()):
    name, kind = f"{resource['prefix']}-{resource['name']}", resource["type"]
    props = outputs(resource.get("props", {}), resource["prefix"])
    opts = resource.get("opts", {})
    if kind == "pulumi:providers:kubernetes":
        providers[resource["name"]] = pulumi.ProviderResource("kubernetes", name, props)
        continue
    if kind == "pulumi:pulumi:Stack":
        for key, value in props.items():
            pulumi.export(key, value)
        continue
    if kind.startswith("openshift-registry:"):
        # Policies that judge the stack see a component's outputs.
        pulumi.ComponentResource(kind, name, props).register_outputs(props)
        continue
    provider = providers.get(resource.get("provider", {}).get("name"))
    options = pulumi.ResourceOptions(
        provider=provider,
        protect=opts.get("protect"),
        additional_secret_outputs=opts.get("additionalSecretOutputs"),
    )
    made[resource["prefix"], resource["name"]] = Raw(kind, name, props, options)
