"""Generated storage in buckets: mostly right, and wrong in every way a person might be."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings.cases_s3 import (
    ACCOUNT,
    BAD_NAMES,
    FRONT,
    KEY,
    KEY_ID,
    KEYS,
    ROLE,
    SEALED,
)
from tests.settings.strategies import (
    ODD_TEXTS,
    RIGHT,
    WILD,
    Strategy,
    Values,
    fixed,
    mutated,
    some,
)

ENDPOINTS = [
    "https://objects.example.test",
    "https://objects.example.test:9021",
    "https://192.0.2.9",
]
ENDPOINTS += ["https://rgw.openshift-storage.svc", "http://s3.openshift-storage.svc.cluster.local"]
ODD_ENDPOINTS = ["objects.example.test", "http://objects.example.test", "https://", "x", ""]
ODD_ENDPOINTS += ["https://registry.example.test", "https://a:b@c.example.test", "https://[::1]"]
ODD_ENDPOINTS += ["https://[", "https://h:99999", "https://h:0", "https://h/a?b#c", "https://h /"]


def _names(values: Values) -> Strategy:
    return values.pool(["registry", "prod-1-image-registry", "reg.one", "a1b"], BAD_NAMES)


def _encryption(values: Values) -> Strategy:
    made = some(
        deletionWindowInDays=values.pool([7, 30], [6, 31]),
        rotationPeriodInDays=values.pool([90, 365], [1, 10**6]),
        alias=values.pool(["registry", "a/b"], ["alias/x", "aws/s3", "a b", ""]),
    )
    used = fixed(keyARN=values.pool([KEY], [KEY_ID, KEY + "0", "alias/x", ""]))
    key = st.one_of(fixed(create=made), fixed(use=used))
    return values.pool_of(st.one_of(st.just({"sse-s3": {}}), fixed(kms=key)), st.just({}))


def _owned(values: Values) -> Strategy:
    days = values.pool([1, 30], [0, -1, 2**31])
    return some(
        {"name": _names(values)},
        encryption=_encryption(values),
        lifecycle=some(
            abortIncompleteMultipartUploadDays=days, noncurrentVersionExpirationDays=days
        ),
        versioning=values.pool([True], [False]),
        accessLogging=some({"targetBucket": _names(values)}, targetPrefix=ODD_TEXTS),
        tags=st.dictionaries(values.pool(["team", "a:b"], ODD_TEXTS), ODD_TEXTS, max_size=2),
    )


def _credentials(values: Values) -> Strategy:
    boundary = values.pool(["arn:aws:iam::aws:policy/x"], [ROLE, ""])
    name = values.pool(["registry"], ["a b", "x" * 65, ""])
    adopt = st.booleans()
    created = some(userName=name, permissionsBoundary=boundary, adoptSecret=adopt)
    given = some(dict.fromkeys(KEYS, st.just(SEALED)), adoptSecret=adopt)
    role = st.one_of(
        fixed(create=some(roleName=name, permissionsBoundary=boundary)),
        fixed(use=fixed(roleARN=values.pool([ROLE], ["x", ""]))),
    )
    right = st.one_of(
        fixed(create=created), fixed(given=given), fixed(sts=role), st.just({"use": {}})
    )
    return values.pool_of(right, st.sampled_from([{}, None, "x", {"create": {}, "use": {}}]))


def _front(values: Values) -> Strategy:
    return some(
        {key: st.just(FRONT[key]) for key in ("keypairID", "privateKey")}
        | {"baseURL": values.pool(["https://d1.cloudfront.net"], ODD_ENDPOINTS)},
        duration=values.duration,
    )


def buckets(values: Values) -> Strategy:
    """`kind: s3`."""
    used = fixed(use=fixed(name=_names(values)))
    bundle = values.pool([{"use": {"name": "bundle"}}], [{"create": {"certificates": "x"}}, {}])
    region = values.pool(["eu-west-1", "us-gov-east-1"], ["noobaa", "mx-central-1", ""])
    aws = some(
        {
            "kind": st.just("s3"),
            "service": st.just("aws"),
            "account": values.pool([ACCOUNT], ["1", ""]),
            "bucket": st.one_of(fixed(create=_owned(values)), fixed(adopt=_owned(values)), used),
            "region": region,
            "credentials": _credentials(values),
        },
        encrypt=values.pool([True], [False]),
        keyID=values.pool([KEY], [KEY_ID, "alias/x", "x", ""]),
        regionEndpoint=values.pool(ENDPOINTS[:1], ODD_ENDPOINTS),
        cloudFront=_front(values),
        trustedCA=bundle,
        chunkSizeMiB=values.pool([5, 5120], [4, 5121, 2**31]),
    )
    given = fixed(given=some(dict.fromkeys(KEYS, st.just(SEALED))))
    other = some(
        {
            "kind": st.just("s3"),
            "service": values.pool(["rgw", "noobaa", "nutanix", "other"], ["aws", "AWS", ""]),
            "bucket": used,
            "region": values.pool(["us-east-1", "noobaa"], ODD_TEXTS),
            "regionEndpoint": values.pool(ENDPOINTS, ODD_ENDPOINTS),
            "credentials": st.one_of(given, st.just({"use": {}})),
        },
        virtualHostedStyle=st.booleans(),
        encrypt=st.booleans(),
        trustedCA=bundle,
    )
    return st.one_of(aws, other)


def bucket_claims(values: Values) -> Strategy:
    """`kind: objectBucketClaim`."""
    name = values.pool(["registry", "a.b"], ["Bad_Name", ""])
    namespace = values.pool(["openshift-storage"], ["a.b", "Bad", ""])
    created = some(
        {"name": name}, namespace=namespace, storageClassName=name, generateBucketName=name
    )
    place = some(name=name, namespace=namespace)
    service = some(namespace=namespace, scheme=values.pool(["https", "http"], ["ftp", ""]))
    return some(
        {
            "kind": st.just("objectBucketClaim"),
            "provider": values.pool(["rgw", "noobaa"], ["ceph", ""]),
            "claim": st.one_of(fixed(create=created), fixed(use=some({"name": name}))),
        },
        endpoint=st.one_of(fixed(route=place), fixed(service=service)),
        region=values.pool(["us-east-1"], ODD_TEXTS),
        trustedCA=st.sampled_from([{"create": {}}, {"use": {"name": "bundle"}}]),
        adoptSecret=st.booleans(),
    )


BUCKETS = {
    wild: st.one_of(buckets(values), bucket_claims(values))
    for wild, values in ((False, RIGHT), (True, WILD))
}


@st.composite
def right_bucket_storage(draw: st.DrawFn) -> dict[str, Any]:
    """Of the right shape, with right values; they may contradict each other."""
    return copy.deepcopy(draw(BUCKETS[False]))


def bucket_storage() -> Strategy:
    """`openshift-registry:storage` of either kind."""
    return st.one_of(BUCKETS[False], BUCKETS[True], mutated(right_bucket_storage))
