"""Every way to put storage in a bucket wrong."""

import copy
from typing import Any

from cryptography.hazmat.primitives import serialization

from tests.certificates import LEAF, ROOT, make
from tests.settings.case import GONE, Case

SEALED = {"secure": "v1:abc:def"}
ACCESS_KEY, SECRET_KEY = "REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"
KEYS = {ACCESS_KEY: SEALED, SECRET_KEY: SEALED}
GIVEN = {"given": KEYS}
ACCOUNT = "111122223333"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KEY_ID}"
OTHER_KEY = KEY.replace("1234abcd-", "4321abcd-")
FAR_KEY = KEY.replace("eu-west-1", "us-east-1")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/registry"
FAR_POLICY = "arn:aws:iam::444455556666:policy/bounds"
FAR_PROVIDER = "arn:aws:iam::444455556666:oidc-provider/oidc.example.test/prod-1"

ENDED = make("ended", ca=True, starts=-400, days=-3)
RSA = make("front", kind="rsa")
PKCS1 = RSA.private.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
).decode()
LOCKED = RSA.private.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.BestAvailableEncryption(b"open"),
).decode()

AWS: dict[str, Any] = {
    "kind": "s3",
    "service": "aws",
    "account": ACCOUNT,
    "bucket": {"create": {"name": "prod-1-image-registry"}},
    "region": "eu-west-1",
    "credentials": {"create": {}},
}
OTHER: dict[str, Any] = {
    "kind": "s3",
    "service": "other",
    "bucket": {"use": {"name": "registry"}},
    "region": "us-east-1",
    "regionEndpoint": "https://objects.example.test",
    "credentials": GIVEN,
}
CLAIM: dict[str, Any] = {
    "kind": "objectBucketClaim",
    "provider": "rgw",
    "claim": {"create": {"name": "registry"}},
}
FRONT: dict[str, Any] = {
    "baseURL": "https://d111111abcdef8.cloudfront.net",
    "keypairID": "K2JCJMDEHXQW5F",
    "privateKey": {"create": {"private.pem": SEALED}},
}
CREATE = "storage.bucket.create"
PEM = "storage.cloudFront.privateKey.create"


