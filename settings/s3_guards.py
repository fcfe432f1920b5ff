"""Is all there in the cluster that the storage in a bucket refers to, and is what is made free?"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings import StackSettings
from settings.certificates import PemError, certificates
from settings.contradiction import contradiction, flow
from settings.credentials import KEY_SETS, SECRET_NAME
from settings.facts import LiveFacts, SecretFacts
from settings.presence import presence
from settings.problems import Finding, quoted
from settings.s3 import S3Storage
from settings.s3_checks import CA, FRONT_KEY
from settings.storage_ca import KEY, BundleSettings
from settings.trust import keys_text
from settings.trust_checks import doubts
from settings.trust_guards import INJECTED

KEYS = next(each.keys for each in KEY_SETS if each.backend == "s3")


def s3(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    storage = settings.storage
    if storage is None or storage.kind != "s3":
        return
    cluster = settings.cluster.name
    if storage.trusted_ca is not None:
        yield from _bundle(storage.trusted_ca, facts, cluster)
    yield from _front_key(storage, facts, cluster)
    yield from _credentials(storage, facts, cluster)


def _bundle(wanted: BundleSettings, facts: LiveFacts, cluster: str) -> Iterator[Finding]:
    path = (*CA, wanted.mode, "name")
    yield from presence(path, wanted, facts.config_maps, cluster)
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
    wanted = storage.credentials
    at = f"storage.credentials.{wanted.mode}"
    if wanted.mode == "given":
        yield from _secret(at, wanted.secret_mode, facts.secrets, cluster)
    else:
        yield from _found(storage, at, facts)


def _secret(
    at: str, mode: str, secrets: Mapping[str, SecretFacts | None], cluster: str
) -> Iterator[Finding]:
    """Is the secret for the storage's keys free?"""
    live = secrets.get(SECRET_NAME)
    if mode == "create" and live is not None and not live.made_for(cluster):
        yield contradiction(
            at,
            SECRET_NAME,
            "it exists already and was not made by this stack",
            "write `adoptSecret: true` to take it over (all keys in it but these go)",
            "exists",
        )
    elif mode == "adopt" and SECRET_NAME in secrets and live is None:
        yield contradiction(
            f"{at}.adoptSecret",
            SECRET_NAME,
            "there is no such secret in openshift-image-registry",
            "leave adoptSecret out",
            "missing",
        )
    elif live is not None and live.immutable:
        yield contradiction(
            at,
            SECRET_NAME,
            "the live secret is immutable: the API server would take no change of it",
            "take it away by hand, without adoptSecret; or write `use: {}` to leave it as it is",
            "immutable",
        )


def _found(storage: S3Storage, at: str, facts: LiveFacts) -> Iterator[Finding]:
    """The operator looks into the secret first, and into its own keys only without it."""
    if SECRET_NAME not in facts.secrets:
        return
    live = facts.secrets[SECRET_NAME]
    missing = [key for key in KEYS if live is not None and key not in live.keys]
    if missing:
        yield contradiction(
            at,
            SECRET_NAME,
            f"the live secret lacks {' and '.join(missing)}, and the operator looks nowhere else "
            "once it exists (guide 2.8)",
            "add what is missing, or give the keys: `given`",
            "s3-secret-keys",
        )
    elif live is None and storage.service != "aws":
        yield contradiction(
            at,
            SECRET_NAME,
            "there is no such secret in openshift-image-registry, and the operator has no keys of "
            f"its own for {storage.service}",
            "give the keys: `given`",
            "s3-no-keys",
        )
    elif live is None and facts.platform not in (None, "AWS"):
        yield contradiction(
            at,
            SECRET_NAME,
            "there is no such secret in openshift-image-registry, and on "
            f"{facts.platform} the operator has no keys for AWS",
            "give the keys: `given`",
            "s3-no-keys",
        )
