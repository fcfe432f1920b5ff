"""Will the registry find its bucket, and may the bucket be as it is wanted? Judged offline."""

import re
from collections.abc import Iterator

from settings import endpoint, trust_checks
from settings.aws import ALIAS, ALIAS_ARN, IP, KEY_ARN, KEY_ID, KNOWN_REGIONS, is_region, region_of
from settings.certificates import PRIVATE, PemError, certificates
from settings.cluster import minor
from settings.credentials import SECRET_NAME
from settings.problems import Finding, shown
from settings.s3 import S3Storage
from settings.stack import StackSettings

REGION, ENDPOINT = ("storage", "region"), ("storage", "regionEndpoint")
ENCRYPT, KEY = ("storage", "encrypt"), ("storage", "keyID")
CA = ("storage", "trustedCA")
FRONT_KEY = ("storage", "cloudFront", "privateKey")
STYLE = ("storage", "virtualHostedStyle")


def only_in_aws(storage: S3Storage) -> Iterator[Finding]:
    if storage.service != "aws" and storage.cloud_front is not None:
        yield Finding(
            ("storage", "cloudFront"),
            f"is there in AWS only, and service is {storage.service}",
            "leave it out",
            "s3:not-aws",
        )


def region(settings: StackSettings, storage: S3Storage) -> Iterator[Finding]:
    if storage.region is not None:
        return
    platform = settings.cluster.platform
    if storage.region_endpoint is not None:
        why = "the registry wants one beside an endpoint too, whatever it is"
    elif storage.service != "aws":
        why = "the registry wants one, whatever the service makes of it"
    elif platform not in (None, "AWS"):
        why = f"on {platform} the operator has none to take instead"
    else:
        return
    example = "eu-west-1" if storage.service == "aws" else "us-east-1"
    yield Finding(REGION, f"is missing: {why}", f"write it, e.g. region: {example}", "s3:region")


def where(storage: S3Storage) -> Iterator[Finding]:
    """The registry's SDK finds AWS's regions by itself, and nothing else."""
    if storage.region_endpoint is not None:
        return
    if storage.service != "aws":
        yield Finding(
            ENDPOINT,
            f"is missing: without it the registry looks in AWS, and service is {storage.service}",
            f"write the service's URL, e.g. regionEndpoint: {endpoint.EXAMPLE}",
            "s3:endpoint-missing",
        )
    elif storage.region is not None and not is_region(storage.region):
        yield Finding(
            REGION,
            "is no region of AWS, and without regionEndpoint the registry knows no others",
            "write a region, e.g. eu-west-1; for another service its name and regionEndpoint",
            "s3:region",
            shown(storage.region),
        )
    elif storage.region is not None and storage.region not in KNOWN_REGIONS:
        yield Finding(
            REGION,
            'may be newer than the registry, which then says "invalid region provided"',
            f"add regionEndpoint: https://s3.{storage.region}.amazonaws.com",
            "s3:new-region",
            shown(storage.region),
            "warning",
        )


def bucket_in_endpoint(storage: S3Storage) -> Iterator[Finding]:
    """The client adds the bucket itself, to the host or to the path."""
    url = storage.region_endpoint
    if url is None:
        return
    name = storage.bucket.name
    host = endpoint.host(url)
    # A bucket may have dots, and then fills several labels.
    if host == name.lower() or host.startswith(f"{name.lower()}.") or name in endpoint.path(url):
        yield Finding(
            ENDPOINT,
            "has the bucket in it, which the client would add once more: pushes would fail with "
            '"s3aws: Path not found" (OCPBUGS-42198)',
            "take the bucket out; virtualHostedStyle: true puts it before the host",
            "s3:bucket-in-endpoint",
            shown(url),
        )


def rgw_port(storage: S3Storage) -> Iterator[Finding]:
    url = storage.region_endpoint
    if url is not None and storage.service == "rgw" and endpoint.port(url) is not None:
        yield Finding(
            ENDPOINT,
            "has a port, which the URL of a Rados Gateway must not have (guide 3.1.3)",
            f"write {url.replace(f':{endpoint.port(url)}', '', 1)}",
            "s3:rgw-port",
            shown(url),
        )


def virtual_hosts(storage: S3Storage) -> Iterator[Finding]:
    """Is there a host of the bucket's name, with a certificate for it?"""
    if not storage.virtual_hosted_style:
        return
    url = storage.region_endpoint
    host = endpoint.host(url) if url else ""
    if "." in storage.bucket.name and (url is None or endpoint.is_https(url)):
        why = "puts the bucket before the host, and no certificate is for a bucket with dots"
    elif re.fullmatch(IP, host):
        why = "puts the bucket before the host, and nothing goes before an IP address"
    elif url and endpoint.in_cluster(url):
        why = "puts the bucket before the host, and a Service has no other names"
    else:
        return
    yield Finding(STYLE, why, "write false, or leave it out", "s3:virtual-hosted", "true")


def plain_http(storage: S3Storage) -> Iterator[Finding]:
    url = storage.region_endpoint
    if url is None or endpoint.is_https(url):
        return
    if not endpoint.in_cluster(url):
        yield Finding(
            ENDPOINT,
            "is plain HTTP outside the cluster: whoever is on the way reads and changes images",
            "write https://",
            "s3:plain-http",
            shown(url),
            "warning",
        )
    if storage.trusted_ca is not None:
        yield Finding(
            CA,
            "is not used over plain HTTP",
            "write https:// in regionEndpoint, or leave trustedCA out",
            "s3:ca-unused",
            "",
            "warning",
        )


