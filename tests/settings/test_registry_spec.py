"""What becomes of a registry section: the operator's fields, and what the storage demands."""

import json
from typing import Any

import pytest

from settings import StackSettings, validate
from settings.operator_spec import operator_spec
from settings.secret import Secret
from tests.settings.cases import GOOD, changed


def settings_of(changes: dict[str, Any]) -> StackSettings:
    return validate(changed(changes), stack="prod-1")


def test_only_what_was_set() -> None:
    assert settings_of({}).registry.spec() == {"managementState": "Managed"}
    registry = {
        "managementState": "Removed",
        "replicas": 1,
        "readOnly": False,
        "disableRedirect": True,
        "operatorLogLevel": "Trace",
        "requests": {"read": {"maxRunning": 5, "maxWaitInQueue": "30s"}, "write": {}},
        "resources": {"limits": {"cpu": 2}, "requests": {"memory": "256Mi"}},
        "nodeSelector": {"node-role.kubernetes.io/infra": ""},
        "tolerations": [{"key": "infra", "operator": "Exists"}],
        "affinity": {},
        "topologySpreadConstraints": [],
        "proxy": {"noProxy": ".svc,.cluster.local"},
    }
    spec = settings_of({"registry": registry}).registry.spec()
    assert spec == registry
    assert json.loads(json.dumps(spec)) == registry


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"logging": 0}, {"logLevel": "Normal"}),
        ({"logging": 2}, {"logLevel": "Normal"}),
        ({"logging": 3}, {"logLevel": "Normal"}),
        ({"logging": 4}, {"logLevel": "Debug"}),
        ({"logging": -1}, {"logLevel": "Debug"}),
        ({"logging": 1}, {"logging": 1}),
        ({"logging": 2, "logLevel": "Normal"}, {"logLevel": "Normal"}),
        ({"logging": 4, "logLevel": "Normal"}, {"logLevel": "Debug"}),
        ({"logging": 2, "logLevel": "Debug"}, {"logLevel": "Debug"}),
        ({"logging": 0, "logLevel": "TraceAll"}, {"logLevel": "TraceAll"}),
    ],
)
def test_logging_is_said_as_log_level(given: dict[str, Any], written: dict[str, Any]) -> None:
    """C19: as the operator's generateLogLevel would read both."""
    settings = settings_of({"registry": given})
    assert settings.registry.spec() == {"managementState": "Managed", **written}
    assert [each.rule for each in settings.warnings] == ["deprecated:logging"]


def test_logging_is_all_there_was_before_log_levels() -> None:
    settings = settings_of({"registry": {"logging": 4}, "cluster.version": "4.5"})
    assert operator_spec(settings, None, {})["logging"] == 4
    assert settings.warnings == ()


def test_secrets_stay_wrapped() -> None:
    config = changed({"registry.httpSecret": "0123", "registry.proxy": {"http": "http://u:p@h"}})
    spec = validate(config, stack="prod-1", encrypted={"registry"}).registry.spec()
    assert isinstance(spec["httpSecret"], Secret)
    assert spec["httpSecret"].reveal() == "0123"
    assert spec["proxy"]["http"].reveal() == "http://u:p@h"


@pytest.mark.parametrize(
    ("modes", "registry", "replicas", "strategy"),
    [
        (["ReadWriteOnce"], {}, 1, "Recreate"),
        (["ReadWriteOnce"], {"replicas": 0}, 0, "Recreate"),
        (["ReadWriteOnce"], {"rolloutStrategy": "Recreate"}, 1, "Recreate"),
        (["ReadWriteOnce", "ReadWriteMany"], {"replicas": 3}, 3, None),
        (
            ["ReadWriteMany"],
            {"replicas": 2, "rolloutStrategy": "RollingUpdate"},
            2,
            "RollingUpdate",
        ),
    ],
)
def test_effective(
    modes: list[str], registry: dict[str, Any], replicas: int, strategy: str | None
) -> None:
    settings = settings_of(
        {
            "storage.claim.create.accessModes": modes,
            "storage.storageClass": {"use": {"name": "standard"}},
            "registry": registry,
        }
    )
    assert settings.effective_replicas == replicas
    assert settings.effective_rollout_strategy == strategy
    assert settings.storage is not None
    assert settings.storage.access_modes == tuple(modes)


def test_used_claim_without_modes_demands_nothing_yet() -> None:
    storage = {"kind": "claim", "claim": {"use": {"name": "registry"}}}
    settings = settings_of({"storage": storage, "registry.replicas": 2})
    assert settings.storage is not None
    assert settings.storage.access_modes is None
    assert settings.storage.storage_class is None
    assert settings.storage.demands == {}
    assert settings.effective_replicas == 2


def test_preset() -> None:
    """Guide 3.5.1: everything but the zone comes from the preset, and can be said otherwise."""
    settings = settings_of({"storage": {"kind": "claim", "preset": "cinder"}})
    storage = settings.storage
    assert storage is not None
    assert (storage.storage_class.mode, storage.storage_class.name) == (
        "create",
        "custom-csi-storageclass",
    )
    assert storage.storage_class.provisioner == "cinder.csi.openstack.org"
    assert storage.storage_class.parameters == {}
    assert storage.storage_class.volume_binding_mode == "WaitForFirstConsumer"
    assert storage.storage_class.allow_volume_expansion is True
    assert storage.storage_class.reclaim_policy == "Retain"
    assert (storage.claim.mode, storage.claim.name) == ("create", "csi-pvc-imageregistry")
    assert (storage.claim.size, storage.claim.volume_mode) == ("100Gi", "Filesystem")
    assert storage.backend == {"pvc": {"claim": "csi-pvc-imageregistry"}}
    assert storage.demands == {"replicas": 1, "rolloutStrategy": "Recreate"}

    own = {
        "kind": "claim",
        "preset": "cinder",
        "storageClass": {"create": {"availability": "nova", "parameters": {"type": "ssd"}}},
        "claim": {"adopt": {"size": "10Gi"}},
        "replaces": {"pvc": {"claim": "image-registry-storage"}},
    }
    storage = settings_of({"storage": own}).storage
    assert storage is not None
    assert storage.storage_class.parameters == {"type": "ssd", "availability": "nova"}
    assert (storage.claim.mode, storage.claim.size) == ("adopt", "10Gi")
    assert storage.claim.access_modes == ["ReadWriteOnce"]
    assert storage.replaces == {"pvc": {"claim": "image-registry-storage"}}


def test_preset_with_a_used_claim_makes_no_class() -> None:
    storage = {"kind": "claim", "preset": "cinder", "claim": {"use": {"name": "registry"}}}
    settings = settings_of({"storage": storage, "registry.replicas": 1})
    assert settings.storage is not None
    assert settings.storage.storage_class is None


def test_settings_are_frozen() -> None:
    settings = validate(GOOD, stack="prod-1")
    with pytest.raises(ValueError, match="frozen"):
        settings.cluster.name = "other"
