"""Each resource read once for all policies; CrossGuard's SDK does so anew for each of them.

`pulumi_policy` 1.x converts all properties of all resources for every single policy
(`_PolicyAnalyzerServicer.Analyze` and `AnalyzeStack`). For this pack that was nearly all of the
time a run waits for it. What comes of it is only read, so the policies can share it.
"""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pulumi_policy.policy as sdk

_asked = threading.local()
"""While the engine is answered, `kept`: by what was converted, that itself and what came of it."""


def read_once() -> None:
    """To be called before the pack is served. Remediation, which writes, is left as it is."""
    servicer = sdk._PolicyAnalyzerServicer
    servicer.Analyze = _answering(servicer.Analyze)
    servicer.AnalyzeStack = _answering(servicer.AnalyzeStack)
    sdk.json_format = SimpleNamespace(MessageToDict=_once(sdk.json_format.MessageToDict))
    sdk.deserialize_properties = _once(sdk.deserialize_properties)
    sdk.unknown_checking_proxy = _once(sdk.unknown_checking_proxy)


def _answering(answer: Callable[..., Any]) -> Callable[..., Any]:
    def answered(servicer: Any, request: Any, context: Any) -> Any:
        _asked.kept = {}
        try:
            return answer(servicer, request, context)
        finally:
            del _asked.kept

    return answered


def _once(convert: Callable[..., Any]) -> Callable[..., Any]:
    def converted(given: Any, *more: Any) -> Any:
        kept = getattr(_asked, "kept", None)
        if kept is None:
            return convert(given, *more)
        # Held as long as what came of it: nothing else gets its id meanwhile.
        key = (convert, id(given), *more)
        if key not in kept:
            kept[key] = (given, convert(given, *more))
        return kept[key][1]

    return converted
