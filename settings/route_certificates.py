"""Would the router take a route's certificate, and would clients?

The router's rules: openshift/router pkg/router/routeapihelpers/validation.go.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from settings.certificates import (
    RSA_PSS,
    Certificate,
    PemError,
    certificates,
    check_key,
    day,
    expires_soon,
)
from settings.issuers import barred, first_broken_link, not_issued, serves
from settings.problems import Severity
from settings.secret import Secret

CRT, KEY, CACRT = "tls.crt", "tls.key", "tls.cacrt"
CURVES = frozenset({"secp224r1", "secp256r1", "secp384r1", "secp521r1"})
"""Those that Go knows."""
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
    now: datetime | None = None,
) -> Iterator[Fault]:
    """Everything that can be said of them."""
    chain, authorities = (), ()
    try:
        chain = certificates(crt)
    except PemError as error:
        yield Fault(CRT, "pem", error.message, error.fix)
    try:
        authorities = certificates(cacrt) if cacrt is not None else ()
    except PemError as error:
        yield Fault(CACRT, "pem", error.message, error.fix)
    yield from _outdated(CRT, chain)
    yield from _outdated(CACRT, authorities)
    if not chain:
        return
    yield from _order(chain)
    yield from _usage(chain)
    yield from _dates(chain, authorities, now or datetime.now(UTC))
    yield from _host(chain[0], host)
    yield from _key(chain[0], key)
    if authorities:
        yield from _issuer(chain[0], authorities)


def _outdated(key: str, found: Sequence[Certificate]) -> Iterator[Fault]:
    for each in found:
        if each.weak:
            yield Fault(
                key,
                "outdated",
                f"holds the certificate of {each.subject}, which its CA has signed with "
                f"{each.weak}: no client takes that, and the router rejects it since 4.16",
                "have it issued again, with SHA-256",
            )
        if each.negative_serial:
            yield Fault(
                key,
                "outdated",
                f"holds the certificate of {each.subject}, which has a negative serial number: "
                "the router can't read it since it is built with Go 1.23",
                "have it issued again",
            )


def _order(chain: Sequence[Certificate]) -> Iterator[Fault]:
    place = first_broken_link(chain)
    if place is None:
        return
    one, after = chain[place], chain[place + 1]
    which = f"the certificate of {one.subject} was not issued by the one after it, of "
    why = f"{which}{after.subject}, which {not_issued(one, after)}"
    if place == 0:
        fix = "write the route's own certificate first, then each one's issuer"
        yield Fault(CRT, "chain", f"does not chain: {why}", fix)
    else:
        message = f"goes on with what leads nowhere: {why}"
        yield Fault(CRT, "beyond", message, "keep those that lead up from the first", "warning")


def _usage(chain: Sequence[Certificate]) -> Iterator[Fault]:
    """May the leaf be a server's, and do those that lead to it leave it to be one?"""
    leaf, place = chain[0], first_broken_link(chain)
    if not serves(leaf):
        yield Fault(
            CRT,
            "usage",
            "is not for servers: its extendedKeyUsage has no serverAuth, and every client refuses "
            "it",
            "have one issued with serverAuth",
        )
    for each in chain[1:] if place is None else chain[1 : place + 1]:
        why = barred(leaf, each)
        if why:
            yield Fault(
                CRT,
                "usage",
                f"leads to the certificate of {each.subject}, which {why}: clients refuse the "
                "route's",
                "have it issued by a CA that may",
            )


def _dates(
    chain: Sequence[Certificate], authorities: Sequence[Certificate], now: datetime
) -> Iterator[Fault]:
    """The router serves it in any case; the clients refuse what they need and can't take."""
    needed = _needed(chain, authorities, now)
    for each in chain:
        if each.not_after <= now:
            what = (
                f"holds the certificate of {each.subject}, which expired on {day(each.not_after)}"
            )
            if each in needed:
                yield Fault(CRT, "dates", f"{what}: every client refuses it", RENEW)
            else:
                yield _beyond(what)
        elif each.not_before > now:
            what = (
                f"holds the certificate of {each.subject}, which is not valid before "
                f"{day(each.not_before)}"
            )
            if each in needed:
                until = f"{what}: every client refuses it until then"
                yield Fault(CRT, "dates", until, "write one that is valid now")
            else:
                yield _beyond(what)
        elif expires_soon(each, now):
            what = f"expires on {day(each.not_after)}"
            message = f"holds the certificate of {each.subject}, which {what}"
            yield Fault(CRT, "expiry", message, RENEW, "warning")


def _needed(
    chain: Sequence[Certificate], authorities: Sequence[Certificate], now: datetime
) -> list[Certificate]:
    """The leaf; and what has issued it, if there is no other way up.

    Clients have roots of their own, and come further up by other ways than the file's.
    """
    leaf, *others = chain
    issuers = [each for each in (*others, *authorities) if not not_issued(leaf, each)]
    way_up = any(each.self_signed or each.not_before <= now < each.not_after for each in issuers)
    return [leaf] if way_up else [leaf, *issuers]


def _beyond(what: str) -> Fault:
    message = f"{what}: clients that know no other way up from the first one refuse that"
    return Fault(
        CRT, "beyond", message, "leave it out, or write the one that follows it", "warning"
    )


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
        public, kind = leaf.x509.public_key(), leaf.x509.public_key_algorithm_oid.dotted_string
        routable = (isinstance(public, RSAPublicKey) and kind != RSA_PSS) or (
            isinstance(public, EllipticCurvePublicKey) and public.curve.name in CURVES
        )
    except Exception:  # a kind of key that the library does not know
        routable = False
    if not routable:
        yield Fault(
            CRT,
            "key",
            "has a key that is neither RSA nor elliptic-curve (P-256, P-384, P-521), and the "
            "router takes no other, nor RSA-PSS",
            "have one issued for such a key",
        )
    elif key is not None and not key.sealed:
        try:
            check_key(leaf, key.reveal())
        except PemError as error:
            yield Fault(KEY, "key", error.message, error.fix)


def _issuer(leaf: Certificate, authorities: Sequence[Certificate]) -> Iterator[Fault]:
    """The router looks for the leaf's issuer in tls.cacrt alone, not among the rest of tls.crt."""
    reasons = {each.subject: _unfit(leaf, each) for each in authorities}
    if None in reasons.values():
        return
    named = [each.subject for each in authorities if each.x509.subject == leaf.x509.issuer]
    but = f" (that of {named[0]} {reasons[named[0]]})" if named else ""
    yield Fault(
        CACRT,
        "chain",
        f"holds no certificate that issued that of {leaf.subject}{but}; the router looks for its "
        "issuer nowhere else, and would reject the route",
        "put the issuer of the first certificate there, or leave tls.cacrt out",
    )


def _unfit(leaf: Certificate, authority: Certificate) -> str | None:
    if leaf.x509 == authority.x509:
        return None
    return not_issued(leaf, authority) or barred(leaf, authority)
