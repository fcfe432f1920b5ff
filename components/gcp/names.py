"""Names of what a stack makes, from names alone, so that a preview knows them."""

from dataclasses import dataclass

from settings.gcp import key_location
from settings.names import NAMESPACE

SERVICE_ACCOUNTS = ("cluster-image-registry-operator", "registry")
LONGEST_ACCOUNT = 30
LONGEST_KEY = 63


def labels(cluster: str) -> dict[str, str]:
    """What a bucket and a key made here bear. Google takes no dots and slashes in a label, so they
    are not those of Kubernetes."""
    return {"managed-by": "openshift-registry", "openshift-registry-cluster": cluster}


def display_name(cluster: str) -> str:
    """Of a service account, which can't have labels."""
    return f"openshift-registry: images of {cluster}"


def account_id(infrastructure_name: str) -> str:
    return f"{infrastructure_name}-registry"[:LONGEST_ACCOUNT].rstrip("-")


def key_name(infrastructure_name: str) -> str:
    return f"{infrastructure_name}-image-registry"[:LONGEST_KEY]


@dataclass(frozen=True)
class Names:
    """Within one project."""

    project: str

    def email(self, account: str) -> str:
        """A project of a domain is called `example.com:images`, and its accounts are in
        `images.example.com`."""
        domain, _, name = self.project.rpartition(":")
        place = f"{name}.{domain}" if domain else name
        return f"{account}@{place}.iam.gserviceaccount.com"

    def account(self, account: str) -> str:
        return f"projects/{self.project}/serviceAccounts/{self.email(account)}"

    def ring(self, region: str, name: str) -> str:
        """The ring of a bucket's key. It can be in one location only."""
        return f"projects/{self.project}/locations/{key_location(region)}/keyRings/{name}"


def member(email: str) -> str:
    return f"serviceAccount:{email}"


def workloads(provider: str) -> list[str]:
    """The operator and the registry of a cluster, as the pool of that provider knows them: by the
    subjects of their tokens."""
    pool = provider.partition("/providers/")[0]
    who = f"principal://iam.googleapis.com/{pool}/subject/system:serviceaccount:{NAMESPACE}"
    return [f"{who}:{each}" for each in SERVICE_ACCOUNTS]
