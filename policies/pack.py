"""Rules turned into CrossGuard policies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pulumi_policy as crossguard
from declare import ENDED, Judges, Resource, Rule, Settings
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
            given = args.get_config()
            for finding in rule.check(args, rule.effective(given)):
                report(_message(rule, args, finding, given))

    return validate


def _validate_stack(rule: Rule) -> Callable:
    def validate(args: crossguard.StackValidationArgs, report: Report) -> None:
        resources = [each for each in args.resources if each.resource_type in rule.types]
        # The engine shows the whole stack to policies once, when all of it is made.
        with _judged_later("at the end of `pulumi up`, when the resources are already made"):
            given = args.get_config()
            for resource, finding in rule.check(resources, rule.effective(given)):
                # With the resource's URN an exception can name it; without, only the stack.
                report(_message(rule, resource, finding, given), resource.urn)

    return validate


def _message(rule: Rule, resource: Resource, finding: str, given: Settings) -> str:
    """With what was waived until a day that is over: a run that passed yesterday stops today."""
    over = "".join(
        f"\nException {each['id']} ended on {each['until']}: fix it, or have the exception renewed "
        f"by {each['approvedBy']}."
        for each in given.get(ENDED, ())
        if resource.urn in each["targets"]
    )
    return f"{resource.name}: {finding}.{over}\nFix: {rule.remedy}\nWhy: {rule.url}"


@contextmanager
def _judged_later(when: str) -> Iterator[None]:
    """Let the SDK's advisory about an unknown value, which names the policy, say when it counts."""
    try:
        yield
    except UnknownValueError as unknown:
        unknown.message += f"; it is judged {when}"
        raise
