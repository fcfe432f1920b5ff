"""Folders as `ocpreg preview --out` fills them, of plans that a test makes up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet.preview.job import Job, Ran
from fleet.preview.keep import Folder
from fleet.preview.outcome import outcome

REAL = Path(__file__).parent / "previews"
"""What a lab's engine said, kept: six stacks, of which one is refused, one violates a policy, one
has that waived, one switches its storage, one takes its claim away, one has small changes."""
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
SECRET["ciphertext"] = "[secret]"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
BUCKET = "aws:s3/bucket:Bucket"
REGISTRY = "kubernetes:imageregistry.operator.openshift.io/v1:ConfigPatch"


@dataclass
class Plan:
    """One stack's events."""

    stack: str
    environment: str = "production"
    code: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    errors: str = ""
    whole: bool = True

    def urn(self, type: str, name: str) -> str:
        return f"urn:pulumi:{self.stack}::openshift-registry::{type}::{name}"

    def step(
        self,
        op: str,
        type: str,
        name: str,
        old: Mapping[str, Any] | None = None,
        new: Mapping[str, Any] | None = None,
        detailed: Mapping[str, str] | None = None,
        **state: Any,
    ) -> "Plan":
        """`detailed`: path -> kind of difference."""
        diff = {
            path: {"diffKind": kind, "inputDiff": True} for path, kind in (detailed or {}).items()
        }
        metadata = {
            "op": op,
            "urn": self.urn(type, name),
            "type": type,
            "old": None if old is None else {"inputs": old, **state},
            "new": None if new is None else {"inputs": new, **state},
            "detailedDiff": diff or None,
        }
        self.events.append({"resourcePreEvent": {"metadata": metadata, "planning": True}})
        self.changes[op] = self.changes.get(op, 0) + 1
        return self

    def says(self, text: str, severity: str = "warning") -> "Plan":
        event = {"message": f"{text}\n", "severity": severity, "color": "never"}
        self.events.append({"diagnosticEvent": event})
        return self

    def violates(
        self,
        policy: str,
        message: str,
        level: str = "mandatory",
        severity: str = "high",
        exceptions: Sequence[tuple[str, str]] = (),
        resource: str = "cluster",
    ) -> "Plan":
        event: dict[str, Any] = {
            "resourceUrn": self.urn(REGISTRY, resource),
            "message": message,
            "policyName": policy,
            "policyPackName": "openshift-registry",
            "enforcementLevel": level,
            "severity": severity,
        }
        if exceptions:
            event["exceptions"] = [{"id": id, "reason": reason} for id, reason in exceptions]
        self.events.append({"policyEvent": event})
        return self

    @property
    def lines(self) -> str:
        events = [*self.events]
        if self.whole:
            events.append({"summaryEvent": {"resourceChanges": self.changes}})
        return "".join(f"{json.dumps(each)}\n" for each in events)


def keep(folder: Path, *plans: Plan, ended: bool = True) -> Path:
    jobs = [
        Job(each.stack, Path(f"stacks/Pulumi.{each.stack}.yaml"), each.environment, folder)
        for each in plans
    ]
    kept, found = Folder(folder), []
    kept.begin(jobs)
    for job, plan in zip(jobs, plans, strict=True):
        ran = Ran(plan.code, 1.0, "", plan.errors, plan.lines)
        kept.keep(job, ran)
        found.append(outcome(job, ran, 900))
    if ended:
        kept.end(found)
    return folder
