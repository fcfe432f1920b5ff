"""Will the registry be reachable as the stack file means it? Judged without a cluster."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from settings.exposure import ExposureSettings, Route, UsedSecret
from settings.hosts import LONGEST_LABEL
from settings.problems import Finding, Path, shown
from settings.route_certificates import faults
from settings.stack import StackSettings

NAMESPACE = "openshift-image-registry"
DEFAULT_ROUTE = "default-route"
SOURCE = "cluster-image-registry-operator pkg/operator/complete.go, verifyResource"

# What Kubernetes takes for the random end of a generated name.
RANDOM = "-[bcdfghjklmnpqrstvwxz2456789]{5}"
OWNERS = {
    r"image-registry-tls|image-registry-operator-tls": "the service CA operator",
    r"image-registry-private-configuration": "the image registry's operator",
    r"image-registry-private-configuration-user": "the credentials of the storage",
    r"installation-pull-secrets": "the image registry's operator",
    r"installer-cloud-credentials": "the cloud credential operator",
    rf".*-(dockercfg|token){RANDOM}": "a service account",
}
"""Secrets of openshift-image-registry that a cluster brings along, and whose they are."""


def _at(index: int, *rest: str) -> Path:
    return ("exposure", "routes", index, *rest)


def _routes(exposure: ExposureSettings) -> Sequence[Route]:
    return exposure.routes or ()


def certificate_path(index: int, route: Route, *rest: str) -> Path:
    return _at(index, "certificate", route.certificate.mode if route.certificate else "", *rest)


def route_names(exposure: ExposureSettings) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, route in enumerate(_routes(exposure)):
        if route.name == DEFAULT_ROUTE:
            yield Finding(
                _at(index, "name"),
                f"is the operator's own route, even when defaultRoute is false ({SOURCE}): it "
                "would go Degraded",
                "write another name, or `defaultRoute: true`",
                "exposure:default-route",
                shown(route.name),
            )
        elif route.name in seen:
            yield Finding(
                _at(index, "name"),
                f"is the name of a route before it, and the operator would go Degraded ({SOURCE})",
                "give each route a name of its own",
                "exposure:twice",
                shown(route.name),
            )
        seen.add(route.name)


def hostnames(exposure: ExposureSettings) -> Iterator[Finding]:
    yield from _twice_generated(exposure)
    seen: set[str] = set()
    for index, route in enumerate(_routes(exposure)):
        if route.hostname is None:
            label = _generated(route.name)
            if len(label) > LONGEST_LABEL:
                yield Finding(
                    _at(index, "name"),
                    f"makes a host name whose first part, {label[:20]}..., has {len(label)} "
                    f"characters, and DNS takes {LONGEST_LABEL}",
                    f"write a name of {LONGEST_LABEL - len(NAMESPACE) - 1} characters at most, or "
                    "give the route a `hostname`",
                    "exposure:long-name",
                    shown(route.name),
                )
        elif route.hostname in seen:
            yield Finding(
                _at(index, "hostname"),
                "is the host of a route before it, and the router gives it to one of them only",
                "give each route a host of its own",
                "exposure:twice",
                shown(route.hostname),
            )
        seen.add(route.hostname or "")


def _twice_generated(exposure: ExposureSettings) -> Iterator[Finding]:
    """Hosts that two routes would have if the router gives one of them its name.

    The router's domain is not known here, so the first parts are compared.
    """
    default = [DEFAULT_ROUTE] if exposure.default_route else []
    names = [each.name for each in _routes(exposure) if each.hostname is None]
    given = {_generated(name): name for name in reversed([*default, *names])}
    for index, route in enumerate(_routes(exposure)):
        label = (route.hostname or _generated(route.name)).partition(".")[0]
        other = given.get(label, route.name)
        if other != route.name or (route.hostname and label in given):
            yield Finding(
                _at(index, "hostname" if route.hostname else "name"),
                f"leads to the host that the router gives to the route {other} "
                f"({label}.<its domain>), and it gives a host to one of them only",
                "write another hostname" if route.hostname else "write another name, or a hostname",
                "exposure:twice",
                shown(route.hostname or route.name),
            )


def _generated(name: str) -> str:
    """The first part of the host name that a route without one gets."""
    return f"{name.replace('.', '-')}-{NAMESPACE}"


def secret_names(exposure: ExposureSettings) -> Iterator[Finding]:
    """Each owned secret is written once, and is no secret of the cluster's own."""
    seen: set[str] = set()
    for index, route in enumerate(_routes(exposure)):
        wanted = route.certificate
        if wanted is None:
            continue
        path = certificate_path(index, route, "name")
        owned = not isinstance(wanted, UsedSecret)
        owner = next((who for text, who in OWNERS.items() if re.fullmatch(text, wanted.name)), None)
        if owned and owner:
            yield Finding(
                path,
                f"is a secret of the cluster itself, of {owner}",
                "write another name",
                "exposure:owner",
                shown(wanted.name),
            )
        elif owned and wanted.name in seen:
            yield Finding(
                path,
                "is written for a route before it",
                f"write `use: {{name: {wanted.name}}}` here if it is the same certificate, else "
                "another name",
                "exposure:twice",
                shown(wanted.name),
            )
        if owned:
            seen.add(wanted.name)


