"""Is all there in the cluster that the storage in a bucket refers to, and is what is made free?"""

from collections.abc import Iterator
from typing import Any

from settings import StackSettings
from settings.certificates import PemError, certificates
from settings.contradiction import contradiction, flow
from settings.credentials import KEY_SETS, SECRET_NAME
from settings.facts import LiveFacts
from settings.presence import presence
from settings.problems import Finding, Path, quoted
from settings.s3 import S3Storage
from settings.s3_checks import CA, FRONT_KEY, credentials_at
from settings.storage_ca import KEY
from settings.trust import keys_text
from settings.trust_checks import doubts
from settings.trust_guards import INJECTED

KEYS = next(each.keys for each in KEY_SETS if each.backend == "s3")
OWN_ISSUER = ("", "https://kubernetes.default.svc")
"""Who vouches for service accounts where nothing outside the cluster can look that up."""


def s3(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    storage = settings.storage
    if storage is None or storage.kind != "s3":
        return
    cluster = settings.cluster.name
    if storage.trusted_ca is not None:
        yield from bundle(storage.trusted_ca, facts, cluster)
    yield from _front_key(storage, facts, cluster)
    yield from _credentials(storage, facts, cluster)


def bundle(
    wanted: Any, facts: LiveFacts, cluster: str, adoptable: bool = True
) -> Iterator[Finding]:
    """Of any kind of storage in a bucket."""
    path = (*CA, wanted.mode, "name")
    yield from presence(path, wanted, facts.config_maps, cluster, adoptable)
    live = facts.config_maps.get(wanted.name)
    if live is None:
        return

    def wrong(message: str, fix: str, rule: str) -> Finding:
        return contradiction(path, wanted.name, message, fix, rule)

    mine = live.made_for(cluster)
    lost = [key for key in live.data if key != KEY]
    same = live.data == {KEY: getattr(wanted, "certificates", None)}
    if wanted.mode == "use":
        yield from _unusable(wrong, live.data.get(KEY))
    elif live.immutable and (mine or wanted.mode == "adopt") and not same:
        yield wrong(
            "the live map is immutable: the API server would take no change of it",
            "write another name, or `use` to leave it as it is",
            "immutable",
        )
    elif live.labels.get(INJECTED) == "true":
        yield wrong(
            f"the live map has the label {INJECTED}: the cluster network operator fills it and "
            "writes over everything else",
            "write another name",
            "trust-injected",
        )
    elif wanted.mode == "adopt" and lost and not mine:
        yield wrong(
            f"the live map has other keys than {KEY}, and they would go: {keys_text(lost)}",
            "write another name, or take them out of the map first",
            "storage-ca-lost",
        )


def _unusable(wrong: Any, text: str | None) -> Iterator[Finding]:
    if text is None:
        yield wrong(
            f"the live map has no key {KEY}, and the operator reads no other (guide 3.1.3)",
            f"put the CAs under {KEY}, or name another map",
            "storage-ca-key",
        )
        return
    try:
        found = certificates(text)
    except PemError as error:
        message = f"the live map's {quoted(KEY)} {error.message}"
        yield wrong(message, f"correct the map: {error.fix}", "storage-ca-used")
        return
    for doubt in doubts(found):
        message = f"the live map's {quoted(KEY)} {doubt.message}"
        warning = wrong(message, f"in the map, {doubt.fix}", "storage-ca-doubt")
        yield warning._replace(severity="warning")


def _front_key(storage: S3Storage, facts: LiveFacts, cluster: str) -> Iterator[Finding]:
    if storage.cloud_front is None:
        return
    wanted = storage.cloud_front.private_key
    yield from presence((*FRONT_KEY, wanted.mode, "name"), wanted, facts.secrets, cluster)
    live = facts.secrets.get(wanted.name)
    if live is None:
        return
    if (
        wanted.mode != "use"
        and live.immutable
        and (wanted.mode == "adopt" or live.made_for(cluster))
    ):
        yield contradiction(
            (*FRONT_KEY, wanted.mode, "name"),
            wanted.name,
            "the live secret is immutable: the API server would take no change of it",
            "write another name, or `use` to leave it as it is",
            "immutable",
        )
    elif wanted.mode == "use" and wanted.key not in live.keys:
        yield contradiction(
            (*FRONT_KEY, "use", "key"),
            wanted.key,
            f"the live secret {wanted.name} has {flow(sorted(live.keys))}, and the registry's pods "
            "would not start",
            "write the key that holds the private key",
            "front-key",
        )


def _credentials(storage: S3Storage, facts: LiveFacts, cluster: str) -> Iterator[Finding]:
    wanted, path = storage.credentials, credentials_at(storage)
    if wanted.secret_mode is not None:
        yield from secret(path, wanted.secret_mode, facts, cluster)
    elif wanted.mode == "sts":
        yield from _sts(path, facts)
    else:
        yield from _found(storage, path, facts)


def secret(path: Path, mode: str, facts: LiveFacts, cluster: str) -> Iterator[Finding]:
    """Is the secret for the storage's keys free? Of any kind of storage that writes it."""
    live = facts.secrets.get(SECRET_NAME)
    if mode == "create" and live is not None and not live.made_for(cluster):
        yield contradiction(
            path,
            SECRET_NAME,
            "it exists already and was not made by this stack",
            "write `adoptSecret: true` to take it over (all keys in it but these go)",
            "exists",
        )
    elif mode == "adopt" and SECRET_NAME in facts.secrets and live is None:
        yield contradiction(
            (*path, "adoptSecret"),
            SECRET_NAME,
            "there is no such secret in openshift-image-registry",
            "leave adoptSecret out",
            "missing",
        )
    elif live is not None and live.immutable:
        use = "; or write `use: {}` to leave it as it is" if path != ("storage",) else ""
        yield contradiction(
            path,
            SECRET_NAME,
            "the live secret is immutable: the API server would take no change of it",
            f"take it away by hand, without adoptSecret{use}",
            "immutable",
        )


def _sts(path: Path, facts: LiveFacts) -> Iterator[Finding]:
    if facts.secrets.get(SECRET_NAME) is not None:
        yield contradiction(
            path,
            SECRET_NAME,
            "that secret exists in openshift-image-registry, and the operator takes it before any "
            "role (guide 2.8)",
            "delete it once nothing needs it any more, or write `use: {}`",
            "s3-secret-first",
        )
    if facts.service_account_issuer in OWN_ISSUER:
        yield contradiction(
            path,
            facts.service_account_issuer or "(no issuer)",
            "the cluster vouches for its service accounts by itself, so AWS takes no token of "
            "them: it is not set up for STS",
            "write `create: {}` for a user with an access key, or `given`",
            "s3-no-sts",
        )


def _found(storage: S3Storage, path: Path, facts: LiveFacts) -> Iterator[Finding]:
    """The operator looks into the secret first, and into its own keys only without it."""
    if SECRET_NAME not in facts.secrets:
        return
    live = facts.secrets[SECRET_NAME]
    missing = [key for key in KEYS if live is not None and key not in live.keys]
    if missing:
        yield contradiction(
            path,
            SECRET_NAME,
            f"the live secret lacks {' and '.join(missing)}, and the operator looks nowhere else "
            "once it exists (guide 2.8)",
            "add what is missing, or give the keys: `given`",
            "s3-secret-keys",
        )
    elif live is None and storage.service != "aws":
        yield contradiction(
            path,
            SECRET_NAME,
            "there is no such secret in openshift-image-registry, and the operator has no keys of "
            f"its own for {storage.service}",
            "give the keys: `given`",
            "s3-no-keys",
        )
    elif live is None and facts.platform not in (None, "AWS"):
        yield contradiction(
            path,
            SECRET_NAME,
            "there is no such secret in openshift-image-registry, and on "
            f"{facts.platform} the operator has no keys for AWS",
            "give the keys (`given`), or have them made (`create`)",
            "s3-no-keys",
        )
