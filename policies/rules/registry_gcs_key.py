import re
from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, KEYS, STORE
from ._objects import api, mapping, text
from ._origins import is_among, origins
from ._unknown import judge_known_first

FULL = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")


@stack_rule(
    title="The registry names the key of its bucket, by its full name, on Google Cloud",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.gcs.keyID"),
    types=(*DECIDING, *KEYS),
    why=(
        "The bucket's default key encrypts what the registry writes; the operator gives keyID to "
        "buckets that it makes itself. One that is not the bucket's says to whoever reads the "
        "configuration that images are safe by a key that they are not encrypted with."
    ),
    source=(
        "openshift/api imageregistry/v1, KeyID; cluster-image-registry-operator "
        "pkg/storage/gcs/gcs.go, CreateStorage"
    ),
    remedy=(
        "Write projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY, the key of the "
        "bucket's encryption.defaultKmsKeyName; or leave keyID out."
    ),
)
def registry_gcs_key(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    def check(config: Resource) -> Iterator[tuple[Resource, str]]:
        if "keyID" not in list(mapping(config.props, "spec", "storage", "gcs")):
            return
        for bucket in STORE.all(resources):
            if STORE.is_named(bucket, config) and _is_another(config, bucket):
                yield config, "spec.storage.gcs.keyID is not the key of its bucket"
        if not origins(config, "spec", KEYS):
            named = text(config.props, "spec", "storage", "gcs", "keyID")
            if named and not FULL.fullmatch(named):
                yield config, "spec.storage.gcs.keyID is no key by its full name"

    yield from judge_known_first(STORE.configs(resources), check)


def _is_another(config: Resource, bucket: Resource) -> bool:
    wanted, present = origins(config, "spec", KEYS), origins(bucket, "encryption", KEYS)
    if wanted and present:
        return not any(is_among(each, present) for each in wanted)
    named = text(config.props, "spec", "storage", "gcs", "keyID")
    return bool(named) and named != text(bucket.props, "encryption", "defaultKmsKeyName")
