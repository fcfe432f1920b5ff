"""Can the registry log in to its cloud, and is the secret for its keys free? Of every kind of
storage that a cloud has with keys of its own: Google Cloud, Azure, Swift."""

from collections.abc import Iterator

from settings import StackSettings
from settings.contradiction import contradiction
from settings.credentials import KEY_SETS, SECRET_NAME
from settings.facts import LiveFacts
from settings.problems import Finding, Path
from settings.s3_guards import OWN_ISSUER, secret
from settings.secret_writer import credentials_at

PLATFORMS = {"gcs": "GCP", "azure": "Azure", "swift": "OpenStack"}
"""Where the operator has keys of its own for the kind."""


def clouds(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    storage = settings.storage
    if storage is None or storage.kind not in PLATFORMS:
        return
    wanted, path = storage.credentials, credentials_at(storage)
    if wanted.mode == "workloadIdentity":
        yield from _identity(path, facts)
        if wanted.secret_mode is None and facts.secrets.get(SECRET_NAME) is not None:
            yield contradiction(
                path,
                SECRET_NAME,
                "that secret exists in openshift-image-registry, and the operator takes it before "
                "any identity (guide 2.8)",
                "delete it once nothing needs it any more, or write `use: {}`",
                "cloud-secret-first",
            )
    if wanted.secret_mode is not None:
        yield from secret(path, wanted.secret_mode, facts, settings.cluster.name)
    elif wanted.mode == "use":
        yield from _found(storage.kind, path, facts)


def _identity(path: Path, facts: LiveFacts) -> Iterator[Finding]:
    if facts.service_account_issuer in OWN_ISSUER:
        yield contradiction(
            path,
            facts.service_account_issuer or "(no issuer)",
            "the cluster vouches for its service accounts by itself, so the cloud takes no token "
            "of them: it is not set up for workload identity",
            "log in with a key instead, e.g. `given`",
            "cloud-no-identity",
        )


def _found(kind: str, path: Path, facts: LiveFacts) -> Iterator[Finding]:
    """The operator looks into the secret first, and into its own keys only without it."""
    if SECRET_NAME not in facts.secrets:
        return
    live, sets = (
        facts.secrets[SECRET_NAME],
        [each.keys for each in KEY_SETS if each.backend == kind],
    )
    if live is not None and not any(set(keys) <= set(live.keys) for keys in sets):
        yield contradiction(
            path,
            SECRET_NAME,
            f"the live secret lacks {' and '.join(sets[0])}, and the operator looks nowhere else "
            "once it exists (guide 2.8)",
            "add what is missing, or give the keys: `given`",
            "cloud-secret-keys",
        )
    elif live is None and facts.platform not in (None, PLATFORMS[kind]):
        yield contradiction(
            path,
            SECRET_NAME,
            "there is no such secret in openshift-image-registry, and on "
            f"{facts.platform} the operator has no keys for {kind}",
            "give the keys: `given`",
            "cloud-no-keys",
        )
