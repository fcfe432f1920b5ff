"""Is the secret for the storage's keys free, and does the live storage take these keys?"""

from collections.abc import Iterator

from settings.contradiction import contradiction, flow
from settings.credentials import SECRET_NAME, key_set
from settings.facts import LiveFacts
from settings.problems import Finding
from settings.stack import StackSettings


def credentials(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    wanted = settings.credentials
    if wanted is None:
        return
    path = f"credentials.{wanted.mode}"
    live = facts.secrets.get(SECRET_NAME)
    if wanted.mode == "create" and live and not live.made_for(settings.cluster.name):
        yield contradiction(
            path,
            SECRET_NAME,
            "it exists already and was not made by this stack",
            "write `adopt` to take it over (keys that are not given here go), or leave the "
            "section out to leave it to its owner",
            "exists",
        )
    elif wanted.mode == "adopt" and SECRET_NAME in facts.secrets and live is None:
        yield contradiction(
            path,
            SECRET_NAME,
            "there is no such secret in openshift-image-registry",
            "write `create`",
            "missing",
        )
    elif live and live.immutable:
        yield contradiction(
            path,
            SECRET_NAME,
            "the live secret is immutable: the API server would take no change of it",
            "take it away by hand and write `create`, or leave the section out to leave it as it "
            "is",
            "immutable",
        )
    if settings.storage is None and facts.config.live is not None:
        yield from _other_backend(path, key_set(wanted.data).backend, facts)


def _other_backend(path: str, backend: str, facts: LiveFacts) -> Iterator[Finding]:
    if backend not in facts.backends:
        has = f"has {flow(sorted(facts.backends))}" if facts.backends else "names no storage"
        yield contradiction(
            path,
            SECRET_NAME,
            f"its keys are for {backend}, and configs/cluster {has}: the operator would say that "
            "keys are missing",
            "give the keys of that storage, or leave the section out",
            "credentials-backend",
        )
