"""The secret with the storage's keys: image-registry-private-configuration-user.

Makes (or adopts) it in openshift-image-registry, where the operator looks, with exactly the
keys of one kind of storage. Refuses to make: a secret with a value that is in clear anywhere
on its way, one that goes with the stack, since the registry that stays refers to it.
"""

import base64
from collections.abc import Mapping
from types import SimpleNamespace

from pulumi import Output, ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.choice import Mode
from settings.credentials import SECRET_NAME, CredentialsSettings
from settings.facts import LiveFacts, SecretFacts
from settings.names import NAMESPACE
from settings.secret import Secret

OWN_METADATA = ["immutable", "type"]
"""What an adopted secret keeps of itself: Kubernetes does not let either change back."""


def credential_secret(
    wanted: CredentialsSettings, cluster: str, live: LiveFacts, opts: ResourceOptions
) -> KubernetesObject:
    """Make or adopt the secret with the keys of the stack file."""
    return secret_of(wanted.data, wanted.mode, cluster, live.secrets.get(SECRET_NAME), opts)


def secret_of(
    keys: Mapping[str, Secret | Output[str]],
    mode: Mode,
    cluster: str,
    live: SecretFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject:
    """The same for keys that come from elsewhere, such as an account that a stack makes.

    `data`, not `stringData`: with that a key that is taken out would stay. Changed keys are
    written in place (the provider has `enable_secret_mutable`), so that the registry never has
    none. An annotation may repeat the keys (kubectl's last-applied-configuration), so the
    state keeps the metadata as a secret too.
    """
    owned = metadata(SimpleNamespace(name=SECRET_NAME), cluster, NAMESPACE)
    kept = ResourceOptions(retain_on_delete=True, additional_secret_outputs=["data", "metadata"])
    if mode == "adopt":
        kept = ResourceOptions.merge(kept, adoption(owned, live, OWN_METADATA))
    return KubernetesObject(
        "core/v1",
        "v1",
        "Secret",
        SECRET_NAME,
        {
            "metadata": owned,
            "type": "Opaque",
            "data": {key: _encoded(each) for key, each in sorted(keys.items())},
        },
        ResourceOptions.merge(opts, kept),
    )


def _encoded(value: Secret | Output[str]) -> Output[str]:
    text = value.reveal() if isinstance(value, Secret) else value
    return Output.secret(text).apply(lambda plain: base64.b64encode(plain.encode()).decode())
