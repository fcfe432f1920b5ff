"""Every way to put `openshift-registry:exposure` wrong."""

from typing import Any

from tests.certificates import (
    CHAIN,
    CLIENT,
    HOST,
    LEAF,
    MD5,
    MIDDLE,
    NOT_SIGNING,
    OTHER,
    ROOT,
    RSA_LEAF,
    RSA_ROOT,
    SHA1,
    STRANGE,
    Made,
    hosts_but,
    hosts_of,
    make,
    negative_serial,
    rewritten,
    usage,
)
from tests.settings.case import GONE, Case

SEALED = {"secure": "v1:abc:def"}
ENDED = make("ended", MIDDLE, dns=(HOST,), starts=-400, days=-3)
ENDING = make("ending", MIDDLE, dns=(HOST,), starts=-400, days=12)
EARLY = make("early", MIDDLE, dns=(HOST,), starts=3)
MODERN = make("modern", MIDDLE, dns=(HOST,), kind="ed25519")
OWN_CURVE = make("own-curve", MIDDLE, dns=(HOST,), kind="bitcoin")
OLD = rewritten(RSA_LEAF, RSA_ROOT, b"", b"", SHA1)
OLDER = rewritten(RSA_LEAF, RSA_ROOT, b"", b"", MD5)
NEGATIVE = negative_serial(RSA_LEAF, RSA_ROOT)
CLIENTS = make("clients", MIDDLE, dns=(HOST,), more=(usage(CLIENT),))
ODD = make("odd", MIDDLE, dns=(HOST,), more=((STRANGE, True),))
GONE_MIDDLE = make("gone-middle", ROOT, ca=True, starts=-400, days=-3)
CROSS = make("root", OTHER, ca=True, starts=-400, days=-3, key_of=ROOT)
"""The root, signed by an older one as well, which has been of use for a while."""
BELOW_GONE = make("below-gone", GONE_MIDDLE, dns=(HOST,))


def _issuer(*more: Any) -> tuple[Made, Made]:
    """A CA with these extensions, and a certificate for the host that it has signed."""
    authority = make("limited", ROOT, ca=True, more=more)
    return authority, make("below", authority, dns=(HOST,))


MUTE, BELOW_MUTE = _issuer((NOT_SIGNING, True))
ELSEWHERE, BELOW_ELSEWHERE = _issuer(hosts_of("example.org"))
EXCLUDING, BELOW_EXCLUDING = _issuer(hosts_but("apps.example.com"))
FOR_CLIENTS, BELOW_FOR_CLIENTS = _issuer(usage(CLIENT))
STRANGER, BELOW_STRANGER = _issuer((STRANGE, True))

ROUTE = "exposure.routes[0]"
CREATE = f"{ROUTE}.certificate.create"
PATH = {key: f'{CREATE}["{key}"]' for key in ("tls.crt", "tls.key", "tls.cacrt")}


def exposure(**section: Any) -> dict[str, Any]:
    return {"exposure": section}


def routes(*each: dict[str, Any]) -> dict[str, Any]:
    return exposure(routes=list(each))


def secret(crt: str = CHAIN, **more: Any) -> dict[str, Any]:
    """The keys of a secret; `None` takes one out."""
    keys = {"name": "public-route-tls", "tls.crt": crt, "tls.key": SEALED, **more}
    return {key: value for key, value in keys.items() if value is not None}


def public(certificate: Any = None, **more: Any) -> dict[str, Any]:
    given = {"certificate": certificate} if certificate else {}
    return {"name": "public", "hostname": HOST, **given, **more}


def created(crt: str = CHAIN, **more: Any) -> dict[str, Any]:
    return public({"create": secret(crt, **more)})


def _case(rule: str, path: str, route: dict[str, Any], says: str, fix: str) -> Case:
    return Case(routes(route), rule, path, says, fix)


def _crt(rule: str, crt: str, says: str, fix: str) -> Case:
    return _case(rule, PATH["tls.crt"], created(crt), says, fix)


def _cacrt(rule: str, cacrt: str, says: str, fix: str) -> Case:
    return _case(rule, PATH["tls.cacrt"], created(**{"tls.cacrt": cacrt}), says, fix)


def _below(leaf: Made, authority: Made, says: str) -> tuple[Case, Case]:
    """A CA that may not issue it, in the chain and as the CA."""
    alone = created(leaf.pem, **{"tls.cacrt": authority.pem})
    return (
        _crt("exposure:usage", leaf.pem + authority.pem, says, "by a CA that may"),
        _case("exposure:chain", PATH["tls.cacrt"], alone, says, "leave tls.cacrt out"),
    )


def _taken(index: int, key: str, *each: dict[str, Any], default: bool = False) -> Case:
    section = exposure(routes=list(each), **({"defaultRoute": True} if default else {}))
    path = f"exposure.routes[{index}].{key}"
    return Case(section, "exposure:twice", path, "the router gives to the route", f"another {key}")


def _owner(name: str, says: str) -> Case:
    return _case("exposure:owner", f"{CREATE}.name", created(name=name), says, "another name")


