"""Every way to put storage in a container of Swift wrong."""

import copy
from typing import Any

from tests.settings.case import GONE, Case

SEALED = {"secure": "v1:abc:def"}
PREFIX = "REGISTRY_STORAGE_SWIFT_"
USERNAME, PASSWORD = f"{PREFIX}USERNAME", f"{PREFIX}PASSWORD"
TRIO = tuple(f"{PREFIX}APPLICATIONCREDENTIAL{each}" for each in ("ID", "NAME", "SECRET"))
TOKEN = f"{PREFIX}TOKENID"
USER = {"given": {USERNAME: SEALED, PASSWORD: SEALED}}
APPLICATION = {"given": dict.fromkeys(TRIO, SEALED)}
URL = "https://keystone.example.test:5000/v3"
NAME = "prod-1-image-registry"

SWIFT: dict[str, Any] = {
    "kind": "swift",
    "container": {"create": {"name": NAME}},
    "authURL": URL,
    "tenant": "registries",
    "regionName": "RegionOne",
    "credentials": {"create": {}},
}
USED = {"use": {"name": NAME}}
BY_USER: dict[str, Any] = {
    "kind": "swift",
    "container": USED,
    "authURL": URL,
    "tenant": "registries",
    "domain": "Default",
    "credentials": USER,
}
FOUND: dict[str, Any] = {"kind": "swift", "container": USED, "credentials": {"use": {}}}
ODD_URLS = ["keystone.example.test", "ftp://a.example.test", "https://", "https://a b", "x", ""]
ODD_URLS += ["https://me:s3cr3t@a.example.test/v3", "https://a.example.test/v3?x=1", "https://a#b"]
ODD_PATHS = ["https://a.example.test/identity/v3", "https://a.example.test/keystone"]
ODD_PATHS += ["https://a.example.test/v4", "https://a.example.test/v30", "https://a.example.test//"]
GOOD_URLS = [URL, "https://a.example.test", "https://a.example.test/", "https://a.example.test/v3/"]


def storage(good: dict[str, Any] = SWIFT, **changes: Any) -> dict[str, Any]:
    """A right storage section with some keys set, or taken out if `GONE`."""
    made = {**good, **changes}
    return copy.deepcopy({key: each for key, each in made.items() if each is not GONE})


