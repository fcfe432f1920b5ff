"""What the registry keeps its images on: `openshift-registry:storage`.

One class a kind, told apart by `kind`; so there is exactly one backend by type. To add a
kind, add its class here.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator

from settings.claim import ClaimStorage
from settings.refusal import refusal
from settings.types import choose

KINDS = {"claim": ClaimStorage}


def _known_kind(value: Any) -> Any:
    """Without a known kind there is no telling which keys are right, so only that is said."""
    if not isinstance(value, dict):
        return value
    if "kind" not in value:
        raise refusal("required", "is missing", f"write kind: {' or '.join(KINDS)}", ("kind",))
    kind = value["kind"]
    if isinstance(kind, str) and kind not in KINDS:
        raise refusal(
            "kind", "is not a kind of storage that exists here", choose(kind, KINDS), ("kind",)
        )
    return value


Storage = Annotated[ClaimStorage, BeforeValidator(_known_kind)]
