"""Write docs/reference/policies.md from the rules and their examples.

python policies/document.py          write the page
python policies/document.py --check  exit 1 if the page is not what would be written
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from declare import Judges, Rule
from fixtures import fixture, read

from rules import RULES

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "policies.md"

INTRODUCTION = """\
# Policies

<!-- Written by policies/document.py from the rules in policies/rules/. Change those. -->

What the policy pack in `policies/` asks of a stack. It judges any Pulumi program, not only this
project's, and imports nothing from it:

    python policies/render.py --environment production -o policy-config.json
    pulumi preview --policy-pack policies --policy-pack-config policy-config.json

A mandatory violation stops `pulumi up` before the resource is made; an advisory one is shown.
[levels.yaml](../../policies/levels.yaml) changes that per environment, and
[an exception](../how-to/policy-exceptions.md) waives a policy for one resource until a day.

Each resource is judged with its inputs, at preview and again during `up`, before it is made. What a
preview can't know yet becomes an advisory that names the policy and the property, and is judged
during `up`. Policies that join several resources see the stack as a whole: after the preview, and
at the end of `up`, when the resources are made. Their values are known at preview in every program
that names its objects itself, and then a violation stops `up` there.

No message holds the value of a property: policies see secrets in clear.

**Which buckets are judged.** Those that the registry's configuration names in spec.storage, if
it is in the stack and has storage; on Swift, which containers. In a stack without it, as one of a
cloud alone, every bucket but those that access logs are written to. A part belongs to a bucket if
its `bucket` is an output of the bucket, which a preview knows when it does not know the value, or
has the bucket's name. What a plugin makes up where nothing is said, as whether Google prevents
public access, is judged on every bucket of the stack, by its inputs and before it is made; so is
every storage account and container of Azure, whose answers do not have the names they are asked by.

**Whose rights are judged.** The users and roles that the operator's secrets are made of
(image-registry-private-configuration-user and installer-cloud-credentials in
openshift-image-registry), and whoever is allowed anything on a bucket that is judged. On Google
Cloud these are service accounts, on Azure identities with a role in a storage account; a role that
opens every bucket or account below is judged whoever gets it. A policy document that is made of a
value a preview can't know, a new key's ARN for one, is unknown as a whole: write names that you
know into it, or keep that part in a document of its own.
"""

WHEN = {
    Judges.RESOURCE: "each resource, before it is made",
    Judges.STACK: "the whole stack, after the preview and after `up`",
}


def page() -> str:
    return "\n".join(
        [INTRODUCTION, *_table(), *(line for r in RULES.values() for line in _part(r))]
    )


def _table() -> Iterator[str]:
    yield "| policy | asks that | severity | level |"
    yield "|---|---|---|---|"
    for rule in RULES.values():
        yield f"| [{rule.id}](#{rule.id}) | {rule.title} | {rule.severity} | {rule.level} |"
    yield ""


def _part(rule: Rule) -> Iterator[str]:
    framework = rule.framework
    yield from (f"## {rule.id}", "", f"**{rule.title}.** {rule.why}", "", f"Fix: {rule.remedy}", "")
    yield "| | |"
    yield "|---|---|"
    yield f"| severity, level | {rule.severity}, {rule.level} |"
    yield f"| judges | {WHEN[rule.judges]} |"
    yield f"| types | {', '.join(f'`{each}`' for each in rule.types)} |"
    yield f"| enforces | {framework.name} {framework.version}: {framework.reference} |"
    yield f"| source | {rule.source} |"
    for name, schema in rule.settings.items():
        default = yaml.safe_dump(schema["default"], default_flow_style=True).split("\n...")[0]
        yield f"| setting `{name}` | {schema['description']}; default `{default.strip()}` |"
    yield ""
    yield from _example(rule, "good", "Passes")
    yield from _example(rule, "bad", "Is reported")


def _example(rule: Rule, kind: str, verdict: str) -> Iterator[str]:
    first = read(fixture(rule.id, kind))[0]
    yield f"*{verdict}:* {first['title']}"
    yield ""
    shown = {key: first[key] for key in ("settings", "resources") if key in first}
    yield f"```yaml\n{yaml.safe_dump(shown, sort_keys=False, width=96)}```"
    yield ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="document.py", description="Write the policies' page.")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    parser.add_argument("-o", "--output", type=Path, default=PAGE, metavar="FILE")
    given = parser.parse_args(arguments)
    if not given.check:
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(page())
    elif not given.output.exists() or given.output.read_text() != page():
        print(f"{given.output} is stale: run python policies/document.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
