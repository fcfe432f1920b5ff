"""The clouds that a lab's cluster runs on or keeps its images in: which a lab has, and where.

To add one: its service, of the shape of `CloudService`, in a folder of its own, and its lines in
`wanted` and `there`.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lab.clouds.aws.service import AwsService
from lab.clouds.azure.names import SUFFIXES
from lab.clouds.azure.service import AzureService
from lab.clouds.google.service import GoogleService
from lab.clouds.openstack.service import OpenStackService
from lab.process import Process

if TYPE_CHECKING:
    from lab.described import Described


class CloudService(Protocol):
    """One cloud of one lab. All it keeps is in a folder of its own, from which it can be found
    again by another process (`there`)."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def path(self) -> tuple[Path, ...]:
        """Folders for PATH, with what the engine takes for its plugin."""

    @property
    def authority(self) -> Path | None:
        """The CA that every system of the lab trusts for it, as it does those of the web; written
        by `begin`."""

    @property
    def routes(self) -> Mapping[str, str]:
        """The names under which the world knows it -> where it is here, for the lab's network.
        Both with a port; `*.example.com:443` stands for all below it."""

    def begin(self) -> tuple[Process, ...]:
        """Start it, and wait for nothing."""

    def ready(self, *processes: Process) -> None:
        """Wait until those, which `begin` has started, answer, and make what the stack file
        refers to as already there."""

    def environment(self) -> Mapping[str, str]:
        """What `pulumi` and `ocpreg` need to log in there, and nowhere else."""


def wanted(directory: Path, facts: "Described") -> Iterator[CloudService]:
    """Those that the cluster of a stack file needs, not started yet."""
    if facts.platform == "AWS":
        yield AwsService(directory / "aws", facts.region, facts.storage)
    if facts.platform == "GCP":
        yield GoogleService(directory / "google", facts.storage)
    if _azure(facts):
        yield AzureService(directory / "azure", _azure(facts), facts.storage)
    if _swift(facts):
        yield OpenStackService(directory / "openstack", facts.storage)


def there(directory: Path) -> list[CloudService]:
    """Those that were started under that folder."""
    found = (
        AwsService.at(directory / "aws"),
        GoogleService.at(directory / "google"),
        AzureService.at(directory / "azure"),
        OpenStackService.at(directory / "openstack"),
    )
    return [each for each in found if each is not None]


def install(facts: "Described", say: Callable[[str], None]) -> tuple[str, ...]:
    """What only those need, installed; and what is built for them besides, as in
    `lab.parts.on_demand`."""
    parts: tuple[str, ...] = ()
    if _azure(facts):
        from lab.azurite import azurite

        azurite(say)
        parts += ("registry-3",)
    if _swift(facts):
        from lab.clouds.openstack.install import install as keystone_and_swift

        keystone_and_swift(say)
        parts += ("openstack-plugin",)
    return parts


def _azure(facts: "Described") -> str:
    """Which of Azure's clouds, as Pulumi's provider calls it; "" if none is needed."""
    storage = facts.storage if isinstance(facts.storage, dict) else {}
    if facts.platform != "Azure" and storage.get("kind") != "azure":
        return ""
    named = storage.get("environment")
    return named if named in SUFFIXES else "public"


def _swift(facts: "Described") -> bool:
    """Clusters on OpenStack have their images on volumes too, and then it is not asked for any."""
    return isinstance(facts.storage, dict) and facts.storage.get("kind") == "swift"
