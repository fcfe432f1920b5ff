"""Does the live trust agree with what the stack file says of it?"""

from collections.abc import Iterator

from settings import StackSettings
from settings.certificates import PemError, certificates
from settings.contradiction import contradiction, flow
from settings.facts import ConfigMapFacts, LiveFacts
from settings.names import OURS
from settings.presence import presence
from settings.problems import Finding, quoted
from settings.trust import MapSettings, host_fault, keys_text
from settings.trust_checks import AT, doubts

INJECTED = "config.openshift.io/inject-trusted-cabundle"
IMAGE = "images.config.openshift.io/cluster"


def trust(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """The map is there or not as its mode says, and is nobody else's."""
    if settings.trust is None:
        return
    wanted, cluster = settings.trust.additional_trusted_ca, settings.cluster.name
    yield from presence((*AT, wanted.mode, "name"), wanted, facts.config_maps, cluster)
    yield from _foreign(wanted, facts)
    live = facts.config_maps.get(wanted.name)
    if live is None:
        return
    mine = live.made_for(cluster)
    if wanted.mode == "use":
        yield from _unusable(wanted, live)
    elif live.immutable and (mine or wanted.mode == "adopt") and live.data != wanted.certificates:
        yield from _immutable(wanted)
    elif live.labels.get(INJECTED) == "true":
        yield from _injected(wanted)
    elif wanted.mode == "adopt" and not mine:
        yield from _lost(wanted, live)


def _contradiction(wanted: MapSettings, message: str, fix: str, rule: str) -> Finding:
    path = ".".join((*AT, wanted.mode, "name"))
    return contradiction(path, wanted.name, message, fix, rule)


def _foreign(wanted: MapSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Another map is trusted now, and this stack has not set it."""
    name = (facts.image.spec.get("additionalTrustedCA") or {}).get("name")
    owners = facts.image.owners(("additionalTrustedCA", "name"))
    if name in (None, "", wanted.name) or OURS in owners:
        return
    managers = ", ".join(sorted({manager for manager, _ in owners})) or "nobody that is on record"
    shown = flow(name)
    yield _contradiction(
        wanted,
        f"{IMAGE} refers to the map {shown} now, set by {managers}; its CAs would not be trusted "
        "any more",
        f"write `adopt: {{name: {shown}, certificates: ...}}` with all it has to take it over, or "
        f"`use: {{name: {shown}}}` to leave it to its owner; if it is a mistake, set the "
        "reference back by hand",
        "trust-foreign",
    )


def _immutable(wanted: MapSettings) -> Iterator[Finding]:
    yield _contradiction(
        wanted,
        "the live map is immutable and has other data: the API server would take no change of it",
        "write `use` to leave it as it is, or `create` with another name",
        "immutable",
    )


def _injected(wanted: MapSettings) -> Iterator[Finding]:
    yield _contradiction(
        wanted,
        f"the live map has the label {INJECTED}: the cluster network operator fills it and writes "
        "over everything else",
        "write another name",
        "trust-injected",
    )


def _lost(wanted: MapSettings, live: ConfigMapFacts) -> Iterator[Finding]:
    lost = [key for key in live.data if key not in wanted.certificates]
    if lost:
        yield _contradiction(
            wanted,
            f"the live map has keys that the stack file does not name, and their CAs would not be "
            f"trusted any more: {keys_text(lost)}",
            "name them under `certificates` too, or take them out of the map first",
            "trust-lost",
        )


def _unusable(wanted: MapSettings, live: ConfigMapFacts) -> Iterator[Finding]:
    """What offline checks say of an owned map, said of one that is only used."""
    for key, text in live.data.items():
        fault = host_fault(key)
        if fault is not None:
            yield _contradiction(
                wanted,
                f"the live map has the key {quoted(key)}, which {fault.message}",
                f"correct the map: {fault.fix}",
                "trust-used",
            )
        try:
            found = certificates(text)
        except PemError as error:
            yield _contradiction(
                wanted,
                f"the live map's {quoted(key)} {error.message}",
                f"correct the map: {error.fix}",
                "trust-used",
            )
            continue
        for doubt in doubts(found):
            message = f"the live map's {quoted(key)} {doubt.message}"
            warning = _contradiction(wanted, message, f"in the map, {doubt.fix}", "trust-doubt")
            yield warning._replace(severity="warning")
