"""PEM texts: what is read of them, what is refused, and how certificates fit together."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from settings import SettingsError, validate
from settings.certificates import (
    PemError,
    certificates,
    check_key,
    expired,
    expires_soon,
    first_broken_link,
)
from settings.hosts import is_dns_name, is_host
from settings.route_certificates import faults
from settings.secret import Secret
from settings.trust import host_fault
from tests.certificates import CHAIN, HOST, LEAF, MIDDLE, NOW, OTHER, ROOT, WILD, Made, make
from tests.settings.cases import GOOD
from tests.settings.cases_exposure import created, routes
from tests.settings.cases_trust import created as map_of


def one(made: Made) -> Any:
    (found,) = certificates(made.pem)
    return found


def test_what_a_certificate_says() -> None:
    leaf, middle, root = certificates(CHAIN + ROOT.pem)
    assert (leaf.subject, leaf.dns_names) == ("CN=leaf", (HOST,))
    assert [each.is_ca for each in (leaf, middle, root)] == [False, True, True]
    assert [each.self_signed for each in (leaf, middle, root)] == [False, False, True]
    assert leaf.not_after == NOW + timedelta(days=365)
    assert not one(make("v3-without-constraints", ca=None)).is_ca


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_do_not_matter(ends: str) -> None:
    assert len(certificates(CHAIN.replace("\n", ends))) == 2
    assert len(certificates(ROOT.pem.strip() + "  ")) == 1


def test_text_around_is_let_pass_where_it_is_not_ours() -> None:
    text = f"subject=CN=root\n{ROOT.pem}# end\n"
    assert len(certificates(text, explained=True)) == 1
    with pytest.raises(PemError, match="outside"):
        certificates(text)


@pytest.mark.parametrize("text", [LEAF.key, CHAIN + LEAF.key, CHAIN + LEAF.key[:90]])
def test_no_message_repeats_a_key(text: str) -> None:
    body = LEAF.key.splitlines()[1][:20]
    with pytest.raises(PemError) as error:
        certificates(text)
    assert body not in str(error.value)
    assert body not in refused(map_of({HOST: text}))
    assert body not in refused(map_of({HOST: text.replace("\n", "")}))
    assert body not in refused(routes(created(text)))
    assert body not in refused(routes(created(text.replace("\n", ""))))


def test_a_name_can_not_upset_a_terminal() -> None:
    assert one(make("a\x1b[31m")).subject.isprintable()


@pytest.mark.parametrize(
    ("names", "host", "covered"),
    [
        ((HOST,), HOST, True),
        ((HOST.upper(),), HOST, True),
        (("other.example.com", HOST), HOST, True),
        (("*.apps.example.com",), HOST, True),
        (("*.apps.example.com",), "apps.example.com", False),
        (("*.apps.example.com",), "a.registry.apps.example.com", False),
        (("*.example.com",), HOST, False),
        (("reg*.apps.example.com",), HOST, False),
        (("*",), "registry", False),
        (("apps.example.com",), HOST, False),
        ((), "none", False),
    ],
)
def test_a_wildcard_stands_for_one_label(names: tuple[str, ...], host: str, covered: bool) -> None:
    assert one(make("none", dns=names)).covers(host) is covered


def test_a_chain_is_what_issued_each_other() -> None:
    leaf, middle, root = certificates(CHAIN + ROOT.pem)
    assert first_broken_link([leaf, middle, root]) is None
    assert first_broken_link([leaf]) is None
    assert first_broken_link([leaf, root, middle]) == 0
    assert first_broken_link([leaf, middle, leaf]) == 1
    # Of the same name, with another key.
    assert first_broken_link([leaf, one(make("middle", ca=True))]) == 0
    # It has signed, and may not.
    signer = make("no-ca", ROOT)
    assert first_broken_link([one(make("child", signer)), one(signer)]) == 0


@pytest.mark.parametrize("kind", ["ec", "rsa", "ed25519"])
def test_a_key_is_its_certificates(kind: str) -> None:
    made = make(f"with-{kind}", kind=kind)
    check_key(one(made), made.key)
    with pytest.raises(PemError, match=r"not the key of the certificate for CN=with-"):
        check_key(one(made), OTHER.key)


def test_a_key_in_the_form_of_openssl_is_read() -> None:
    traditional = LEAF.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    check_key(one(LEAF), parameters + traditional)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LEAF.locked_key, "encrypted with a passphrase"),
        (LEAF.pem, "is no private key"),
        (LEAF.key.replace("\n", " "), "is no private key"),
        ("\ud800", "is no private key"),
    ],
)
def test_what_is_no_usable_key_is_refused(text: str, says: str) -> None:
    with pytest.raises(PemError, match=says):
        check_key(one(LEAF), text)


def test_dates() -> None:
    leaf = one(make("month", days=31))
    assert not expires_soon(leaf)
    assert expires_soon(leaf, NOW + timedelta(days=2))
    assert not expired(leaf, NOW + timedelta(days=30))
    assert expired(leaf, NOW + timedelta(days=31))


def told(*args: Any, **more: Any) -> set[tuple[str, str]]:
    return {(each.key, each.rule) for each in faults(*args, **more)}


def test_a_route_s_certificate_is_judged_as_a_whole() -> None:
    assert told(CHAIN, Secret(LEAF.key), MIDDLE.pem, HOST) == set()
    assert told(WILD.pem, Secret(WILD.key), MIDDLE.pem + ROOT.pem, HOST) == set()
    # One that signed itself, and is its own issuer.
    assert told(OTHER.pem, Secret(OTHER.key), OTHER.pem, "other.example.com") == set()
    assert told(CHAIN, Secret(OTHER.key), None, HOST) == {("tls.key", "key")}
    assert told(CHAIN, Secret(LEAF.locked_key), None, HOST) == {("tls.key", "key")}
    assert told(CHAIN, Secret(None), None, HOST) == set()
    several = told(OTHER.pem + ROOT.pem, Secret(LEAF.key), MIDDLE.pem, HOST)
    assert several == {
        ("tls.crt", "chain"),
        ("tls.crt", "covers"),
        ("tls.key", "key"),
        ("tls.cacrt", "chain"),
    }


def test_the_router_looks_for_the_issuer_in_the_ca_alone() -> None:
    """openshift/router pkg/router/routeapihelpers/validation.go: roots and intermediates are
    those of caCertificate."""
    assert told(CHAIN, None, ROOT.pem, HOST) == {("tls.cacrt", "chain")}


def test_a_running_program_compares_the_key() -> None:
    assert "not the key of the certificate for CN=leaf" in refused(
        routes(created(**{"tls.key": OTHER.key}))
    )
    settings = validate({**GOOD, **routes(created(**{"tls.key": LEAF.key}))}, stack="one")
    assert settings.exposure is not None
    assert settings.exposure.spec() == {
        "routes": [{"name": "public", "hostname": HOST, "secretName": "public-route-tls"}]
    }
    assert LEAF.key.splitlines()[1] not in repr(settings)


def test_a_map_larger_than_kubernetes_takes_is_refused() -> None:
    large = {f"r{number}.example.com": ROOT.pem * 400 for number in range(10)}
    assert "larger than a ConfigMap may be" in refused(map_of(large))


def refused(sections: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as error:
        validate({**GOOD, **sections}, stack="one")
    return f"{error.value} {error.value.problems!r}"


@pytest.mark.parametrize(
    "key",
    [
        "registry.example.com",
        "registry.example.com..5000",
        "registry..1",
        "192.0.2.1..65535",
        "192.0.2.1",
        "updateservice-registry",
        f"{'x' * 63}.example.com",
        "2a.example.com",
    ],
)
def test_a_registry_is_a_host_perhaps_with_a_port(key: str) -> None:
    assert host_fault(key) is None


def test_borders_of_host_names() -> None:
    longest = ".".join(["x" * 63] * 3 + ["x" * 61])
    assert is_dns_name(longest) and not is_dns_name(longest + "x")
    assert is_dns_name("a") and not is_dns_name("") and not is_dns_name("a..b")
    assert not is_dns_name("-a.example.com") and not is_dns_name("a\n")
    assert is_host("192.0.2.1") and not is_host("192.0.2.01") and not is_host("1.2.3")
    assert not is_dns_name("192.0.2.1") and not is_dns_name("123")
