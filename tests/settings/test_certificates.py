"""PEM texts: what is read of them, what is refused, and how certificates fit together."""

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from settings import SettingsError, validate
from settings.certificates import (
    PemError,
    certificates,
    check_key,
    expired,
    expires_soon,
)
from settings.hosts import is_dns_name, is_host
from settings.issuers import barred, first_broken_link, not_issued, serves
from settings.route_certificates import faults
from settings.secret import Secret
from settings.trust import host_fault
from tests.certificates import (
    CHAIN,
    CLIENT,
    HOST,
    LEAF,
    MIDDLE,
    NOTES,
    NOW,
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
    WILD,
    Made,
    hosts_but,
    hosts_of,
    make,
    negative_serial,
    pss_key,
    rewritten,
    usage,
)
from tests.settings.cases import GOOD
from tests.settings.cases_exposure import CROSS, created, routes
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


def test_text_around_is_let_pass_as_everybody_lets_it() -> None:
    """Go's encoding/pem; the router takes it out."""
    text = f"{NOTES}{LEAF.pem}{NOTES}{MIDDLE.pem}{NOTES}"
    assert certificates(text) == certificates(CHAIN)
    accepted = validate({**GOOD, **map_of({HOST: NOTES + ROOT.pem})}, stack="one")
    assert accepted.warnings == ()
    assert accepted.trust is not None
    assert accepted.trust.additional_trusted_ca.certificates == {HOST: NOTES + ROOT.pem}
    whole = created(text, **{"tls.key": NOTES + LEAF.key, "tls.cacrt": NOTES + MIDDLE.pem})
    assert validate({**GOOD, **routes(whole)}, stack="one").warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        NOTES + ROOT.pem + LEAF.locked_key,
        NOTES + ROOT.pem + LEAF.key.replace("\n", " "),
        ROOT.pem + "".join(LEAF.key.splitlines(True)[1:-1]),
    ],
)
def test_nothing_private_is_let_pass(text: str) -> None:
    with pytest.raises(PemError, match=r"private key|not whole"):
        certificates(text)


@pytest.mark.parametrize("key", [LEAF.key, LEAF.key.replace("\n", ""), LEAF.key.strip()])
def test_no_message_repeats_a_key_that_stands_for_a_host(key: str) -> None:
    told = refused(map_of({key: HOST}))
    assert '["(hidden)"]: is a PEM text' in told
    assert "the host before the colon" in told
    for line in LEAF.key.splitlines()[1:-1]:
        assert line[:20] not in told


def test_a_doubtful_certificate_is_read_without_a_word(recwarn: pytest.WarningsRecorder) -> None:
    for first in (0x7F80, 0x7FFF, 0x0080, 0x4000):
        made = make("numbered", RSA_ROOT, serial=first << 136)
        (found,) = certificates(negative_serial(made, RSA_ROOT).pem)
        assert found.negative_serial
    assert not recwarn.list


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


def test_an_rsa_pss_key_is_another_kind() -> None:
    """Go's x509.ParsePKCS8PrivateKey knows no such, and the library reads it as RSA's."""
    for made in (RSA_LEAF, make("rsa", kind="rsa")):
        check_key(one(made), made.key)
        with pytest.raises(PemError, match="an RSA-PSS key, and the router takes none"):
            check_key(one(made), pss_key(made))
    marked = rewritten(RSA_LEAF, RSA_ROOT, PLAIN_RSA, RSA_PSS)
    assert told(marked.pem, Secret(RSA_LEAF.key), None, HOST) == {("tls.crt", "key")}


def child(*extensions: Any, hosts: tuple[str, ...] = (HOST,)) -> tuple[Any, Any]:
    """A certificate for the hosts, and the CA with these extensions that has signed it."""
    authority = make("limited", ROOT, ca=True, more=extensions)
    return one(make("below", authority, dns=hosts)), one(authority)


@pytest.mark.parametrize(
    ("extension", "hosts", "says"),
    [
        ((SIGNING, True), (HOST,), None),
        (usage(SERVER), (HOST,), None),
        (usage(SERVER, CLIENT), (HOST,), None),
        (usage(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE), (HOST,), None),
        (usage(CLIENT), (HOST,), "for servers"),
        ((STRANGE, True), (HOST,), "critical extension"),
        ((STRANGE, False), (HOST,), None),
        (hosts_of("example.com"), (HOST,), None),
        (hosts_of("EXAMPLE.com"), (HOST.upper(),), None),
        (hosts_of(HOST), (HOST,), None),
        (hosts_of("example.org", ".example.com"), (HOST,), None),
        (hosts_of(f".{HOST}"), (HOST,), HOST),
        (hosts_of("ple.com"), (HOST,), HOST),
        (hosts_of(""), (HOST,), None),
        (hosts_of("example.com"), (HOST, "b.example.org"), "b.example.org"),
        (hosts_but("example.org"), (HOST,), None),
        (hosts_but("apps.example.com"), (HOST,), HOST),
        (hosts_but(HOST), ("*.apps.example.com",), r"\*\.apps"),
        (hosts_but(f"a.{HOST}"), ("*.apps.example.com",), None),
    ],
)
def test_a_ca_may_not_issue_everything(extension: Any, hosts: Any, says: str | None) -> None:
    """Go's crypto/x509 Certificate.Verify says the same of each of them."""
    leaf, authority = child(extension, hosts=hosts)
    assert not_issued(leaf, authority) is None
    why = barred(leaf, authority)
    assert why is None if says is None else re.search(says, str(why))


