"""The project of Google Cloud that a stack may touch, and no other."""

from pulumi import ResourceOptions
from pulumi_gcp import Provider

from components.provider_keys import keys_of_the_stack

KEY_FILES = ("credentials",)
"""They are JSON, and wanted as text."""
GIVEN_HERE = {"project": "storage.projectID", "region": "storage.region"}


def project_provider(name: str, project: str, opts: ResourceOptions) -> Provider:
    """Makes things in this project alone, whatever the login's own one is. How to log in comes
    from the environment and from the stack's `gcp:` keys, as of any provider (gcp:credentials,
    gcp:impersonateServiceAccount, gcp:defaultLabels, ...)."""
    given = keys_of_the_stack("gcp", Provider, GIVEN_HERE, KEY_FILES)
    # A label of the plugin's own would be one that no stack file knows of.
    given.setdefault("add_pulumi_attribution_label", False)
    return Provider(name, project=project, **given, opts=opts)
