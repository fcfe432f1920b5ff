"""What the registry's container asks for, as in Kubernetes core/v1."""

from fractions import Fraction
from typing import ClassVar, Self

from pydantic import model_validator

from settings.form import Form, Maybe, entry
from settings.labels import KEY
from settings.problems import Path
from settings.quantities import Quantity, quantity
from settings.refusal import refusal
from settings.types import INT64

RULE = "deployment:resources"
COUNT = "pod:count"

NATIVE = ("cpu", "memory", "ephemeral-storage")
HUGE_PAGES = "hugepages-"


class Resources(Form):
    """Replaces the operator's default requests: cpu 100m, memory 256Mi.

    Checked as the Deployment would be (kubernetes pkg/apis/core/validation,
    validateResourceRequirements).
    """

    not_settable: ClassVar[dict[str, str]] = {
        "claims": "refers to resource claims of the pod, and the registry's pod has none"
    }

    limits: Maybe[dict[str, Quantity]] = entry("At most.", example={"memory": "1Gi"})
    requests: Maybe[dict[str, Quantity]] = entry("At least.", example={"cpu": "100m"})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        limits, requests = _values(self.limits), _values(self.requests)
        for part, amounts in (("limits", limits), ("requests", requests)):
            for name, amount in amounts.items():
                _check(name, amount, (part, name))
        for name, amount in requests.items():
            limit = limits.get(name)
            if not _overcommit(name) and amount != limit:
                raise refusal(
                    RULE, "must have a limit that is the same", "set both", ("requests", name)
                )
            if limit is not None and amount > limit:
                raise refusal(
                    RULE, "is more than its limit", "lower it, or raise it", ("requests", name)
                )
        names = {*limits, *requests}
        if any(each.startswith(HUGE_PAGES) for each in names) and not names & {"cpu", "memory"}:
            raise refusal(RULE, "has huge pages without cpu or memory", "add cpu or memory")
        return self


def _values(amounts: dict[str, str | int] | None) -> dict[str, Fraction]:
    # The type has refused what is not a quantity.
    return {name: quantity(amount) or Fraction(0) for name, amount in (amounts or {}).items()}


def _check(name: str, amount: Fraction, at: Path) -> None:
    if not _known(name):
        raise refusal(
            RULE,
            "is not a resource that a container can ask for",
            f"write {', '.join(NATIVE)}, hugepages-SIZE, or an extended one, e.g. example.com/gpu",
            at,
        )
    if amount < 0:
        raise refusal(RULE, "is negative", "write 0 or more", at)
    if _extended(name) and amount.denominator != 1:
        raise refusal(RULE, "can't be counted", "write a whole number of them", at)
    if _extended(name) and amount * 1000 > INT64:
        raise refusal(COUNT, "is more than can be counted", "lower it", at)
    if name.startswith(HUGE_PAGES):
        page = quantity(name.removeprefix(HUGE_PAGES))
        if not page or page < 0 or page.denominator != 1 or -(-amount // 1) % page:
            raise refusal(RULE, "is not a multiple of the page size", "write a multiple", at)


def _known(name: str) -> bool:
    if not KEY.accepts(name):
        return False
    if "/" not in name:
        return name in NATIVE or name.startswith(HUGE_PAGES)
    return "kubernetes.io/" in name or _extended(name)


def _extended(name: str) -> bool:
    if "/" not in name or "kubernetes.io/" in name or name.startswith("requests."):
        return False
    # A quota names it with this prefix, which must fit too.
    return KEY.accepts(f"requests.{name}")


def _overcommit(name: str) -> bool:
    native = "/" not in name or "kubernetes.io/" in name
    return native and not name.startswith(HUGE_PAGES)
