"""What is kept of live objects, and what is not."""

import base64
from typing import Any

from cluster import facts

CANARY = "canary-8c1f"


def live(**more: Any) -> dict[str, Any]:
    return {"metadata": {"name": "a", "labels": {"team": "one"}}, **more}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_of_a_secret_what_everybody_is_shown() -> None:
    keys = {"tls.crt": "leaf", "tls.key": CANARY, "tls.cacrt": "root", "ca.crt": CANARY}
    data = {key: encoded(text) for key, text in keys.items()}
    found = facts.secret(live(type="kubernetes.io/tls", data=data))
    assert (found.certificates, found.authorities) == ("leaf", "root")
    assert found.keys == tuple(keys)
    assert CANARY not in repr(found) and encoded(CANARY) not in repr(found)


def test_of_a_secret_without_certificates() -> None:
    found = facts.secret(live())
    assert (found.certificates, found.authorities, found.keys) == (None, None, ())


def test_what_can_not_be_changed() -> None:
    for read in (facts.secret, facts.config_map):
        assert read(live(immutable=True)).immutable
        assert not read(live(immutable=False)).immutable
        assert not read(live()).immutable
