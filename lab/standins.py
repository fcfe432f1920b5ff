"""The processes that play OpenShift on a lab: its platform and its registry operator."""

from pathlib import Path
from typing import TYPE_CHECKING

from lab.address import Address
from lab.process import Process, wait_until
from lab.python import start_module

if TYPE_CHECKING:
    from lightkube import Client


def start_platform(
    directory: Path, kubeconfig: Path, registry: Path, registry_3: Path | None = None
) -> Process:
    """It runs the binary `registry` where OpenShift would run the registry's pods; on Azure
    `registry_3`."""
    folder = directory / "registry"
    Address(folder).choose()
    more = ("--registry", registry, "--directory", folder, "--clouds", directory / "clouds")
    if registry_3 is not None:
        more = (*more, "--registry-3", registry_3)
    return _start("platform", directory, kubeconfig, *more)


def start_operator(directory: Path, kubeconfig: Path) -> Process:
    return _start("operator", directory, kubeconfig, "--clouds", directory / "clouds")


def _start(name: str, directory: Path, kubeconfig: Path, *more: str | Path) -> Process:
    log = directory / "logs" / f"{name}.log"
    return start_module(log, f"lab.{name}", "--kubeconfig", kubeconfig, *more)


def await_platform(platform: Process) -> None:
    """Until it has seen the cluster once."""
    from lab.loop import READY

    wait_until(
        lambda: READY in platform.log.read_text(errors="replace"),
        "the platform looks at the cluster",
        platform,
        platform.log,
    )


def await_operator(client: "Client", operator: Process) -> None:
    """Until it has made configs/cluster."""
    from lightkube.core.exceptions import ApiError
    from lightkube.generic_resource import create_global_resource

    configs = create_global_resource(
        "imageregistry.operator.openshift.io", "v1", "Config", "configs"
    )

    def bootstrapped() -> bool:
        try:
            return bool((client.get(configs, "cluster").status or {}).get("conditions"))
        except ApiError:
            return False

    wait_until(bootstrapped, "the operator bootstraps configs/cluster", operator, operator.log)


def registry_address(directory: Path) -> dict[str, str]:
    """For `ocpreg smoke`: where the registry's service is, as a port forwarded to it would be."""
    address = Address(directory / "registry").text
    return {"OCPREG_CONNECT": address} if address else {}
