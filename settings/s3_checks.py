"""Will the registry find its bucket, and may the bucket be as it is wanted? Judged offline."""

import re
from collections.abc import Iterator
from typing import Any

from settings import endpoint, trust_checks
from settings.aws import (
    ALIAS,
    ALIAS_ARN,
    IP,
    KEY_ARN,
    KEY_ID,
    KNOWN_REGIONS,
    account_of,
    is_region,
    region_of,
)
from settings.bucket import CreatedKey, SseS3, UsedBucket, UsedKey
from settings.certificates import PRIVATE, PemError, certificates
from settings.cluster import minor
from settings.credentials import SECRET_NAME
from settings.problems import Finding, Path, shown
from settings.s3 import S3Storage
from settings.s3_credentials import CREATED, FoundCredentials, GivenKeys
from settings.stack import StackSettings

REGION, ENDPOINT = ("storage", "region"), ("storage", "regionEndpoint")
ENCRYPT, KEY = ("storage", "encrypt"), ("storage", "keyID")
CA = ("storage", "trustedCA")
FRONT_KEY = ("storage", "cloudFront", "privateKey")
STYLE = ("storage", "virtualHostedStyle")


def bucket_at(storage: S3Storage, *rest: str) -> Path:
    return ("storage", "bucket", storage.bucket.mode, *rest)


def credentials_at(storage: S3Storage) -> Path:
    path = ("storage", "credentials", storage.credentials.mode)
    role = getattr(storage.credentials, "role", None)
    return (*path, role) if role else path


def _owned(storage: S3Storage) -> bool:
    return not isinstance(storage.bucket, UsedBucket)


def only_in_aws(storage: S3Storage) -> Iterator[Finding]:
    """What is made by AWS's own interfaces."""
    if storage.service == "aws":
        return
    given: dict[Path, Any] = {
        bucket_at(storage): _owned(storage),
        credentials_at(storage): not isinstance(storage.credentials, GivenKeys | FoundCredentials),
        ("storage", "cloudFront"): storage.cloud_front,
        ("storage", "account"): storage.account,
    }
    for path in (path for path, each in given.items() if each):
        yield Finding(
            path,
            f"is there in AWS only, and service is {storage.service}",
            "leave it out; a bucket that exists is `use`, and its keys are `given`",
            "s3:not-aws",
        )


def account(storage: S3Storage) -> Iterator[Finding]:
    """Nothing is made in whichever account happens to be logged in to."""
    made = _owned(storage) or isinstance(storage.credentials, CREATED)
    if storage.service == "aws" and made and storage.account is None:
        yield Finding(
            ("storage", "account"),
            "is missing, so buckets, keys and users could be made in another account",
            'write the 12 digits of the account, e.g. account: "111122223333"',
            "required",
        )


def same_account(storage: S3Storage) -> Iterator[Finding]:
    """IAM takes the provider of a role, and a boundary of its own making, of its account only."""
    wanted = storage.credentials
    for key, arn in (
        ("oidcProviderARN", getattr(wanted, "oidc_provider_arn", None)),
        ("permissionsBoundary", getattr(wanted, "permissions_boundary", None)),
    ):
        theirs = account_of(arn) if arn else None
        if storage.account is not None and theirs not in (None, storage.account):
            yield Finding(
                (*credentials_at(storage), key),
                f"is in account {theirs}, and what it is for is made in {storage.account}",
                f"name one of account {storage.account}, or correct `account`",
                "s3:other-account",
                shown(arn),
            )


