"""The registry's Deployment, with a claim on OpenStack unless told otherwise."""

import pytest

from lab.operator.judge import judge
from tests.lab.operator.objects import claim, config_map

SERVER = "image-registry.openshift-image-registry.svc:5000"


@pytest.fixture
def deploy(make_config, make_world):
    def deploy(platform: str = "OpenStack", parts: dict | None = None, **spec):
        world = make_world(platform, claims=[claim("images", "ReadWriteMany")], **(parts or {}))
        spec = {"storage": {"pvc": {"claim": "images"}}, "httpSecret": "h", **spec}
        verdict = judge(make_config(**spec), world)
        assert verdict.error is None, verdict.error
        return next(each for each in verdict.objects if each["kind"] == "Deployment")

    return deploy


def environment(deployment) -> dict[str, str]:
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    return {each["name"]: each["value"] for each in container["env"]}


def test_the_environment_is_the_one_seen_of_the_real_operator(deploy) -> None:
    assert environment(deploy()) == {
        "REGISTRY_STORAGE": "filesystem",
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": "/registry",
        "REGISTRY_HTTP_ADDR": ":5000",
        "REGISTRY_HTTP_NET": "tcp",
        "REGISTRY_HTTP_SECRET": "h",
        "REGISTRY_LOG_LEVEL": "info",
        "REGISTRY_OPENSHIFT_QUOTA_ENABLED": "true",
        "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR": "inmemory",
        "REGISTRY_STORAGE_DELETE_ENABLED": "true",
        "REGISTRY_HEALTH_STORAGEDRIVER_ENABLED": "true",
        "REGISTRY_HEALTH_STORAGEDRIVER_INTERVAL": "10s",
        "REGISTRY_HEALTH_STORAGEDRIVER_THRESHOLD": "1",
        "REGISTRY_OPENSHIFT_METRICS_ENABLED": "true",
        "REGISTRY_OPENSHIFT_SERVER_ADDR": SERVER,
        "REGISTRY_HTTP_TLS_CERTIFICATE": "/etc/secrets/tls.crt",
        "REGISTRY_HTTP_TLS_KEY": "/etc/secrets/tls.key",
    }


def test_the_claim_is_mounted_and_readable_for_the_namespaces_group(deploy) -> None:
    pod = deploy()["spec"]["template"]["spec"]
    storage = {"name": "registry-storage", "persistentVolumeClaim": {"claimName": "images"}}
    assert storage in pod["volumes"]
    assert {"name": "registry-storage", "mountPath": "/registry"} in pod["containers"][0][
        "volumeMounts"
    ]
    assert pod["securityContext"]["fsGroup"] == 1000280000


def test_a_namespace_without_groups_stops_the_deployment(make_config, make_world) -> None:
    world = make_world(namespace={"metadata": {"name": "openshift-image-registry"}})
    verdict = judge(make_config(storage={"emptyDir": {}}), world)
    assert "doesn't have annotation openshift.io/sa.scc.supplemental-groups" in str(verdict.error)


@pytest.mark.parametrize(
    ("replicas", "strategy", "expected"),
    [
        (1, "Recreate", {"type": "Recreate"}),
        (2, "", {"maxUnavailable": 1, "maxSurge": 1}),
        (1, "RollingUpdate", {"maxUnavailable": 0, "maxSurge": "25%"}),
        (4, "RollingUpdate", {"maxUnavailable": 3, "maxSurge": "25%"}),
    ],
)
def test_rollout(deploy, replicas, strategy, expected) -> None:
    spec = deploy(replicas=replicas, rolloutStrategy=strategy)["spec"]
    assert spec["replicas"] == replicas
    if strategy != "Recreate":
        expected = {"type": "RollingUpdate", "rollingUpdate": expected}
    assert spec["strategy"] == expected


@pytest.mark.parametrize(
    ("spec", "level"),
    [
        ({}, "info"),
        ({"logLevel": "Debug"}, "debug"),
        ({"logLevel": "TraceAll", "logging": 1}, "debug"),
        ({"logLevel": "Normal", "logging": 1}, "warn"),
        ({"logging": 3}, "info"),
        ({"logging": 4}, "debug"),
    ],
)
def test_log_level(deploy, spec, level) -> None:
    assert environment(deploy(**spec))["REGISTRY_LOG_LEVEL"] == level


