"""Generated storage in Google Cloud, Azure and Swift: mostly right, and wrong in every way."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings import cases_gcs
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

SEALED = {"secure": "v1:abc:def"}


def _credentials(values: Values, created: Strategy, given: Strategy, *others: Strategy) -> Strategy:
    right = st.one_of(fixed(create=created), fixed(given=given), st.just({"use": {}}), *others)
    return values.pool_of(right, st.sampled_from([{}, None, "x", {"create": {}, "use": {}}]))


def gcs(values: Values) -> Strategy:
    """`kind: gcs`."""
    name = values.pool(["registry", "reg-1_a"], [*cases_gcs.BAD_NAMES, cases_gcs.OF_INSTALLER])
    days = values.pool([1, 30], [0, -1, 2**31])
    ring = values.pool([cases_gcs.RING], [cases_gcs.KEY, "x", ""])
    key = values.pool([cases_gcs.KEY], [cases_gcs.RING, cases_gcs.FAR_KEY, "x", ""])
    made = some(name=name, keyRing=ring, rotationPeriodDays=days, destroyScheduledDays=days)
    owned = some(
        {"name": name},
        kms=st.one_of(fixed(create=made), fixed(use=fixed(keyName=key))),
        lifecycle=some(
            abortIncompleteMultipartUploadDays=days, noncurrentVersionExpirationDays=days
        ),
        softDeleteDays=values.pool([0, 7, 90], [1, 91, -1]),
        versioning=values.pool([True], [False]),
        logging=some({"logBucket": name}, logObjectPrefix=values.pool(["a"], ODD_TEXTS)),
        labels=st.dictionaries(
            values.pool(["team", "a_b"], ODD_TEXTS), values.pool(["", "a-1"], ODD_TEXTS), max_size=2
        ),
    )
    account = values.pool(["prod-1-registry"], ["x", "A" * 8, ""])
    provider = values.pool([cases_gcs.PROVIDER], ["x", ""])
    email = values.pool([cases_gcs.EMAIL], ["x", ""])
    adopt = st.booleans()
    acting = st.one_of(
        fixed(create=some({"provider": provider}, accountId=account, adoptSecret=adopt)),
        fixed(use=some({"provider": provider, "serviceAccount": email}, adoptSecret=adopt)),
    )
    credentials = _credentials(
        values,
        some(accountId=account, rotation=values.pool(["a"], ODD_TEXTS), adoptSecret=adopt),
        some({cases_gcs.KEYFILE: st.just(SEALED)}, adoptSecret=adopt),
        fixed(workloadIdentity=acting),
    )
    used = fixed(use=fixed(name=name))
    return some(
        {
            "kind": st.just("gcs"),
            "projectID": values.pool(["platform-shared"], ["x", "1", ""]),
            "bucket": st.one_of(fixed(create=owned), fixed(adopt=owned), used),
            "region": values.pool(["europe-west1", "EU", "eur4"], ["europe-west1-b", "x", ""]),
            "credentials": credentials,
        },
        keyID=key,
    )


CLOUD_KINDS = ("gcs",)
CLOUDS = {wild: st.one_of(gcs(values)) for wild, values in ((False, RIGHT), (True, WILD))}


@st.composite
def right_cloud_storage(draw: st.DrawFn) -> dict[str, Any]:
    """Of the right shape, with right values; they may contradict each other."""
    return copy.deepcopy(draw(CLOUDS[False]))


def cloud_storage() -> Strategy:
    """`openshift-registry:storage` of these kinds."""
    return st.one_of(CLOUDS[False], CLOUDS[True], mutated(right_cloud_storage))
