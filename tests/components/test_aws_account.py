"""How the stack's `aws:` keys reach a provider that is of one account."""

import asyncio
import json
from collections.abc import Callable

import pulumi
import pytest
from pulumi_aws import Provider

from components.aws.account import GIVEN_HERE, _not_the_installers
from components.provider_keys import keys_of_the_stack

Configured = Callable[..., dict]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Configured:
    """As the engine tells the program."""

    def found(secret: tuple[str, ...] = (), **keys: object) -> dict:
        texts = {
            f"aws:{key}": each if isinstance(each, str) else json.dumps(each)
            for key, each in keys.items()
        }
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(texts))
        keys_of_secrets = json.dumps([f"aws:{each}" for each in secret])
        monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", keys_of_secrets)
        given = keys_of_the_stack("aws", Provider, GIVEN_HERE)
        _not_the_installers(given.get("default_tags"))
        return given

    return found


def test_what_the_provider_knows_is_passed_on(configured: Configured) -> None:
    roles = [{"roleArn": "arn:aws:iam::111122223333:role/registry"}]
    found = configured(profile="prod", assumeRoles=roles, skipMetadataApiCheck=True)
    assert found == {"profile": "prod", "assume_roles": roles, "skip_metadata_api_check": True}


def test_digits_stay_text(configured: Configured) -> None:
    assert configured(accessKey="123456789012") == {"access_key": "123456789012"}


def test_a_secret_stays_one(configured: Configured) -> None:
    async def secret() -> bool:
        return await configured(secret=("secretKey",), secretKey="s")["secret_key"].is_secret()

    assert asyncio.run(secret())


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"region": "eu-west-1"}, r"aws:region .* openshift-registry:storage.region"),
        ({"allowedAccountIds": ["1"]}, r"aws:allowedAccountIds .* openshift-registry:storage.acc"),
        ({"profil": "prod"}, r"aws:profil: .* no such configuration"),
        (
            {"defaultTags": {"tags": {"kubernetes.io/cluster/prod-1-x7k2p": "owned"}}},
            r"aws:defaultTags .*openshift-install destroy",
        ),
    ],
)
def test_what_is_wrong_is_told_with_a_fix(configured: Configured, keys: dict, said: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){said}.*fix: "):
        configured(**keys)
