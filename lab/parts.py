"""What the toolchain consists of: one Go module each, and the commands built from it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lab.gomodule import BuildError, go, module_folder
from lab.paths import MODULES


@dataclass(frozen=True)
class Component:
    """One Go module of `lab/toolchain` and the commands built from it."""

    name: str
    commands: dict[str, str]
    """Binary name -> package."""
    ldflags: str = ""
    tags: str = ""
    """Build tags, separated by commas."""
    prepare: Callable[[Path], None] | None = None
    """Runs in a copy of the module folder before the build."""
    beside: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Extra file beside the binaries -> (module, path inside it)."""


def _required(component: str, module: str) -> str:
    """The version of `module` that the component's go.mod asks for."""
    text = (MODULES / component / "go.mod").read_text()
    match = re.search(rf"^(?:require )?\s*{re.escape(module)} (\S+)", text, re.MULTILINE)
    if match is None:
        raise BuildError(f"lab/toolchain/{component}/go.mod does not require {module}")
    return match.group(1)


KUBERNETES_PLUGIN_VERSION = "4.25.0"
"""The release that the plugin's revision became a day later; the locked SDK is of the same."""

OPENSTACK_PLUGIN_VERSION = "5.5.3"
"""That of the locked SDK: the engine warns of a plugin that is older."""

PULUMI_SDK = "github.com/pulumi/pulumi/sdk/v3"
KUBERNETES_PLUGIN = "github.com/pulumi/pulumi-kubernetes/provider/v4"


def _copy_plugin_schema(folder: Path) -> None:
    module = module_folder(KUBERNETES_PLUGIN, folder)
    for name in ("schema.json", "terraform-mapping.json"):
        shutil.copyfile(module / "cmd" / "pulumi-resource-kubernetes" / name, folder / name)


PASSWORDS = "github.com/ccojocar/zxcvbn-go"


def _passwords_when_asked(folder: Path) -> None:
    """`pulumi config set` has this module judge whether a text could be a secret. The module reads
    its dictionaries whenever pulumi starts, a third of what a start takes; a copy of it reads them
    when it is asked."""
    copy = folder / "zxcvbn-go"
    source = module_folder(PASSWORDS, folder)
    for path in source.rglob("*"):
        if path.is_file():
            place = copy / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    loads = "func loadFrequencyList() {\n"
    for name, old, new in (
        ("frequency/frequency.go", "func init() {\n", "func Load() {\n"),
        ("matching/matching.go", "func init() {\n\tloadFrequencyList()\n}\n", ""),
        ("matching/matching.go", loads, f"{loads}\tfrequency.Load()\n"),
    ):
        text = (copy / name).read_text()
        if text.count(old) != 1:
            raise BuildError(f"{PASSWORDS} is another than lab/parts.py knows: {name}")
        (copy / name).write_text(text.replace(old, new))
    go("mod", "edit", "-replace", f"{PASSWORDS}=./zxcvbn-go", cwd=folder)


OPENSTACK_PLUGIN = Component(
    "openstack-plugin",
    {"pulumi-resource-openstack": "."},
    ldflags=f"-X main.version={OPENSTACK_PLUGIN_VERSION}",
)


ACTIONLINT = Component(
    "actionlint",
    {"actionlint": "github.com/rhysd/actionlint/cmd/actionlint"},
)


def components(with_engine: bool) -> list[Component]:
    """What has to be there: cluster and registry always, the engine unless one is on PATH."""
    cluster = Component(
        "cluster",
        {"openshift-lab-cluster": ".", "kubectl": "k8s.io/kubernetes/cmd/kubectl"},
    )
    # The gcs driver is left out of a build without this tag.
    registry = Component("registry", {"openshift-lab-registry": "."}, tags="include_gcs")
    if not with_engine:
        return [cluster, registry]
    pulumi = Component(
        "pulumi",
        {
            "pulumi": "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            "pulumi-language-python": "./pulumi-language-python",
        },
        ldflags=f"-X {PULUMI_SDK}/go/common/version.Version={_required('pulumi', PULUMI_SDK)}",
        prepare=_passwords_when_asked,
        beside={
            "pulumi-language-python-exec": (PULUMI_SDK, "python/cmd/pulumi-language-python-exec")
        },
    )
    plugin = Component(
        "kubernetes-plugin",
        {"pulumi-resource-kubernetes": "."},
        ldflags=f"-X main.version={KUBERNETES_PLUGIN_VERSION}",
        prepare=_copy_plugin_schema,
    )
    return [cluster, registry, pulumi, plugin]


def on_demand() -> dict[str, Component]:
    """What only a lab of some cloud needs, or a test, by its name."""
    # OpenShift's registry, and the one above, are of the 2.8 line: see its main.go.
    registry = Component("registry-3", {"openshift-lab-registry-3": "."})
    return {each.name: each for each in (registry, OPENSTACK_PLUGIN, ACTIONLINT)}
