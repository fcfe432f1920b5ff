"""How an object made here says so, and how its fields are owned."""

from settings.guards import MANAGED_BY
from settings.operator_spec import FIELD_MANAGER

ANNOTATIONS = {
    # Fixed: a state made anew must find its own fields again, not leave an orphan owner.
    "pulumi.com/patchFieldManager": FIELD_MANAGER,
    # What the stack file sets is ours, whoever has set it before or since.
    "pulumi.com/patchForce": "true",
}

FOREIGN = ["metadata.annotations", "metadata.finalizers", "metadata.labels"]
"""What others have put on an adopted object: the import records it, and it is none of ours."""


def labels(cluster: str) -> dict[str, str]:
    """Kubernetes' recommended labels. They also let a second stack see that an object is taken."""
    return {"app.kubernetes.io/managed-by": MANAGED_BY, "app.kubernetes.io/instance": cluster}
