"""What the router says about the certificates of a route."""

import pytest

from lab.platform.router import admitted
from lab.platform.routetls import refusal
from tests.certificates import (
    CHAIN,
    CLIENT,
    HOST,
    LEAF,
    MD5,
    MIDDLE,
    NOT_SIGNING,
    NOTES,
    OTHER,
    PLAIN_RSA,
    ROOT,
    RSA_LEAF,
    RSA_PSS,
    RSA_ROOT,
    SERVER,
    SHA1,
    SIGNING,
    STRANGE,
    hosts_but,
    hosts_of,
    make,
    negative_serial,
    pss_key,
    rewritten,
    usage,
)

ODD = make("odd", kind="ed25519")
GONE = make("gone", MIDDLE, dns=(HOST,), starts=-9, days=-1)


OWN_CURVE = make("own-curve", dns=(HOST,), kind="bitcoin")
OLD, OLDER = (rewritten(RSA_LEAF, RSA_ROOT, b"", b"", each) for each in (SHA1, MD5))
OLD_ROOT = rewritten(RSA_ROOT, RSA_ROOT, b"", b"", SHA1)
NEGATIVE = negative_serial(RSA_LEAF, RSA_ROOT)
MARKED = rewritten(RSA_LEAF, RSA_ROOT, PLAIN_RSA, RSA_PSS)
CLIENTS = make("clients", MIDDLE, dns=(HOST,), more=(usage(CLIENT),))


def tls(certificate: str = CHAIN, key: str = LEAF.key, **more: str) -> dict:
    return {"termination": "reencrypt", "certificate": certificate, "key": key, **more}


def below(*extensions: tuple) -> dict:
    """A route whose certificate comes from a CA with these extensions."""
    authority = make("limited", ca=True, more=extensions)
    leaf = make("below", authority, dns=(HOST,))
    return tls(leaf.pem, leaf.key, caCertificate=authority.pem)


@pytest.mark.parametrize(
    "taken",
    [
        {"termination": "reencrypt"},
        tls(),
        tls(LEAF.pem),
        tls(caCertificate=MIDDLE.pem),
        tls(caCertificate=ROOT.pem + MIDDLE.pem),
        tls(OTHER.pem, OTHER.key, caCertificate=OTHER.pem),
        tls(caCertificate=LEAF.pem),
        tls(GONE.pem, GONE.key, caCertificate=MIDDLE.pem),
        tls(NOTES + CHAIN, NOTES + LEAF.key, caCertificate=NOTES + MIDDLE.pem + NOTES),
        tls(RSA_LEAF.pem + OLD_ROOT.pem, RSA_LEAF.key, caCertificate=OLD_ROOT.pem),
        # Without authorities nobody asks what it is for.
        tls(CLIENTS.pem, CLIENTS.key),
        below((SIGNING, True)),
        below(usage(SERVER)),
        below((STRANGE, False)),
        below(hosts_of("example.com")),
        below(hosts_but("example.org")),
    ],
)
def test_what_is_taken(taken: dict) -> None:
    assert refusal(taken) is None


@pytest.mark.parametrize(
    ("refused", "field", "words"),
    [
        (tls("no certificate"), "certificate", "does not contain any valid"),
        (tls(key=""), "key", "no key specified"),
        (tls(key="no key"), "key", "block PRIVATE KEY is not valid"),
        (tls(key=LEAF.locked_key), "key", "block PRIVATE KEY is not valid"),
        (tls(key=OTHER.key), "key", "tls: private key does not match public key"),
        (tls(ODD.pem, ODD.key), "key", "block private key Ed25519PrivateKey is not valid"),
        (tls(caCertificate="none"), "caCertificate", "failed to parse CA certificate: data does"),
        (tls(caCertificate=OTHER.pem), "certificate", "signed by unknown authority"),
        (tls(RSA_LEAF.pem, pss_key(RSA_LEAF)), "key", "block PRIVATE KEY is not valid"),
        (tls(MARKED.pem, RSA_LEAF.key), "key", "tls: unknown public key algorithm"),
        (tls(OWN_CURVE.pem, OWN_CURVE.key), "certificate", "unsupported elliptic curve"),
        (tls(OLD.pem, OLD.key), "certificate", "does not support CA-signed certs using SHA1"),
        (tls(OLDER.pem, OLDER.key), "certificate", "does not support CA-signed certs using MD5"),
        (tls(caCertificate=MIDDLE.pem + OLD.pem), "caCertificate", "CA-signed certs using SHA1"),
        (tls(NEGATIVE.pem, NEGATIVE.key), "certificate", "x509: negative serial number"),
        (
            tls(caCertificate=MIDDLE.pem + NEGATIVE.pem),
            "caCertificate",
            "failed to parse CA certificate: x509: negative",
        ),
        (
            tls(CLIENTS.pem, CLIENTS.key, caCertificate=MIDDLE.pem),
            "certificate",
            "incompatible key usage",
        ),
        (below((NOT_SIGNING, True)), "certificate", "signed by unknown authority"),
        (below((STRANGE, True)), "certificate", "signed by unknown authority"),
        (below(usage(CLIENT)), "certificate", "incompatible key usage"),
        (below(hosts_of("example.org")), "certificate", "not authorized to sign for this name"),
        (below(hosts_of(f".{HOST}")), "certificate", "not authorized to sign for this name"),
        (below(hosts_but("EXAMPLE.com")), "certificate", "not authorized to sign for this name"),
        (
            tls(CHAIN.replace("CERTIFICATE", "X509 CRL", 2) + MIDDLE.pem),
            "certificate",
            "unrecognized PEM block X509 CRL",
        ),
        (tls(CHAIN.replace("MII", "AII", 1)), "certificate", "malformed"),
        # The issuer in the chain does not help: it is looked for in caCertificate alone.
        (tls(caCertificate=ROOT.pem), "certificate", "signed by unknown authority"),
    ],
)
def test_what_is_refused(refused: dict, field: str, words: str) -> None:
    said = refusal(refused)
    assert said is not None
    assert said.startswith(f"spec.tls.{field}: Invalid value: ") and words in said
    assert "BEGIN" not in said


def test_everything_is_said_at_once() -> None:
    said = refusal(tls(key=OTHER.key, caCertificate=ROOT.pem))
    assert said is not None and said.startswith("[spec.tls.certificate: ")
    assert ", spec.tls.key: " in said


def test_a_doubtful_certificate_is_read_without_a_word(recwarn: pytest.WarningsRecorder) -> None:
    assert refusal(tls(NEGATIVE.pem, NEGATIVE.key))
    assert not recwarn.list


def test_a_route_with_bad_certificates_claims_no_host() -> None:
    def route(name: str, second: int, found: dict) -> dict:
        stamp = f"2024-06-01T00:00:{second:02}Z"
        metadata = {"name": name, "namespace": "ns", "creationTimestamp": stamp}
        return {"metadata": metadata, "spec": {"host": HOST, "tls": found}}

    old, young = route("old", 1, tls(key=OTHER.key)), route("young", 2, tls())
    states = [each["conditions"][0] for _, each in admitted([young, old], "apps.test", "now")]
    assert [(each["status"], each.get("reason")) for each in states] == [
        ("False", "ExtendedValidationFailed"),
        ("True", None),
    ]
