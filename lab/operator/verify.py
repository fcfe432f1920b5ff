"""What is wrong with a configuration whatever the cluster is like, and its defaults."""

import secrets

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import PermanentError

HTTP_SECRET_BYTES = 64


def verify(spec: Object) -> None:
    """pkg/operator/complete.go `verifyResource`. Raises PermanentError VerificationFailed."""
    if spec.get("replicas", 0) < 0:
        _fail("replicas must be greater than or equal to 0")
    taken = {names.DEFAULT_ROUTE}  # also when defaultRoute is off
    for route in spec.get("routes") or []:
        if route["name"] in taken:
            _fail("duplication of names has been detected in the additional routes")
        taken.add(route["name"])


def apply_defaults(spec: Object) -> None:
    """pkg/operator/complete.go `applyDefaults`: a random httpSecret, written into the spec."""
    if not spec.get("httpSecret"):
        spec["httpSecret"] = secrets.token_hex(HTTP_SECRET_BYTES)


def _fail(problem: str) -> None:
    raise PermanentError("VerificationFailed", f"unable to complete resource: {problem}")
