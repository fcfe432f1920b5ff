from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._azure import FEDERATION
from ._objects import NAMESPACE, entries, text

SUBJECTS = tuple(
    f"system:serviceaccount:{NAMESPACE}:{name}"
    for name in ("cluster-image-registry-operator", "registry")
)
AUDIENCE = "openshift"


@resource_rule(
    title="Only the registry's service accounts act as the registry's identity, on Azure",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("OpenShift Cloud Credential Operator", "4.15", "Azure workload identity"),
    types=(FEDERATION,),
    why=(
        "The cluster signs a token for every service account, and its issuer is on the internet "
        "for all to read. Another account of the registry's namespace is another's way to the "
        "images of all projects. The tokens of operator and registry are for `openshift`: with "
        "another audience Azure refuses them, and nothing works."
    ),
    source=(
        "cluster-image-registry-operator manifests/07-operator.yaml; Microsoft Entra, federated "
        "identity credentials"
    ),
    remedy=(
        f"Make one credential for each of {' and '.join(SUBJECTS)}, with the audience openshift "
        "and the cluster's own issuer, by https."
    ),
)
def azure_identity_trust(federation: Resource, settings: Settings) -> Iterator[str]:
    subject = text(federation.props, "subject") or ""
    if f":{NAMESPACE}:" not in subject:
        return  # Another's identity.
    if subject not in SUBJECTS:
        yield "another service account than the registry's may act as the identity"
    if entries(federation.props, "audiences") != [AUDIENCE]:
        yield "audiences are not openshift alone"
    if not (text(federation.props, "issuer") or "").startswith("https://"):
        yield "the issuer is not asked by https"
