"""Every way to put `openshift-registry:trust` wrong."""

import base64
from typing import Any

from tests.certificates import LEAF, MIDDLE, ROOT, RSA_ROOT, make, negative_serial
from tests.settings.case import Case

ENDED = make("ended", ca=True, starts=-400, days=-3)
ENDING = make("ending", ca=True, starts=-400, days=12)
ODD = negative_serial(RSA_ROOT, RSA_ROOT)
BODY = LEAF.key.splitlines()[1]

AT = "trust.additionalTrustedCA"
HOST = f'{AT}.create.certificates["registry.example.com"]'


def trust(**chosen: Any) -> dict[str, Any]:
    return {"trust": {"additionalTrustedCA": chosen}}


def created(certificates: Any, **more: Any) -> dict[str, Any]:
    return trust(create={"certificates": certificates, **more})


def _host(key: str, says: str, fix: str) -> Case:
    path = f'{AT}.create.certificates["{key}"]'
    plain = key.replace("-", "").replace("_", "").isalpha()
    path = f"{AT}.create.certificates.{key}" if plain else path
    return Case(created({key: ROOT.pem}), "trust:host", path, says, fix)


def _pem(text: str, says: str, fix: str) -> Case:
    return Case(created({"registry.example.com": text}), "pem", HOST, says, fix)


def _owner(name: str, says: str) -> Case:
    changes = created({"registry.example.com": ROOT.pem}, name=name)
    return Case(changes, "trust:owner", f"{AT}.create.name", says, "another name")


CASES = [
    Case({"trust": {}}, "required", AT, "is missing", "{use: {name: registry-config}}"),
    Case(trust(create={}), "required", f"{AT}.create.certificates", "missing", "..5000"),
    Case(trust(adopt={"certificates": {}, "name": "x"}), "trust:nobody", "", "", "")._replace(
        path=f"{AT}.adopt.certificates", says="names no registry", fix="leave the section out"
    ),
    Case(trust(), "exactly-one", AT, "has none", "create, adopt, use"),
    Case(trust(create={}, use={}), "exactly-one", AT, "create and use", "create, adopt, use"),
    Case(created({"secure": ROOT.pem}), "secure-key", f"{AT}.create.certificates", "encrypted", ""),
    Case(created({"a.example.com": ""}), "empty", "", "", "")._replace(
        path=f'{AT}.create.certificates["a.example.com"]', says="is empty", fix="leave the key"
    ),
    Case(trust(use={"name": "Bad"}), "name", f"{AT}.use.name", "Kubernetes object", "lower-case"),
    # Keys.
    _host("registry.example.com:5000", "colon", "write registry.example.com..5000"),
    _host("https://registry.example.com", "is a URL", "write registry.example.com"),
    _host("https://registry.example.com:5000/v2", "is a URL", "write registry.example.com..5000"),
    _host("registry.example.com/team", "has a path", "write registry.example.com"),
    _host("Registry.example.com", "capital letters", "write registry.example.com"),
    _host("ca-bundle.crt", "name of a file", "the registry's host"),
    _host("ca-bundle", "name of a file", "the registry's host"),
    _host("a_b", "not a host name", "a lower-case host"),
    _host("192.0.2.300", "not a host name", "a lower-case host"),
    _host(f"{'x' * 64}.example.com", "not a host name", "a lower-case host"),
    _host("registry.example.com..0", "no port from 1 to 65535", "..5000"),
    _host("registry.example.com..65536", "no port from 1 to 65535", "..5000"),
    _host(
        "image-registry.openshift-image-registry.svc..5000",
        "the cluster's own registry",
        "leave it out",
    ),
    # Texts.
    _pem("nothing", "no PEM certificate", "-----BEGIN CERTIFICATE-----"),
    _pem(ROOT.pem + ROOT.key, "holds a private key", "make a new key"),
    _pem(ROOT.key, "holds a private key", "certificates alone"),
    _pem(ROOT.pem + "".join(MIDDLE.pem.splitlines(True)[1:]), "not whole", "copy it whole"),
    _pem(f"{ROOT.pem}{BODY}\n", "not whole", "copy it whole"),
    _pem(ROOT.pem + ROOT.pem[:100], "not whole", "copy it whole"),
    _pem(ROOT.pem[:100], "not whole", "copy it whole"),
    _pem(ROOT.pem.replace("\n", " "), "lost its line breaks", "`|`"),
    _pem(base64.b64encode(ROOT.pem.encode()).decode(), "base64 of a PEM text", "base64 -d"),
    _pem(ROOT.pem.replace("CERTIFICATE", "PUBLIC KEY"), "holds a PUBLIC KEY", "leave that out"),
    _pem(ROOT.pem.replace("MII", "AII", 1), "number 1, that is no certificate", "copy it anew"),
    Case(created({"registry.example.com": LEAF.pem}), "trust:not-ca", HOST, "CN=leaf", "the CA"),
    Case(created({"registry.example.com": ENDED.pem}), "trust:expiry", HOST, "expired on", "add"),
    Case(
        created({"registry.example.com": MIDDLE.pem + ENDING.pem}),
        "trust:expiry",
        HOST,
        "CN=ending, which expires on",
        "add the certificate that follows it",
    ),
    Case(created({"registry.example.com": ODD.pem}), "trust:serial", HOST, "negative", "again"),
    # Names.
    _owner("user-ca-bundle", "proxy"),
    _owner("openshift-service-ca.crt", "service CA operator"),
    _owner("kube-root-ca.crt", "kube-controller-manager"),
    _owner("cloud-provider-config", "installer"),
    _owner("admin-kubeconfig-client-ca", "API server"),
    _owner("initial-kube-apiserver-server-ca", "API server"),
    _owner("etcd-ca-bundle", "etcd"),
    _owner("etcd-metric-serving-ca", "etcd"),
    _owner("openshift-install-manifests", "installer"),
]