def _swift(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return Case({"storage": storage(**changes)}, rule, f"storage.{path}", says, fix)


def _user(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return Case({"storage": storage(BY_USER, **changes)}, rule, f"storage.{path}", says, fix)


def _given(rule: str, at: str, says: str, fix: str, *keys: str) -> Case:
    given = {"given": dict.fromkeys(keys, SEALED)}
    return _user(rule, f"credentials.given{at}", says, fix, credentials=given)


CASES = [
    # Shape.
    _swift("required", "container", "is missing", "name: registry", container=GONE),
    _swift("exactly-one", "container", "has none", "create, adopt, use", container={}),
    _swift("required", "credentials", "is missing", "use: {", credentials=GONE),
    _swift("exactly-one", "credentials", "has none", "create, given, use", credentials="x"),
    _swift(
        *("exactly-one", "credentials", "create and given", "create, given, use"),
        credentials={"create": {}, **USER},
    ),
    *(
        _swift("not-settable", key, says, "leave it out", **{key: "x"})
        for key, says in [
            ("managementState", "always Unmanaged"),
            ("swift", "by the stack"),
            ("trustedCA", "ca-bundle.pem"),
            ("username", "credentials.given"),
            ("password", "credentials.given"),
            ("userDomain", "one domain"),
            ("userDomainName", "one domain"),
            ("userDomainID", "one domain"),
            ("projectDomain", "one domain"),
            ("projectDomainName", "one domain"),
            ("projectDomainID", "one domain"),
        ]
    ),
    *(
        _swift(
            *("not-settable", f"container.{mode}.{key}", says, "leave it out"),
            container={mode: {"name": NAME, key: "x"}},
        )
        for mode in ("create", "adopt")
        for key, says in [
            ("containerRead", "`.r:*`"),
            ("containerWrite", "`.r:*`"),
            ("acl", "`.r:*`"),
            ("readAcl", "`.r:*`"),
            ("writeAcl", "`.r:*`"),
            ("metadata", "temporary URLs"),
            ("forceDestroy", "be deleted"),
            ("versioning", "is pruned"),
            ("lifecycle", "those are images"),
        ]
    ),
    _swift(
        *("not-settable", "container.adopt.storagePolicy", "any more", "leave it out"),
        container={"adopt": {"name": NAME, "storagePolicy": "gold"}},
    ),
    *(
        _swift(
            *("not-settable", f"credentials.{key}", "under `given`", "leave it out"),
            credentials={"create": {}, key: SEALED},
        )
        for key in (USERNAME, PASSWORD, TRIO[0], TOKEN)
    ),
    # The keys. Public case C14.
    _given("credentials:set", "", f"lacks {PASSWORD}", "go together", USERNAME),
    _given("credentials:set", "", f"lacks {TRIO[1]}", "go together", TRIO[0], TRIO[2]),
    _given("credentials:set", "", "has no keys", f"write {USERNAME} and {PASSWORD}"),
    _given("credentials:set", "", "mixes keys", TOKEN, USERNAME, PASSWORD, TOKEN),
    _given(
        *("unknown-key", f".{PREFIX}USER", "not a known key", f"write {USERNAME}"),
        *(f"{PREFIX}USER", USERNAME, PASSWORD),
    ),
    _given("unknown-key", ".username", "not a known key", "", "username", USERNAME, PASSWORD),
    _user(
        *("credentials:value", "credentials.given", f"{PASSWORD} with a line end", "echo"),
        credentials={"given": {USERNAME: SEALED, PASSWORD: "s3cr3t\n"}},
    ),
    _user(
        *("plain-secret", f"credentials.given.{PASSWORD}", "in plain text", "--secret"),
        credentials={"given": {USERNAME: SEALED, PASSWORD: "s3cr3t"}},
    ),
    _given("version", "", "since OpenShift 4.20", f"give {USERNAME} and {PASSWORD}", TOKEN),
    *(
        Case(
            {"storage": storage(credentials=credentials), "cluster.version": "4.14"},
            *("version", f"storage.credentials.{mode}", "since OpenShift 4.15", USERNAME),
        )
        for mode, credentials in [("create", {"create": {}}), ("given", APPLICATION)]
    ),
    Case(
        {"storage": storage(BY_USER), "cluster.version": "4.1"},
        *("version", "storage.kind", "needs disableRedirect", "else another kind"),
    ),
    # Names of OpenStack.
    *(
        _swift(
            *("swift:container-name", "container.create.name", "for a container", "letters"),
            container={"create": {"name": name}},
        )
        for name in ("a/b", "a b", "-a", "ä", "a" * 256, "a\n")
    ),
    _swift(
        *("swift:container-name", "container.use.name", "of a container", "its name alone"),
        container={"use": {"name": "AUTH_a/registry"}},
    ),
    *(
        _swift(
            *("swift:container-name", f"container.{mode}.name", "paths of access rules", "letters"),
            container={mode: {"name": "images *"}},
        )
        for mode in ("adopt", "use")
    ),
    _swift(
        *("swift:credential-name", "credentials.create.name", "application credential", "letters"),
        credentials={"create": {"name": "a b"}},
    ),
    _swift(
        *("swift:role", "credentials.create.role", "name of a role", "member"),
        credentials={"create": {"role": " "}},
    ),
    _swift(
        *("s3:rotation", "credentials.create.rotation", "tell access keys apart", "letters"),
        credentials={"create": {"rotation": "november 2026"}},
    ),
    # Where Keystone is.
    *(
        _swift("swift:auth-url", "authURL", "is not a URL of http", "auth_url", authURL=url)
        for url in ODD_URLS
        if url
    ),
    _swift("empty", "authURL", "is empty", "leave the key out", authURL=""),
    *(
        _swift("swift:auth-url", "authURL", "Incorrect Auth URL", "begins with /v3", authURL=url)
        for url in ODD_PATHS
    ),
    *(
        _user(
            *("swift:auth-url-missing", "authURL", "unsupported protocol", "where Keystone is"),
            authURL=GONE,
            **changes,
        )
        for changes in [
            {},
            {"credentials": {"create": {}}},
            {"container": {"create": {"name": NAME}}, "credentials": {"use": {}}},
            {"container": {"adopt": {"name": NAME}}, "credentials": {"use": {}}},
        ]
    ),
    _swift(
        *("swift:plain-http", "authURL", "reads the keys", "https://"),
        authURL="http://keystone.example.test:5000",
    ),
    _swift("type", "authVersion", "is not text", "in quotes", authVersion=3),
    *(
        _swift("swift:auth-version", "authVersion", "not one of", f'"{right}"', authVersion=text)
        for text, right in [("v3", 3), ("3.0", 3), ("v2.0", 2)]
    ),
    _swift("swift:auth-version", "authVersion", "not one of", "1, 2, 3", authVersion="4"),
    _user(
        *("swift:versions", "authURL", "API 3, and authVersion is 2", "/v2 at the end"),
        authVersion="2",
    ),
    _user(
        *("swift:versions", "authURL", "API 2, and authVersion is 3", 'authVersion: "2"'),
        authURL="https://keystone.example.test:5000/v2.0",
    ),
    *(
        _user(
            *("swift:versions", "authVersion", "no application credentials", 'write "3"'),
            authURL="https://keystone.example.test:5000",
            authVersion="2",
            **changes,
        )
        for changes in [
            {"credentials": APPLICATION},
            {"credentials": {"create": {}}},
            {"container": {"create": {"name": NAME}}},
        ]
    ),
    # Whose containers.
    _user("swift:twice", "domain", "beside domainID", "leave one of", domainID="default"),
    _user("swift:twice", "tenant", "beside tenantID", "leave one of", tenantID="0c1a"),
    *(
        _swift("required", "tenant", "made in another one", "tenant: registries", **changes)
        for changes in [
            {"tenant": GONE},
            {"tenant": GONE, "container": USED},
            {"tenant": GONE, "credentials": APPLICATION},
            {"tenant": GONE, "credentials": {"use": {}}},
        ]
    ),
    _user("required", "tenant", "a user has many", "tenant: registries", tenant=GONE),
    _user("required", "domain", "one in a domain", "domain: Default", domain=GONE),
    _swift(
        *("swift:access-rules", "credentials.create.accessRules", "all containers", "2019"),
        credentials={"create": {"accessRules": False}},
    ),
    Case(
        {"storage": storage(), "registry": {"disableRedirect": False}},
        *("s3:redirect", "registry.disableRedirect", "Swift itself", "write true"),
    ),
    Case(
        {"storage": storage(), "credentials": {"create": {USERNAME: SEALED, PASSWORD: SEALED}}},
        *("credentials:unused", "credentials", "under storage.credentials", "leave"),
    ),
]