def test_each_proxy_variable_falls_back_for_itself(deploy) -> None:
    cluster = {
        "status": {"httpProxy": "http://p0:1", "httpsProxy": "http://p0:1", "noProxy": ".svc"},
        "spec": {"noProxy": "only-status-counts"},
    }
    values = environment(deploy(parts={"proxy": cluster}, proxy={"https": "http://own:2"}))
    assert values["HTTP_PROXY"] == "http://p0:1"
    assert values["HTTPS_PROXY"] == "http://own:2"
    assert values["NO_PROXY"] == ".svc"
    assert "HTTP_PROXY" not in environment(deploy())


def test_request_limits_show_only_when_set(deploy, make_config, make_world) -> None:
    requests = {"read": {"maxRunning": 10, "maxInQueue": 0, "maxWaitInQueue": "30s"}, "write": {}}
    values = environment(deploy(requests=requests))
    prefix = "REGISTRY_OPENSHIFT_REQUESTS_"
    assert {name.removeprefix(prefix): values[name] for name in values if prefix in name} == {
        "READ_MAXRUNNING": "10",
        "READ_MAXINQUEUE": "0",
        "READ_MAXWAITINQUEUE": "30s",
    }
    negative = {"write": {"maxInQueue": -1}}
    verdict = judge(make_config(storage={"emptyDir": {}}, requests=negative), make_world())
    assert "Requests.Write.MaxInQueue must be positive number" in str(verdict.error)
    assert not hasattr(verdict.error, "reason")


def test_read_only_and_redirect(deploy) -> None:
    values = environment(deploy(readOnly=True, disableRedirect=True))
    assert values["REGISTRY_STORAGE_MAINTENANCE_READONLY"] == "{enabled: true}"
    assert values["REGISTRY_STORAGE_REDIRECT_DISABLE"] == "true"


def spread_keys(deployment) -> list[str]:
    pod = deployment["spec"]["template"]["spec"]
    return [each["topologyKey"] for each in pod.get("topologySpreadConstraints", [])]


def test_pods_are_spread_over_zones_only_where_there_are_some(deploy) -> None:
    two = ["kubernetes.io/hostname", "node-role.kubernetes.io/worker"]
    assert spread_keys(deploy("VSphere")) == two
    assert spread_keys(deploy("OpenStack")) == [*two, "topology.kubernetes.io/zone"]


def test_a_node_selector_drops_the_spread_and_own_constraints_replace_it(deploy) -> None:
    selected = deploy(nodeSelector={"role": "infra"})
    assert spread_keys(selected) == []
    assert selected["spec"]["template"]["spec"]["nodeSelector"] == {
        "kubernetes.io/os": "linux",
        "role": "infra",
    }
    own = {"maxSkew": 2, "topologyKey": "rack", "whenUnsatisfiable": "ScheduleAnyway"}
    assert spread_keys(deploy(topologySpreadConstraints=[own])) == ["rack"]
    assert spread_keys(deploy(topologySpreadConstraints=[])) == []


def test_two_replicas_never_share_a_host_unless_the_user_has_an_affinity(deploy) -> None:
    def affinity(**spec):
        return deploy(**spec)["spec"]["template"]["spec"].get("affinity")

    assert "podAntiAffinity" in affinity(replicas=2)
    assert affinity(replicas=3) is None
    own = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}
    assert affinity(replicas=2, affinity=own) == own


def test_resources_and_tolerations(deploy) -> None:
    pod = deploy()["spec"]["template"]["spec"]
    assert pod["containers"][0]["resources"] == {"requests": {"cpu": "100m", "memory": "256Mi"}}
    toleration = {"key": "infra", "operator": "Exists"}
    pod = deploy(tolerations=[toleration], resources={"limits": {"memory": "1Gi"}})
    pod = pod["spec"]["template"]["spec"]
    assert pod["tolerations"] == [toleration]
    assert pod["containers"][0]["resources"] == {"limits": {"memory": "1Gi"}}


def test_changed_trust_rolls_the_pods(deploy) -> None:
    def template(pem: str):
        maps = [config_map("image-registry-certificates", ca=pem)]
        return deploy(parts={"config_maps": maps})["spec"]["template"]

    assert template("one") == template("one")
    assert template("one") != template("two")
