"""Does the live registry keep its images where the stack file thinks?"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from settings import StackSettings
from settings.bucket_claim import ENDPOINT_LATER
from settings.claim import OPERATOR_CLAIM
from settings.cluster import no_default_storage
from settings.contradiction import contradiction, flow
from settings.facts import LiveFacts
from settings.later import Later
from settings.names import OURS
from settings.problems import Finding


def foreign_storage(
    live: Mapping[str, Any],
    wanted: Mapping[str, Any],
    replaces: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, Any]:
    """The live backends (of `spec.storage`) that are neither wanted nor named to be replaced.

    A backend is the wanted one if it is in the same place (`WHERE`), and the named one if all
    its named fields are as named. A blank claim is wanted where the operator's own is. One
    whose identifying fields are all empty holds nothing yet, and is nobody's.
    """

    def wants(backend: str, block: Mapping[str, Any]) -> bool:
        fields = WHERE.get(backend)
        if fields is None or backend not in wanted:
            return fits(backend, block, wanted)
        same = all(_same_place(block.get(key), wanted[backend].get(key)) for key in fields)
        both = ((block.get(key), wanted[backend].get(key)) for key in SAID.get(backend, ()))
        return same and all(_url(one) == _url(other) for one, other in both if one and other)

    def fits(backend: str, block: Mapping[str, Any], named: Mapping[str, Any] | None) -> bool:
        if named is None or backend not in named:
            return False
        fields = named[backend]
        if backend == "pvc" and not fields:
            fields = {"claim": OPERATOR_CLAIM}
        return all((block or {}).get(key) == value for key, value in fields.items())

    return {
        backend: block
        for backend, block in live.items()
        if backend != "managementState"
        and block is not None
        and (_identity(backend, block) or backend not in IDENTITY)
        and not wants(backend, block)
        and not fits(backend, block, replaces)
    }


def storage(
    settings: StackSettings,
    facts: LiveFacts,
    wanted: Mapping[str, Any] | None,
) -> Iterator[Finding]:
    if facts.config.live is None:
        return
    if wanted is None:
        yield from _dropped(facts)
        yield from _removed(settings, facts)
        yield from _none_at_all(settings, facts)
        return
    later = isinstance(wanted.get("s3", {}).get("bucket"), Later)
    if later and not _claim_read(settings, facts):
        return
    other = "the claim has no bucket and would get" if later else "the stack file wants"
    replaces = settings.storage.replaces if settings.storage else None
    foreign = foreign_storage(facts.backends, wanted, replaces)
    for backend, block in foreign.items():
        named = {backend: _identity(backend, block)}
        yield contradiction(
            "storage",
            named,
            f"the registry keeps its images in this storage now, and {other} another; images are "
            "not moved by a switch",
            f"if the switch is meant, write `replaces: {flow(named)}` under "
            "openshift-registry:storage; else name this storage there",
            "foreign-storage",
        )


def _dropped(facts: LiveFacts) -> Iterator[Finding]:
    """Giving the fields up would take the storage out of the custom resource."""
    for backend, block in facts.backends.items():
        if OURS in facts.config.owners(("storage", backend)):
            yield contradiction(
                "storage",
                {backend: _identity(backend, block)},
                "this stack has given the registry that storage; without the section it would be "
                "taken out of the custom resource, and the operator would fill in its own default",
                "leave the section in; to hand the claim to another owner see "
                "docs/how-to/refresh-and-hand-over.md",
                "storage-dropped",
            )


def _none_at_all(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Where the operator has no default, it would say "storage backend not configured"."""
    if (
        settings.registry.management_state == "Managed"
        and no_default_storage(facts.platform, settings.cluster.minor)
        and not facts.backends
    ):
        yield contradiction(
            "storage",
            "(none)",
            f"the registry has no storage, and on {facts.platform} the operator has no default",
            "say what the registry keeps its images on in openshift-registry:storage",
            "no-storage",
        )


def _removed(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Guide 2.5: with managed storage, the operator deletes it when the registry is Removed."""
    state = (facts.config.spec.get("storage") or {}).get("managementState")
    if settings.registry.management_state == "Removed" and state == "Managed" and facts.backends:
        yield contradiction(
            "registry.managementState",
            "Removed",
            "the live storage is managed by the operator, which deletes it with all images when "
            "the registry is removed",
            "name the storage in openshift-registry:storage (then it is Unmanaged and stays)",
            "removed-managed",
        )


def _same_place(live: Any, wanted: Any) -> bool:
    """An endpoint that is not known yet is not compared; a bucket that is not, is another."""
    if isinstance(wanted, Later):
        return wanted == ENDPOINT_LATER
    return (live or None) == (wanted or None)


def _url(text: str) -> str:
    """Of Keystone: the version at the end of its URL is the operator's to add."""
    return re.sub(r"(?<=\w)(/v3)?/?$", "", text)


def _claim_read(settings: StackSettings, facts: LiveFacts) -> bool:
    """Else nobody knows whether it has a bucket."""
    claim = getattr(settings.storage, "claim", None)
    return claim is None or claim.name in facts.bucket_claims


WHERE = {
    "s3": ("bucket", "regionEndpoint"),
    "gcs": ("bucket",),
    "azure": ("accountName", "container"),
    "swift": ("container",),
}
"""Fields of a backend of which others may change and the images are still there. Of the region
that holds too: a name is given once in a cloud, and elsewhere any region will do."""

SAID = {"azure": ("cloudName",), "swift": ("authURL", "tenant", "tenantID", "regionName")}
"""Fields that tell one store from another where both sides have them: the operator may know them
from its own keys."""

IDENTITY = {
    "pvc": ("claim",),
    "s3": ("bucket",),
    "gcs": ("bucket",),
    "azure": ("accountName", "container"),
    "swift": ("container",),
    "ibmcos": ("bucket",),
    "oss": ("bucket",),
}
"""Which fields of a backend say where the images are."""


def _identity(backend: str, block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: block[key] for key in IDENTITY.get(backend, ()) if block.get(key)}
