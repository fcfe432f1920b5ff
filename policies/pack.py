"""Rules turned into CrossGuard policies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pulumi_policy as crossguard
from declare import Judges, Rule
from pulumi_policy.proxy import UnknownValueError

from rules import RULES

Report = Callable[..., None]


def policies() -> list[crossguard.Policy]:
    return [policy(rule) for rule in RULES.values()]


def policy(rule: Rule) -> crossguard.Policy:
    kind, validate = {
        Judges.RESOURCE: (crossguard.ResourceValidationPolicy, _validate_resource),
        Judges.STACK: (crossguard.StackValidationPolicy, _validate_stack),
    }[rule.judges]
    return kind(
        name=rule.id,
        description=rule.title,
        display_name=rule.title,
        validate=validate(rule),
        enforcement_level=crossguard.EnforcementLevel(rule.level),
        severity=crossguard.Severity(rule.severity),
        framework=crossguard.PolicyComplianceFramework(
            name=rule.framework.name,
            version=rule.framework.version,
            reference=rule.framework.reference,
        ),
        config_schema=_schema(rule),
        remediation_steps=rule.remedy,
        url=rule.url,
    )


def _schema(rule: Rule) -> crossguard.PolicyConfigSchema | None:
    if not rule.settings:
        return None
    return crossguard.PolicyConfigSchema({key: dict(s) for key, s in rule.settings.items()})


def _validate_resource(rule: Rule) -> Callable:
    def validate(args: crossguard.ResourceValidationArgs, report: Report) -> None:
        if args.resource_type not in rule.types:
            return
        with _judged_later(f"during `pulumi up`, before {args.name} is made or changed"):
            for finding in rule.check(args, rule.effective(args.get_config())):
                report(_message(rule, args.name, finding))

    return validate


def _validate_stack(rule: Rule) -> Callable:
    def validate(args: crossguard.StackValidationArgs, report: Report) -> None:
        resources = [each for each in args.resources if each.resource_type in rule.types]
        # The engine shows the whole stack to policies once, when all of it is made.
        with _judged_later("at the end of `pulumi up`, when the resources are already made"):
            for resource, finding in rule.check(resources, rule.effective(args.get_config())):
                # With the resource's URN an exception can name it; without, only the stack.
                report(_message(rule, resource.name, finding), resource.urn)

    return validate


def _message(rule: Rule, name: str, finding: str) -> str:
    return f"{name}: {finding}.\nFix: {rule.remedy}\nWhy: {rule.url}"


@contextmanager
def _judged_later(when: str) -> Iterator[None]:
    """Let the SDK's advisory about an unknown value, which names the policy, say when it counts."""
    try:
        yield
    except UnknownValueError as unknown:
        unknown.message += f"; it is judged {when}"
        raise
