"""Generated `pruning` sections, mostly right."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings.strategies import Strategy, Values, mutated, some

_NUMBERS = [
    *("*", "*", "*", "?", "0", "1", "5", "6", "12", "1-5", "*/5", "1-5/2", "1,3", "5/10"),
    *("mon", "feb-4", "sun-SAT", "+3", "00", "1,,2", "*-9", "*,1"),
]
_ODD = [
    *("7", "13", "24", "31", "60", "5-1", "*/0", "L", "#2", "1-2-3", "1/2/3", "", "-1", ","),
    *("*/-5", "*/x", "1-", "\u0665", "99999999999999999999", "monday", "TZ"),
]
_DESCRIPTORS = ["@daily", "@hourly", "@weekly", "@every 1h30m", "@every 60s"]
_ODD_DESCRIPTORS = [
    *("@reboot", "@Daily", " @daily", "@every", "@every 1d", "@every 5s", "@every -1h"),
    *("CRON_TZ=UTC 0 0 * * *", "TZ=UTC 0 0 * * *", "", "0 0 30 2 *"),
]


def _fields(wild: bool) -> Strategy:
    one = st.sampled_from([*_NUMBERS * 3, *_ODD] if wild else ["*", "?", "1", "1-5", "*/5", "1,3"])
    counts = st.sampled_from([5] * 12 + ([4, 6] if wild else []))
    spaces = st.sampled_from([" "] * 9 + (["  ", "\t", "\n", "\u00a0"] if wild else []))
    return counts.flatmap(
        lambda count: st.tuples(spaces, st.lists(one, min_size=count, max_size=count)).map(
            lambda drawn: drawn[0].join(drawn[1])
        )
    )


SCHEDULES = st.one_of(_fields(wild=True), st.sampled_from(_DESCRIPTORS + _ODD_DESCRIPTORS))
"""Right ones and wrong ones."""


def _pruning(wild: bool) -> Strategy:
    values = Values(wild)
    right = st.one_of(_fields(wild=False), st.sampled_from(_DESCRIPTORS))
    jobs = values.pool([0, 1, 3, 2**31 - 1], [-1, 2**31, -(2**31), 2**63])
    return some(
        schedule=values.pool_of(right, SCHEDULES),
        suspend=st.booleans(),
        keepTagRevisions=values.pool([0, 3, 2**63 - 1], [-1, 2**63]),
        keepYoungerThanDuration=values.duration,
        keepYoungerThan=values.pool([0, 3_600_000_000_000, 2**63 - 1], [-1, 2**63, "60m"]),
        resources=values.resources(),
        affinity=values.affinity(),
        nodeSelector=st.dictionaries(values.label_key, values.label_value, max_size=2),
        tolerations=values.tolerations(),
        successfulJobsHistoryLimit=jobs,
        failedJobsHistoryLimit=jobs,
        ignoreInvalidImageReferences=st.booleans(),
        logLevel=values.pool(["Normal", "Debug", "Trace", "TraceAll"], ["", "info"]),
    )


_RIGHT, _WILD = _pruning(wild=False), _pruning(wild=True)


@st.composite
def right_pruning(draw: st.DrawFn) -> dict[str, Any]:
    """What should be accepted, the version gate aside."""
    return copy.deepcopy(draw(_RIGHT))


@st.composite
def _wild(draw: st.DrawFn) -> dict[str, Any]:
    return copy.deepcopy(draw(_WILD))


def pruning_sections() -> Strategy:
    """`openshift-registry:pruning`."""
    return st.one_of(right_pruning(), right_pruning(), _wild(), mutated(right_pruning))
