"""How an object made here says so."""

from settings.guards import MANAGED_BY


def labels(cluster: str) -> dict[str, str]:
    """Kubernetes' recommended labels. They also let a second stack see that an object is taken."""
    return {"app.kubernetes.io/managed-by": MANAGED_BY, "app.kubernetes.io/instance": cluster}


FOREIGN = ["metadata.annotations", "metadata.finalizers", "metadata.labels"]
"""What others have put on an adopted object: the import records it, and it is none of ours."""
