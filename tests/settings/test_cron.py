"""Schedules as Kubernetes reads them. tests/lab/test_dry_run_pruning.py holds them against it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from settings.cron import Schedule
from tests.settings.strategies_pruning import SCHEDULES

READER = TypeAdapter(Schedule)


def rule(schedule: str) -> str | None:
    """The rule that refuses it, None if it is taken."""
    try:
        assert READER.validate_python(schedule) == schedule
    except ValidationError as error:
        (only,) = error.errors()
        return only["type"]
    return None


@pytest.mark.parametrize(
    "schedule",
    [
        *("0 0 * * *", "*/5 * * * *", "0 2 * * sun", "0 2 * * SUN-sat", "0 0 1 JAN ?"),
        *("0-59/15 8-17 * * mon-fri", "5/10 * * * *", "0,30 0,12 1,15 * *", "00 05 * * *"),
        *("  0\t0  * * * ", "0\n0 * * *", "1,,2 * * * *", "*-9 * * * *", "+5 * * * *"),
        *("0 0 29 feb *", "0 0 30 1-2 *", "0 0 31 2 mon", "0 0 1 * ,"),
        *("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"),
        *("@every 1h30m", "@every 60s", "@every 1.5m", "@every +2h", "@every 2562047h47m"),
    ],
)
def test_taken(schedule: str) -> None:
    assert rule(schedule) is None


@pytest.mark.parametrize(
    "schedule",
    [
        *("0 0 * * 7", "0 0 * 0 *", "0 0 32 * *", "0 24 * * *", "60 * * * *", "0 0 * 13 *"),
        *("0 0 * sun *", "0 0 * * jan", "mon 0 * * *", "0 0 * * monday", "0 0 L * *"),
        *("*/-5 * * * *", "*/x * * * *", "-1 * * * *", "1- * * * *", "*/ * * * *", "1_0 * * * *"),
        *("\u0665 * * * *", "99999999999999999999 * * * *", "*/99999999999999999999 * * * *"),
        *("@Daily", " @daily", "@every", "@every ", "@every 1d", "@every  1h", "@every -+1h"),
        *("@every 2562048h", "every 1h", "* * * *", "x", " ", "0\u200b0 * * * *"),
        *("TZ=UTC", "CRON_TZ=UTC 0 0 * * *", "0 0 * * TZ"),
    ],
)
def test_refused_as_kubernetes_does(schedule: str) -> None:
    assert rule(schedule) == "cronjob:schedule"


@pytest.mark.parametrize(
    "schedule",
    [
        *("0 0 30 2 *", "0 0 31 apr,jun ?", "0 0 31 2 *", ", * * * *", "* * * , *"),
        *("@every 0", "@every 59.9s", "@every -1h", "@every 1ns"),
    ],
)
def test_refused_since_it_never_or_always_runs(schedule: str) -> None:
    assert rule(schedule) == "pruner:schedule"


def test_a_weekday_is_another_chance_for_a_day_that_never_comes() -> None:
    """Day and weekday given, either will do; with a star both are asked for."""
    assert rule("0 0 31 2 mon") is None
    assert rule("0 0 31 2 */2") is None
    assert rule("0 0 31 2 *,mon") == "pruner:schedule"


@settings(max_examples=300, deadline=None)
@given(st.one_of(SCHEDULES, st.text(max_size=12)))
def test_anything_is_taken_or_refused(schedule: str) -> None:
    assert rule(schedule) in (None, "empty", "cronjob:schedule", "pruner:schedule")
