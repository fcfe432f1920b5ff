"""Generated storage in Google Cloud, Azure and Swift: mostly right, and wrong in every way."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings import cases_azure, cases_gcs, cases_swift
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


def azure(values: Values) -> Strategy:
    """`kind: azure`."""
    account = values.pool(["prod1registry", "abc"], cases_azure.BAD_ACCOUNTS)
    name = values.pool(["image-registry", "abc"], cases_azure.BAD_CONTAINERS)
    days = values.pool([1, 365], [0, 366, -1])
    subnet = values.pool([cases_azure.SUBNET], [cases_azure.ZONE, "x", ""])
    network = some(
        {"subnetIDs": st.lists(subnet, min_size=1, max_size=2)},
        ipRanges=st.lists(values.pool(["203.0.113.7"], ["10.0.0.1", "x"]), max_size=2),
    )
    key = some(
        {
            "keyVaultURI": values.pool(["https://regs.vault.azure.net"], ["regs", ""]),
            "keyName": values.pool(["images"], ODD_TEXTS),
            "identityID": values.pool([cases_azure.IDENTITY], ["x", ""]),
        },
        keyVersion=values.pool(["1a"], ODD_TEXTS),
    )
    tags = st.dictionaries(values.pool(["team"], ODD_TEXTS), ODD_TEXTS, max_size=2)
    adopted = {
        "customerKey": key,
        "softDeleteDays": days,
        "diagnostics": values.pool([cases_azure.WORKSPACE], ["x", ""]),
        "tags": tags,
    }
    sku = values.pool(["Standard_LRS", "Standard_RAGZRS"], ["Premium_LRS", ""])
    created = some(
        {"name": account, "network": network},
        sku=sku,
        infrastructureEncryption=st.booleans(),
        **adopted,
    )
    closed = some({"name": account}, sku=sku, **adopted)
    endpoint = values.pool(["registry"], ["-a", "a", "a.", ""])
    operators = some(
        networkResourceGroupName=values.pool(["net"], ["net.", "", "a(b)"]),
        vnetName=endpoint,
        subnetName=values.pool(["s", "workers"], ["-a", "a."]),
        privateEndpointName=endpoint,
    )
    ours = some(
        {"subnetID": subnet},
        privateEndpointName=endpoint,
        dnsZoneID=values.pool([cases_azure.ZONE], ["x", ""]),
    )
    adopt = st.booleans()
    client = values.pool([cases_azure.UUID], ["x", ""])
    acting = fixed(
        workloadIdentity=st.one_of(
            fixed(create=some(name=values.pool(["registry"], ODD_TEXTS))),
            fixed(use=fixed(clientID=client, tenantID=client)),
        )
    )
    keyed = st.one_of(
        fixed(accountKey=some(key=values.pool(["key1", "key2"], ["key3", ""]), adoptSecret=adopt)),
        fixed(given=some({cases_azure.KEY: st.just(SEALED)}, adoptSecret=adopt)),
        st.just({"use": {}}),
    )
    odd = st.sampled_from([{}, None, "x", {"create": {}}])
    container = st.one_of(fixed(create=fixed(name=name)), fixed(use=fixed(name=name)))
    place = {
        "kind": st.just("azure"),
        "environment": values.pool(["public"], ["usgovernment", "Public", ""]),
        "subscriptionID": values.pool([cases_azure.UUID], ["x", ""]),
        "resourceGroup": values.pool(["registries"], ["a.", "prod-1-x7k2p-rg", ""]),
        "location": values.pool(["westeurope"], ["usgovvirginia", "West Europe"]),
    }
    names = st.sampled_from(cases_azure.CLOUD_NAMES)
    fresh = fixed(create=fixed(name=name))
    return st.one_of(
        some({**place, "account": fixed(create=created), "container": fresh, "credentials": keyed}),
        some(
            {
                **place,
                "account": fixed(create=closed),
                "container": fresh,
                "credentials": acting,
                "privateAccess": st.one_of(fixed(create=ours), fixed(operator=operators)),
            }
        ),
        some(
            {
                **place,
                "account": st.one_of(
                    fixed(use=fixed(name=account)), fixed(adopt=some({"name": account}, **adopted))
                ),
                "container": container,
                "credentials": values.pool_of(st.one_of(keyed, acting), odd),
            },
            cloudName=values.pool(["AzurePublicCloud"], names),
            privateAccess=st.one_of(st.just({"use": {}}), fixed(create=ours)),
        ),
    )


def swift(values: Values) -> Strategy:
    """`kind: swift`."""
    name = values.pool(["registry", "prod-1.a_b"], ["a/b", "a b", "", "x" * 256])
    adopt = st.booleans()
    sets = st.sampled_from([cases_swift.USER["given"], cases_swift.APPLICATION["given"]])
    odd = st.sampled_from([{cases_swift.TOKEN: SEALED}, {cases_swift.USERNAME: SEALED}, {}])
    made = some(
        name=values.pool(["registry"], ODD_TEXTS),
        role=values.pool(["member", "_member_"], [" ", ""]),
        accessRules=st.booleans(),
        rotation=values.pool(["a"], ODD_TEXTS),
        adoptSecret=adopt,
    )
    domain = st.sampled_from([{"domain": "Default"}, {"domainID": "default"}])
    tenant = st.sampled_from([{"tenant": "registries"}, {"tenantID": "0c1a"}])
    place = st.tuples(domain, tenant).map(lambda pair: {**pair[0], **pair[1]})
    plain = some(
        {
            "kind": st.just("swift"),
            "container": st.one_of(
                fixed(create=some({"name": name}, storagePolicy=values.pool(["gold"], ODD_TEXTS))),
                fixed(adopt=fixed(name=name)),
                fixed(use=fixed(name=name)),
            ),
            "authURL": values.pool(
                cases_swift.GOOD_URLS, [*cases_swift.ODD_URLS, *cases_swift.ODD_PATHS]
            ),
            "credentials": _credentials(values, made, values.pool_of(sets, odd)),
        },
        authVersion=values.pool(["3"], ["2", "v3", "3.0", 3, ""]),
        regionName=values.pool(["RegionOne"], ODD_TEXTS),
    )
    return st.tuples(plain, values.pool_of(place, st.just({}))).map(lambda both: both[0] | both[1])


CLOUD_KINDS = ("gcs", "azure", "swift")
CLOUDS = {
    wild: st.one_of(gcs(values), azure(values), swift(values))
    for wild, values in ((False, RIGHT), (True, WILD))
}


@st.composite
def right_cloud_storage(draw: st.DrawFn) -> dict[str, Any]:
    """Of the right shape, with right values; they may contradict each other."""
    return copy.deepcopy(draw(CLOUDS[False]))


def cloud_storage() -> Strategy:
    """`openshift-registry:storage` of these kinds."""
    return st.one_of(CLOUDS[False], CLOUDS[True], mutated(right_cloud_storage))
