"""The account of AWS that a stack may touch, and no other."""

from typing import Any

from pulumi import ResourceOptions, RunError
from pulumi_aws import Provider

from components.provider_keys import keys_of_the_stack
from settings.aws import INSTALLER

GIVEN_HERE = {"region": "storage.region", "allowedAccountIds": "storage.account"}


def account_provider(name: str, account: str, region: str, opts: ResourceOptions) -> Provider:
    """Its plugin does nothing in an account or region other than these: preview, refresh and
    destroy included. How to log in comes from the environment and from the stack's `aws:` keys, as
    of any provider (aws:profile, aws:assumeRoles, aws:defaultTags, ...)."""
    given = keys_of_the_stack("aws", Provider, GIVEN_HERE)
    _not_the_installers(given.get("default_tags"))
    return Provider(name, region=region, allowed_account_ids=[account], **given, opts=opts)


def _not_the_installers(given: Any) -> None:
    """Nor may a tag of everything be one that no bucket may have."""
    tags = given.get("tags") if isinstance(given, dict) else None
    if isinstance(tags, dict) and any(key.startswith(INSTALLER) for key in tags):
        raise RunError(
            f"aws:defaultTags has a tag {INSTALLER}..., by which `openshift-install destroy "
            "cluster` finds what it deletes, images and all\n    fix: leave it out"
        )