def encryption(storage: S3Storage) -> Iterator[Finding]:
    """The custom resource asks for no key in vain, and for nothing that the service lacks."""
    if storage.key_id is not None and not storage.encrypt:
        yield Finding(
            KEY,
            "has no effect: the registry looks at it only if encrypt is true (guide 3.1.3)",
            "write encrypt: true, or leave keyID out",
            "s3:key-ignored",
            shown(storage.key_id),
        )
    if storage.encrypt and storage.service in ("rgw", "noobaa"):
        yield Finding(
            ENCRYPT,
            "asks for encryption with each object, which this service has only if it was set up "
            "for it; else it refuses every push (the guide has false, 3.8.1)",
            "write false, or make sure that it is set up",
            "s3:encrypt-service",
            "true",
            "warning",
        )


def keys(storage: S3Storage) -> Iterator[Finding]:
    key = storage.key_id
    if storage.service != "aws" or key is None:
        return
    if not re.fullmatch(f"{KEY_ID}|{KEY_ARN}|{ALIAS}|{ALIAS_ARN}", key):
        yield Finding(
            KEY,
            "is not a key of AWS KMS",
            "write its ID, its ARN, or an alias as alias/NAME or by its ARN",
            "aws:key",
            shown(key),
        )
    elif storage.region is not None and region_of(key) not in (None, storage.region):
        yield Finding(
            KEY,
            f"is in {region_of(key)}, and S3 in {storage.region} takes keys of its own region only",
            f"name a key in {storage.region}",
            "s3:key-region",
            shown(key),
        )


def same_map(settings: StackSettings, storage: S3Storage) -> Iterator[Finding]:
    wanted = storage.trusted_ca
    other = settings.trust.additional_trusted_ca if settings.trust else None
    if wanted is not None and other is not None and other.name == wanted.name:
        yield Finding(
            (*CA, wanted.mode, "name"),
            "is the map of openshift-registry:trust too, whose keys are hosts",
            "write another name",
            "s3:same-map",
            shown(wanted.name),
        )


def bundle(storage: S3Storage) -> Iterator[Finding]:
    """The CAs of the storage can be read, and their map is not the cluster's own."""
    wanted = storage.trusted_ca
    if wanted is None or wanted.mode == "use":
        return
    owner = next((who for text, who in trust_checks.OWNERS.items() if _is(text, wanted.name)), None)
    if owner:
        yield Finding(
            (*CA, wanted.mode, "name"),
            f"is a map of the cluster itself, of {owner}",
            "write another name",
            "trust:owner",
            shown(wanted.name),
        )
    path = (*CA, wanted.mode, "certificates")
    try:
        for doubt in trust_checks.doubts(certificates(wanted.certificates)):
            yield Finding(path, doubt.message, doubt.fix, f"trust:{doubt.rule}", "", "warning")
    except PemError as error:
        yield Finding(path, error.message, error.fix, "pem")


def _is(pattern: str, name: str) -> bool:
    return re.fullmatch(pattern, name) is not None


def front_key(settings: StackSettings, storage: S3Storage) -> Iterator[Finding]:
    """The secret is free for the key, and the key is one that the registry reads."""
    if storage.cloud_front is None:
        return
    wanted = storage.cloud_front.private_key
    if wanted.mode == "use":
        return
    routes = (settings.exposure.routes if settings.exposure else None) or ()
    taken = {SECRET_NAME, *(each.certificate.name for each in routes if each.certificate)}
    if wanted.name in taken:
        yield Finding(
            (*FRONT_KEY, wanted.mode, "name"),
            "is the secret of something else: of the storage's keys, or of a route",
            "write another name",
            "s3:same-secret",
            shown(wanted.name),
        )
    pem = wanted.private_pem
    fault = None if pem.sealed else _front_key_fault(pem.reveal())
    if fault:
        yield Finding(
            (*FRONT_KEY, wanted.mode, "private.pem"),
            fault,
            "write the text of the key file, with its line breaks; openssl rsa -traditional "
            "makes one of another key of RSA",
            "pem",
        )


def _front_key_fault(text: str) -> str | None:
    """distribution registry/storage/driver/middleware/cloudfront takes PKCS #1."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    found = PRIVATE.search(text)
    if found is None:
        return "is no private key in PEM"
    if found[0].strip() != "-----BEGIN RSA PRIVATE KEY-----":
        return "is a private key of another kind than the registry reads, which is RSA in PKCS #1"
    try:
        load_pem_private_key(text.encode(), None)
    except TypeError:
        return "is encrypted with a passphrase, and the registry has none"
    except Exception:  # a text can be wrong in many ways
        return "is no private key in PEM"
    return None


def too_old(settings: StackSettings, storage: S3Storage) -> Iterator[Finding]:
    """What the storage needs without being told, and the version does not have yet."""
    if storage.demands and settings.cluster.minor < minor("4.2"):
        yield Finding(
            ENDPOINT,
            "needs disableRedirect, which came with OpenShift 4.2, and cluster.version is "
            f"{settings.cluster.version}",
            'write version: "4.2" or later if the cluster has that; else another endpoint',
            "version",
        )


def redirect(settings: StackSettings, storage: S3Storage) -> Iterator[Finding]:
    if storage.demands and settings.registry.disable_redirect is False:
        yield Finding(
            ("registry", "disableRedirect"),
            "would send clients outside the cluster to a Service, which they can't reach",
            "write true, or leave the key out",
            "s3:redirect",
            "false",
        )