@pytest.mark.parametrize(
    ("network", "says"), [("10.0.0.0/8", None), ("192.0.2.0/24", "10.1.2.3"), ("::/0", "10.1.2.3")]
)
def test_addresses_are_limited_too(network: str, says: str | None) -> None:
    limits = x509.NameConstraints([x509.IPAddress(ip_network(network))], None)
    authority = make("limited", ROOT, ca=True, more=((limits, True),))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("10.1.2.3"))])
    why = barred(one(make("below", authority, more=((names, False),))), one(authority))
    assert why is None if says is None else says in str(why)


def test_limits_that_go_does_not_know_bar_everything() -> None:
    name = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "z")]))
    limits = x509.NameConstraints([name, x509.DNSName("example.com")], None)
    assert "Go does not know" in str(barred(*child((limits, True))))
    assert barred(*child((limits, False))) is None


def test_a_weak_signature_links_and_is_said_once() -> None:
    old = rewritten(RSA_LEAF, RSA_ROOT, b"", b"", SHA1)
    assert told(old.pem + RSA_ROOT.pem, None, RSA_ROOT.pem, HOST) == {("tls.crt", "outdated")}
    # A root may have signed itself with what was good in its time.
    root = rewritten(RSA_ROOT, RSA_ROOT, b"", b"", SHA1)
    assert told(RSA_LEAF.pem + root.pem, None, root.pem, HOST) == set()
    # Not itself, though of one name: by another key, as its key identifiers say.
    identity = x509.SubjectKeyIdentifier(b"own"), x509.AuthorityKeyIdentifier(b"other", None, None)
    more = tuple((each, False) for each in identity)
    reissued = make("rsa-root", RSA_ROOT, ca=True, kind="rsa", more=more)
    assert not one(reissued).self_signed
    assert one(rewritten(reissued, RSA_ROOT, b"", b"", SHA1)).weak == "SHA-1"


def test_only_what_clients_need_must_be_valid() -> None:
    """A root signed by an older one as well is served for years after that one has ended."""
    assert told(CHAIN + CROSS.pem, None, None, HOST) == {("tls.crt", "beyond")}
    assert told(LEAF.pem + CROSS.pem, None, None, HOST) == {("tls.crt", "chain"), BEYOND}
    early = make("root", OTHER, ca=True, starts=3, key_of=ROOT)
    assert told(CHAIN + early.pem, None, None, HOST) == {BEYOND}
    ended = make("middle", ROOT, ca=True, starts=-9, days=-1, key_of=MIDDLE)
    assert told(LEAF.pem + ended.pem, None, None, HOST) == {("tls.crt", "dates")}
    # There is one that follows it.
    assert told(LEAF.pem + ended.pem, None, MIDDLE.pem, HOST) == {BEYOND}
    # A root's own date is a matter of those that trust it.
    gone = make("gone-root", ca=True, starts=-9, days=-1)
    assert told(make("b", gone, dns=(HOST,)).pem + gone.pem, None, None, HOST) == {BEYOND}


BEYOND = ("tls.crt", "beyond")


def test_what_follows_a_chain_and_leads_nowhere_is_a_doubt() -> None:
    found = list(faults(CHAIN + OTHER.pem, None, None, HOST))
    assert [(each.rule, each.severity) for each in found] == [("beyond", "warning")]


def test_a_used_for_servers() -> None:
    assert serves(one(LEAF))
    assert not serves(one(make("c", dns=(HOST,), more=(usage(CLIENT),))))


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


def test_a_wrong_entry_hides_no_other() -> None:
    given = {"a.example.com": "", "B.example.com": ROOT.pem, HOST: LEAF.key, "c": None}
    with pytest.raises(SettingsError) as error:
        validate({**GOOD, **map_of(given)}, stack="one")
    assert {each.rule for each in error.value.problems} == {"empty", "null", "pem", "trust:host"}
    # Nothing is said of what stands in for a wrong whole.
    with pytest.raises(SettingsError) as error:
        validate({**GOOD, **map_of([ROOT.pem])}, stack="one")
    assert [each.rule for each in error.value.problems] == ["type"]


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


def test_a_host_and_its_port_are_one_key() -> None:
    """apimachinery pkg/util/validation, IsConfigMapKey."""
    host = ".".join(["x" * 63] * 3 + ["x" * 54])
    assert len(host) == 246 and host_fault(host) is None
    assert len(f"{host}..50000") == 253 and host_fault(f"{host}..50000") is None
    fault = host_fault(f"{host}y..50000")
    assert fault is not None
    assert "has 254 characters, and a key of a ConfigMap has 253" in fault.message
    assert "shorter" in fault.fix
    assert "has 254 characters" in refused(map_of({f"{host}y..50000": ROOT.pem}))


def test_borders_of_host_names() -> None:
    longest = ".".join(["x" * 63] * 3 + ["x" * 61])
    assert is_dns_name(longest) and not is_dns_name(longest + "x")
    assert is_dns_name("a") and not is_dns_name("") and not is_dns_name("a..b")
    assert not is_dns_name("-a.example.com") and not is_dns_name("a\n")
    assert is_host("192.0.2.1") and not is_host("192.0.2.01") and not is_host("1.2.3")
    assert not is_dns_name("192.0.2.1") and not is_dns_name("123")