def _external(rule: str, name: str, index: int, says: str, fix: str) -> Case:
    section = {"routes": [public()], "externalRegistryHostnames": [HOST, name]}
    return Case(exposure(**section), rule, f"{EXTERNAL}[{index}]", says, fix)


DEFAULT = "default-route-openshift-image-registry"
GIVEN = "public-openshift-image-registry"
EXTERNAL = "exposure.externalRegistryHostnames"

CASES = [
    # Shape.
    _case("required", f"{ROUTE}.name", {"hostname": HOST}, "is missing", "name: public"),
    _case(
        "required", PATH["tls.crt"], public({"create": secret(**{"tls.crt": None})}), "", ""
    )._replace(says="is missing", fix="tls.crt: -----BEGIN"),
    _case("required", PATH["tls.key"], created(**{"tls.key": None}), "is missing", "{secure: ...}"),
    _case("empty", PATH["tls.crt"], created(""), "is empty", "leave the key out"),
    _case("exactly-one", f"{ROUTE}.certificate", public({"use": {"name": "a"}}), "", "")._replace(
        changes=routes({"name": "public", "certificate": {}}), says="none", fix="create, adopt, use"
    ),
    _case("unknown-key", f"{ROUTE}.host", public(host="a.test"), "known", "write hostname"),
    _case("not-settable", f"{ROUTE}.secretName", public(secretName="a"), "`certificate`", "leave"),
    _case(
        "not-settable",
        f'{CREATE}["ca.crt"]',
        created(**{"ca.crt": ROOT.pem}),
        "takes tls.crt, tls.key and tls.cacrt",
        "leave it out",
    ),
    Case({"registry.defaultRoute": True}, "not-settable", "registry.defaultRoute", "exposure", ""),
    Case({"registry.routes": []}, "not-settable", "registry.routes", "exposure", "leave it out"),
    _case(
        "plain-secret",
        PATH["tls.key"],
        created(**{"tls.key": LEAF.key}),
        "plain text",
        '["tls.key"]\' < tls.key, and make a new one',
    ),
    Case(exposure(defaultRoute="yes"), "type", "exposure.defaultRoute", "neither true", "true"),
    # Names.
    _case("name", f"{ROUTE}.name", {"name": "Public"}, "name of a Kubernetes object", "lower-case"),
    _case(
        "exposure:default-route",
        f"{ROUTE}.name",
        public(name="default-route"),
        "the operator's own route",
        "another name",
    ),
    Case(
        routes(public(), {"name": "public"}),
        "exposure:twice",
        "exposure.routes[1].name",
        "name of a route before it",
        "a name of its own",
    ),
    Case(
        routes(public(), public(name="other")),
        "exposure:twice",
        "exposure.routes[1].hostname",
        "host of a route before it",
        "a host of its own",
    ),
    _taken(0, "hostname", {"name": "a", "hostname": f"{DEFAULT}.apps.ex.com"}, default=True),
    _taken(1, "hostname", {"name": "public"}, {"name": "b", "hostname": f"{GIVEN}.apps.ex.com"}),
    _taken(0, "hostname", {"name": "b", "hostname": f"{GIVEN}.apps.ex.com"}, {"name": "public"}),
    _taken(1, "name", {"name": "a.b"}, {"name": "a-b"}),
    _taken(0, "name", {"name": "default.route"}, default=True),
    Case(
        routes(created(), {**created(), "name": "b", "hostname": "b.apps.example.com"})
        | {"exposure.routes": [created(), {"name": "b", "certificate": {"create": secret()}}]},
        "exposure:twice",
        "exposure.routes[1].certificate.create.name",
        "written for a route before it",
        "use: {name: public-route-tls}",
    ),
    _case(
        "exposure:long-name",
        f"{ROUTE}.name",
        {"name": f"{'a' * 19}.{'b' * 19}"},
        "has 64 characters",
        "38 characters at most",
    ),
    _owner("image-registry-tls", "service CA operator"),
    _owner("image-registry-private-configuration", "image registry's operator"),
    _owner("image-registry-private-configuration-user", "credentials of the storage"),
    _owner("installation-pull-secrets", "image registry's operator"),
    _owner("installer-cloud-credentials", "cloud credential operator"),
    _owner("registry-dockercfg-x7k2p", "a service account"),
    _owner("default-token-x7k2p", "a service account"),
    # Hosts.
    *(
        _case("host", f"{ROUTE}.hostname", {"name": "a", "hostname": host}, "not a host name", fix)
        for host, fix in [
            ("https://registry.example.com/v2", "write registry.example.com"),
            ("registry.example.com:443", "write registry.example.com"),
            ("Registry.Example.com", "write registry.example.com"),
            ("registry.example.com.", "write registry.example.com"),
            ("*.example.com", "a lower-case DNS name"),
            ("192.0.2.1", "a lower-case DNS name"),
            (f"{'x' * 64}.example.com", "a lower-case DNS name"),
            (".".join(["x" * 63] * 4), "a lower-case DNS name"),
        ]
    ),
    _external("host", "https://a.example.com", 1, "or one with a port", "write a.example.com"),
    _external("host", f"{HOST}:0", 1, "or one with a port", "a lower-case DNS name"),
    _external("host", f"{HOST}:65536", 1, "or one with a port", "a lower-case DNS name"),
    _external("exposure:twice", HOST, 1, "is there already", "keep one"),
    _external("exposure:unreached", "other.example.com", 1, "of no route", "`hostname` of one"),
    Case(
        exposure(defaultRoute=True, externalRegistryHostnames=["registry.example.com"]),
        "exposure:unreached",
        f"{EXTERNAL}[0]",
        "something else leads there",
        "`hostname` of one",
    ),
    # Certificates.
    _crt("pem", "nothing", "no PEM certificate", "BEGIN"),
    _crt("pem", CHAIN + LEAF.key, "holds a private key", "make a new key"),
    _cacrt("pem", "nothing", "no PEM certificate", "BEGIN"),
    _crt("exposure:chain", BELOW_MUTE.pem + MUTE.pem, "has no keyCertSign", "own certificate"),
    _cacrt("exposure:chain", OTHER.pem, "issued that of CN=leaf; the router", "leave tls.cacrt"),
    _case(
        "exposure:chain",
        PATH["tls.cacrt"],
        created(BELOW_MUTE.pem, **{"tls.cacrt": MUTE.pem}),
        "(that of CN=limited may not sign certificates (its keyUsage has no keyCertSign))",
        "leave tls.cacrt out",
    ),
    *_below(BELOW_ELSEWHERE, ELSEWHERE, f'may not issue for "{HOST}" (its nameConstraints)'),
    *_below(BELOW_EXCLUDING, EXCLUDING, f'may not issue for "{HOST}" (its nameConstraints)'),
    *_below(BELOW_FOR_CLIENTS, FOR_CLIENTS, "may not issue for servers (its extendedKeyUsage"),
    *_below(BELOW_STRANGER, STRANGER, "has a critical extension that Go does not know"),
    _crt("exposure:usage", CLIENTS.pem, "is not for servers", "with serverAuth"),
    _crt("exposure:usage", ODD.pem, "critical extension that Go does not know", "without"),
    _crt("exposure:outdated", OLD.pem, "signed with SHA-1", "issued again, with SHA-256"),
    _crt("exposure:outdated", OLD.pem + RSA_ROOT.pem, "signed with SHA-1", "with SHA-256"),
    _crt("exposure:outdated", OLDER.pem, "signed with MD5", "issued again, with SHA-256"),
    _crt("exposure:outdated", NEGATIVE.pem, "a negative serial number", "another one issued"),
    _crt("exposure:outdated", OWN_CURVE.pem, "curve other than NIST's", "another one issued"),
    _case(
        "exposure:outdated",
        PATH["tls.cacrt"],
        created(LEAF.pem, **{"tls.cacrt": MIDDLE.pem + NEGATIVE.pem}),
        "a negative serial number",
        "another one issued",
    ),
    _crt("exposure:beyond", CHAIN + OTHER.pem, "of CN=other, which has another name", "keep those"),
    _crt("exposure:beyond", CHAIN + CROSS.pem, "no other way up", "leave it out"),
    _crt("exposure:chain", LEAF.pem + ROOT.pem, "CN=leaf was not issued by", "own certificate"),
    _crt("exposure:chain", LEAF.pem + ROOT.pem + MIDDLE.pem, "after it, of CN=root", "first"),
    _cacrt("exposure:chain", ROOT.pem, "no certificate that issued that of CN=leaf", "leave tls"),
    _crt(
        "exposure:covers", OTHER.pem, f"for other.example.com, and the route's host is {HOST}", ""
    )._replace(fix="subjectAltNames"),
    _crt("exposure:covers", make("none", MIDDLE).pem, "is for no DNS name", "subjectAltNames"),
    Case(
        routes(
            created(),
            {
                "name": "b",
                "hostname": "b.example.com",
                "certificate": {"use": {"name": "public-route-tls"}},
            },
        ),
        "exposure:covers",
        "exposure.routes[1].certificate.use.name",
        "the route's host is b.example.com",
        "subjectAltNames",
    ),
    _crt("exposure:key", MODERN.pem, "neither RSA (without PSS) nor", "such a key"),
    _crt("exposure:dates", ENDED.pem, "CN=ended, which expired on", "follows it"),
    _crt("exposure:dates", BELOW_GONE.pem + GONE_MIDDLE.pem, "CN=gone-middle, which", "follows it"),
    _crt("exposure:dates", EARLY.pem, "not valid before", "valid now"),
    _crt("exposure:expiry", ENDING.pem, "CN=ending, which expires on", "follows it"),
    Case(
        {
            **exposure(defaultRoute=True),
            "storage": GONE,
            "registry": {"managementState": "Unmanaged", "replicas": 1},
        },
        "exposure:in-vain",
        "exposure",
        "managementState is Unmanaged: the operator makes no route",
        "managementState: Managed",
    ),
]
