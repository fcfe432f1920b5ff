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
FAR_KEY = KEY.replace("eu-west-1", "us-east-1")

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
    "bucket": {"use": {"name": "prod-1-image-registry"}},
    "region": "eu-west-1",
    "credentials": {"use": {}},
}
OTHER: dict[str, Any] = {
    "kind": "s3",
    "service": "other",
    "bucket": {"use": {"name": "registry"}},
    "region": "us-east-1",
    "regionEndpoint": "https://objects.example.test",
    "credentials": GIVEN,
}
FRONT: dict[str, Any] = {
    "baseURL": "https://d111111abcdef8.cloudfront.net",
    "keypairID": "K2JCJMDEHXQW5F",
    "privateKey": {"create": {"private.pem": SEALED}},
}
PEM = "storage.cloudFront.privateKey.create"


def storage(good: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A right storage section with some keys set, or taken out if `GONE`."""
    made = {**good, **changes}
    return copy.deepcopy({key: each for key, each in made.items() if each is not GONE})


def front(**key: Any) -> dict[str, Any]:
    return {**FRONT, "privateKey": {"create": {"private.pem": SEALED, **key}}}


def _case(rule: str, path: str, given: dict[str, Any], says: str, fix: str, **more: Any) -> Case:
    return Case({"storage": given, **more}, rule, path, says, fix)


def _aws(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return _case(rule, f"storage.{path}", storage(AWS, **changes), says, fix)


def _other(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return _case(rule, f"storage.{path}", storage(OTHER, **changes), says, fix)


def _use(name: str) -> dict[str, Any]:
    return {"use": {"name": name}}


def _bundle(**keys: Any) -> dict[str, Any]:
    return {"create": {"certificates": ROOT.pem, **keys}}


TRUST = {"additionalTrustedCA": {"use": {"name": "image-registry-s3-bundle"}}}
ROUTE = {"name": "public", "certificate": {"use": {"name": "public-tls"}}}
CREDENTIALS = {"create": KEYS}
SERVICE = "https://rgw.openshift-storage.svc"

CASES = [
    # Shape.
    _aws("required", "service", "is missing", "service: aws", service=GONE),
    _aws("value", "service", "not one of its values", "write aws", service="AWS"),
    _aws("required", "bucket", "is missing", "use: {name: registry}", bucket=GONE),
    _aws("exactly-one", "bucket", "has none", "write one of use", bucket={}),
    *(
        _aws("not-settable", f"bucket.{key}", "is not built yet", "leave it out", bucket=chosen)
        for key in ("create", "adopt")
        for chosen in ({key: {"name": "registry"}}, {key: {"name": "registry"}, **_use("theirs")})
    ),
    _aws("required", "credentials", "is missing", "use: {", credentials=GONE),
    _aws("exactly-one", "credentials", "has none", "write one of given, use", credentials={}),
    _aws("exactly-one", "credentials", "has none", "given, use", credentials="s3cr3t"),
    _aws(
        *("exactly-one", "credentials", "given and use", "given, use"),
        credentials={"use": {}, **GIVEN},
    ),
    *(
        _aws("not-settable", f"credentials.{key}", "is not built yet", "leave", credentials=chosen)
        for key in ("create", "sts")
        for chosen in ({key: {}}, {key: {}, "use": {}})
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
        *("version", "storage.regionEndpoint", storage(OTHER, regionEndpoint=SERVICE)),
        *("needs disableRedirect, which came", '"4.2"'),
        **{"cluster.version": "4.1"},
    ),
    # Names.
    *(
        _other("s3:bucket-name", "bucket.use.name", "of a bucket", "without s3://", bucket=each)
        for each in (_use("s3://registry"), _use("registry/images"), _use("a"))
    ),
    _aws(
        *("aws:key", "keyID", "is not a key of AWS KMS", "alias/NAME"),
        **{"encrypt": True, "keyID": "my key"},
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
    _aws(
        *("s3:region", "region", "on OpenStack the operator has none", "eu-west-1"),
        region=GONE,
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
        **{"virtualHostedStyle": True, "bucket": _use("reg.one")},
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
    _other("s3:not-aws", "cloudFront", "in AWS only", "leave it out", cloudFront=FRONT),
    # Encryption. Public case C11.
    *(
        _aws(
            *("s3:key-ignored", "keyID", "has no effect", "encrypt: true"),
            **{"keyID": KEY, **encrypt},
        )
        for encrypt in ({}, {"encrypt": False})
    ),
    _aws(
        *("s3:key-region", "keyID", "is in us-east-1", "a key in eu-west-1"),
        **{"encrypt": True, "keyID": FAR_KEY},
    ),
    *(
        _other(
            *("s3:encrypt-service", "encrypt", "only if it was set up", "write false"),
            **{"service": service, "encrypt": True},
        )
        for service in ("rgw", "noobaa")
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
    _case(
        *("credentials:unused", "credentials", OTHER, "under storage.credentials", "leave"),
        credentials=CREDENTIALS,
    ),
    # What is not there yet.
    _case(
        *("kind", "storage.kind", {"kind": "objectBucketClaim"}, "not a kind", "claim, s3, empty"),
    ),
]
