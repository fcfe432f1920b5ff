"""Every way to put storage in a bucket of Google Cloud wrong."""

import copy
from typing import Any

from tests.settings.case import GONE, Case

SEALED = {"secure": "v1:abc:def"}
KEYFILE = "REGISTRY_STORAGE_GCS_KEYFILE"
GIVEN = {"given": {KEYFILE: SEALED}}
RING = "projects/platform-shared/locations/europe-west1/keyRings/registries"
KEY = f"{RING}/cryptoKeys/images"
FAR_KEY = KEY.replace("europe-west1", "us-east1")
PROVIDER = "projects/123456789012/locations/global/workloadIdentityPools/prod-1/providers/prod-1"
EMAIL = "prod-1-registry@platform-shared.iam.gserviceaccount.com"
NAME = "registry-of-prod-1"
OF_INSTALLER = "prod-1-x7k2p-image-registry"

GCS: dict[str, Any] = {
    "kind": "gcs",
    "projectID": "platform-shared",
    "bucket": {"create": {"name": NAME}},
    "region": "europe-west1",
    "credentials": {"create": {}},
}
USED = {"use": {"name": "registry"}}
BAD_NAMES = ["ab", "a" * 64, "Registry", "-registry", "registry-", "reg.istry", "google-registry"]
BAD_NAMES += ["my-google-bucket", "g00gle", "goog-a", "a b", "a\n"]


def storage(**changes: Any) -> dict[str, Any]:
    """A right storage section with some keys set, or taken out if `GONE`."""
    made = {**GCS, **changes}
    return copy.deepcopy({key: each for key, each in made.items() if each is not GONE})


def bucket(mode: str = "create", **more: Any) -> dict[str, Any]:
    return {mode: {"name": NAME, **more}}


def identity(**chosen: Any) -> dict[str, Any]:
    return {"workloadIdentity": chosen}


