"""Did one certificate issue another, and may it, for what the other is used for?

As Go asks (crypto/x509 Certificate.CheckSignatureFrom and Verify), which the router and most
clients are written in. Policies and constraints on anything but hosts are not looked at.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from settings.certificates import Certificate
from settings.problems import quoted

GO_KNOWS = {f"2.5.29.{number}" for number in (14, 15, 17, 19, 30, 31, 32, 33, 35, 36, 37, 54)}
"""Extensions that may be critical (crypto/x509 parser.go, processExtensions)."""


def first_broken_link(chain: Sequence[Certificate]) -> int | None:
    """The place of the first certificate that the one after it has not issued."""
    for place, (one, issuer) in enumerate(pairwise(chain)):
        if not_issued(one, issuer):
            return place
    return None


def not_issued(one: Certificate, issuer: Certificate) -> str | None:
    """Why it was not issued by that one, as a clause of which the issuer is the subject.

    A weak signature is taken for right: nobody verifies it, which is said of it elsewhere.
    """
    from cryptography.x509 import KeyUsage

    usage = issuer.extensions.get(KeyUsage)
    if one.x509.issuer != issuer.x509.subject:
        return "has another name than the issuer"
    if not issuer.is_ca:
        return "is no CA"
    if usage and not usage.key_cert_sign:
        return "may not sign certificates (its keyUsage has no keyCertSign)"
    if not one.weak and not _signed(one, issuer):
        return "has not signed it"
    return None


def barred(leaf: Certificate, issuer: Certificate) -> str | None:
    """Why nobody takes the leaf from an issuer further up, as a clause about the issuer."""
    if not serves(issuer):
        return "may not issue for servers (its extendedKeyUsage has no serverAuth)"
    if unknown_to_go(issuer):
        return "has a critical extension that Go does not know"
    name = _excluded(leaf, issuer)
    return f"may not issue for {name} (its nameConstraints)" if name else None


def serves(one: Certificate) -> bool:
    """May it be a server's, or issue such?"""
    from cryptography.x509 import ExtendedKeyUsage
    from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

    usages = one.extensions.get(ExtendedKeyUsage)
    return usages is None or Usage.SERVER_AUTH in usages or Usage.ANY_EXTENDED_KEY_USAGE in usages


def unknown_to_go(one: Certificate) -> bool:
    """Has it a critical extension that Go does not know, or not all of?"""
    from cryptography import x509

    critical = [each for each in one.x509.extensions if each.critical]
    names = [
        name
        for each in critical
        if isinstance(each.value, x509.NameConstraints)
        for name in _trees(each.value)
    ]
    strange = x509.DirectoryName | x509.OtherName | x509.RegisteredID
    return any(each.oid.dotted_string not in GO_KNOWS for each in critical) or any(
        isinstance(name, strange) for name in names
    )


def _trees(limits: Any) -> list[Any]:
    return [*(limits.permitted_subtrees or ()), *(limits.excluded_subtrees or ())]


def _excluded(leaf: Certificate, issuer: Certificate) -> str | None:
    """The first host or address of the leaf that the issuer may not issue for."""
    from cryptography import x509

    limits = issuer.extensions.get(x509.NameConstraints)
    names = leaf.extensions.get(x509.SubjectAlternativeName)
    for kind, inside in ((x509.DNSName, _under), (x509.IPAddress, _in_network)):
        for name in names.get_values_for_type(kind) if limits and names else ():
            allowed = [each.value for each in limits.permitted_subtrees or () if type(each) is kind]
            refused = [each.value for each in limits.excluded_subtrees or () if type(each) is kind]
            if allowed and not any(inside(name, each) for each in allowed):
                return quoted(str(name))
            if any(inside(name, each) or _may_be(name, each) for each in refused):
                return quoted(str(name))
    return None


def _under(name: str, domain: str) -> bool:
    """Is the host in the domain? One that begins with a dot leaves itself out."""
    name, domain = name.lower(), domain.lower()
    if not domain or domain.startswith("."):
        return name.endswith(domain)
    return f".{name}".endswith(f".{domain}")


def _in_network(address: Any, network: Any) -> bool:
    return address in network


def _may_be(name: Any, domain: Any) -> bool:
    """Could the wildcard stand for the domain's first label?"""
    if not isinstance(name, str) or not name.startswith("*."):
        return False
    return domain.lower().partition(".")[2] == name[2:].lower()


def _signed(one: Certificate, issuer: Certificate) -> bool:
    try:
        one.x509.verify_directly_issued_by(issuer.x509)
    except Exception:  # a bad signature, a key that can't sign
        return False
    return True