def region(settings: StackSettings, storage: S3Storage) -> Iterator[Finding]:
    if storage.region is not None:
        return
    platform = settings.cluster.platform
    if storage.region_endpoint is not None:
        why = "the registry wants one beside an endpoint too, whatever it is"
    elif storage.service != "aws":
        why = "the registry wants one, whatever the service makes of it"
    elif _owned(storage):
        why = "the bucket is made or owned in one"
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
    """The custom resource asks for what the bucket is given, and for no key in vain."""
    given = storage.encryption
    if given is not None and storage.encrypt is False:
        yield Finding(
            ENCRYPT,
            "contradicts the bucket, which is given its encryption here",
            "leave it out: it follows the bucket",
            "s3:encryption",
            "false",
        )
    if given is None and storage.key_id is not None and not storage.encrypt:
        yield Finding(
            KEY,
            "has no effect: the registry looks at it only if encrypt is true (guide 3.1.3)",
            "write encrypt: true, or leave keyID out",
            "s3:key-ignored",
            shown(storage.key_id),
        )
    other = {
        SseS3: "encrypts with S3's own keys",
        CreatedKey: "gets a new key here",
        UsedKey: "encrypts with another key",
    }.get(type(given))
    same = isinstance(given, UsedKey) and given.key_arn == storage.key_id
    if other and storage.key_id is not None and not same:
        yield Finding(
            KEY,
            f"contradicts the bucket, which {other}",
            "leave it out: it follows the bucket",
            "s3:encryption",
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
    if storage.service != "aws":
        return
    found = {KEY: storage.key_id}
    if isinstance(storage.encryption, UsedKey):
        found[bucket_at(storage, "encryption", "kms", "use", "keyARN")] = storage.encryption.key_arn
    for path, key in found.items():
        if key is None:
            continue
        if not re.fullmatch(f"{KEY_ID}|{KEY_ARN}|{ALIAS}|{ALIAS_ARN}", key):
            yield Finding(
                path,
                "is not a key of AWS KMS",
                "write its ID, its ARN, or an alias as alias/NAME or by its ARN",
                "aws:key",
                shown(key),
            )
        elif storage.region is not None and region_of(key) not in (None, storage.region):
            yield Finding(
                path,
                f"is in {region_of(key)}, and S3 in {storage.region} takes keys of its own region "
                "only",
                f"name a key in {storage.region}",
                "s3:key-region",
                shown(key),
            )


def lifecycle(storage: S3Storage) -> Iterator[Finding]:
    bucket = storage.bucket
    wanted = getattr(bucket, "lifecycle", None)
    days = wanted.noncurrent_version_expiration_days if wanted else None
    if days is not None and not bucket.versioning:
        yield Finding(
            bucket_at(storage, "lifecycle", "noncurrentVersionExpirationDays"),
            "is given for a bucket without versioning, where nothing old is kept",
            "add versioning: true, or leave it out",
            "s3:noncurrent",
            str(days),
        )
    logging = getattr(bucket, "access_logging", None)
    if logging is not None and logging.target_bucket == bucket.name:
        yield Finding(
            bucket_at(storage, "accessLogging", "targetBucket"),
            "is the bucket itself: each log that is written would be logged again",
            "name another bucket",
            "s3:logs-itself",
            shown(bucket.name),
        )


def same_map(settings: StackSettings) -> Iterator[Finding]:
    """Of any kind of storage in a bucket."""
    wanted = getattr(settings.storage, "trusted_ca", None)
    other = settings.trust.additional_trusted_ca if settings.trust else None
    if wanted is not None and other is not None and other.name == wanted.name:
        yield Finding(
            (*CA, wanted.mode, "name"),
            "is the map of openshift-registry:trust too, whose keys are hosts",
            "write another name",
            "s3:same-map",
            shown(wanted.name),
        )


def clusters_map(settings: StackSettings) -> Iterator[Finding]:
    """Of any kind of storage in a bucket: the map of its CAs is not one of the cluster's own."""
    wanted = getattr(settings.storage, "trusted_ca", None)
    if wanted is not None and wanted.mode != "use":
        yield from trust_checks.owned_by_cluster((*CA, wanted.mode, "name"), wanted.name)


def bundle(storage: S3Storage) -> Iterator[Finding]:
    """The CAs of the storage can be read."""
    wanted = storage.trusted_ca
    if wanted is None or wanted.mode == "use":
        return
    path = (*CA, wanted.mode, "certificates")
    try:
        for doubt in trust_checks.doubts(certificates(wanted.certificates)):
            yield Finding(path, doubt.message, doubt.fix, f"trust:{doubt.rule}", "", "warning")
    except PemError as error:
        yield Finding(path, error.message, error.fix, "pem")


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


def too_old(settings: StackSettings) -> Iterator[Finding]:
    """What the storage needs without being told, and the version does not have yet."""
    storage, cluster = settings.storage, settings.cluster
    if storage is None or storage.kind not in ("s3", "objectBucketClaim"):
        return
    claimed = storage.kind == "objectBucketClaim"
    url = ("storage", "endpoint") if claimed else ENDPOINT
    for path, needed, since in (
        (url, "disableRedirect" if storage.demands else None, "4.2"),
        (CA, "trustedCA" if claimed and storage.bundled else None, "4.11"),
    ):
        if needed and cluster.minor < minor(since):
            yield Finding(
                path,
                f"needs {needed}, which came with OpenShift {since}, and cluster.version is "
                f"{cluster.version}",
                f'write version: "{since}" or later if the cluster has that; else another endpoint',
                "version",
            )


REDIRECTED = {
    "azure": "an account that is closed to them, which they can't reach",
    "swift": "Swift itself, which they need not trust or reach (guide 3.3.1)",
}
"""Where clients outside the cluster would be sent, if not to a Service."""


def redirect(settings: StackSettings) -> Iterator[Finding]:
    """Of any kind of storage."""
    storage = settings.storage
    demanded = storage is not None and storage.demands.get("disableRedirect")
    where = REDIRECTED.get(storage.kind if storage else "", "a Service, which they can't reach")
    if demanded and settings.registry.disable_redirect is False:
        yield Finding(
            ("registry", "disableRedirect"),
            f"would send clients outside the cluster to {where}",
            "write true, or leave the key out",
            "s3:redirect",
            "false",
        )
