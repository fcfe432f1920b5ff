"""PEM texts: which certificates they hold, and how those fit together.

Judged as the programs judge that read them: Go's crypto/x509 in the registry, the nodes and
most clients, and the router. `cryptography.x509.verification` is stricter than these (it
refuses many a company's own CA), so chains are verified link by link (settings/issuers.py).
"""

import base64
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SOON = timedelta(days=30)
"""How long before its end a certificate is worth a warning."""

BLOCK = re.compile(
    r"^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n[A-Za-z0-9+/=\s]+^-----END \1-----[ \t]*\r?$",
    re.MULTILINE,
)
CUT = re.compile(r"-----(BEGIN|END) |^[A-Za-z0-9+/]{60,}={0,2}[ \t]*\r?$", re.MULTILINE)
"""What a block leaves behind that has lost a part: its other border, or lines of its text."""
FOLDED = re.compile(r"-----BEGIN [A-Z0-9 ]+-----[ \t]+[A-Za-z0-9+/]")
BASE64_OF_BEGIN = "LS0tLS1CRUdJTi"
PRIVATE = re.compile(r"^-----BEGIN [A-Z ]*PRIVATE KEY-----[ \t]*\r?$", re.MULTILINE)
RSA_PSS = "1.2.840.113549.1.1.10"
RSA_PSS_DER = bytes.fromhex("06092a864886f70d01010a")
CURVES = frozenset({"secp224r1", "secp256r1", "secp384r1", "secp521r1"})
"""Those that Go knows."""
WEAK = {
    "1.2.840.113549.1.1.2": "MD2",
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.3.14.3.2.29": "SHA-1",
    "1.2.840.10040.4.3": "SHA-1",
    "1.2.840.10045.4.1": "SHA-1",
}
"""Algorithms of signatures that nobody verifies any more."""
WHOLE = "from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"


class PemError(Exception):
    """A text that can't be used. `message` and `fix` are clauses; neither repeats the text."""

    def __init__(self, message: str, fix: str):
        self.message = message
        self.fix = fix
        super().__init__(f"{message}; {fix}")


@dataclass(frozen=True)
class Certificate:
    """What of one certificate decides here."""

    subject: str
    not_before: datetime
    not_after: datetime
    is_ca: bool
    """May it issue others? One of version 1 can't say, and may."""
    self_signed: bool
    dns_names: tuple[str, ...]
    """Of subjectAltName: clients have stopped looking at the common name."""
    weak: str | None
    """What it is signed with that nobody verifies. One that signed itself is not verified."""
    negative_serial: bool
    """Then Go refuses to read it, since 1.23."""
    odd_curve: bool
    """Is its key on an elliptic curve that Go does not know?"""
    extensions: Mapping[type, Any] = field(repr=False)
    x509: Any = field(repr=False)

    def covers(self, host: str) -> bool:
        """Is it for this host name? A wildcard stands for one whole label (RFC 6125, 6.4.3)."""
        return any(_matches(name.lower(), host.lower()) for name in self.dns_names)


def certificates(text: str) -> tuple[Certificate, ...]:
    """The certificates of a PEM text, at least one. Raises `PemError`.

    Text around them is let pass: whoever reads them skips it, and most bundles have comments.
    """
    if "PRIVATE KEY" in text:
        raise PemError(
            "holds a private key, and everybody is shown this text",
            "keep the certificates alone, and make a new key: this one has been written down",
        )
    blocks, rest = list(BLOCK.finditer(text)), BLOCK.sub("", text)
    if not blocks:
        raise _none(text)
    if CUT.search(rest):
        raise PemError("holds a block that is not whole", f"copy it whole, {WHOLE}")
    other = next((each[1] for each in blocks if each[1] != "CERTIFICATE"), None)
    if other is not None:
        raise PemError(f"holds a {other} beside or instead of certificates", "leave that out")
    return tuple(_certificate(each[0], place) for place, each in enumerate(blocks, 1))


