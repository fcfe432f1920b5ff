"""Can the certificates be trusted as the stack file means it? Judged without a cluster."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from settings.certificates import Certificate, PemError, certificates, day, expired, expires_soon
from settings.problems import Finding, Path, Severity, shown
from settings.trust import MapSettings, UsedMap, host_fault

AT = ("trust", "additionalTrustedCA")

OWNERS = {
    r"user-ca-bundle": "the proxy's trust (proxy/cluster), filled by the installer",
    r"openshift-service-ca\.crt": "the service CA operator",
    r"kube-root-ca\.crt": "the kube-controller-manager",
    r"cloud-provider-config": "the cloud's configuration, written by the installer",
    r"admin-kubeconfig-client-ca|initial-kube-apiserver-server-ca": "the API server's operator",
    r"etcd-(.*-)?(bundle|serving-ca)": "etcd's operator",
    r"openshift-install.*": "the installer",
}
"""Maps of openshift-config that a cluster brings along, and whose they are."""


class Doubt(NamedTuple):
    """What is doubtful about certificates that can be used."""

    rule: str
    message: str
    fix: str
    severity: Severity = "warning"


def _at(wanted: MapSettings, *rest: str) -> Path:
    return (*AT, wanted.mode, *rest)


def name(wanted: MapSettings) -> Iterator[Finding]:
    if not isinstance(wanted, UsedMap):
        yield from owned_by_cluster(_at(wanted, "name"), wanted.name)


def owned_by_cluster(path: Path, name: str) -> Iterator[Finding]:
    """Of any map of openshift-config that is made or taken over."""
    for pattern, owner in OWNERS.items():
        if re.fullmatch(pattern, name):
            yield Finding(
                path,
                f"is a map of the cluster itself, of {owner}",
                "write another name",
                "trust:owner",
                shown(name),
            )


def hosts(wanted: MapSettings) -> Iterator[Finding]:
    for host in () if isinstance(wanted, UsedMap) else wanted.certificates:
        fault = host_fault(host)
        if fault is not None:
            # The value is not shown: a key is soon pasted where a certificate belongs.
            yield Finding(_at(wanted, "certificates", host), *fault, "trust:host")


def texts(wanted: MapSettings) -> Iterator[Finding]:
    """Each text is PEM certificates that are worth trusting."""
    for host, text in {} if isinstance(wanted, UsedMap) else wanted.certificates.items():
        path = _at(wanted, "certificates", host)
        try:
            for doubt in doubts(certificates(text)):
                yield Finding(
                    path, doubt.message, doubt.fix, f"trust:{doubt.rule}", "", doubt.severity
                )
        except PemError as error:
            yield Finding(path, error.message, error.fix, "pem")


def doubts(found: tuple[Certificate, ...], **now: Any) -> Iterator[Doubt]:
    """At most one of each kind."""
    ending = next((each for each in found if expires_soon(each, **now)), None)
    if ending is not None:
        ends = "expired" if expired(ending, **now) else "expires"
        yield Doubt(
            "expiry",
            f"holds the certificate of {ending.subject}, which {ends} on {day(ending.not_after)}",
            "add the certificate that follows it, and take this one out when it is not used",
        )
    negative = next((each for each in found if each.negative_serial), None)
    if negative is not None:
        yield Doubt(
            "serial",
            f"holds the certificate of {negative.subject}, which has a negative serial number: "
            "what is built with Go 1.23 or later can't read it, and does not trust it",
            "have it issued again",
        )
    leaf = next((each for each in found if not each.is_ca and not each.self_signed), None)
    if leaf is not None:
        yield Doubt(
            "not-ca",
            f"holds the certificate of {leaf.subject}, which is no CA: it would be trusted alone, "
            "until the registry gets its next one",
            "write the certificate of the CA that issued it",
        )
