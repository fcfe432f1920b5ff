from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import entries, guide, text
from ._rbac import (
    BINDINGS,
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    ROLES,
    SCRAPER,
    WRITERS,
    accounts,
    binds,
    grants,
    is_about_metrics,
    may_push,
)


@stack_rule(
    title="The account that scrapes the registry's metrics may not push",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("4.5"),
    types=(*ROLES, *BINDINGS),
    why=(
        "A scraper's token lies in a pod of the monitoring, and everybody who may look into that "
        "pod has it: with a role that writes, they may put another image under a tag that "
        "production pulls. Scraping takes get on registry/metrics only. A service account is a "
        "scraper if it has a role for metrics, or its name says so and it is given the role in the "
        "whole cluster."
    ),
    source="registry guide 4.5, prometheus-scraper; Kubernetes, RBAC good practices",
    remedy=(
        "Bind the scraper's account to the role for metrics alone, and let whoever pushes use an "
        "account of its own."
    ),
)
def scraper_reads_only(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    roles = [each for each in resources if each.resource_type in ROLES]
    bindings = [each for each in resources if each.resource_type in BINDINGS]
    scrapers = {
        account
        for binding in bindings
        if _is_for_metrics(binding, roles)
        for account in accounts(binding)
    }
    for binding in bindings:
        if not grants(binding, WRITERS) and not any(
            binds(binding, role) and may_push(role) for role in roles
        ):
            continue
        everywhere = binding.resource_type in CLUSTER_ROLE_BINDINGS
        if any(
            account in scrapers or (everywhere and SCRAPER.search(account[1]))
            for account in accounts(binding)
        ):
            yield binding, "a role that may push is bound to an account that scrapes metrics"


def _is_for_metrics(binding: Resource, roles: Sequence[Resource]) -> bool:
    if text(binding.props, "roleRef", "name") == "prometheus-scraper":
        return True
    return any(
        binds(binding, role) and any(map(is_about_metrics, entries(role.props, "rules")))
        for role in roles
        if role.resource_type in CLUSTER_ROLES
    )
