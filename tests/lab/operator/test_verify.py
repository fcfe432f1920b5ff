"""What is wrong wherever the cluster runs."""

import pytest

from lab.operator.errors import PermanentError
from lab.operator.verify import apply_defaults, verify


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"replicas": -1}, "replicas must be greater than or equal to 0"),
        ({"routes": [{"name": "a"}, {"name": "a"}]}, "duplication of names"),
        ({"routes": [{"name": "default-route"}]}, "duplication of names"),
    ],
)
def test_refused_for_good(spec: dict, problem: str) -> None:
    with pytest.raises(PermanentError, match=problem) as caught:
        verify(spec)
    assert caught.value.reason == "VerificationFailed"
    assert str(caught.value).startswith("unable to complete resource: ")


def test_none_of_it_in_a_sound_spec() -> None:
    verify({"replicas": 0, "routes": [{"name": "a"}, {"name": "b"}], "defaultRoute": True})


def test_the_http_secret_is_64_random_bytes_and_the_users_is_kept() -> None:
    one, two = {}, {"httpSecret": ""}
    apply_defaults(one)
    apply_defaults(two)
    assert len(bytes.fromhex(one["httpSecret"])) == 64
    assert one["httpSecret"] != two["httpSecret"]
    given = {"httpSecret": "mine"}
    apply_defaults(given)
    assert given == {"httpSecret": "mine"}
