"""Storage in a bucket of Google Cloud (settings/gcs_checks.py and its neighbours)."""

from settings.rules.rule import OPERATOR, Rule

DRIVER = f"{OPERATOR} pkg/storage/gcs/gcs.go"
INSTALLER = "openshift/installer pkg/destroy/gcp/bucket.go"

RULES = {
    "gcp:project": Rule("A project by its name or number.", "Google would not find it."),
    "gcp:location": Rule("A zone, or no location at all.", "Google has no buckets in it."),
    "gcp:key": Rule(
        "A key of Cloud KMS, or a ring, by other than its full name.",
        f"Google takes no other ({DRIVER}).",
    ),
    "gcp:provider": Rule(
        "A provider of a workload identity pool by other than its full name.",
        "Tokens are made out to that name.",
    ),
    "gcp:name": Rule("A name that IAM or Cloud KMS does not take.", "Google would refuse it."),
    "gcp:label": Rule(
        "Labels that Google does not take, or more than it takes.",
        "Google would refuse them, halfway through.",
    ),
    "gcp:label-installer": Rule(
        "A label `kubernetes-io-cluster-...` on the bucket.",
        "openshift-install finds by it what it deletes when the cluster is destroyed.",
    ),
    "gcs:bucket-name": Rule(
        "A bucket's name that Google does not take: other than 3 to 63 lower-case letters, "
        "digits, hyphens and underscores, or with google in it. Of a bucket that exists: what is "
        "no name.",
        "Google would refuse it (Cloud Storage, bucket naming).",
    ),
    "gcs:soft-delete": Rule(
        "1 to 6 days of soft delete, or more than 90.", "Google takes none, or 7 to 90."
    ),
    "gcs:region": Rule(
        "`projectID` without `region`; a bucket that is made or owned without one.",
        f"The operator then writes the cluster's own project over it ({DRIVER}, getGCSClient).",
    ),
    "gcs:installer-name": Rule(
        "A new bucket whose name begins with the cluster's infrastructure name and a hyphen.",
        f"openshift-install deletes what is called so when the cluster is destroyed ({INSTALLER}).",
    ),
    "gcs:installer-bucket": Rule(
        "A bucket that exists and is called so.", f"As above ({INSTALLER}).", warning=True
    ),
    "gcs:key": Rule(
        "`keyID` that contradicts the key that the bucket is given here.",
        "The custom resource would say otherwise than the bucket.",
    ),
    "gcs:key-unused": Rule(
        "`keyID` with a bucket that is given no key here.",
        f"The operator gives it to buckets that it makes alone ({DRIVER}).",
        warning=True,
    ),
    "gcs:key-location": Rule(
        "A key in another location than the bucket.", "Google takes keys of the same one only."
    ),
    "gcs:noncurrent": Rule(
        "Expiry of old versions without versioning.", "There would be no old versions."
    ),
    "gcs:logs-itself": Rule(
        "A bucket that takes its own access logs.", "Each log that is written would be logged."
    ),
}
