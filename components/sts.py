"""The role that the operator and the registry take on, where the operator reads it.

Writes the key `credentials` of installer-cloud-credentials in openshift-image-registry. On a
cluster that was installed with STS that secret exists, so nothing else of it is touched. It is kept
whatever happens to the stack. Refuses to make: a key that lasts.
"""

import base64
from collections.abc import Sequence

from pulumi import Output, Resource, ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import ANNOTATIONS
from settings.names import NAMESPACE

SECRET = "installer-cloud-credentials"
TOKEN = "/var/run/secrets/openshift/serviceaccount/token"
"""Where the operator's and the registry's pods have theirs (cluster-image-registry-operator,
manifests/07-operator.yaml; pkg/resource/podtemplatespec.go)."""


def sts_credentials(
    role_arn: str, after: Sequence[Resource], opts: ResourceOptions
) -> KubernetesObject:
    """Protected, so that what it depends on stays in the state with it."""
    text = (
        "[default]\n"
        "sts_regional_endpoints = regional\n"
        f"role_arn = {role_arn}\n"
        f"web_identity_token_file = {TOKEN}\n"
    )
    kept = ResourceOptions(
        protect=True,
        retain_on_delete=True,
        depends_on=list(after),
        # The state of a patch is the whole object, with whatever else it holds.
        additional_secret_outputs=["data", "metadata"],
    )
    metadata = {"name": SECRET, "namespace": NAMESPACE, "annotations": dict(ANNOTATIONS)}
    encoded = Output.secret(base64.b64encode(text.encode()).decode())
    return KubernetesObject(
        "core/v1",
        "v1",
        "SecretPatch",
        SECRET,
        {"metadata": metadata, "data": {"credentials": encoded}},
        ResourceOptions.merge(opts, kept),
    )
