"""A certificate authority of a lab, made with it and thrown away with it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

VALID = timedelta(days=2 * 365)
SERVES = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
SIGNS = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """One CA."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self._known_by = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self._root = (
            _certificate(self._name, self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(self._known_by, critical=False)
            .add_extension(SIGNS, critical=True)
            .sign(self._key, SHA256())
            .public_bytes(Encoding.PEM)
        )

    @property
    def pem(self) -> str:
        """Its own certificate."""
        return self._root.decode()

    def sign(self, *hosts: str, addresses: Sequence[str] = ()) -> tuple[str, str]:
        """A server's certificate with its chain, and its key."""
        own = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(each) for each in hosts]
        names += [x509.IPAddress(ip_address(each)) for each in addresses]
        known_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._known_by)
        leaf = (
            # A common name has 64 characters at most; nobody looks at it.
            _certificate(_name(hosts[0][:64]), self._name, own)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(known_by, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(SERVES, critical=False)
            .sign(self._key, SHA256())
            .public_bytes(Encoding.PEM)
        )
        key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return (leaf + self._root).decode(), key.decode()


def private_key() -> str:
    """A new one, as those write it who read the public key out of it.

    On an elliptic curve, as all here: one of RSA takes a hundred times as long to make.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(hours=1),
        not_valid_after=now + VALID,
    )
