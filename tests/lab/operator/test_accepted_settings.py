"""What the settings and the guards let pass, the operator takes: it never becomes Degraded.

Clusters and stack files are generated; the operator's own judgement, as the lab has it, is
asked about the custom resource that the stack would leave behind.
"""

import copy
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster import facts as reading
from lab.kinds import Object
from lab.operator.bootstrap import bootstrap
from lab.operator.certificates import certificates
from lab.operator.judge import judge, remove
from lab.operator.world import World
from settings import SettingsError, StackSettings, validate
from settings.facts import LiveFacts, Patched
from settings.guards import disagreements
from settings.operator_spec import operator_spec
from tests.settings.strategies_stack import PRESETS

EXAMPLES = int(os.environ.get("OCPREG_EXAMPLES", "500"))
NAMESPACE = "openshift-image-registry"
OPERATORS = "imageregistry.openshift.io"
PLATFORMS = ("OpenStack", "VSphere", "BareMetal", "None")
MODES = (["ReadWriteOnce"], ["ReadWriteMany"], ["ReadOnlyMany"], ["ReadWriteOncePod"])
CLAIMS = ("registry", "mine", "registry-storage-pvc", "image-registry-storage")


@st.composite
def live_claims(draw: st.DrawFn) -> list[Object]:
    """Claims that somebody has made, in any mode."""
    return [
        {
            "metadata": {
                "name": name,
                "namespace": NAMESPACE,
                "annotations": draw(st.sampled_from([{}, {OPERATORS: "true"}])),
            },
            "spec": {"accessModes": draw(st.sampled_from(MODES)), "volumeMode": "Filesystem"},
        }
        for name in draw(st.lists(st.sampled_from(CLAIMS), unique=True))
    ]


OWN_CLAIM = {"use": {"name": CLAIMS[-1]}}
STORAGES = (
    {"kind": "emptyDir"},
    {"kind": "claim", "claim": {"blank": {}}},
    *({"kind": "claim", "claim": {"use": {"name": name}}} for name in CLAIMS),
    *({"kind": "claim", "preset": each} for each in PRESETS),
    {
        "kind": "claim",
        "preset": "shared",
        "volume": {"create": {"name": "nfs", "source": {"nfs": {"server": "nas", "path": "/x"}}}},
    },
    {
        "kind": "claim",
        "storageClass": {"use": {"name": "any"}},
        "claim": {"create": {"name": "mine", "size": "1Gi", "accessModes": ["ReadWriteMany"]}},
    },
    {
        "kind": "claim",
        "storageClass": {"use": {"name": "any"}},
        "claim": {"adopt": {"name": "mine", "size": "1Gi", "accessModes": ["ReadWriteOnce"]}},
    },
    None,
)
REGISTRY = {
    "replicas": st.sampled_from([0, 1, 2, 3]),
    "rolloutStrategy": st.sampled_from(["Recreate", "RollingUpdate"]),
    "managementState": st.sampled_from(["Managed", "Managed", "Removed"]),
    "resources": st.just({"requests": {"cpu": "1"}}),
    "topologySpreadConstraints": st.just([]),
}
SECTIONS = {
    "trust": st.sampled_from([{}, {"additionalTrustedCA": {"use": {"name": "theirs"}}}]),
    "exposure": st.sampled_from(
        [
            {"defaultRoute": True},
            {"routes": [{"name": "one", "certificate": {"use": {"name": "tls"}}}, {"name": "two"}]},
        ]
    ),
}


def some(optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly about storage and replicas, which is where the operator has opinions."""
    cluster = {
        "name": "one",
        "version": "4.15",
        "environment": "development",
        "infrastructureName": "one-x7k2p",
    }
    storage = draw(st.sampled_from(STORAGES))
    sections = {"cluster": cluster, "registry": draw(some(REGISTRY)), **draw(some(SECTIONS))}
    return copy.deepcopy(sections | ({"storage": storage} if storage else {}))


def left_behind(accepted: StackSettings, before: Object) -> Object:
    """configs/cluster after the stack's switch and patch."""
    backend = accepted.storage.backend if accepted.storage else None
    demands = accepted.storage.demands if accepted.storage else {}
    wanted = plain(operator_spec(accepted, backend, demands))
    spec = {**before["spec"], **wanted}
    if backend is not None:
        spec["storage"] = copy.deepcopy(wanted["storage"])
    return {"metadata": {"name": "cluster", "generation": 2}, "spec": spec, "status": {}}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def made(accepted: StackSettings) -> dict[str, list[Object]]:
    """The objects of the stack that the operator looks at."""
    storage, exposure, trust = accepted.storage, accepted.exposure, accepted.trust
    claims, secrets, maps = [], [], []
    if storage is not None and storage.kind == "claim" and storage.claim.mode in OWNED:
        spec = {"accessModes": list(storage.claim.access_modes)}
        claims.append({"metadata": {"name": storage.claim.name}, "spec": spec})
    for route in (exposure.routes if exposure else None) or ():
        if route.certificate is not None:
            secrets.append({"metadata": {"name": route.certificate.name}, "data": {}})
    if trust is not None and trust.additional_trusted_ca is not None:
        maps.append({"metadata": {"name": trust.additional_trusted_ca.name}, "data": {}})
    return {"claims": claims, "secrets": secrets, "openshift_config": maps}


OWNED = ("create", "adopt")


def test_the_operator_takes_what_is_let_pass(make_world: Callable[..., World]) -> None:
    seen: list[StackSettings] = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sections=stacks(), claims=live_claims(), platform=st.sampled_from(PLATFORMS))
    def taken(sections: dict[str, Any], claims: list[Object], platform: str) -> None:
        judged(make_world, sections, claims, platform, seen)

    taken()
    kinds = {each.storage.kind if each.storage else "left alone" for each in seen}
    assert kinds == {"claim", "emptyDir", "left alone"}
    assert len(seen) > EXAMPLES / 16


def judged(
    make_world: Callable[..., World],
    sections: dict[str, Any],
    claims: list[Object],
    platform: str,
    seen: list[StackSettings],
) -> None:
    world = make_world(platform)
    *own_claims, fresh = bootstrap(world.infrastructure)
    here = (fresh["spec"].get("storage") or {}).get("pvc")
    if here and sections.get("storage", {}).get("claim") not in ({"blank": {}}, OWN_CLAIM, None):
        sections["storage"]["replaces"] = {"pvc": here}
    try:
        accepted = validate(sections, stack="one")
    except SettingsError:
        return
    by_name = {each["metadata"]["name"]: each for each in (*claims, *own_claims)}
    names = {*CLAIMS, *(by_name)}
    live = LiveFacts(
        platform=platform,
        config=Patched(fresh),
        claims={name: reading.claim(by_name[name]) if name in by_name else None for name in names},
    )
    backend = accepted.storage.backend if accepted.storage else None
    found = [each for each in disagreements(accepted, live, backend) if each.severity == "error"]
    if found:
        return
    stack = made(accepted)
    seen.append(accepted)
    present = {each["metadata"]["name"] for each in stack["claims"]}
    stack["claims"] += [each for name, each in by_name.items() if name not in present]
    after, config = make_world(platform, **stack), left_behind(accepted, fresh)
    if accepted.registry.management_state == "Managed":
        assert judge(config, after).error is None
    else:
        assert remove(config, after).error is None
    named = ((config["spec"].get("storage") or {}).get("pvc") or {}).get("claim")
    assert named is None or named in {*by_name, *present}
    certificates(config, after)
