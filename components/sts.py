"""The role that the operator and the registry take on, where the operator reads it.

Writes the key `credentials` of installer-cloud-credentials, as AWS's file of that name. Refuses to
make: a key that lasts.
"""

from collections.abc import Sequence

from pulumi import Resource, ResourceOptions

from components.installer_credentials import TOKEN, installer_credentials
from components.kubernetes_object import KubernetesObject


def sts_credentials(
    role_arn: str, after: Sequence[Resource], opts: ResourceOptions
) -> KubernetesObject:
    text = (
        "[default]\n"
        "sts_regional_endpoints = regional\n"
        f"role_arn = {role_arn}\n"
        f"web_identity_token_file = {TOKEN}\n"
    )
    return installer_credentials({"credentials": text}, after, opts)
