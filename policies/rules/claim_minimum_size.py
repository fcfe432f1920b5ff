from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CLAIM, at, guide, is_registry_claim
from ._quantity import quantity

GIB = 1024**3


@resource_rule(
    title="The registry's claims are large enough",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=guide("3.6.3.1"),
    types=(CLAIM,),
    why=(
        "The guide asks for 100Gi. A full volume fails pushes and the builds behind them, and "
        "pruning needs room to work."
    ),
    source="registry guide 3.5.1 and 3.6.3.1",
    remedy="Request at least as many GiB as the minimumGiB setting says.",
    settings={
        "minimumGiB": {
            "type": "number",
            "minimum": 0,
            "default": 100,
            "description": "The smallest request that is accepted, in GiB",
        }
    },
)
def claim_minimum_size(claim: Resource, settings: Settings) -> Iterator[str]:
    if not is_registry_claim(claim):
        return
    size = quantity(at(claim.props, "spec", "resources", "requests", "storage"))
    if size is None:
        yield "spec.resources.requests.storage is missing or not a quantity"
    elif size < settings["minimumGiB"] * GIB:
        yield "spec.resources.requests.storage is smaller than the agreed minimum"
