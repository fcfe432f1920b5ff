"""The routes of a stack file against what the cluster has."""

from typing import Any

import pytest

from settings import validate
from settings.exposure_guards import exposure as judged
from settings.facts import LiveFacts, RouteFacts, SecretFacts, labels
from settings.problems import Finding, path_text
from settings.rules import RULES, exposure
from tests.certificates import CHAIN, HOST, LEAF, MIDDLE, OTHER, ROOT
from tests.settings.cases import GOOD
from tests.settings.cases_exposure import CROSS, ENDED, ENDING, public, routes, secret
from tests.settings.cases_exposure import exposure as section

NAME = "public-route-tls"
CREATE = routes(public({"create": secret()}))
ADOPT = routes(public({"adopt": secret()}))
ADOPT_CA = routes(public({"adopt": secret(**{"tls.cacrt": CHAIN})}))
USE = routes(public({"use": {"name": NAME}}))
BARE = routes(public())
DEFAULT = section(defaultRoute=True)
OURS = labels("prod-1")
REGISTRYS = "openshift-image-registry"
PAIR = ("tls.crt", "tls.key")


def secrets(
    crt: str | None = CHAIN,
    keys: tuple[str, ...] = PAIR,
    cacrt: str | None = None,
    fixed: bool = False,
    **labelled: str,
) -> LiveFacts:
    """A cluster with this secret in the registry's namespace."""
    live = SecretFacts(labelled, (), "kubernetes.io/tls", keys, crt, cacrt, fixed)
    return LiveFacts(secrets={NAME: live})


def live_route(namespace: str, name: str, host: str, operators: bool = False) -> LiveFacts:
    return LiveFacts(routes=(RouteFacts(namespace, name, host, operators),))


def judge(sections: dict[str, Any], facts: LiveFacts) -> list[Finding]:
    return list(judged(validate({**GOOD, **sections}, stack="one"), facts))


GONE = LiveFacts(secrets={NAME: None})
AT = "exposure.routes[0]"

REFUSED = [
    ("exists", CREATE, secrets(), ".certificate.create.name", "not made by this stack", "`adopt`"),
    ("exists", CREATE, secrets(**labels("other")), ".certificate.create.name", "not made", "`use`"),
    ("missing", ADOPT, GONE, ".certificate.adopt.name", "no such object", "`create`"),
    ("missing", USE, GONE, ".certificate.use.name", "no such object", "check the name"),
    (
        "secret-keys",
        USE,
        secrets(None, ("cert", "tls.key")),
        ".certificate.use.name",
        "no tls.crt, and the operator",
        "add tls.crt",
    ),
    (
        "secret-keys",
        USE,
        secrets(None, ()),
        ".certificate.use.name",
        "no tls.crt and no tls.key",
        "add tls.crt and tls.key",
    ),
    (
        "secret-ca",
        USE,
        secrets(keys=(*PAIR, "ca.crt")),
        ".certificate.use.name",
        "ca.crt, which the operator does not read",
        "tls.cacrt",
    ),
    (
        "secret-lost",
        ADOPT,
        secrets(keys=(*PAIR, "tls.cacrt")),
        ".certificate.adopt.name",
        "has tls.cacrt",
        "write tls.cacrt too",
    ),
    *(
        ("certificate", USE, secrets(crt), ".certificate.use.name", says, fix)
        for crt, says, fix in [
            ("x", "holds no PEM certificate", "BEGIN CERTIFICATE"),
            (OTHER.pem, "is for other.example.com", "subjectAltNames"),
            (LEAF.pem + ROOT.pem, "does not chain", "own certificate first"),
            (ENDED.pem, "expired on", "follows it"),
            (CHAIN + LEAF.key, "holds a private key", "a new key"),
        ]
    ),
    *(
        (
            "certificate",
            USE,
            secrets(keys=(*PAIR, "tls.cacrt"), cacrt=cacrt),
            ".certificate.use.name",
            f"the live secret's tls.cacrt {says}",
            f"in the secret, {fix}",
        )
        for cacrt, says, fix in [
            ("x", "holds no PEM certificate", "write the text"),
            (ROOT.pem, "holds no certificate that issued that of CN=leaf", "put the issuer"),
            (MIDDLE.pem + ROOT.key, "holds a private key", "keep the certificates"),
        ]
    ),
    (
        "certificate-beyond",
        USE,
        secrets(CHAIN + CROSS.pem),
        ".certificate.use.name",
        "tls.crt holds the certificate of CN=root, which expired",
        "in the secret, leave it out",
    ),
    *(
        (
            "immutable",
            sections,
            secrets(fixed=True, **marks),
            f".certificate.{mode}.name",
            "is immutable",
            "write `use` to leave it as it is, or `create` with another name",
        )
        for mode, sections, marks in [
            ("adopt", ADOPT, {}),
            ("adopt", ADOPT, OURS),
            ("create", CREATE, OURS),
        ]
    ),
    ("certificate-expiry", USE, secrets(ENDING.pem), ".certificate.use.name", "expires on", ""),
    ("route-foreign", BARE, live_route(REGISTRYS, "public", "a.test"), ".name", "not made", "oc"),
    ("host-taken", BARE, live_route("shop", "public", HOST), ".hostname", "shop", "another host"),
    ("host-taken", BARE, live_route("shop", "x", HOST.upper(), True), ".hostname", "x of", ""),
    ("host-taken", BARE, live_route(REGISTRYS, "manual", HOST), ".hostname", "manual of", ""),
]


