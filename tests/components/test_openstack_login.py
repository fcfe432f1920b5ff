"""How the stack's `openstack:` keys reach a provider, and whom it trusts."""

import asyncio
import json
import ssl
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from components.openstack.login import AS_THEY_ARE, GIVEN_HERE, Provider, _trust
from components.provider_keys import keys_of_the_stack
from tests.certificates import ROOT

Configured = Callable[..., dict]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Configured:
    """As the engine tells the program."""

    def found(secret: tuple[str, ...] = (), **keys: object) -> dict:
        texts = {
            f"openstack:{key}": each if isinstance(each, str) else json.dumps(each)
            for key, each in keys.items()
        }
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(texts))
        keys_of_secrets = json.dumps([f"openstack:{each}" for each in secret])
        monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", keys_of_secrets)
        return keys_of_the_stack("openstack", Provider, GIVEN_HERE, AS_THEY_ARE)

    return found


def test_what_the_provider_knows_is_passed_on(configured: Configured) -> None:
    found = configured(cloud="prod", insecure=False, endpointOverrides={"identity": "x"})
    assert found == {"cloud": "prod", "insecure": False, "endpoint_overrides": {"identity": "x"}}


def test_a_password_is_text_whatever_it_looks_like(configured: Configured) -> None:
    assert configured(password="true") == {"password": "true"}


def test_a_secret_stays_one(configured: Configured) -> None:
    async def secret() -> bool:
        given = configured(secret=("applicationCredentialSecret",), applicationCredentialSecret="s")
        return await given["application_credential_secret"].is_secret()

    assert asyncio.run(secret())


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"region": "RegionOne"}, r"openstack:region .* openshift-registry:storage.regionName"),
        ({"authUrl": "https://x"}, r"openstack:authUrl .* openshift-registry:storage.authURL"),
        ({"clod": "prod"}, r"openstack:clod: .* no such configuration"),
    ],
)
def test_what_is_wrong_is_told_with_a_fix(configured: Configured, keys: dict, said: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){said}.*fix: "):
        configured(**keys)


def test_it_trusts_a_given_ca_instead_of_the_systems(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(ROOT.pem)
    for given in (str(file), ROOT.pem):
        assert len(_trust(given, False).get_ca_certs()) == 1
    assert _trust(None, False).verify_mode == ssl.CERT_REQUIRED
    assert _trust(None, True).verify_mode == ssl.CERT_NONE
    with pytest.raises(pulumi.RunError, match=r"OS_CACERT .*no certificate of a CA(?s:.*)fix: "):
        _trust(str(tmp_path / "missing.pem"), False)
    with pytest.raises(pulumi.RunError, match=r"OS_CACERT .*no certificate of a CA(?s:.*)fix: "):
        _trust("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----", False)
    # A path may not be as long; a certificate may be without a slash.
    assert _trust("\n".join(["-" * 300, ROOT.pem]), False).get_ca_certs()
