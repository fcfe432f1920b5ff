"""docs/how-to/gcs-permissions.md allows what components/gcp declares and asks, and no more."""

import re
from fnmatch import fnmatch

import pytest
import yaml

from settings.schema import ROOT
from tests.docs.sdk_parts import declared

PAGE = ROOT / "docs" / "how-to" / "gcs-permissions.md"
COMPONENTS = sorted((ROOT / "components" / "gcp").glob("*.py"))

BUCKET, ACCOUNT, KEY = "storage.buckets", "iam.serviceAccounts", "cloudkms.cryptoKeys"


def _all(of: str, *rights: str) -> set[str]:
    return {f"{of}.{each}" for each in rights}


POLICY = ("getIamPolicy", "setIamPolicy")
NEEDS = {
    "storage.Bucket": _all(BUCKET, "create", "get", "update"),
    "storage.BucketIAMMember": _all(BUCKET, *POLICY),
    "serviceaccount.Account": _all(ACCOUNT, "create", "get", "update"),
    "serviceaccount.Key": _all("iam.serviceAccountKeys", "create", "delete", "get"),
    "serviceaccount.IAMMember": _all(ACCOUNT, *POLICY),
    "kms.KeyRing": _all("cloudkms.keyRings", "create", "get"),
    "kms.CryptoKey": _all(KEY, "create", "get", "update"),
    "kms.CryptoKeyIAMMember": _all(KEY, *POLICY),
    "organizations.get_project": {"resourcemanager.projects.get"},
    "storage.get_bucket": _all(BUCKET, "get"),
    "storage.get_project_service_account": {"resourcemanager.projects.get"},
    "serviceaccount.get_account": _all(ACCOUNT, "get"),
    "kms.get_kms_key_ring": {"cloudkms.keyRings.get"},
    "kms.get_crypto_keys": _all(KEY, "list"),
}
"""What Google's plugin calls, for each resource to make, read and change it (to delete it, for the
one that may be), and for each function: terraform-provider-google, google/services/*."""

DANGEROUS = (
    *("storage.objects.*", "storage.buckets.delete", "*.destroy", "cloudkms.*.use*"),
    *("iam.serviceAccounts.delete", "iam.serviceAccounts.actAs", "*.getAccessToken"),
    *("resourcemanager.projects.set*", "*[*]*"),
)
"""With none of these can images be lost, read or changed."""


def roles() -> list[dict]:
    return [
        yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.S)
    ]


ALLOWED = {right for role in roles() for right in role["includedPermissions"]}


def test_the_table_is_of_what_the_components_use() -> None:
    assert declared("pulumi_gcp", COMPONENTS) == NEEDS.keys()


@pytest.mark.parametrize("what", NEEDS)
def test_all_that_is_called_is_allowed(what: str) -> None:
    assert NEEDS[what] <= ALLOWED


def test_nothing_else_is_allowed() -> None:
    assert set().union(*NEEDS.values()) == ALLOWED


def test_images_are_safe_from_it() -> None:
    assert [each for each in ALLOWED if any(fnmatch(each, one) for one in DANGEROUS)] == []
    assert any(fnmatch("storage.objects.delete", one) for one in DANGEROUS)


def test_each_role_is_one_that_google_takes() -> None:
    assert len(roles()) == 7
    for role in roles():
        assert role.keys() == {"title", "includedPermissions"} and len(role["title"]) <= 100
        assert all(
            re.fullmatch(r"[a-z]+\.[A-Za-z]+\.[A-Za-z]+", one)
            for one in role["includedPermissions"]
        )
