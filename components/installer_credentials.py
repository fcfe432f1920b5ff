"""What the operator logs in to a cloud with where it has no keys that last.

Writes the given keys of installer-cloud-credentials in openshift-image-registry. On a cluster that
was installed with identities of its own that secret exists, so nothing else of it is touched. It
is kept whatever happens to the stack. Refuses to make: the secret itself.
"""

import base64
from collections.abc import Mapping, Sequence

from pulumi import Output, Resource, ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import ANNOTATIONS
from settings.names import NAMESPACE

SECRET = "installer-cloud-credentials"
TOKEN = "/var/run/secrets/openshift/serviceaccount/token"
"""Where the operator's and the registry's pods have theirs (cluster-image-registry-operator,
manifests/07-operator.yaml; pkg/resource/podtemplatespec.go)."""


def installer_credentials(
    data: Mapping[str, str | Output[str]], after: Sequence[Resource], opts: ResourceOptions
) -> KubernetesObject:
    """Protected, so that what it depends on stays in the state with it."""
    kept = ResourceOptions(
        protect=True,
        retain_on_delete=True,
        depends_on=list(after),
        # The state of a patch is the whole object, with whatever else it holds.
        additional_secret_outputs=["data", "metadata"],
    )
    metadata = {"name": SECRET, "namespace": NAMESPACE, "annotations": dict(ANNOTATIONS)}
    return KubernetesObject(
        "core/v1",
        "v1",
        "SecretPatch",
        SECRET,
        {"metadata": metadata, "data": {key: _encoded(each) for key, each in data.items()}},
        ResourceOptions.merge(opts, kept),
    )


def _encoded(value: str | Output[str]) -> Output[str]:
    return Output.secret(value).apply(lambda plain: base64.b64encode(plain.encode()).decode())
