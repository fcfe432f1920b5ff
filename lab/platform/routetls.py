"""Certificates of a route, as the router looks at them before it takes the route.

openshift/router pkg/router/routeapihelpers/validation.go `ExtendedValidateRoute`. Neither the
host name nor the dates are looked at. What it leaves out: weak signatures, several keys.
"""

from typing import TYPE_CHECKING

from lab.kinds import Object

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NO_CERTIFICATE = "data does not contain any valid RSA or ECDSA certificates"
HIDDEN = {
    "caCertificate": "redacted ca certificate data",
    "certificate": "redacted certificate data",
    "key": "redacted key data",
}


def refusal(tls: Object) -> str | None:
    """Why the router rejects a route with this `spec.tls`, in its words, or None."""
    problems = []
    authorities = None
    if tls.get("caCertificate"):
        authorities = _parsed(tls["caCertificate"])
        if not authorities:
            problem = f"failed to parse CA certificate: {NO_CERTIFICATE}"
            problems.append(_invalid("caCertificate", problem))
    if tls.get("certificate"):
        problems += _chain(tls, authorities)
    if len(problems) > 1:
        return f"[{', '.join(problems)}]"
    return problems[0] if problems else None


def _chain(tls: Object, authorities: "list[Certificate] | None") -> list[str]:
    chain = _parsed(tls["certificate"])
    if not chain:
        return [_invalid("certificate", NO_CERTIFICATE)]
    problems = []
    if authorities and not any(_issued(chain[0], each) for each in authorities):
        problem = "error verifying certificate: x509: certificate signed by unknown authority"
        problems.append(_invalid("certificate", problem))
    if not tls.get("key"):
        return [*problems, 'spec.tls.key: Invalid value: "": no key specified']
    problem = _key(chain[0], tls["key"])
    return [*problems, _invalid("key", problem)] if problem else problems


def _parsed(text: str) -> "list[Certificate]":
    """Nothing if one of them is none: the router takes all or nothing."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(text.encode())
    except ValueError:
        return []


def _issued(leaf: "Certificate", authority: "Certificate") -> bool:
    """Directly: the chain that follows the leaf in `certificate` is not looked at."""
    from cryptography.exceptions import InvalidSignature

    if leaf == authority:
        return True
    try:
        leaf.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _key(leaf: "Certificate", text: str) -> str | None:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError):
        return "block PRIVATE KEY is not valid"
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        return f"block private key {type(key).__name__} is not valid"
    if key.public_key() != leaf.public_key():
        return "tls: private key does not match public key"
    return None


def _invalid(field: str, problem: str) -> str:
    return f'spec.tls.{field}: Invalid value: "{HIDDEN[field]}": {problem}'
