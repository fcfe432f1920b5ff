"""What a rule says of itself."""

from dataclasses import dataclass

KUBERNETES = "kubernetes pkg/apis/core/validation/validation.go"
OPERATOR = "cluster-image-registry-operator"


@dataclass(frozen=True)
class Rule:
    """What it refuses, why, and where that comes from.

    `ours` is set if it refuses some custom resource that the API server takes; the others
    only say earlier what the API server, or Pulumi, would say.
    """

    refuses: str
    why: str
    ours: bool = True
    warning: bool = False