def certificates(exposure: ExposureSettings) -> Iterator[Finding]:
    mine = owned_secrets(exposure)
    for index, route in enumerate(_routes(exposure)):
        wanted = route.certificate
        if wanted is None:
            continue
        used = isinstance(wanted, UsedSecret)
        owned = mine.get(wanted.name) if used else wanted
        if owned is None:
            continue  # only the cluster knows it
        for fault in faults(owned.tls_crt, owned.tls_key, owned.tls_cacrt, route.hostname):
            if used and fault.rule != "covers":
                continue  # said where it is written
            # The value is not shown: a key is soon pasted where a certificate belongs.
            yield Finding(
                certificate_path(index, route, "name" if used else fault.key),
                fault.message,
                fault.fix,
                fault.rule if fault.rule == "pem" else f"exposure:{fault.rule}",
                "",
                fault.severity,
            )


def owned_secrets(exposure: ExposureSettings) -> dict[str, Any]:
    """The secrets that the stack writes, by name."""
    wanted = [each.certificate for each in _routes(exposure) if each.certificate]
    return {each.name: each for each in wanted if not isinstance(each, UsedSecret)}


def external_hosts(exposure: ExposureSettings) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, name in enumerate(exposure.external_registry_hostnames or ()):
        path: Path = ("exposure", "externalRegistryHostnames", index)
        if name in seen:
            yield Finding(path, "is there already", "keep one", "exposure:twice", shown(name))
        elif not _reached(exposure, name.partition(":")[0]):
            yield Finding(
                path,
                "is the host of no route in this stack file: image streams would show a name "
                "under which nothing answers, unless something else leads there",
                "write the `hostname` of one of the routes",
                "exposure:unreached",
                shown(name),
                "warning",
            )
        seen.add(name)


def _reached(exposure: ExposureSettings, host: str) -> bool:
    """Is it a route's host, or one that the router could give to a route?"""
    given = [each.name for each in _routes(exposure) if each.hostname is None]
    given += [DEFAULT_ROUTE] if exposure.default_route else []
    first = host.partition(".")[0]
    return host in [each.hostname for each in _routes(exposure)] or first in [
        _generated(name) for name in given
    ]


def in_vain(settings: StackSettings) -> Iterator[Finding]:
    exposure, state = settings.exposure, settings.registry.management_state
    if exposure is not None and exposure.spec() and state != "Managed":
        what = {"Removed": "there is no registry", "Unmanaged": "the operator makes no route"}
        yield Finding(
            ("exposure",),
            f"has no effect while managementState is {state}: {what[state]}",
            "write managementState: Managed, or leave the section out",
            "exposure:in-vain",
            "",
            "warning",
        )
