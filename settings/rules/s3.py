"""Storage in a bucket (settings/s3_checks.py, settings/s3_guards.py and their neighbours)."""

from settings.rules.rule import OPERATOR, Rule

DRIVER = "distribution registry/storage/driver/s3-aws"

RULES = {
    "aws:account": Rule("An account that is not 12 digits.", "AWS has no other."),
    "aws:arn": Rule(
        "An ARN of something else than is wanted, or of nothing.", "AWS would not find it."
    ),
    "aws:key": Rule(
        "A key of KMS that is no ID, ARN or alias.", "S3 would refuse every push (KMS.NotFound)."
    ),
    "aws:name": Rule("A name that IAM or KMS does not take.", "AWS would refuse it."),
    "aws:tag": Rule(
        "Tags that AWS does not take, or more than it takes.",
        "AWS would refuse them, halfway through.",
    ),
    "aws:tag-installer": Rule(
        "A tag `kubernetes.io/cluster/...` on the bucket.",
        "openshift-install deletes what carries it when the cluster is destroyed "
        "(openshift/installer pkg/destroy/aws).",
    ),
    "s3:bucket-name": Rule(
        "A bucket's name that S3 does not take: other than 3 to 63 lower-case letters, digits, "
        "dots and hyphens, an IP address, S3's own prefixes and suffixes. Of a bucket that is only "
        "used: what is no name.",
        "S3 would refuse it (Amazon S3 user guide, bucket naming rules).",
    ),
    "s3:endpoint": Rule(
        "An endpoint without a scheme, or with more than scheme, host, port and path.",
        f"The registry can't use it ({OPERATOR} issue 752); the CRD takes any text.",
    ),
    "s3:endpoint-missing": Rule(
        "Another service than AWS without `regionEndpoint`.",
        "The registry would look in AWS (migtools/oadp-operator issue 149).",
    ),
    "s3:region": Rule(
        "No region beside an endpoint, for another service than AWS, for a bucket that is made or "
        "owned, or on another platform than AWS; without an endpoint a region that is none of "
        "AWS's.",
        'The registry says "no region parameter provided" or "invalid region provided" '
        f"({DRIVER}); "
        f"the operator fills it in on AWS only ({OPERATOR} pkg/storage/s3/s3.go).",
    ),
    "s3:new-region": Rule(
        "A region of AWS that is younger than the registry may be, without an endpoint.",
        f"The registry asks the list of its SDK ({DRIVER}).",
        warning=True,
    ),
    "s3:bucket-in-endpoint": Rule(
        "An endpoint whose host begins with the bucket, or that has it in its path.",
        f"The client adds it once more ({OPERATOR} pkg/storage/s3/s3.go, FORCEPATHSTYLE; "
        "OCPBUGS-42198).",
    ),
    "s3:rgw-port": Rule("A port in the URL of a Rados Gateway.", "Guide 3.1.3 says so."),
    "s3:virtual-hosted": Rule(
        "`virtualHostedStyle` with a bucket with dots over TLS, with an IP address or a Service.",
        "There is no such host, or no certificate for it.",
    ),
    "s3:rotation": Rule(
        "A `rotation` of other than letters, digits and `._-`.",
        "It is a part of a resource's name.",
    ),
    "s3:plain-http": Rule(
        "An endpoint outside the cluster over plain HTTP.",
        "Images could be read and changed on the way.",
        warning=True,
    ),
    "s3:ca-unused": Rule(
        "`trustedCA` beside plain HTTP.", "There is no certificate to check.", warning=True
    ),
    "s3:not-aws": Rule(
        "What only AWS has for another service: a bucket or credentials that are made, a role, "
        "CloudFront, an account.",
        "It is made by AWS's own interfaces.",
    ),
    "s3:other-account": Rule(
        "A provider of identities or a permissions boundary of another account than `account`.",
        "IAM takes those of its own account only, and Amazon's own policies.",
    ),
    "s3:encryption": Rule(
        "`encrypt` or `keyID` that contradict the encryption that the bucket is given here.",
        "Objects would be encrypted otherwise than the bucket says.",
    ),
    "s3:key-ignored": Rule(
        "`keyID` without `encrypt: true`.",
        "The registry ignores it (openshift/api imageregistry/v1 types.go, KeyID; "
        f"{OPERATOR} issue 161).",
    ),
    "s3:key-region": Rule(
        "A key in another region than the bucket.", "S3 takes keys of its own region only."
    ),
    "s3:encrypt-service": Rule(
        "`encrypt: true` with RGW or NooBaa.",
        "They refuse such requests unless they were set up for them (guide 3.8.1 has false).",
        warning=True,
    ),
    "s3:noncurrent": Rule(
        "Expiry of old versions without versioning.", "There would be no old versions."
    ),
    "s3:logs-itself": Rule(
        "A bucket that takes its own access logs.", "Each log that is written would be logged."
    ),
    "s3:same-map": Rule(
        "One ConfigMap for the storage's CAs and for those of `trust`.",
        "The one has the key ca-bundle.crt, the other hosts; two would write it.",
    ),
    "s3:same-secret": Rule(
        "A secret for CloudFront's key that is that of the storage's keys or of a route.",
        "Two would write it.",
    ),
    "s3:redirect": Rule(
        "`disableRedirect: false` with an endpoint that is a Service, an account in Azure that "
        "is closed, or with Swift.",
        "Clients outside the cluster can't reach it, or need not trust it (guide 3.3.1).",
    ),
    "guard:storage-ca-key": Rule(
        "`use` of a map without the key ca-bundle.crt.",
        f"The operator reads no other ({OPERATOR} pkg/storage/s3/s3.go).",
    ),
    "guard:storage-ca-used": Rule(
        "`use` of a map whose ca-bundle.crt is no PEM.", "Nobody would be trusted by it."
    ),
    "guard:storage-ca-doubt": Rule(
        "`use` of a map with certificates that expire or are no CA's.",
        "As for maps that are written here.",
        warning=True,
    ),
    "guard:storage-ca-lost": Rule(
        "`adopt` of a map with other keys than ca-bundle.crt.", "They would go."
    ),
    "guard:front-key": Rule(
        "`use` of a secret for CloudFront without the key that is named.",
        "The registry's pods would not start.",
    ),
    "guard:s3-secret-first": Rule(
        "A role (`sts`) while image-registry-private-configuration-user exists.",
        f"The operator takes the secret ({OPERATOR} pkg/storage/s3/s3.go).",
    ),
    "guard:s3-no-sts": Rule(
        "A role (`sts`) on a cluster without an issuer of its own for service accounts.",
        "AWS can't check its tokens.",
    ),
    "guard:s3-secret-keys": Rule(
        "`credentials: {use: {}}` with a secret that lacks one of the two keys.",
        f"The operator looks nowhere else ({OPERATOR} pkg/storage/s3/s3.go).",
    ),
    "guard:s3-no-keys": Rule(
        "`credentials: {use: {}}` where neither the secret nor the operator has keys.",
        "Nobody could log in.",
    ),
    "guard:bucket-class": Rule(
        "A bucket claim on a class of another provider.", "It would get another bucket, or none."
    ),
    "guard:bucket-unbound": Rule(
        "`use` of a bucket claim that is not Bound.", "It has no bucket and no keys."
    ),
    "guard:bucket-authority": Rule(
        "A map of CAs to be made on a cluster that does not publish its service CA or the "
        "router's certificate.",
        "The registry would not trust whoever serves its storage.",
    ),
    "guard:bucket-route": Rule(
        "A route to the storage without a host or without TLS.",
        "The registry goes to https:// and the host of the route (guide 3.8.1).",
    ),
}
