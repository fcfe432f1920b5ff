"""What no single key can be blamed for: the parts of a stack file against each other."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from settings import (
    access_checks,
    azure_checks,
    credentials_checks,
    exposure_checks,
    gcs_checks,
    pruning_checks,
    registry_checks,
    s3_checks,
    storage_checks,
    swift_checks,
    trust_checks,
    volume_checks,
)
from settings.exposure import ExposureSettings
from settings.problems import Finding, Path
from settings.stack import StackSettings
from settings.trust import MapSettings
from settings.versions import too_new
from settings.walk import ANY

CLUSTER_VERSION = ("cluster", "version")
PLATFORM = ("cluster", "platform")
CLAIM = ("storage", "claim")
CLAIM_NAME = (*CLAIM, ANY, "name")
MODES = (*CLAIM, ANY, "accessModes")
LABELS = (*CLAIM, ANY, "labels")
ANNOTATIONS = (*CLAIM, ANY, "annotations")
CLASS = ("storage", "storageClass")
CLASS_NAME = (*CLASS, ANY, "name")
PROVISIONER = (*CLASS, ANY, "provisioner")
VOLUME = ("storage", "volume", ANY)
REPLACES = ("storage", "replaces")
EXPOSURE = ("exposure",)
SERVICE = ("storage", "service")
BUCKET = ("storage", "bucket")
KEYS = ("storage", "credentials")
CA = s3_checks.CA
ACCOUNT, CONTAINER = ("storage", "account"), ("storage", "container")
ENVIRONMENT = ("storage", "environment")
SUBSCRIPTION = (("storage", "subscriptionID"), azure_checks.GROUP)
ROUTES = ("exposure", "routes")
ITSELF = -1
"""Ends a path whose entries are judged one by one: a wrong one keeps no other from it."""
EACH_ROUTE = (*ROUTES, ITSELF)
CERTIFICATES = ("trust", "additionalTrustedCA", ANY, "certificates", ITSELF)
STATE = ("registry", "managementState")
REPLICAS = ("registry", "replicas")
STRATEGY = ("registry", "rolloutStrategy")
PLACEMENT = tuple(
    ("registry", key)
    for key in ("nodeSelector", "affinity", "topologySpreadConstraints", "resources")
)
ACCESS = ("access",)
AGES = tuple(("pruning", key) for key in ("keepYoungerThan", "keepYoungerThanDuration"))
HISTORY = tuple(
    ("pruning", key) for key in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit")
)
CREDENTIALS = ("credentials",)


class Check(NamedTuple):
    """`judge` is asked unless one of `needs` is wrong already: then it could only guess."""

    judge: Callable[[StackSettings], Iterator[Finding]]
    needs: tuple[Path, ...]


def _of_claim(judge: Callable[[Any], Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
    def with_claim(settings: StackSettings) -> Iterator[Finding]:
        if settings.storage is not None and settings.storage.kind == "claim":
            yield from judge(settings.storage)

    return with_claim


def _of_s3(judge: Callable[[Any], Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
    def with_bucket(settings: StackSettings) -> Iterator[Finding]:
        if settings.storage is not None and settings.storage.kind == "s3":
            yield from judge(settings.storage)

    return with_bucket


def _of_stack_and_s3(
    judge: Callable[[StackSettings, Any], Iterator[Finding]],
) -> Callable[..., Iterator[Finding]]:
    def with_bucket(settings: StackSettings) -> Iterator[Finding]:
        if settings.storage is not None and settings.storage.kind == "s3":
            yield from judge(settings, settings.storage)

    return with_bucket


def _of_kind(
    kind: str, judge: Callable[..., Iterator[Finding]], whole: bool = False
) -> Callable[..., Iterator[Finding]]:
    """`whole` is for what looks at more of the stack file than its storage."""

    def with_storage(settings: StackSettings) -> Iterator[Finding]:
        storage = settings.storage
        if storage is not None and storage.kind == kind:
            yield from judge(settings, storage) if whole else judge(storage)

    return with_storage


def _of_storage(judge: Callable[[Any], Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
    def with_storage(settings: StackSettings) -> Iterator[Finding]:
        if settings.storage is not None:
            yield from judge(settings.storage)

    return with_storage


def _of_exposure(
    judge: Callable[[ExposureSettings], Iterator[Finding]],
) -> Callable[..., Iterator[Finding]]:
    def with_exposure(settings: StackSettings) -> Iterator[Finding]:
        if settings.exposure is not None:
            yield from judge(settings.exposure)

    return with_exposure


def _of_trust(
    judge: Callable[[MapSettings], Iterator[Finding]],
) -> Callable[..., Iterator[Finding]]:
    def with_trust(settings: StackSettings) -> Iterator[Finding]:
        if settings.trust is not None:
            yield from judge(settings.trust.additional_trusted_ca)

    return with_trust


CHECKS = (
    Check(_of_claim(storage_checks.class_needed), (CLASS_NAME, CLAIM_NAME, VOLUME)),
    Check(_of_claim(storage_checks.access_modes), (MODES,)),
    Check(_of_claim(storage_checks.volume_mode), ((*CLAIM, ANY, "volumeMode"),)),
    Check(_of_claim(storage_checks.shared_block_storage), (MODES, CLASS_NAME, PROVISIONER)),
    Check(_of_claim(storage_checks.in_tree_cinder), (PROVISIONER,)),
    Check(_of_claim(storage_checks.claim_name), (CLAIM_NAME,)),
    Check(_of_storage(storage_checks.replaces_itself), (REPLACES, CLAIM_NAME)),
    Check(_of_claim(storage_checks.reserved_keys), (LABELS, ANNOTATIONS)),
    Check(_of_claim(volume_checks.claim_needed), ((*VOLUME, "name"), CLAIM_NAME)),
    Check(_of_claim(volume_checks.no_class), ((*VOLUME, "name"), CLASS_NAME)),
    Check(_of_claim(volume_checks.nodes), ((*VOLUME, "source"), (*VOLUME, "nodes"))),
    Check(_of_claim(volume_checks.shared_device), ((*VOLUME, "source"), MODES)),
    Check(_of_claim(volume_checks.read_only), ((*VOLUME, "mountOptions"),)),
    Check(_of_claim(volume_checks.initiator), ((*VOLUME, "source"), (*VOLUME, "name"))),
    Check(_of_claim(volume_checks.reserved_keys), ((*VOLUME, "labels"), (*VOLUME, "annotations"))),
    Check(_of_s3(s3_checks.only_in_aws), (SERVICE, BUCKET, KEYS)),
    Check(_of_s3(s3_checks.account), (SERVICE, BUCKET, KEYS, ("storage", "account"))),
    Check(_of_s3(s3_checks.same_account), (KEYS, ("storage", "account"))),
    Check(
        _of_stack_and_s3(s3_checks.region),
        (SERVICE, BUCKET, s3_checks.REGION, s3_checks.ENDPOINT, PLATFORM),
    ),
    Check(_of_s3(s3_checks.where), (SERVICE, s3_checks.REGION, s3_checks.ENDPOINT)),
    Check(_of_s3(s3_checks.bucket_in_endpoint), ((*BUCKET, ANY, "name"), s3_checks.ENDPOINT)),
    Check(_of_s3(s3_checks.rgw_port), (SERVICE, s3_checks.ENDPOINT)),
    Check(
        _of_s3(s3_checks.virtual_hosts),
        ((*BUCKET, ANY, "name"), s3_checks.ENDPOINT, s3_checks.STYLE),
    ),
    Check(_of_s3(s3_checks.plain_http), (s3_checks.ENDPOINT, CA)),
    Check(_of_s3(s3_checks.encryption), (SERVICE, BUCKET, s3_checks.ENCRYPT, s3_checks.KEY)),
    Check(_of_s3(s3_checks.keys), (SERVICE, BUCKET, s3_checks.REGION, s3_checks.KEY)),
    Check(_of_s3(s3_checks.lifecycle), (BUCKET,)),
    Check(_of_s3(s3_checks.bundle), (CA,)),
    Check(s3_checks.clusters_map, ((*CA, ANY, "name"),)),
    Check(s3_checks.same_map, ((*CA, ANY, "name"), ("trust", "additionalTrustedCA", ANY, "name"))),
    Check(_of_stack_and_s3(s3_checks.front_key), (("storage", "cloudFront"), ROUTES)),
    Check(
        s3_checks.too_old,
        (CLUSTER_VERSION, s3_checks.ENDPOINT, ("storage", "endpoint"), ("storage", "trustedCA")),
    ),
    Check(
        s3_checks.redirect,
        (("registry", "disableRedirect"), s3_checks.ENDPOINT, azure_checks.PRIVATE),
    ),
    Check(_of_kind("gcs", gcs_checks.project), (BUCKET, KEYS, gcs_checks.PROJECT)),
    Check(_of_kind("gcs", gcs_checks.region), (BUCKET, gcs_checks.REGION, gcs_checks.PROJECT)),
    Check(
        _of_kind("gcs", gcs_checks.installers, whole=True),
        ((*BUCKET, ANY, "name"), ("cluster", "infrastructureName")),
    ),
    Check(_of_kind("gcs", gcs_checks.keys), (BUCKET, gcs_checks.KEY)),
    Check(_of_kind("gcs", gcs_checks.key_locations), (BUCKET, gcs_checks.REGION)),
    Check(_of_kind("gcs", gcs_checks.lifecycle), (BUCKET,)),
    Check(_of_kind("gcs", gcs_checks.too_old, whole=True), (KEYS, CLUSTER_VERSION)),
    Check(
        _of_kind("azure", azure_checks.subscription),
        (ACCOUNT, CONTAINER, KEYS, azure_checks.PRIVATE, azure_checks.LOCATION, *SUBSCRIPTION),
    ),
    Check(
        _of_kind("azure", azure_checks.cloud_name),
        (ENVIRONMENT, azure_checks.CLOUD_NAME, ACCOUNT, CONTAINER, KEYS, azure_checks.PRIVATE),
    ),
    Check(
        _of_kind("azure", azure_checks.german),
        (ENVIRONMENT, ACCOUNT, CONTAINER, KEYS, azure_checks.PRIVATE),
    ),
    Check(_of_kind("azure", azure_checks.location), (ENVIRONMENT, azure_checks.LOCATION)),
    Check(_of_kind("azure", azure_checks.container), (ACCOUNT, CONTAINER)),
    Check(
        _of_kind("azure", azure_checks.installers, whole=True),
        (ACCOUNT, azure_checks.GROUP, ("cluster", "infrastructureName")),
    ),
    Check(_of_kind("azure", azure_checks.network), (ACCOUNT, azure_checks.PRIVATE)),
    Check(_of_kind("azure", azure_checks.network_access), (KEYS, azure_checks.PRIVATE)),
    Check(
        _of_kind("azure", azure_checks.too_old, whole=True),
        (KEYS, ENVIRONMENT, azure_checks.CLOUD_NAME, CLUSTER_VERSION),
    ),
    Check(_of_kind("swift", swift_checks.where), (CONTAINER, KEYS, swift_checks.AUTH_URL)),
    Check(
        _of_kind("swift", swift_checks.version),
        (CONTAINER, KEYS, swift_checks.AUTH_URL, swift_checks.AUTH_VERSION),
    ),
    Check(_of_kind("swift", swift_checks.scope), swift_checks.SCOPE),
    Check(
        _of_kind("swift", swift_checks.project),
        (CONTAINER, KEYS, swift_checks.AUTH_VERSION, *swift_checks.SCOPE),
    ),
    Check(_of_kind("swift", swift_checks.access_rules), (CONTAINER, KEYS)),
    Check(_of_kind("swift", swift_checks.too_old, whole=True), (KEYS, CLUSTER_VERSION)),
    Check(registry_checks.storage_needed, (STATE, PLATFORM, ("storage",))),
    Check(registry_checks.removed, (STATE, ("storage",))),
    Check(registry_checks.unmanaged, (STATE, ("storage",))),
    Check(registry_checks.replicas_needed, (REPLICAS, MODES)),
    Check(registry_checks.one_replica, (REPLICAS, MODES)),
    Check(registry_checks.recreate, (STRATEGY, MODES)),
    Check(registry_checks.dropped_defaults, (REPLICAS, *PLACEMENT, MODES)),
    Check(storage_checks.empty_dir, (("storage", "kind"),)),
    Check(storage_checks.kind_too_new, (("storage", "kind"), CLUSTER_VERSION)),
    Check(registry_checks.old_logging, (("registry", "logging"), ("registry", "logLevel"))),
    Check(registry_checks.no_proxy, (("registry", "proxy", "noProxy"),)),
    Check(_of_exposure(exposure_checks.route_names), (ROUTES,)),
    Check(_of_exposure(exposure_checks.hostnames), (ROUTES,)),
    Check(_of_exposure(exposure_checks.secret_names), (ROUTES,)),
    Check(_of_exposure(exposure_checks.certificates), (EACH_ROUTE,)),
    Check(_of_exposure(exposure_checks.external_hosts), (EXPOSURE,)),
    Check(exposure_checks.in_vain, (STATE, EXPOSURE)),
    Check(_of_trust(trust_checks.name), (("trust", "additionalTrustedCA", ANY, "name"),)),
    Check(_of_trust(trust_checks.hosts), (CERTIFICATES,)),
    Check(_of_trust(trust_checks.texts), (CERTIFICATES,)),
    Check(access_checks.duplicates, (ACCESS,)),
    Check(access_checks.anybody, (ACCESS,)),
    Check(pruning_checks.nanoseconds, (*AGES, CLUSTER_VERSION)),
    Check(pruning_checks.registry_state, (STATE, ("pruning", "suspend"))),
    Check(pruning_checks.no_history, HISTORY),
    Check(credentials_checks.unused, (CREDENTIALS, ("storage", "kind"))),
    Check(credentials_checks.too_new, (CREDENTIALS, CLUSTER_VERSION)),
)


def findings(
    settings: StackSettings, config: Mapping[str, Any], wrong: set[Path]
) -> Iterator[Finding]:
    """All that `CHECKS` and the version gate find. `wrong` are paths known to be wrong."""
    near: dict[str | int, list[Path]] = {}
    for bad in wrong:
        near.setdefault(bad[0], []).append(bad)

    def doubtful(need: Path) -> bool:
        return any(_touch(bad, need) for bad in near.get(need[0], ()))

    for check in CHECKS:
        if not (near and any(map(doubtful, check.needs))):
            # Of a makeshift there is nothing to say.
            yield from (each for each in check.judge(settings) if not _inside(each.path, wrong))
    if not doubtful(CLUSTER_VERSION):
        yield from too_new(config, settings)


def _inside(path: Path, wrong: set[Path]) -> bool:
    return any(path[: len(bad)] == bad for bad in wrong)


def _touch(bad: Path, need: Path) -> bool:
    """Is one of the two inside the other?"""
    return all(b == n or n == ANY for b, n in zip(bad, need, strict=False))
