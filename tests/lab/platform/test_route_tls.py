"""What the router says about the certificates of a route."""

import pytest

from lab.platform.router import admitted
from lab.platform.routetls import refusal
from tests.certificates import CHAIN, HOST, LEAF, MIDDLE, OTHER, ROOT, make

ODD = make("odd", kind="ed25519")
GONE = make("gone", MIDDLE, dns=(HOST,), starts=-9, days=-1)


def tls(certificate: str = CHAIN, key: str = LEAF.key, **more: str) -> dict:
    return {"termination": "reencrypt", "certificate": certificate, "key": key, **more}


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
