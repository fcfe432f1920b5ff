"""OpenShift's custom resource definitions, read from the folder of its API module."""

import time
from collections.abc import Iterable
from pathlib import Path

import yaml
from lightkube import Client

from lab import kinds
from lab.errors import LabError
from lab.kinds import Object

FILES = {
    "4.15": (
        "imageregistry/v1/00_imageregistry.crd.yaml",
        "imageregistry/v1/01_imagepruner.crd.yaml",
        "config/v1/0000_10_config-operator_01_authentication.crd-Default.yaml",
        "config/v1/0000_10_config-operator_01_image.crd.yaml",
        "config/v1/0000_10_config-operator_01_infrastructure-Default.crd.yaml",
        "config/v1/0000_10_config-operator_01_ingress.crd.yaml",
        "config/v1/0000_03_config-operator_01_proxy.crd.yaml",
        "config/v1/0000_00_cluster-version-operator_01_clusterversion-Default.crd.yaml",
        "config/v1/0000_00_cluster-version-operator_01_clusteroperator.crd.yaml",
        "route/v1/route.crd.yaml",
    ),
    "current": (
        "imageregistry/v1/zz_generated.crd-manifests/00_configs.crd.yaml",
        "imageregistry/v1/zz_generated.crd-manifests/01_imagepruners.crd.yaml",
        *(
            f"config/v1/zz_generated.crd-manifests/{name}.crd.yaml"
            for name in (
                "0000_10_config-operator_01_authentications-Default",
                "0000_10_config-operator_01_images",
                "0000_10_config-operator_01_infrastructures-Default",
                "0000_10_config-operator_01_ingresses",
                "0000_03_config-operator_01_proxies",
                "0000_00_cluster-version-operator_01_clusterversions-Default",
                "0000_00_cluster-version-operator_01_clusteroperators",
            )
        ),
        "route/v1/zz_generated.crd-manifests/routes.crd.yaml",
    ),
}
"""Release -> files of the module, of the Default feature set."""


def files(module: Path, release: str) -> list[Path]:
    """Those of `release` ("4.15" or "current") in a module folder of that release."""
    if release not in FILES:
        raise ValueError(f"no list of CRDs for release {release!r}; there is: {', '.join(FILES)}")
    return [module / name for name in FILES[release]]


def read(files: Iterable[Path]) -> list[Object]:
    """The definitions in them, one each."""
    return [yaml.load(each.read_bytes(), yaml.CSafeLoader) for each in files]


def apply(client: Client, definitions: Iterable[Object], seconds: float = 30) -> None:
    """Create them, and wait until the API serves them. Raises LabError if it does not."""
    names = set()
    for each in definitions:
        client.create(kinds.of(each))
        names.add(each["metadata"]["name"])
    deadline = time.monotonic() + seconds
    while missing := names - _established(client):
        if time.monotonic() > deadline:
            raise LabError(
                f"the API server does not serve {', '.join(sorted(missing))} after "
                f"{seconds:.0f} s; run the same command again"
            )
        time.sleep(0.05)


def _established(client: Client) -> set[str]:
    return {
        each["metadata"]["name"]
        for each in client.list(kinds.CustomResourceDefinition)
        for condition in (each.get("status", {}).get("conditions") or [])
        if condition["type"] == "Established" and condition["status"] == "True"
    }
