"""How a cloud's own keys of the stack file reach a provider that is of one subscription."""

import asyncio
import json
from collections.abc import Callable

import pulumi
import pytest
from pulumi_azure_native import Provider

from components.azure.subscription import GIVEN_HERE
from components.provider_keys import keys_of_the_stack

Configured = Callable[..., dict]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Configured:
    """As the engine tells the program."""

    def found(secret: tuple[str, ...] = (), **keys: object) -> dict:
        texts = {
            f"azure-native:{key}": each if isinstance(each, str) else json.dumps(each)
            for key, each in keys.items()
        }
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps({**texts, "aws:profile": "another's"}))
        keys_of_secrets = json.dumps([f"azure-native:{each}" for each in secret])
        monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", keys_of_secrets)
        return keys_of_the_stack("azure-native", Provider, GIVEN_HERE)

    return found


def test_what_the_provider_knows_is_passed_on(configured: Configured) -> None:
    found = configured(tenantId="00001111", useOidc=True, auxiliaryTenantIds=["1"])
    assert found == {"tenant_id": "00001111", "use_oidc": True, "auxiliary_tenant_ids": ["1"]}


def test_a_secret_stays_one(configured: Configured) -> None:
    async def secret() -> bool:
        return await configured(secret=("clientSecret",), clientSecret="s")[
            "client_secret"
        ].is_secret()

    assert asyncio.run(secret())


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"subscriptionId": "1"}, r"azure-native:subscriptionId .*storage.subscriptionID"),
        ({"environment": "public"}, r"azure-native:environment .*storage.environment"),
        ({"tenant": "1"}, r"azure-native:tenant: .* no such configuration"),
    ],
)
def test_what_is_wrong_is_told_with_a_fix(configured: Configured, keys: dict, said: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){said}.*fix: "):
        configured(**keys)
