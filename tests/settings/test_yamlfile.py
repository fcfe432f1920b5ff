"""Plain scalars are read as Pulumi's YAML library reads them (gopkg.in/yaml.v3 resolve.go)."""

import math
from typing import Any

import pytest

from settings.yaml_scalars import Date
from settings.yamlfile import PureComposer, Reading, YamlError, compose

SCALARS: dict[str, Any] = {
    # Text for yaml.v3, though not for YAML 1.1.
    "yes": "yes",
    "no": "no",
    "on": "on",
    "Off": "Off",
    "y": "y",
    "1:30": "1:30",
    "tRue": "tRue",
    "=": "=",
    "1e400": "1e400",
    "2024-13-01": "2024-13-01",
    "100Gi": "100Gi",
    # Numbers for yaml.v3, though not for YAML 1.1.
    "1e3": 1000.0,
    "0o14": 12,
    "1.": 1.0,
    # The same for both.
    "true": True,
    "FALSE": False,
    "~": None,
    "": None,
    "Null": None,
    "010": 8,
    "08": 8.0,
    "0x1F": 31,
    "-0b11": -3,
    "1_000": 1000,
    "4.10": 4.1,
    ".5": 0.5,
    "-.inf": -math.inf,
    "18446744073709551615": 2**64 - 1,
    "18446744073709551616": float(2**64),
    "'1'": "1",
    '"true"': "true",
    "!!str 1": "1",
    "!!float 1": 1.0,
    "!!int '1'": 1,
    "2024-01-01": Date("2024-01-01"),
    "2024-1-1 10:20:30": Date("2024-1-1 10:20:30"),
}


@pytest.mark.parametrize("text", SCALARS)
def test_scalar(text: str) -> None:
    value = Reading(compose(f"a: {text}\n")).value["a"]
    assert value == SCALARS[text]
    assert type(value) is type(SCALARS[text])


def test_without_libyaml() -> None:
    text = "".join(f"a{index}: {each}\n" for index, each in enumerate(SCALARS))
    text += "b: [1, {c: &x [d]}]\ne: {<<: {f: g}}\nh: *x\n"
    slow, fast = compose(text, PureComposer), compose(text)
    assert Reading(slow).value == Reading(fast).value
    assert slow is not None and fast is not None
    assert slow.value[-1][0].start_mark.line == fast.value[-1][0].start_mark.line
    for bad in ("a: [", "a: *b", "---\n---\n", "[" * 2000):
        with pytest.raises(YamlError):
            compose(bad, PureComposer)


def test_a_number_without_end() -> None:
    assert Reading(compose("9" * 10_000)).value == "9" * 10_000


def test_not_a_number() -> None:
    assert math.isnan(Reading(compose(".nan")).value)


def test_nothing() -> None:
    assert compose("") is None
    assert Reading(None).value is None
