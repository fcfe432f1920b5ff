"""The secrets with the certificates of the registry's routes.

Makes (or adopts) them in openshift-image-registry, the only namespace where the operator
looks. Refuses to make the routes: they are the operator's.
"""

import base64

from pulumi import Output, ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.exposure import AdoptedSecret, CreatedSecret, ExposureSettings, UsedSecret
from settings.facts import LiveFacts, SecretFacts
from settings.names import NAMESPACE
from settings.route_certificates import CACRT, CRT, KEY

SECRET_OUTPUTS = ["data", "stringData", "metadata"]
"""An annotation may repeat the data (kubectl's last-applied-configuration)."""


def route_secrets(
    exposure: ExposureSettings, cluster: str, live: LiveFacts, opts: ResourceOptions
) -> list[KubernetesObject]:
    """A secret for each certificate that is not only used."""
    wanted = [each.certificate for each in exposure.routes or () if each.certificate]
    return [
        _secret(each, cluster, live.secrets.get(each.name), opts)
        for each in wanted
        if not isinstance(each, UsedSecret)
    ]


def _secret(
    wanted: CreatedSecret | AdoptedSecret,
    cluster: str,
    live: SecretFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject:
    """It is retained like the configs/cluster that refers to it: a reference to nothing stops
    the operator.

    `data`, not `stringData`: a key that is not wanted any more has to go, and server-side apply
    takes no key out of what it was given as `stringData`.
    """
    owned = metadata(wanted, cluster, NAMESPACE)
    texts = {CRT: wanted.tls_crt, KEY: wanted.tls_key.reveal(), CACRT: wanted.tls_cacrt}
    data = {key: _encoded(text) for key, text in texts.items() if text is not None}
    kept = ResourceOptions(retain_on_delete=True, additional_secret_outputs=SECRET_OUTPUTS)
    if wanted.mode == "adopt":
        kept = ResourceOptions.merge(kept, adoption(owned, live, _left_alone(live, data)))
    properties = {"metadata": owned, "type": "kubernetes.io/tls", "data": Output.secret(data)}
    return KubernetesObject(
        "core/v1", "v1", "Secret", wanted.name, properties, ResourceOptions.merge(opts, kept)
    )


def _left_alone(live: SecretFacts | None, data: dict[str, str]) -> list[str]:
    """What can't be changed, and keys of others: the operator reads none of them."""
    others = [key for key in live.keys if key not in data and key != CACRT] if live else []
    return ["immutable", "type", *(f'data["{key}"]' for key in others)]


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
