"""What an adopted resource keeps is named as its SDK names it.

The engine says nothing of a property that it does not know, and would plan the change that was to
be ignored.
"""

import re
from collections.abc import Iterable

import pytest
from pulumi_azure_native import storage as azure
from pulumi_gcp import storage as google
from pulumi_openstack import objectstorage

from components.azure import account as azure_account
from components.azure import container as azure_container
from components.gcp import bucket as google_bucket
from components.openstack import container as swift_container


def properties(kind: type) -> set[str]:
    names = {name for name in dir(kind) if isinstance(getattr(kind, name), property)}
    return {re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name) for name in names}


@pytest.mark.parametrize(
    ("kind", "ignored"),
    [
        (google.Bucket, {*google_bucket.OF_THEIR_OWN, *google_bucket.PROPERTIES.values()}),
        (azure.StorageAccount, {*azure_account.NOT_WRITTEN.values(), "publicNetworkAccess"}),
        (azure.BlobContainer, azure_container.NOT_WRITTEN),
        (objectstorage.Container, swift_container.OF_ITS_BIRTH),
        (objectstorage.Container, swift_container.OF_THEIR_OWN),
    ],
)
def test_each_is_a_property(kind: type, ignored: Iterable[str]) -> None:
    assert set(ignored) <= properties(kind)
