"""The clouds of one lab: those that its stack file's platform asks for."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lab.clouds.aws.service import STAND_IN, AwsService
from lab.process import Process

if TYPE_CHECKING:
    from lab.described import Described


class Clouds:
    """Everything they keep is under `directory`; a folder there says that the lab has the cloud."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def start(self, facts: "Described") -> Iterator[tuple[str, Process]]:
        """Start them, one after the other."""
        if facts.platform == "AWS":
            service = AwsService(self.directory / "aws", facts.region)
            yield "AWS", service.start()
            from lab.clouds.aws.before import make_buckets

            make_buckets(service, facts.storage)

    @property
    def aws(self) -> AwsService | None:
        """The lab's AWS, if it has one."""
        return AwsService.at(self.directory / "aws")

    def path(self) -> list[str]:
        """Folders for PATH: the stand-ins for the plugins of the clouds that are there."""
        return [str(STAND_IN)] if self.aws else []

    def environment(self) -> dict[str, str]:
        """What `pulumi` needs to reach them; nothing that a registry should be given."""
        return self.aws.environment() if self.aws else {}
