"""Whether Go's crypto/x509 takes a certificate from one of the authorities it is given.

Certificate.Verify, for servers and with no host name asked for. What it leaves out: policies,
and constraints on anything but hosts and addresses.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

GO_KNOWS = {f"2.5.29.{number}" for number in (14, 15, 17, 19, 30, 31, 32, 33, 35, 36, 37, 54)}
"""Extensions that may be critical (Go's crypto/x509)."""


class Unfit(Exception):
    """What the router says of a text; no text is repeated."""


def verify(leaf: "Certificate", authorities: "list[Certificate]") -> None:
    """With an issuer among the authorities: the chain that follows the leaf in `certificate` is
    not looked at."""
    if _unknown(leaf):
        raise Unfit("error verifying certificate: x509: unhandled critical extension")
    issuers = [each for each in authorities if leaf == each or _issued(leaf, each)]
    if not issuers:
        raise Unfit("error verifying certificate: x509: certificate signed by unknown authority")
    usable = [each for each in issuers if _serves(leaf) and (leaf == each or _serves(each))]
    if not usable:
        raise Unfit(
            "error verifying certificate: x509: certificate specifies an incompatible key usage"
        )
    if not any(leaf == each or _permits(each, leaf) for each in usable):
        raise Unfit(
            "error verifying certificate: x509: a root or intermediate certificate is not "
            "authorized to sign for this name"
        )


def _issued(leaf: "Certificate", authority: "Certificate") -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    basic, usage = _of(authority, x509.BasicConstraints), _of(authority, x509.KeyUsage)
    if not (basic.ca if basic else authority.version == x509.Version.v1):
        return False
    if (usage and not usage.key_cert_sign) or _unknown(authority):
        return False
    try:
        leaf.verify_directly_issued_by(authority)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _of(one: "Certificate", extension: Any) -> Any:
    from cryptography.x509 import ExtensionNotFound

    try:
        return one.extensions.get_extension_for_class(extension).value
    except ExtensionNotFound:
        return None


def _unknown(one: "Certificate") -> bool:
    """Has it a critical extension that Go does not know, or not all of?"""
    from cryptography import x509

    critical = [each for each in one.extensions if each.critical]
    limits = [each.value for each in critical if isinstance(each.value, x509.NameConstraints)]
    strange = x509.DirectoryName | x509.OtherName | x509.RegisteredID
    return any(each.oid.dotted_string not in GO_KNOWS for each in critical) or any(
        isinstance(name, strange)
        for each in limits
        for name in (*(each.permitted_subtrees or ()), *(each.excluded_subtrees or ()))
    )


def _serves(one: "Certificate") -> bool:
    from cryptography.x509 import ExtendedKeyUsage
    from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

    usages = _of(one, ExtendedKeyUsage)
    return usages is None or Usage.SERVER_AUTH in usages or Usage.ANY_EXTENDED_KEY_USAGE in usages


def _permits(authority: "Certificate", leaf: "Certificate") -> bool:
    """Do its name constraints let the leaf have all its names?"""
    from cryptography import x509

    limits, names = _of(authority, x509.NameConstraints), _of(leaf, x509.SubjectAlternativeName)
    for kind in (x509.DNSName, x509.IPAddress) if limits and names else ():
        allowed = [each.value for each in limits.permitted_subtrees or () if type(each) is kind]
        refused = [each.value for each in limits.excluded_subtrees or () if type(each) is kind]
        for name in names.get_values_for_type(kind):
            if allowed and not any(_within(name, each) for each in allowed):
                return False
            if any(_within(name, each) or _may_be(name, each) for each in refused):
                return False
    return True


def _within(name: Any, tree: Any) -> bool:
    if not isinstance(name, str):
        return name in tree
    name, tree = name.lower(), tree.lower()
    if tree[:1] in ("", "."):
        return name.endswith(tree)
    return f".{name}".endswith(f".{tree}")


def _may_be(name: Any, tree: Any) -> bool:
    """A wildcard that could stand for the tree's first label."""
    if not isinstance(name, str) or not name.startswith("*."):
        return False
    return tree.lower().partition(".")[2] == name[2:].lower()


def self_signed(one: "Certificate") -> bool:
    """As OpenSSL has it: by the names, not by the signature."""
    from cryptography import x509

    issuers, own = _of(one, x509.AuthorityKeyIdentifier), _of(one, x509.SubjectKeyIdentifier)
    named = issuers.key_identifier if issuers else None
    return one.issuer == one.subject and named in (None, own and own.digest)
