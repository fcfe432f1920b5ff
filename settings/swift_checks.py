"""Will the registry log in to Keystone and find its container in Swift?"""

from collections.abc import Iterator

from settings import endpoint
from settings.cluster import minor
from settings.credentials import key_set
from settings.openstack import CONTAINER, EXAMPLE, version_in
from settings.problems import Finding, shown
from settings.secret_writer import credentials_at
from settings.stack import StackSettings
from settings.swift import SwiftStorage
from settings.swift_credentials import SWIFT_SETS, SwiftGivenKeys

AUTH_URL, AUTH_VERSION = ("storage", "authURL"), ("storage", "authVersion")
DOMAIN, DOMAIN_ID = ("storage", "domain"), ("storage", "domainID")
TENANT, TENANT_ID = ("storage", "tenant"), ("storage", "tenantID")
SCOPE = (DOMAIN, DOMAIN_ID, TENANT, TENANT_ID)
APPLICATION_SINCE = "4.15"


def where(storage: SwiftStorage) -> Iterator[Finding]:
    """The operator knows Keystone from its own keys alone, and those it does not look at once
    the secret is there."""
    if storage.auth_url is None:
        if storage.credentials.mode != "use" or storage.in_project:
            yield Finding(
                AUTH_URL,
                'is missing: with keys in the secret the operator says "unsupported protocol '
                'scheme"',
                f"write where Keystone is, e.g. authURL: {EXAMPLE}",
                "swift:auth-url-missing",
            )
    elif not endpoint.is_https(storage.auth_url):
        yield Finding(
            AUTH_URL,
            "is plain HTTP: whoever is on the way reads the keys",
            "write https://",
            "swift:plain-http",
            shown(storage.auth_url),
            "warning",
        )


def version(storage: SwiftStorage) -> Iterator[Finding]:
    said = version_in(storage.auth_url) if storage.auth_url else None
    wanted = storage.auth_version or "3"
    if said is not None and said != wanted:
        yield Finding(
            AUTH_URL,
            f"is Keystone's API {said}, and authVersion is {wanted}",
            f'write /v{wanted} at the end of the URL, or authVersion: "{said}"',
            "swift:versions",
            shown(storage.auth_url),
        )
    elif wanted != "3" and (storage.in_project or storage.application):
        yield Finding(
            AUTH_VERSION,
            "has no application credentials, and nothing that is made here is made by it",
            'write "3", or leave it out',
            "swift:versions",
            shown(storage.auth_version),
        )


def scope(storage: SwiftStorage) -> Iterator[Finding]:
    """Once each, and as much as a user needs (gophercloud auth_options.go)."""
    for first, second, one, other in (
        (DOMAIN, DOMAIN_ID, storage.domain, storage.domain_id),
        (TENANT, TENANT_ID, storage.tenant, storage.tenant_id),
    ):
        if one is not None and other is not None:
            yield Finding(
                first,
                f"is given beside {second[-1]}, and only one of the two is looked at",
                f"leave one of {first[-1]} and {second[-1]} out",
                "swift:twice",
                shown(one),
            )


def project(storage: SwiftStorage) -> Iterator[Finding]:
    """Nothing is made in whichever project happens to be logged in to; and a user belongs to a
    domain, and has containers in a project."""
    given = storage.credentials
    user = isinstance(given, SwiftGivenKeys) and given.username is not None
    if storage.tenant is None and storage.tenant_id is None and (storage.in_project or user):
        what = "things could be made in another one" if storage.in_project else "a user has many"
        yield Finding(
            TENANT,
            f"is missing, and so is tenantID: without a project {what}",
            "write the project's name, e.g. tenant: registries, or its ID as tenantID",
            "required",
        )
    third = (storage.auth_version or "3") == "3"
    if user and third and storage.domain is None and storage.domain_id is None:
        yield Finding(
            DOMAIN,
            "is missing, and so is domainID: a user's name is one in a domain",
            "write the domain's name, e.g. domain: Default, or its ID as domainID",
            "required",
        )


def access_rules(storage: SwiftStorage) -> Iterator[Finding]:
    if getattr(storage.credentials, "access_rules", None) is False:
        yield Finding(
            (*credentials_at(storage), "accessRules"),
            "lets the credential into all containers of the project",
            "leave it out where Keystone is of 2019 (Train) or newer",
            "swift:access-rules",
            "false",
            "warning",
        )
    name = storage.container.name
    if getattr(storage.credentials, "access_rules", False) and not CONTAINER.accepts(name):
        yield Finding(
            ("storage", "container", storage.container.mode, "name"),
            "has letters that mean something else in the paths of access rules",
            "give keys of a credential that somebody has made, or use a container whose name is "
            "letters, digits and ._- only",
            "swift:container-name",
            shown(name),
        )


def too_old(settings: StackSettings, storage: SwiftStorage) -> Iterator[Finding]:
    """Sets of keys that the operator does not take yet, and a demand of ours."""
    given, have = storage.credentials, settings.cluster
    if have.minor < (4, 2):
        yield Finding(
            ("storage", "kind"),
            "needs disableRedirect, which came with OpenShift 4.2, and cluster.version is "
            f"{have.version}",
            'write version: "4.2" or later if the cluster has that; else another kind',
            "version",
            "swift",
        )
    since = APPLICATION_SINCE if given.mode == "create" else None
    if isinstance(given, SwiftGivenKeys):
        since = key_set(given.data, SWIFT_SETS).since
    if since and have.minor < minor(since):
        yield Finding(
            credentials_at(storage),
            f"has keys that are enough by themselves since OpenShift {since}, and cluster.version "
            f"is {have.version}",
            f'give {" and ".join(SWIFT_SETS[0].keys)}, or write version: "{since}" or later if '
            "the cluster has that",
            "version",
        )
