from collections.abc import Iterator
from typing import Any

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import entries, guide
from ._rbac import CLUSTER_ROLES, IMAGE_GROUP, METRICS, has, is_a_scrapers, is_about_metrics

FIELDS = ("apiGroups", "resources", "verbs", "nonResourceURLs")


@resource_rule(
    title="Who scrapes the registry's metrics may do nothing else with it",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=guide("4.5"),
    types=CLUSTER_ROLES,
    why=(
        "Scraping takes get on registry/metrics of image.openshift.io. A wildcard in the same "
        "role gives whoever holds the scraper's token, which lies in a pod, far more. A role is "
        "for metrics if it names them, or if its own name does and a wildcard takes them in."
    ),
    source="registry guide 4.5, prometheus-scraper; Kubernetes, RBAC good practices",
    remedy=(
        "Write the guide's rule, apiGroups [image.openshift.io], resources [registry/metrics], "
        "verbs [get], and give other permissions in a role of their own, by name."
    ),
)
def metrics_role(role: Resource, settings: Settings) -> Iterator[str]:
    rules = entries(role.props, "rules")
    if not any(map(is_about_metrics, rules)) and not (
        any(map(_takes_metrics_in, rules)) and is_a_scrapers(role)
    ):
        return
    for rule in rules:
        if any(_has_wildcard(entries(rule, field)) for field in FIELDS):
            yield "a rule of the role for metrics holds a wildcard"
        elif is_about_metrics(rule) and set(map(str, entries(rule, "verbs"))) != {"get"}:
            yield f"the role grants something else than get on {METRICS}"


def _takes_metrics_in(rule: Any) -> bool:
    return has(rule, "apiGroups", IMAGE_GROUP) and has(rule, "resources", METRICS)


def _has_wildcard(values: list[Any]) -> bool:
    return any(isinstance(each, str) and "*" in each for each in values)
