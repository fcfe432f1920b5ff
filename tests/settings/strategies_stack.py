"""Whole stack files, of every kind of storage and with every section."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.settings.strategies import REGISTRIES, STORAGES, Strategy, fixed, mutated, some
from tests.settings.strategies_access import access_sections
from tests.settings.strategies_clouds import CLOUDS
from tests.settings.strategies_exposure import exposure_sections, trust_sections
from tests.settings.strategies_pruning import pruning_sections
from tests.settings.strategies_s3 import BUCKETS
from tests.settings.strategies_volume import owned_volumes, right_volume

SEALED = {"secure": "v1:abc:def"}
PRESETS = ("cinder", "vsphere", "nutanix", "cephfs", "shared", "block")

CLUSTERS = some(
    {
        "name": st.sampled_from(["prod-1", "a"]),
        "version": st.sampled_from(["4.15", "4.1", "4.10", "4.18", "4.99"]),
        "environment": st.sampled_from(["production", "staging", "development"]),
        "infrastructureName": st.just("prod-1-x7k2p"),
    },
    platform=st.sampled_from(["OpenStack", "VSphere", "None", "AWS", "GCP"]),
    kubeconfig=st.just(SEALED),
)
FORMS = st.sampled_from(["openshift-registry:{}", "{}", "openshift-registry:config:{}"])
CREDENTIALS = st.sampled_from(
    [
        {"REGISTRY_STORAGE_S3_ACCESSKEY": SEALED, "REGISTRY_STORAGE_S3_SECRETKEY": SEALED},
        {"REGISTRY_STORAGE_AZURE_ACCOUNTKEY": SEALED},
        {"REGISTRY_STORAGE_S3_ACCESSKEY": SEALED},
        {"REGISTRY_STORAGE_SWIFT_USER": SEALED},
    ]
)


def _in_the_cluster(wild: bool) -> Strategy:
    """Storage inside the cluster that is more than a class and a claim."""
    volumes = owned_volumes() if wild else right_volume()
    claim = some({"size": st.just("10Gi")}, accessModes=st.just(["ReadWriteMany"]))
    preset = some(
        {"kind": st.just("claim"), "preset": st.sampled_from(PRESETS)},
        storageClass=st.sampled_from([{"use": {"name": "any"}}, {"use": {}}]),
        claim=st.one_of(fixed(create=claim), st.just({"use": {"name": "mine"}})),
        volume=st.one_of(fixed(create=volumes), fixed(use=st.just({"name": "registry-volume"}))),
    )
    blank = st.just({"kind": "claim", "claim": {"blank": {}}})
    return st.one_of(preset, preset, blank, st.just({"kind": "emptyDir"}))


_SECTIONS = {
    wild: fixed(
        cluster=CLUSTERS,
        storage=st.one_of(STORAGES[wild], _in_the_cluster(wild), BUCKETS[wild], CLOUDS[wild]),
        registry=REGISTRIES[wild],
        trust=trust_sections(),
        exposure=exposure_sections(),
        access=access_sections(["team-a", "team-b"]),
        pruning=pruning_sections(),
        credentials=fixed(create=CREDENTIALS),
    )
    for wild in (False, True)
}


@st.composite
def stack_sections(draw: st.DrawFn) -> dict[str, Any]:
    """The sections of one stack file by name; some are left out."""
    sections = copy.deepcopy(draw(_SECTIONS[draw(st.booleans())]))
    if "httpSecret" in sections["registry"]:
        sections["registry"]["httpSecret"] = dict(SEALED)
    kept = draw(st.sets(st.sampled_from(sorted(sections)))) | {"cluster"}
    return {name: each for name, each in sections.items() if name in kept}


@st.composite
def _files(draw: st.DrawFn) -> dict[str, Any]:
    sections, form = draw(stack_sections()), draw(FORMS)
    config = {form.format(name): each for name, each in sections.items()}
    return {"encryptionsalt": "v1:x", "config": {**config, "aws:region": "eu-west-1"}}


def stack_files() -> Strategy:
    """The whole content of a stack file, as values."""
    return st.one_of(_files(), mutated(_files, times=4))
