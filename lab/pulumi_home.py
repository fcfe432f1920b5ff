"""The Pulumi home of the labs, instead of the user's own, which is never touched."""

import shutil

from lab.build import KUBERNETES_PLUGIN_VERSION, Toolchain
from lab.paths import RUN

PULUMI_HOME = RUN / "pulumi-home"
"""Shared by the labs of a checkout."""

PLUGIN = PULUMI_HOME / "plugins" / f"resource-kubernetes-v{KUBERNETES_PLUGIN_VERSION}"


def install_plugin(tools: Toolchain) -> None:
    """Put the plugin where the engine looks for an installed one: from PATH, it warns each time."""
    shutil.rmtree(PLUGIN, ignore_errors=True)
    if tools.kubernetes_plugin is not None:
        PLUGIN.mkdir(parents=True)
        (PLUGIN / tools.kubernetes_plugin.name).symlink_to(tools.kubernetes_plugin)


def has_plugin() -> bool:
    """False when an engine of the user's own brings its own plugins."""
    return any(PLUGIN.glob("pulumi-resource-*"))
