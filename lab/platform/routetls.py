"""Certificates of a route, as the router looks at them before it takes the route.

openshift/router pkg/router/routeapihelpers/validation.go `ExtendedValidateRoute`. Neither the
host name nor the dates are looked at. It is stricter than 4.15's, which still takes SHA-1. What
it leaves out: several keys, policies, constraints on anything but hosts and addresses.
"""

import re
import warnings
from typing import TYPE_CHECKING, Any

from lab.kinds import Object
from lab.platform.gox509 import Unfit, self_signed, verify

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NO_CERTIFICATE = "data does not contain any valid RSA or ECDSA certificates"
HIDDEN = {
    "caCertificate": "redacted ca certificate data",
    "certificate": "redacted certificate data",
    "key": "redacted key data",
}
WEAK = {
    "1.2.840.113549.1.1.2": "MD2",
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA1",
    "1.3.14.3.2.29": "SHA1",
    "1.2.840.10040.4.3": "SHA1",
    "1.2.840.10045.4.1": "SHA1",
}
RSA_PSS = "1.2.840.113549.1.1.10"
RSA_PSS_DER = bytes.fromhex("06092a864886f70d01010a")
CURVES = {"secp224r1", "secp256r1", "secp384r1", "secp521r1"}
BLOCK = re.compile(
    r"^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n([A-Za-z0-9+/=\s]+)^-----END \1-----[ \t]*\r?$",
    re.MULTILINE,
)


def refusal(tls: Object) -> str | None:
    """Why the router rejects a route with this `spec.tls`, in its words, or None."""
    problems = []
    authorities = None
    if tls.get("caCertificate"):
        try:
            authorities = _parsed(tls["caCertificate"])
            _sound(authorities)
        except Unfit as error:
            what = "" if authorities else "failed to parse CA certificate: "
            problems.append(_invalid("caCertificate", f"{what}{error}"))
    if tls.get("certificate"):
        problems += _chain(tls, authorities)
    if len(problems) > 1:
        return f"[{', '.join(problems)}]"
    return problems[0] if problems else None


def _chain(tls: Object, authorities: "list[Certificate] | None") -> list[str]:
    problems = []
    try:
        chain = _parsed(tls["certificate"])
    except Unfit as error:
        return [_invalid("certificate", str(error))]
    try:
        _sound(chain)
        if authorities:
            verify(chain[0], authorities)
    except Unfit as error:
        problems.append(_invalid("certificate", str(error)))
    if not tls.get("key"):
        return [*problems, 'spec.tls.key: Invalid value: "": no key specified']
    problem = _key(chain[0], tls["key"])
    return [*problems, _invalid("key", problem)] if problem else problems


def _parsed(text: str) -> "list[Certificate]":
    """All or nothing, as the router takes them; text around the blocks is skipped."""
    from cryptography.x509 import load_pem_x509_certificate

    kinds = {each[1] for each in BLOCK.finditer(text)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = [
                load_pem_x509_certificate(each[0].encode())
                for each in BLOCK.finditer(text)
                if each[1] == "CERTIFICATE"
            ]
            negative = any(each.serial_number < 0 for each in found)
            curves = [getattr(_public(each), "curve", None) for each in found]
            _ = [each.extensions for each in found]  # read here, or never
        except Exception:  # a certificate can be wrong in many ways
            raise Unfit("x509: malformed certificate") from None
    if not found:
        raise Unfit(NO_CERTIFICATE)
    if negative:
        raise Unfit("x509: negative serial number")
    if any(each and each.name not in CURVES for each in curves):
        raise Unfit("x509: unsupported elliptic curve")
    strange = sorted(kinds - {"CERTIFICATE", "EC PARAMETERS"})
    if strange:
        # The router also lets keys pass here; nobody should write one there.
        raise Unfit(f"unrecognized PEM block {strange[0]}")
    return found


def _public(one: "Certificate") -> Any:
    """Its key, None if it is of a kind that the library does not know."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return one.public_key()
    except UnsupportedAlgorithm:
        return None


def _sound(found: "list[Certificate]") -> None:
    """HAProxy does not start with certificates of weak signatures."""
    for each in found:
        weak = WEAK.get(each.signature_algorithm_oid.dotted_string)
        if weak and not self_signed(each):
            raise Unfit(f"router does not support CA-signed certs using {weak}")


def _key(leaf: "Certificate", text: str) -> str | None:
    import base64

    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text.encode(), None)
        block = next(each for each in BLOCK.finditer(text) if each[1].endswith("PRIVATE KEY"))
        head = base64.b64decode("".join(block[2].split())[:48])
    except (ValueError, TypeError, UnsupportedAlgorithm, StopIteration):
        return "block PRIVATE KEY is not valid"
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        return f"block private key {type(key).__name__} is not valid"
    if RSA_PSS_DER in head or (hasattr(key, "curve") and key.curve.name not in CURVES):
        return "block PRIVATE KEY is not valid"
    if leaf.public_key_algorithm_oid.dotted_string == RSA_PSS:
        return "tls: unknown public key algorithm"
    if key.public_key() != leaf.public_key():
        return "tls: private key does not match public key"
    return None


def _invalid(field: str, problem: str) -> str:
    return f'spec.tls.{field}: Invalid value: "{HIDDEN[field]}": {problem}'