def storage(good: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A right storage section with some keys set, or taken out if `GONE`."""
    made = {**good, **changes}
    return copy.deepcopy({key: each for key, each in made.items() if each is not GONE})


def bucket(mode: str = "create", **more: Any) -> dict[str, Any]:
    return {mode: {"name": "prod-1-image-registry", **more}}


def front(**key: Any) -> dict[str, Any]:
    return {**FRONT, "privateKey": {"create": {"private.pem": SEALED, **key}}}


def _case(rule: str, path: str, given: dict[str, Any], says: str, fix: str, **more: Any) -> Case:
    return Case({"storage": given, **more}, rule, path, says, fix)


def _aws(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return _case(rule, f"storage.{path}", storage(AWS, **changes), says, fix)


def _other(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return _case(rule, f"storage.{path}", storage(OTHER, **changes), says, fix)


def _claim(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return _case(rule, f"storage.{path}", storage(CLAIM, **changes), says, fix)


def _bucket(rule: str, at: str, says: str, fix: str, **keys: Any) -> Case:
    return _aws(rule, f"bucket.create{at}", says, fix, bucket=bucket(**keys))


def _use(name: str) -> dict[str, Any]:
    return {"use": {"name": name}}


def _bundle(**keys: Any) -> dict[str, Any]:
    return {"create": {"certificates": ROOT.pem, **keys}}


def _kms(**chosen: Any) -> dict[str, Any]:
    return {"kms": chosen}


TRUST = {"additionalTrustedCA": {"use": {"name": "image-registry-s3-bundle"}}}
ROUTE = {"name": "public", "certificate": {"use": {"name": "public-tls"}}}
BAD_NAMES = ["ab", "a" * 64, "Registry", "reg_istry", "-registry", "registry-", ".reg", "reg..a"]
BAD_NAMES += ["192.0.2.10", "xn--registry", "sthree-registry", "amzn-s3-demo-a", "registry-s3alias"]
BAD_NAMES += ["registry--ol-s3", "registry.mrap", "registry--x-s3", "registry--table-s3", "a\n"]
CREDENTIALS = {"create": KEYS}
SERVICE = "https://rgw.openshift-storage.svc"

CASES = [
    # Shape.
    _aws("required", "service", "is missing", "service: aws", service=GONE),
    _aws("value", "service", "not one of its values", "write aws", service="AWS"),
    _aws("required", "bucket", "is missing", "use: {name: registry}", bucket=GONE),
    _aws("exactly-one", "bucket", "has none", "create, adopt, use", bucket={}),
    _aws(
        "s3:rotation",
        "credentials.create.rotation",
        "is not a text to tell access keys apart",
        "write letters, digits",
        credentials={"create": {"rotation": "november 2026"}},
    ),
    _aws(
        *("exactly-one", "bucket", "has create and use", "create, adopt, use"),
        bucket={**bucket(), **_use("registry")},
    ),
    _aws("required", "credentials", "is missing", "use: {", credentials=GONE),
    _aws("exactly-one", "credentials", "has none", "create, given, sts, use", credentials={}),
    _aws("exactly-one", "credentials", "has none", "create, given", credentials="s3cr3t"),
    _aws(
        *("exactly-one", "credentials", "create and given", "create, given, sts, use"),
        credentials={"create": {}, **GIVEN},
    ),
    _aws("exactly-one", "credentials.sts", "has none", "create, use", credentials={"sts": {}}),
    _aws(
        *("exactly-one", "bucket.create.encryption", "sse-s3 and kms", "sse-s3, kms"),
        bucket=bucket(encryption={"sse-s3": {}, **_kms(create={})}),
    ),
    _bucket(
        *("exactly-one", ".encryption.kms", "of create and use", "create, use"), encryption=_kms()
    ),
    *(
        _aws("not-settable", key, says, "leave it out", **{key: "x"})
        for key, says in [
            ("managementState", "always Unmanaged"),
            ("s3", "by the stack"),
            ("accessKey", "under `credentials`"),
            ("secretKey", "under `credentials`"),
        ]
    ),
    *(
        _bucket("not-settable", f".{key}", says, "leave it out", **{key: "x"})
        for key, says in [
            ("acl", "ACLs are off"),
            ("grant", "ACLs are off"),
            ("grants", "ACLs are off"),
            ("accessControlPolicy", "ACLs are off"),
            ("objectOwnership", "ACLs are off"),
            ("publicAccessBlock", "always on"),
            ("policy", "without TLS"),
            ("forceDestroy", "be deleted"),
            ("region", "beside `bucket`"),
            ("website", "to everybody"),
        ]
    ),
    _aws(
        *("not-settable", "bucket.adopt.acl", "ACLs are off", "leave it out"),
        bucket=bucket("adopt", acl="private"),
    ),
    *(
        _bucket(
            *("not-settable", f".lifecycle.{key}", "issue 4363", "leave it out"),
            lifecycle={key: 90},
        )
        for key in ("expiration", "expirationDays", "transition", "transitions")
    ),
    _aws(
        *("not-settable", f"credentials.{ACCESS_KEY}", "under `given`", "leave it out"),
        credentials={"use": {}, ACCESS_KEY: SEALED},
    ),
    _other(
        *("required", f"credentials.given.{SECRET_KEY}", "is missing", "secure"),
        credentials={"given": {ACCESS_KEY: SEALED}},
    ),
    _other(
        *("credentials:value", "credentials.given", f"{SECRET_KEY} with a line end", "echo"),
        credentials={"given": {**KEYS, SECRET_KEY: "s3cr3t\n"}},
    ),
    _other(
        *("type", "credentials.given", f"{ACCESS_KEY} that is not text", "--secret"),
        credentials={"given": {**KEYS, ACCESS_KEY: 12345}},
    ),
    _other(
        *("plain-secret", f"credentials.given.{SECRET_KEY}", "in plain text", "--secret"),
        credentials={"given": {**KEYS, SECRET_KEY: "s3cr3t"}},
    ),
    *(
        _aws("range", "chunkSizeMiB", says, "from 5 to 5120", chunkSizeMiB=size)._replace(
            changes={"storage": storage(AWS, chunkSizeMiB=size), "cluster.version": "4.17"}
        )
        for size, says in [(4, "is below 5"), (5121, "is above 5120")]
    ),
    _aws("version", "chunkSizeMiB", "came with OpenShift 4.17", "4.17", chunkSizeMiB=20),
    _case(
        *("version", "storage.trustedCA", storage(OTHER, trustedCA=_use("a")), "4.11", "4.11"),
        **{"cluster.version": "4.10"},
    ),
    _case(
        *("version", "storage.trustedCA", CLAIM, "needs trustedCA, which came", '"4.11"'),
        **{"cluster.version": "4.10"},
    ),
    _case(
        *("version", "storage.regionEndpoint", storage(OTHER, regionEndpoint=SERVICE)),
        *("needs disableRedirect, which came", '"4.2"'),
        **{"cluster.version": "4.1"},
    ),
    _case(
        *("version", "storage.endpoint"),
        storage(CLAIM, endpoint={"service": {"scheme": "http"}}),
        *("needs disableRedirect, which came", '"4.2"'),
        **{"cluster.version": "4.1"},
    ),
    # Names of AWS.
    *(
        _aws("aws:account", "account", "number of an account", "12 digits", account=each)
        for each in ("1111", "1111-2222-3333")
    ),
    _aws("type", "account", "is not text", "in quotes", account=111122223333),
    *(
        _bucket("s3:bucket-name", ".name", "that S3 lets a bucket have", "3 to 63", name=each)
        for each in BAD_NAMES
    ),
    *(
        _other("s3:bucket-name", "bucket.use.name", "of a bucket", "without s3://", bucket=each)
        for each in (_use("s3://registry"), _use("registry/images"), _use("a"))
    ),
    *(
        _bucket("aws:tag", ".tags", "does not take", "aws:", tags=each)
        for each in ({"aws:x": "a"}, {"": "a"}, {"a": "b;c"}, {"k" * 129: "a"}, {"a": "v" * 257})
    ),
    _bucket("aws:tag", ".tags", "more than 48", "48", tags={f"t{i}": "" for i in range(49)}),
    _bucket(
        *("aws:tag-installer", ".tags", "openshift-install destroy", "leave it out"),
        tags={"kubernetes.io/cluster/prod-1-x7k2p": "owned"},
    ),
    _bucket("secure-key", ".tags", "encrypted", "second key", tags={"secure": "x"}),
    _aws(
        *("aws:arn", "credentials.sts.use.roleARN", "role by its ARN", ":role/NAME"),
        credentials={"sts": {"use": {"roleARN": "registry"}}},
    ),
    _aws(
        *("aws:arn", "credentials.sts.create.oidcProviderARN", "provider", "oidc-provider"),
        credentials={"sts": {"create": {"oidcProviderARN": "https://oidc.example.com"}}},
    ),
    _aws(
        *("aws:arn", "credentials.create.permissionsBoundary", "policy", ":policy/NAME"),
        credentials={"create": {"permissionsBoundary": ROLE}},
    ),
    _aws(
        *("aws:name", "credentials.create.userName", "user or role", "at most 64"),
        credentials={"create": {"userName": "a b"}},
    ),
    _bucket(
        *("aws:name", ".encryption.kms.create.alias", "name of an alias", "without alias/"),
        encryption=_kms(create={"alias": "alias/registry"}),
    ),
    _bucket(
        *("aws:key", ".encryption.kms.use.keyARN", "by its ARN", "arn:aws:kms"),
        encryption=_kms(use={"keyARN": "alias/registry"}),
    ),
    _aws(
        *("aws:key", "keyID", "is not a key of AWS KMS", "alias/NAME"),
        **{"bucket": _use("registry"), "encrypt": True, "keyID": "my key"},
    ),
    # Where the bucket is. Public case C04.
    *(
        _other("s3:endpoint", "regionEndpoint", says, fix, regionEndpoint=url)
        for url, says, fix in [
            ("objects.example.test:9021", "no scheme", "https://objects.example.test:9021"),
            ("objects.example.test", "no scheme", "https://objects.example.test"),
            ("a b", "no scheme", "write a URL"),
            ("ftp://objects.example.test", "not a URL of http", "lower-case host"),
            ("https://", "not a URL of http", "lower-case host"),
            ("https://objects.example.test:0", "not a URL of http", "lower-case host"),
            ("https://objects.example.test:x", "not a URL of http", "lower-case host"),
            ("https://Objects.example.test", "not a URL of http", "lower-case host"),
            ("https://objects.example.test?x=1", "more in it", "only these"),
            ("https://objects.example.test/#", "more in it", "only these"),
            ("https://me:s3cr3t@objects.example.test", "more in it", "under `credentials`"),
        ]
    ),
    _other("empty", "regionEndpoint", "is empty", "leave the key out", regionEndpoint=""),
    _other("s3:region", "region", "beside an endpoint", "us-east-1", region=GONE),
    _aws("s3:region", "region", "made or owned in one", "eu-west-1", region=GONE),
    _aws(
        *("s3:region", "region", "on OpenStack the operator has none", "eu-west-1"),
        **{"region": GONE, "bucket": _use("registry")},
    ),
    _aws("s3:region", "region", "no region of AWS", "regionEndpoint", region="noobaa"),
    _aws(
        *("s3:new-region", "region", "newer than the registry", "https://s3.mx-central-1."),
        region="mx-central-1",
    ),
    *(
        _other(
            *("s3:endpoint-missing", "regionEndpoint", "looks in AWS", "write the service's URL"),
            **{"service": service, "regionEndpoint": GONE},
        )
        for service in ("rgw", "noobaa", "nutanix", "other")
    ),
    # Public case C06.
    *(
        _other("s3:bucket-in-endpoint", "regionEndpoint", "once more", "take", regionEndpoint=url)
        for url in (
            "https://registry.objects.example.test",
            "https://registry",
            "https://objects.example.test/registry",
            "https://objects.example.test/registry/",
        )
    ),
    _other(
        *("s3:bucket-in-endpoint", "regionEndpoint", "once more", "take the bucket out"),
        **{"bucket": _use("reg.one"), "regionEndpoint": "https://reg.one.objects.example.test"},
    ),
    _other(
        *("s3:bucket-in-endpoint", "regionEndpoint", "once more", "take the bucket out"),
        **{
            "regionEndpoint": "https://registry.objects.example.test",
            "virtualHostedStyle": True,
        },
    ),
    _other(
        *("s3:rgw-port", "regionEndpoint", "has a port", "write https://objects.example.test"),
        **{"service": "rgw", "regionEndpoint": "https://objects.example.test:8443"},
    ),
    *(
        _other(
            *("s3:virtual-hosted", "virtualHostedStyle", says, "write false"),
            **{"virtualHostedStyle": True, **changes},
        )
        for changes, says in [
            ({"bucket": _use("reg.one")}, "a bucket with dots"),
            ({"regionEndpoint": "https://192.0.2.10"}, "an IP address"),
            ({"regionEndpoint": SERVICE}, "a Service"),
        ]
    ),
    _aws(
        *("s3:virtual-hosted", "virtualHostedStyle", "a bucket with dots", "write false"),
        **{"virtualHostedStyle": True, "bucket": {"create": {"name": "reg.one"}}},
    ),
    # Public case R1.
    _other(
        *("s3:plain-http", "regionEndpoint", "plain HTTP outside the cluster", "https://"),
        regionEndpoint="http://objects.example.test",
    ),
    _other(
        *("s3:ca-unused", "trustedCA", "not used over plain HTTP", "leave trustedCA out"),
        **{"regionEndpoint": "http://rgw.openshift-storage.svc", "trustedCA": _use("bundle")},
    ),
    # What AWS alone has.
    *(
        _other("s3:not-aws", path, "in AWS only, and service is other", "leave it out", **changes)
        for path, changes in [
            ("bucket.create", {"bucket": bucket()}),
            ("bucket.adopt", {"bucket": bucket("adopt")}),
            ("credentials.create", {"credentials": {"create": {}}}),
            ("credentials.sts.use", {"credentials": {"sts": {"use": {"roleARN": ROLE}}}}),
            ("credentials.sts.create", {"credentials": {"sts": {"create": {}}}}),
            ("cloudFront", {"cloudFront": FRONT}),
            ("account", {"account": ACCOUNT}),
        ]
    ),
    *(
        _aws("required", "account", "in another account", "12 digits", account=GONE, **changes)
        for changes in [
            {"credentials": GIVEN},
            {"bucket": bucket("adopt"), "credentials": GIVEN},
            {"bucket": _use("registry")},
            {"bucket": _use("registry"), "credentials": {"sts": {"create": {}}}},
        ]
    ),
    _aws(
        *("s3:other-account", "credentials.sts.create.oidcProviderARN"),
        *("is in account 444455556666", "one of account 111122223333"),
        credentials={"sts": {"create": {"oidcProviderARN": FAR_PROVIDER}}},
    ),
    *(
        _aws(
            *("s3:other-account", f"credentials.{at}.permissionsBoundary"),
            *("is in account 444455556666", "or correct `account`"),
            credentials=chosen,
        )
        for at, chosen in [
            ("create", {"create": {"permissionsBoundary": FAR_POLICY}}),
            ("sts.create", {"sts": {"create": {"permissionsBoundary": FAR_POLICY}}}),
        ]
    ),
    # Encryption. Public case C11.
    *(
        _aws(
            *("s3:key-ignored", "keyID", "has no effect", "encrypt: true"),
            **{"bucket": _use("registry"), "keyID": KEY, **encrypt},
        )
        for encrypt in ({}, {"encrypt": False})
    ),
    _aws("s3:encryption", "encrypt", "contradicts the bucket", "leave it out", encrypt=False),
    *(
        _aws(
            *("s3:encryption", "keyID", says, "it follows the bucket"),
            **{"keyID": KEY, "bucket": bucket(**encryption)},
        )
        for encryption, says in [
            ({}, "S3's own keys"),
            ({"encryption": _kms(create={})}, "gets a new key"),
            ({"encryption": _kms(use={"keyARN": OTHER_KEY})}, "with another key"),
        ]
    ),
    _aws(
        *("s3:key-region", "keyID", "is in us-east-1", "a key in eu-west-1"),
        **{"bucket": _use("registry"), "encrypt": True, "keyID": FAR_KEY},
    ),
    _bucket(
        *("s3:key-region", ".encryption.kms.use.keyARN", "is in us-east-1", "in eu-west-1"),
        encryption=_kms(use={"keyARN": FAR_KEY}),
    ),
    *(
        _other(
            *("s3:encrypt-service", "encrypt", "only if it was set up", "write false"),
            **{"service": service, "encrypt": True},
        )
        for service in ("rgw", "noobaa")
    ),
    _bucket(
        *("range", ".encryption.kms.create.deletionWindowInDays", "is below 7", "from 7 to 30"),
        encryption=_kms(create={"deletionWindowInDays": 1}),
    ),
    _bucket(
        *("range", ".encryption.kms.create.rotationPeriodInDays", "is below 90", "2560"),
        encryption=_kms(create={"rotationPeriodInDays": 1}),
    ),
    # The rest of the bucket.
    _bucket(
        *("range", ".lifecycle.abortIncompleteMultipartUploadDays", "is below 1", "from 1"),
        lifecycle={"abortIncompleteMultipartUploadDays": 0},
    ),
    *(
        _bucket(
            *("s3:noncurrent", ".lifecycle.noncurrentVersionExpirationDays"),
            *("without versioning", "versioning: true"),
            **{"lifecycle": {"noncurrentVersionExpirationDays": 30}, **versioning},
        )
        for versioning in ({}, {"versioning": False})
    ),
    _bucket(
        *("s3:logs-itself", ".accessLogging.targetBucket", "the bucket itself", "another bucket"),
        accessLogging={"targetBucket": "prod-1-image-registry"},
    ),
    # Trust.
    _other(
        *("pem", "trustedCA.create.certificates", "no PEM certificate", "text of the file"),
        trustedCA=_bundle(certificates="x"),
    ),
    _other(
        *("pem", "trustedCA.adopt.certificates", "a private key", "the certificates alone"),
        trustedCA={"adopt": {"name": "bundle", "certificates": ROOT.key}},
    ),
    _other(
        *("trust:expiry", "trustedCA.create.certificates", "expired on", "that follows it"),
        trustedCA=_bundle(certificates=ENDED.pem),
    ),
    _other(
        *("trust:not-ca", "trustedCA.create.certificates", "is no CA", "that issued it"),
        trustedCA=_bundle(certificates=LEAF.pem),
    ),
    _other(
        *("trust:owner", "trustedCA.create.name", "the proxy's trust", "another name"),
        trustedCA=_bundle(name="user-ca-bundle"),
    ),
    _other(
        *("not-settable", 'trustedCA.create["ca-bundle.crt"]', "`certificates`", "leave it out"),
        trustedCA=_bundle(**{"ca-bundle.crt": ROOT.pem}),
    ),
    _claim(
        *("trust:owner", "trustedCA.create.name", "the proxy's trust", "another name"),
        trustedCA={"create": {"name": "user-ca-bundle"}},
    ),
    *(
        _case("s3:same-map", path, given, "openshift-registry:trust too", "another", trust=TRUST)
        for path, given in [
            ("storage.trustedCA.create.name", storage(OTHER, trustedCA=_bundle())),
            (
                "storage.trustedCA.use.name",
                storage(OTHER, trustedCA=_use("image-registry-s3-bundle")),
            ),
        ]
    ),
    Case(
        {
            "storage": storage(CLAIM, trustedCA={"create": {}}),
            "trust": TRUST,
        },
        *("s3:same-map", "storage.trustedCA.create.name", "openshift-registry:trust too", "write"),
    ),
    # CloudFront.
    _aws(
        *("exactly-one", "cloudFront.privateKey", "has none", "create, adopt, use"),
        cloudFront={**FRONT, "privateKey": "s3cr3t"},
    ),
    _aws(
        *("s3:endpoint", "cloudFront.baseURL", "no scheme", "https://d1.cloudfront.net"),
        cloudFront={**FRONT, "baseURL": "d1.cloudfront.net"},
    ),
    _aws(
        *("duration", "cloudFront.duration", "not a duration", "1h30m"),
        cloudFront={**FRONT, "duration": "1 day"},
    ),
    _aws(
        *("required", "cloudFront.privateKey.use.key", "is missing", "private.pem"),
        cloudFront={**FRONT, "privateKey": {"use": {"name": "theirs"}}},
    ),
    _aws(
        *("plain-secret", 'cloudFront.privateKey.create["private.pem"]', "in plain", "--secret"),
        cloudFront=front(**{"private.pem": PKCS1}),
    ),
    _aws(
        *("s3:same-secret", "cloudFront.privateKey.create.name", "something else", "another"),
        cloudFront=front(name="image-registry-private-configuration-user"),
    ),
    _case(
        *("s3:same-secret", f"{PEM}.name", storage(AWS, cloudFront=front(name="public-tls"))),
        *("something else", "another name"),
        exposure={"routes": [ROUTE]},
    ),
    # With the rest of the stack file.
    Case(
        {
            "storage": storage(OTHER, regionEndpoint=SERVICE),
            "registry": {"disableRedirect": False},
        },
        *("s3:redirect", "registry.disableRedirect", "to a Service", "write true"),
    ),
    Case(
        {
            "storage": storage(CLAIM, endpoint={"service": {}}),
            "registry": {"disableRedirect": False},
        },
        *("s3:redirect", "registry.disableRedirect", "to a Service", "write true"),
    ),
    *(
        _case("credentials:unused", "credentials", given, says, "leave", credentials=CREDENTIALS)
        for given, says in [(OTHER, "under storage.credentials"), (CLAIM, "those of the claim")]
    ),
    # Bucket claims.
    _claim("required", "provider", "is missing", "provider: rgw", provider=GONE),
    _claim("value", "provider", "not one of its values", "rgw, noobaa", provider="ceph"),
    _claim("required", "claim", "is missing", "use: {name: rgwbucket}", claim=GONE),
    _claim("exactly-one", "claim", "has none", "create, use", claim={}),
    _claim("name", "claim.create.name", "", "lower-case", claim={"create": {"name": "Bad_Name"}}),
    _claim(
        *("name", "claim.use.namespace", "", "lower-case"),
        claim={"use": {"name": "registry", "namespace": "Bad"}},
    ),
    _claim(
        *("exactly-one", "endpoint", "has route and service", "route, service"),
        endpoint={"route": {}, "service": {}},
    ),
    _claim(
        *("value", "endpoint.service.scheme", "not one of", "https, http"),
        endpoint={"service": {"scheme": "ftp"}},
    ),
    *(
        _claim("not-settable", key, says, "leave it out", **{key: "x"})
        for key, says in [
            ("managementState", "always Unmanaged"),
            ("bucket", "once it is bound"),
            ("regionEndpoint", "from `endpoint`"),
            ("virtualHostedStyle", "always false"),
            ("encrypt", "always false"),
            ("credentials", "the claim's"),
        ]
    ),
]
