"""Would the router take a route's certificate, and would clients?

The router's rules: openshift/router pkg/router/routeapihelpers/validation.go.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from settings.certificates import (
    Certificate,
    PemError,
    certificates,
    check_key,
    day,
    expires_soon,
    first_broken_link,
)
from settings.problems import Severity
from settings.secret import Secret

CRT, KEY, CACRT = "tls.crt", "tls.key", "tls.cacrt"
RENEW = "write the certificate that follows it"


class Fault(NamedTuple):
    """What is wrong with the text under `key`; message and fix are clauses."""

    key: str
    rule: str
    message: str
    fix: str
    severity: Severity = "error"


def faults(
    crt: str,
    key: Secret | None = None,
    cacrt: str | None = None,
    host: str | None = None,
    *,
    explained: bool = False,
    now: datetime | None = None,
) -> Iterator[Fault]:
    """Everything that can be said of them. `explained` as for `certificates`."""
    try:
        chain = certificates(crt, explained=explained)
    except PemError as error:
        yield Fault(CRT, "pem", error.message, error.fix)
        return
    yield from _order(chain)
    yield from _dates(chain, now or datetime.now(UTC))
    yield from _host(chain[0], host)
    yield from _key(chain[0], key)
    if cacrt is not None:
        yield from _issuer(chain[0], cacrt)


def _order(chain: Sequence[Certificate]) -> Iterator[Fault]:
    place = first_broken_link(chain)
    if place is not None:
        one, after = chain[place], chain[place + 1]
        yield Fault(
            CRT,
            "chain",
            f"does not chain: the certificate of {one.subject} was not issued by the one after it, "
            f"of {after.subject} (or with SHA-1, which clients do not take)",
            "write the route's own certificate first, then each one's issuer",
        )


def _dates(chain: Sequence[Certificate], now: datetime) -> Iterator[Fault]:
    """The router serves it in any case; the clients refuse it."""
    for each in chain:
        if each.not_after <= now:
            what = f"expired on {day(each.not_after)}: every client refuses it"
            yield Fault(
                CRT, "dates", f"holds the certificate of {each.subject}, which {what}", RENEW
            )
        elif each.not_before > now:
            yield Fault(
                CRT,
                "dates",
                f"holds the certificate of {each.subject}, which is not valid before "
                f"{day(each.not_before)}: every client refuses it until then",
                "write one that is valid now",
            )
        elif expires_soon(each, now):
            what = f"expires on {day(each.not_after)}"
            message = f"holds the certificate of {each.subject}, which {what}"
            yield Fault(CRT, "expiry", message, RENEW, "warning")


def _host(leaf: Certificate, host: str | None) -> Iterator[Fault]:
    if host is not None and not leaf.covers(host):
        names = ", ".join(repr(each)[1:-1] for each in leaf.dns_names[:3]) or "no DNS name"
        more = " and others" if len(leaf.dns_names) > 3 else ""
        yield Fault(
            CRT,
            "covers",
            f"is for {names}{more}, and the route's host is {host}",
            "write a certificate that has the host among its subjectAltNames (a wildcard stands "
            "for one label), or correct `hostname`",
        )


def _key(leaf: Certificate, key: Secret | None) -> Iterator[Fault]:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        routable = isinstance(leaf.x509.public_key(), RSAPublicKey | EllipticCurvePublicKey)
    except Exception:  # a kind of key that the library does not know
        routable = False
    if not routable:
        yield Fault(
            CRT,
            "key",
            "has a key that is neither RSA nor elliptic-curve (ECDSA), and the router takes no "
            "other",
            "have one issued for such a key",
        )
    elif key is not None and not key.sealed:
        try:
            check_key(leaf, key.reveal())
        except PemError as error:
            yield Fault(KEY, "key", error.message, error.fix)


def _issuer(leaf: Certificate, cacrt: str) -> Iterator[Fault]:
    """The router looks for the leaf's issuer in tls.cacrt alone, not among the rest of tls.crt."""
    try:
        authorities = certificates(cacrt)
    except PemError as error:
        yield Fault(CACRT, "pem", error.message, error.fix)
        return
    if not any(leaf.x509 == each.x509 or leaf.issued_by(each) for each in authorities):
        yield Fault(
            CACRT,
            "chain",
            f"holds no certificate that issued that of {leaf.subject}; the router looks for its "
            "issuer nowhere else, and would reject the route",
            "put the issuer of the first certificate there, or leave tls.cacrt out",
        )
