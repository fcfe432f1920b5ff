"""Generated storage in buckets: mostly right, and wrong in every way a person might be."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings.cases_s3 import (
    FRONT,
    KEY,
    KEY_ID,
    KEYS,
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
    good = ["registry", "prod-1-image-registry", "reg.one", "a1b", "Reg_1"]
    return values.pool(good, ["ab", "s3://registry", "-a1", "a/b", ""])


def _credentials(values: Values) -> Strategy:
    given = some(dict.fromkeys(KEYS, st.just(SEALED)), adoptSecret=st.booleans())
    right = st.one_of(fixed(given=given), st.just({"use": {}}))
    return values.pool_of(
        right,
        st.sampled_from([{}, None, "x", {"sts": {}}, {"create": 1, "use": 1}]),
    )


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
            "bucket": values.pool_of(used, fixed(create=fixed(name=_names(values)))),
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


BUCKETS = {wild: buckets(values) for wild, values in ((False, RIGHT), (True, WILD))}


@st.composite
def right_bucket_storage(draw: st.DrawFn) -> dict[str, Any]:
    """Of the right shape, with right values; they may contradict each other."""
    return copy.deepcopy(draw(BUCKETS[False]))


def bucket_storage() -> Strategy:
    """`openshift-registry:storage` of this kind."""
    return st.one_of(BUCKETS[False], BUCKETS[True], mutated(right_bucket_storage))
