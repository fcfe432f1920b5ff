"""What OpenShift's service CA operator makes: a CA of the cluster's own, and with it the
certificate that the registry's service asks for (annotation serving-cert-secret-name).

Both are made at installation, once; the CA's key is not kept.
"""

import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lab.kinds import Object

NAMESPACE = "openshift-image-registry"
SERVICE = f"image-registry.{NAMESPACE}.svc"
SECRET = "image-registry-tls"
VALID = timedelta(days=2 * 365)
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


def service_ca() -> tuple[str, Object]:
    """The CA's certificate, and the Secret of the registry's service."""
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _name("openshift-service-serving-signer")
    known_by = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    root = (
        _certificate(issuer, issuer, authority)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(known_by, critical=False)
        .add_extension(SIGNS, critical=True)
        .sign(authority, SHA256())
        .public_bytes(Encoding.PEM)
    )
    names = [x509.DNSName(each) for each in (SERVICE, f"{SERVICE}.cluster.local")]
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known_by)
    leaf = (
        _certificate(_name(SERVICE), issuer, own)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(signed_by, critical=False)
        .sign(authority, SHA256())
        .public_bytes(Encoding.PEM)
    )
    key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return root.decode(), _secret({"tls.crt": leaf + root, "tls.key": key})


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


def _secret(data: dict[str, bytes]) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": SECRET, "namespace": NAMESPACE},
        "type": "kubernetes.io/tls",
        "data": {name: base64.b64encode(each).decode() for name, each in data.items()},
    }