@pytest.mark.parametrize(("rule", "sections", "facts", "at", "says", "fix"), REFUSED)
def test_each_contradiction_has_its_words(
    rule: str, sections: dict[str, Any], facts: LiveFacts, at: str, says: str, fix: str
) -> None:
    (found,) = judge(sections, facts)
    assert found.rule == f"guard:{rule}"
    assert path_text(found.path) == AT + at
    assert says in found.message and fix in found.fix
    assert (found.severity == "warning") == RULES[found.rule].warning


AGREED = [
    ({}, live_route("shop", "public", HOST)),
    (CREATE, LiveFacts()),
    (CREATE, LiveFacts(secrets={NAME: None})),
    (CREATE, secrets(**OURS)),
    (ADOPT, secrets()),
    (ADOPT, secrets(keys=(*PAIR, "ca.crt"))),
    (ADOPT, secrets(keys=(*PAIR, "tls.cacrt"), **OURS)),
    (ADOPT_CA, secrets(keys=(*PAIR, "tls.cacrt"))),
    (USE, secrets()),
    (USE, secrets(fixed=True)),
    (USE, secrets(keys=(*PAIR, "tls.cacrt"), cacrt=MIDDLE.pem)),
    (USE, secrets(f"subject=CN=leaf\n{CHAIN}", (*PAIR, "ca.crt", "tls.cacrt"))),
    (BARE, live_route(REGISTRYS, "public", HOST, operators=True)),
    # It has had another name until now; the operator takes the old one away.
    (BARE, live_route(REGISTRYS, "before", HOST, operators=True)),
    (BARE, live_route("shop", "public", "shop.example.com")),
    (routes({"name": "public"}), live_route("shop", "other", "")),
    (DEFAULT, live_route(REGISTRYS, "default-route", "d.example.com", operators=True)),
    (section(defaultRoute=False), live_route(REGISTRYS, "default-route", "d.example.com")),
]


@pytest.mark.parametrize(("sections", "facts"), AGREED)
def test_what_agrees_is_not_complained_of(sections: dict[str, Any], facts: LiveFacts) -> None:
    assert judge(sections, facts) == []


def test_a_default_route_of_somebody_else_is_refused() -> None:
    (found,) = judge(DEFAULT, live_route(REGISTRYS, "default-route", "d.example.com"))
    assert (found.rule, path_text(found.path)) == ("guard:route-foreign", "exposure.defaultRoute")


def test_a_used_secret_that_the_stack_itself_makes_need_not_be_there() -> None:
    second = {"name": "b", "certificate": {"use": {"name": NAME}}}
    assert judge(routes(public({"create": secret()}), second), GONE) == []


def test_every_guard_of_exposure_has_a_test() -> None:
    tested = {f"guard:{rule}" for rule, *_ in REFUSED}
    assert {name for name in exposure.RULES if name.startswith("guard:")} <= tested
