"""Certificates for tests, made here: small and quick."""

import base64
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
KINDS = {
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "bitcoin": lambda: ec.generate_private_key(ec.SECP256K1()),
}
SHA256, SHA1, MD5 = 0x0B, 0x05, 0x04
"""How the object identifiers of RSA's signatures end."""
PLAIN_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
RSA_PSS = bytes.fromhex("300d06092a864886f70d01010a3000")
"""How a key says what it is for."""


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    private: Any

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key(self) -> str:
        return self._key(serialization.NoEncryption())

    @property
    def locked_key(self) -> str:
        return self._key(serialization.BestAvailableEncryption(b"open"))

    def _key(self, encryption: serialization.KeySerializationEncryption) -> str:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        ).decode()


@cache
def make(
    name: str,
    issuer: Made | None = None,
    *,
    dns: tuple[str, ...] = (),
    ca: bool | None = False,
    starts: int = -1,
    days: int = 365,
    kind: str = "ec",
    key_of: Made | None = None,
    serial: int | None = None,
    more: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Made:
    """Valid from `starts` to `days` days from now; signed by itself without an issuer.

    `ca=None` leaves basicConstraints out; `more` are extensions, each with whether it is critical.
    """
    private = key_of.private if key_of else KINDS[kind]()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=starts))
        .not_valid_after(NOW + timedelta(days=days))
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
    if dns:
        names = x509.SubjectAlternativeName([x509.DNSName(each) for each in dns])
        builder = builder.add_extension(names, critical=False)
    for extension, critical in more:
        builder = builder.add_extension(extension, critical)
    signer = issuer.private if issuer else private
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Made(builder.sign(signer, algorithm), private)


def rewritten(made: Made, issuer: Made, old: bytes, new: bytes, kind: int = SHA256) -> Made:
    """What no library makes any more: bytes of the certificate exchanged, and signed anew.

    The issuer has an RSA key; both texts are of one length.
    """
    algorithm = bytes.fromhex(f"300d06092a864886f70d0101{kind:02x}0500")
    body = made.certificate.tbs_certificate_bytes.replace(old, new)
    body = body.replace(bytes.fromhex(f"300d06092a864886f70d0101{SHA256:02x}0500"), algorithm)
    digest = {SHA1: hashes.SHA1(), MD5: hashes.MD5()}.get(kind, hashes.SHA256())
    signature = issuer.private.sign(body, padding.PKCS1v15(), digest)
    whole = _der(0x30, body + algorithm + _der(0x03, b"\0" + signature))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Made(x509.load_der_x509_certificate(whole), made.private)


def _der(tag: int, content: bytes) -> bytes:
    length = len(content).to_bytes(2, "big")
    return bytes([tag, 0x82]) + length + content


def pss_key(made: Made) -> str:
    """Its RSA key, marked as one for RSA-PSS alone."""
    encoding, plain = serialization.Encoding.DER, serialization.NoEncryption()
    der = made.private.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    text = base64.encodebytes(der.replace(PLAIN_RSA, RSA_PSS)).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{text}-----END PRIVATE KEY-----\n"


HOST = "registry.apps.example.com"
ROOT = make("root", ca=True)
MIDDLE = make("middle", ROOT, ca=True)
LEAF = make("leaf", MIDDLE, dns=(HOST,))
WILD = make("wild", MIDDLE, dns=("*.apps.example.com",))
OTHER = make("other", dns=("other.example.com",))
CHAIN = LEAF.pem + MIDDLE.pem
NOTES = f"# {HOST}\nBag Attributes\n    localKeyID: 01 02\nsubject=CN = leaf\n\n---\n"
"""What other programs write around a certificate."""


def usage(*which: x509.ObjectIdentifier) -> tuple[x509.ExtensionType, bool]:
    return x509.ExtendedKeyUsage(which), False


def hosts_of(*allowed: str) -> tuple[x509.ExtensionType, bool]:
    """The names that a CA may issue for."""
    return x509.NameConstraints([x509.DNSName(each) for each in allowed], None), True


def hosts_but(*refused: str) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints(None, [x509.DNSName(each) for each in refused]), False


def negative_serial(made: Made, issuer: Made) -> Made:
    number = made.certificate.serial_number
    value = number.to_bytes(number.bit_length() // 8 + 1, "big")
    old = bytes([0x02, len(value)]) + value
    # Not 0xff, after which some numbers would be written too long.
    return rewritten(made, issuer, old, old[:2] + b"\x80" + old[3:])


SIGNING = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
NOT_SIGNING = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
STRANGE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
RSA_ROOT = make("rsa-root", ca=True, kind="rsa")
RSA_LEAF = make("rsa-leaf", RSA_ROOT, dns=(HOST,), kind="rsa")
