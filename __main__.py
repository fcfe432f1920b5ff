"""One cluster's registry: the settings of this stack, agreed with the cluster, as resources."""

import sys

import pulumi

from cluster.agree import agree
from components.image_registry import ImageRegistry
from components.stack_config import stack_settings
from settings import SettingsError

TOLD_THE_USER = 32
"""Exit code by which the engine knows that an error has been shown already."""

try:
    settings, place = stack_settings()
    agreement = agree(settings, place, pulumi.runtime.is_dry_run())
except SettingsError as error:
    pulumi.log.error(str(error))
    sys.exit(TOLD_THE_USER)

for warning in (*settings.warnings, *agreement.doubts):
    pulumi.log.warn(str(warning))
for sentence in agreement.unchecked:
    pulumi.log.warn(sentence)
if agreement.switched:
    pulumi.log.warn(agreement.switched)
for name, taken in agreement.taken.items():
    rows = "\n".join(f"  {row}" for row in taken)
    pulumi.log.info(f"{name}, fields this stack takes over:\n{rows}")

ImageRegistry(settings, agreement.access, agreement.facts)
