"""PEM texts: which certificates they hold, and how those fit together.

Judged as the programs judge that read them: Go's crypto/x509 in the registry, the nodes and
most clients, and the router. `cryptography.x509.verification` is stricter than these (it
refuses many a company's own CA), so chains are verified link by link.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

SOON = timedelta(days=30)
"""How long before its end a certificate is worth a warning."""

BLOCK = re.compile(
    r"^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n[A-Za-z0-9+/=\s]+^-----END \1-----[ \t]*\r?$",
    re.MULTILINE,
)
FOLDED = re.compile(r"-----BEGIN [A-Z0-9 ]+-----[ \t]+[A-Za-z0-9+/]")
BASE64_OF_BEGIN = "LS0tLS1CRUdJTi"
PRIVATE = re.compile(r"^-----BEGIN [A-Z ]*PRIVATE KEY-----[ \t]*\r?$", re.MULTILINE)
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
    x509: Any = field(repr=False)

    def covers(self, host: str) -> bool:
        """Is it for this host name? A wildcard stands for one whole label (RFC 6125, 6.4.3)."""
        return any(_matches(name.lower(), host.lower()) for name in self.dns_names)

    def issued_by(self, issuer: "Certificate") -> bool:
        return issuer.is_ca and _signed(self.x509, issuer.x509)


def certificates(text: str, *, explained: bool = False) -> tuple[Certificate, ...]:
    """The certificates of a PEM text, at least one. Raises `PemError`.

    Text around them is an error unless `explained`: whoever reads them skips it, and in a new
    file it is rather a slip.
    """
    if "PRIVATE KEY" in text:
        raise PemError(
            "holds a private key, and everybody is shown this text",
            "keep the certificates alone, and make a new key: this one has been written down",
        )
    blocks, rest = list(BLOCK.finditer(text)), BLOCK.sub("", text)
    if not blocks:
        raise _none(text)
    if "-----" in rest:
        raise PemError("holds a block that is not whole", f"copy it whole, {WHOLE}")
    if rest.strip() and not explained:
        raise PemError("has text outside its certificates", f"keep only what goes {WHOLE}")
    other = next((each[1] for each in blocks if each[1] != "CERTIFICATE"), None)
    if other is not None:
        raise PemError(f"holds a {other} beside or instead of certificates", "leave that out")
    return tuple(_certificate(each[0], place) for place, each in enumerate(blocks, 1))


def first_broken_link(chain: Sequence[Certificate]) -> int | None:
    """The place of the first certificate that the one after it has not issued."""
    for place, (one, issuer) in enumerate(pairwise(chain)):
        if not one.issued_by(issuer):
            return place
    return None


def check_key(certificate: Certificate, text: str) -> None:
    """Is this the private key of the certificate? Raises `PemError` if not."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if not PRIVATE.search(text):
            raise ValueError  # the library reads it without line breaks too, Go does not
        key = load_pem_private_key(text.encode(), None)
    except TypeError:
        raise PemError(
            "is encrypted with a passphrase, and the router has none", "decrypt it: openssl pkey"
        ) from None
    except Exception:  # a text can be wrong in many ways
        raise PemError(
            "is no private key in PEM", "write the text of the key file, with its line breaks"
        ) from None
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
        read = x509.load_pem_x509_certificate(text.encode())
        extensions = {type(each.value): each.value for each in read.extensions}
        basic = extensions.get(x509.BasicConstraints)
        names = extensions.get(x509.SubjectAlternativeName)
        return Certificate(
            # Without what could upset a terminal.
            subject=repr(read.subject.rfc4514_string() or "nobody")[1:-1],
            not_before=read.not_valid_before_utc,
            not_after=read.not_valid_after_utc,
            is_ca=basic.ca if basic else read.version == x509.Version.v1,
            # As OpenSSL has it, by the names: the signature may be of a kind of its time.
            self_signed=read.issuer == read.subject,
            dns_names=tuple(names.get_values_for_type(x509.DNSName)) if names else (),
            x509=read,
        )
    except Exception:  # a certificate can be wrong in many ways
        raise PemError(
            f"holds a block, number {place}, that is no certificate", f"copy it anew, {WHOLE}"
        ) from None


def _signed(one: Any, issuer: Any) -> bool:
    """Are the names and the signature right? One with SHA-1 is not, for most clients neither."""
    try:
        one.verify_directly_issued_by(issuer)
    except Exception:  # another name, a bad signature, a key that can't sign
        return False
    return True


def _public(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _matches(name: str, host: str) -> bool:
    first, _, rest = name.rstrip(".").partition(".")
    label, _, domain = host.rstrip(".").partition(".")
    return bool(label and rest and domain == rest) if first == "*" else name.rstrip(".") == host