def _gcs(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return Case({"storage": storage(**changes)}, rule, f"storage.{path}", says, fix)


def _bucket(rule: str, at: str, says: str, fix: str, **keys: Any) -> Case:
    return _gcs(rule, f"bucket.create{at}", says, fix, bucket=bucket(**keys))


CASES = [
    # Shape.
    _gcs("required", "bucket", "is missing", "use: {name: registry}", bucket=GONE),
    _gcs("exactly-one", "bucket", "has none", "create, adopt, use", bucket={}),
    _gcs("required", "credentials", "is missing", "use: {", credentials=GONE),
    _gcs("exactly-one", "credentials", "has none", "given, workloadIdentity", credentials="x"),
    _gcs(
        *("exactly-one", "credentials", "create and given", "create, given"),
        credentials={"create": {}, **GIVEN},
    ),
    _gcs(
        *("exactly-one", "credentials.workloadIdentity", "has none", "create, use"),
        credentials=identity(),
    ),
    _bucket("exactly-one", ".kms", "of create and use", "create, use", kms={}),
    *(
        _gcs("not-settable", key, says, "leave it out", **{key: "x"})
        for key, says in [
            ("managementState", "always Unmanaged"),
            ("gcs", "by the stack"),
            ("project", "projectID"),
            (KEYFILE, "credentials.given"),
        ]
    ),
    *(
        _bucket("not-settable", f".{key}", says, "leave it out", **{key: "x"})
        for key, says in [
            ("acl", "access is uniform"),
            ("defaultAcl", "access is uniform"),
            ("predefinedAcl", "access is uniform"),
            ("defaultObjectAcl", "access is uniform"),
            ("uniformBucketLevelAccess", "always on"),
            ("publicAccessPrevention", "always enforced"),
            ("forceDestroy", "be deleted"),
            ("deletionPolicy", "leaves the bucket"),
            ("retentionPolicy", "is pruned"),
            ("location", "`region`"),
            ("region", "beside `bucket`"),
            ("keyID", "follows `kms`"),
            ("website", "to everybody"),
        ]
    ),
    *(
        _bucket(
            *("not-settable", f".lifecycle.{key}", "issue 4363", "leave it out"),
            lifecycle={key: 90},
        )
        for key in ("age", "delete", "expiration", "expirationDays", "setStorageClass", "rules")
    ),
    # Public case R3.
    *(
        _bucket(
            *("not-settable", f".lifecycle.{key}", "by their age alone", "leave it out"),
            lifecycle={key: ["x"]},
        )
        for key in ("matchesStorageClass", "matchesPrefix", "matchesSuffix")
    ),
    _gcs(
        *("not-settable", f"credentials.{KEYFILE}", "under `given`", "leave it out"),
        credentials={"use": {}, KEYFILE: SEALED},
    ),
    # Public case R15.
    _gcs(
        *("unknown-key", "credentials.given.STORAGE_GCS_KEYFILE", "not a known key", KEYFILE),
        credentials={"given": {KEYFILE: SEALED, "STORAGE_GCS_KEYFILE": SEALED}},
    ),
    _gcs(
        *("required", f"credentials.given.{KEYFILE}", "is missing", "secure"),
        credentials={"given": {}},
    ),
    *(
        _gcs(
            *("credentials:keyfile", "credentials.given", says, fix),
            credentials={"given": {KEYFILE: text}},
        )
        for text, says, fix in [
            ("/home/me/key.json", "is no JSON", "not its path"),
            ("eyJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCJ9", "in base64", "base64 -d"),
            ('{"type": "authorized_user"}', "service_account or external_account", "key"),
        ]
    ),
    _gcs(
        *("plain-secret", f"credentials.given.{KEYFILE}", "in plain text", "--secret"),
        credentials={"given": {KEYFILE: '{"type": "service_account"}'}},
    ),
    Case(
        {"storage": storage(credentials=identity(create={"provider": PROVIDER}))}
        | {"cluster.version": "4.9"},
        *("version", "storage.credentials.workloadIdentity.create", "with OpenShift 4.10", "4.10"),
    ),
    Case(
        {"storage": storage(), "cluster.version": "4.1"},
        *("version", "storage.kind", "came with OpenShift 4.2", "else another kind"),
    ),
    # Names of Google.
    *(
        _gcs(
            "gcp:project", "projectID", "is not an ID of a project", "not its name", projectID=each
        )
        for each in ("Platform", "short", "123456789012", "platform-", "a" * 31)
    ),
    *(
        _gcs("gcp:location", "region", "location of a bucket", "without a zone", region=each)
        for each in ("europe-west1-b", "europe", "europe west1", "eu-")
    ),
    *(
        _bucket("gcs:bucket-name", ".name", "Google lets a bucket", "3 to 63", name=each)
        for each in BAD_NAMES
    ),
    *(
        _gcs(
            *("gcs:bucket-name", "bucket.use.name", "of a bucket", "without gs://"),
            bucket={"use": {"name": each}},
        )
        for each in ("gs://registry", "registry/images", "192.0.2.1", "Registry")
    ),
    *(
        _gcs("gcp:key", "keyID", "by its full name", "without a version", keyID=each)
        for each in ("images", f"{KEY}/cryptoKeyVersions/1", RING, f"/{KEY}")
    ),
    _bucket(
        *("gcp:key", ".kms.use.keyName", "by its full name", "cryptoKeys/KEY"),
        kms={"use": {"keyName": "images"}},
    ),
    _bucket(
        *("gcp:key", ".kms.create.keyRing", "ring of keys", "keyRings/RING"),
        kms={"create": {"keyRing": KEY}},
    ),
    _bucket(
        *("gcp:name", ".kms.create.name", "name of a key", "letters, digits"),
        kms={"create": {"name": "a b"}},
    ),
    _gcs(
        *("gcp:name", "credentials.create.accountId", "service account", "6 to 30"),
        credentials={"create": {"accountId": "x"}},
    ),
    _gcs(
        *("gcp:name", "credentials.workloadIdentity.use.serviceAccount", "its address", "NAME@"),
        credentials=identity(use={"provider": PROVIDER, "serviceAccount": "registry"}),
    ),
    *(
        _gcs(
            *("gcp:provider", "credentials.workloadIdentity.create.provider"),
            *("by its full name", "with the project's number"),
            credentials=identity(create={"provider": each}),
        )
        for each in ("prod-1", PROVIDER.replace("123456789012", "platform-shared"))
    ),
    _gcs(
        *("s3:rotation", "credentials.create.rotation", "tell access keys apart", "letters"),
        credentials={"create": {"rotation": "november 2026"}},
    ),
    *(
        _bucket("gcp:label", ".labels", "does not take", "lower-case", labels=each)
        for each in ({"Team": "a"}, {"1a": ""}, {"": "a"}, {"a": "B"}, {"k" * 64: ""}, {"a": "b c"})
    ),
    _bucket(
        *("gcp:label", ".labels", "more than 62", "62"), labels={f"t{i}": "" for i in range(63)}
    ),
    _bucket(
        *("gcp:label-installer", ".labels", "openshift-install destroy", "leave it out"),
        labels={"kubernetes-io-cluster-prod-1-x7k2p": "owned"},
    ),
    _bucket("secure-key", ".labels", "encrypted", "second key", labels={"secure": "x"}),
    # Where the bucket is. Public case C16.
    *(
        _gcs("required", "projectID", "in another project", "write the ID", **changes)
        for changes in [
            {"projectID": GONE, "credentials": GIVEN},
            {"projectID": GONE, "bucket": bucket("adopt"), "credentials": GIVEN},
            {"projectID": GONE, "bucket": USED},
            {
                "projectID": GONE,
                "bucket": USED,
                "credentials": identity(create={"provider": PROVIDER}),
            },
        ]
    ),
    _gcs("gcs:region", "region", "made or owned in one", "europe-west1", region=GONE),
    _gcs("gcs:region", "region", "over projectID", "europe-west1", region=GONE, bucket=USED),
    _bucket(
        *("gcs:installer-name", ".name", "deletes all such buckets", "another name"),
        name=OF_INSTALLER,
    ),
    *(
        _gcs(
            *("gcs:installer-bucket", f"bucket.{mode}.name", "deletes all such buckets", "move"),
            bucket={mode: {"name": OF_INSTALLER}},
        )
        for mode in ("adopt", "use")
    ),
    # Encryption.
    _gcs("gcs:key-unused", "keyID", "changes nothing", "by `kms`", keyID=KEY, bucket=USED),
    *(
        _gcs("gcs:key", "keyID", says, "it follows the bucket", keyID=KEY, bucket=bucket(kms=kms))
        for kms, says in [
            ({"create": {}}, "gets a new key"),
            ({"use": {"keyName": f"{RING}/cryptoKeys/other"}}, "has another"),
        ]
    ),
    _bucket(
        *("gcs:key-location", ".kms.use.keyName", "is in us-east1", "one in europe-west1"),
        kms={"use": {"keyName": FAR_KEY}},
    ),
    _bucket(
        *("gcs:key-location", ".kms.create.keyRing", "is in us-east1", "one in europe-west1"),
        kms={"create": {"keyRing": RING.replace("europe-west1", "us-east1")}},
    ),
    _gcs(
        *("gcs:key-location", "bucket.create.kms.use.keyName", "in europe only", "in europe"),
        region="EU",
        bucket=bucket(kms={"use": {"keyName": KEY}}),
    ),
    *(
        _bucket("range", f".kms.create.{key}", "is below 1", "from 1", kms={"create": {key: 0}})
        for key in ("rotationPeriodDays", "destroyScheduledDays")
    ),
    # The rest of the bucket.
    *(
        _bucket("gcs:soft-delete", ".softDeleteDays", "keeps what", "7 to 90", softDeleteDays=days)
        for days in (1, 6, 91, -1)
    ),
    _bucket(
        *("range", ".lifecycle.abortIncompleteMultipartUploadDays", "is below 1", "from 1"),
        lifecycle={"abortIncompleteMultipartUploadDays": 0},
    ),
    *(
        _bucket(
            *("gcs:noncurrent", ".lifecycle.noncurrentVersionExpirationDays"),
            *("without versioning", "versioning: true"),
            **{"lifecycle": {"noncurrentVersionExpirationDays": 30}, **versioning},
        )
        for versioning in ({}, {"versioning": False})
    ),
    _bucket(
        *("gcs:logs-itself", ".logging.logBucket", "the bucket itself", "another bucket"),
        logging={"logBucket": NAME},
    ),
    Case(
        {"storage": storage(), "credentials": {"create": {KEYFILE: SEALED}}},
        *("credentials:unused", "credentials", "under storage.credentials", "leave"),
    ),
]