def check_key(certificate: Certificate, text: str) -> None:
    """Is this the private key of the certificate? Raises `PemError` if not."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if not PRIVATE.search(text):
            raise ValueError  # the library reads it without line breaks too, Go does not
        key, pss = load_pem_private_key(text.encode(), None), _is_rsa_pss(text)
    except TypeError:
        raise PemError(
            "is encrypted with a passphrase, and the router has none", "decrypt it: openssl pkey"
        ) from None
    except Exception:  # a text can be wrong in many ways
        raise PemError(
            "is no private key in PEM", "write the text of the key file, with its line breaks"
        ) from None
    if pss:
        raise PemError(
            "is an RSA-PSS key, and the router takes none",
            "make an RSA key without PSS, or an elliptic-curve one, and have a certificate issued "
            "for it",
        )
    if _public(key.public_key()) != _public(certificate.x509.public_key()):
        raise PemError(
            f"is not the key of the certificate for {certificate.subject}",
            "give the two that were made together",
        )


def expired(certificate: Certificate, now: datetime | None = None) -> bool:
    return certificate.not_after <= (now or datetime.now(UTC))


def expires_soon(certificate: Certificate, now: datetime | None = None) -> bool:
    return certificate.not_after - SOON <= (now or datetime.now(UTC))


def day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _none(text: str) -> PemError:
    """Why there is no certificate in it."""
    if FOLDED.search(text):
        return PemError(
            "has lost its line breaks", "write the text after `|`, which keeps them; `>` folds them"
        )
    if text.lstrip().startswith(BASE64_OF_BEGIN):
        return PemError("is base64 of a PEM text", "decode it: base64 -d")
    if "-----BEGIN" in text:
        return PemError("holds a block that is not whole", f"copy it whole, {WHOLE}")
    return PemError("holds no PEM certificate", f"write the text of the file, {WHOLE}")


def _certificate(text: str, place: int) -> Certificate:
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is doubtful is said here
            read = x509.load_pem_x509_certificate(text.encode())
            extensions = {type(each.value): each.value for each in read.extensions}
            basic = extensions.get(x509.BasicConstraints)
            names = extensions.get(x509.SubjectAlternativeName)
            self_signed = _self_signed(read, extensions)
            return Certificate(
                # Without what could upset a terminal.
                subject=repr(read.subject.rfc4514_string() or "nobody")[1:-1],
                not_before=read.not_valid_before_utc,
                not_after=read.not_valid_after_utc,
                is_ca=basic.ca if basic else read.version == x509.Version.v1,
                self_signed=self_signed,
                dns_names=tuple(names.get_values_for_type(x509.DNSName)) if names else (),
                weak=None if self_signed else WEAK.get(read.signature_algorithm_oid.dotted_string),
                negative_serial=read.serial_number < 0,
                odd_curve=_odd_curve(read),
                extensions=extensions,
                x509=read,
            )
    except Exception:  # a certificate can be wrong in many ways
        raise PemError(
            f"holds a block, number {place}, that is no certificate", f"copy it anew, {WHOLE}"
        ) from None


def _self_signed(read: Any, extensions: Mapping[type, Any]) -> bool:
    """As OpenSSL and the router have it, by the names: the signature may be of a kind of its
    time."""
    from cryptography import x509

    issuers_key = extensions.get(x509.AuthorityKeyIdentifier)
    own_key = extensions.get(x509.SubjectKeyIdentifier)
    named = issuers_key.key_identifier if issuers_key else None
    return read.issuer == read.subject and named in (None, own_key and own_key.digest)


def _odd_curve(read: Any) -> bool:
    try:
        curve = getattr(read.public_key(), "curve", None)
    except Exception:  # a kind of key that the library does not know
        return False
    return curve is not None and curve.name not in CURVES


def _is_rsa_pss(text: str) -> bool:
    """Does it say so itself? The library reads such a key as any other of RSA."""
    block = next(each[0] for each in BLOCK.finditer(text) if each[1].endswith("PRIVATE KEY"))
    head = "".join("".join(block.splitlines()[1:-1]).split())[:48]
    return RSA_PSS_DER in base64.b64decode(head)


def _public(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _matches(name: str, host: str) -> bool:
    first, _, rest = name.rstrip(".").partition(".")
    label, _, domain = host.rstrip(".").partition(".")
    return bool(label and rest and domain == rest) if first == "*" else name.rstrip(".") == host
