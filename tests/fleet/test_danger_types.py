"""A danger keyed to a misspelt type is never seen: every type has to be one that an SDK has."""

import importlib

import pytest
from pulumi.runtime.rpc import get_resource_module

from fleet.comment.danger import HOLDS, REGISTRY
from lab.paths import ROOT

# What the SDKs say of their own old names.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
OURS = {"kubernetes:objectbucket.io/v1alpha1:ObjectBucketClaim"}


@pytest.mark.parametrize("token", sorted(HOLDS.keys() - OURS))
def test_the_type_is_the_sdk_s(token: str) -> None:
    package, module, _ = token.split(":")
    importlib.import_module(f"pulumi_{package.replace('-', '_')}")
    assert token in get_resource_module(package, module, "").mod_info["classes"]


def test_the_types_without_an_sdk() -> None:
    """They are made of an API's version and a kind."""
    claims = (ROOT / "components" / "object_bucket_claim.py").read_text()
    assert '"objectbucket.io/v1alpha1"' in claims and '"ObjectBucketClaim"' in claims
    events = (ROOT / "tests" / "fleet" / "previews" / "prod-switch" / "events.jsonl").read_text()
    assert f'"type": "{REGISTRY}"' in events
