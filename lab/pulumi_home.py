"""The Pulumi home of the labs, instead of the user's own, which is never touched."""

import os
import shutil

from lab.build import Toolchain
from lab.parts import KUBERNETES_PLUGIN_VERSION
from lab.paths import RUN

PULUMI_HOME = RUN / "pulumi-home"
"""Shared by the labs of a checkout."""

PLUGIN = PULUMI_HOME / "plugins" / f"resource-kubernetes-v{KUBERNETES_PLUGIN_VERSION}"
BINARY = PLUGIN / "pulumi-resource-kubernetes"


def install_plugin(tools: Toolchain) -> None:
    """Put the plugin where the engine looks for an installed one: from PATH, it warns each time.

    A run on another lab may be using it: what is right stays, what isn't is replaced in one step.
    """
    built = tools.kubernetes_plugin
    if built is None:
        if not BINARY.exists():  # built once and gone since: an engine would believe the folder
            shutil.rmtree(PLUGIN, ignore_errors=True)
    elif not (BINARY.is_symlink() and BINARY.readlink() == built):
        PLUGIN.mkdir(parents=True, exist_ok=True)
        new = PULUMI_HOME / f".plugin-{os.getpid()}"
        new.unlink(missing_ok=True)
        new.symlink_to(built)
        new.replace(BINARY)


def has_plugin() -> bool:
    """False when an engine of the user's own brings its own plugins."""
    return BINARY.exists()
