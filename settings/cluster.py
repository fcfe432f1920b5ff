"""Which cluster a stack is for: `openshift-registry:cluster`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from settings.form import Form, Maybe, entry
from settings.refusal import refusal
from settings.secret import Secret
from settings.types import Checked, DnsLabel, OneOf, choose

ENVIRONMENTS = ("production", "staging", "development")

PLATFORMS = (
    *("AWS", "Azure", "BareMetal", "GCP", "Libvirt", "OpenStack", "None", "VSphere", "oVirt"),
    *("IBMCloud", "KubeVirt", "EquinixMetal", "PowerVS", "AlibabaCloud", "Nutanix", "External"),
)
"""`PlatformType` of openshift/api config/v1/types_infrastructure.go."""

NO_STORAGE_PLATFORMS = frozenset(
    {"BareMetal", "VSphere", "Nutanix", "None", "KubeVirt", "EquinixMetal", "External"}
)
"""Where the operator knows no default storage and starts as Removed (guide 2.2;
cluster-image-registry-operator pkg/storage/storage.go, GetPlatformStorage)."""

Minor = tuple[int, int]


def no_default_storage(platform: str | None, minor: Minor) -> bool:
    """Has the operator no storage of its own there? Alibaba Cloud's was taken out with 4.17."""
    return platform in NO_STORAGE_PLATFORMS or (platform == "AlibabaCloud" and minor >= (4, 17))


def minor(version: str) -> Minor:
    """`4.15` -> (4, 15)."""
    major, _, number = version.partition(".")
    return int(major), int(number)


class _Version(Checked):
    def check(self, value: str) -> str:
        if not re.fullmatch(r"4\.(0|[1-9][0-9]{0,2})", value):
            raise refusal(
                "cluster-version",
                "is not a minor version of OpenShift 4",
                'write major and minor only, in quotes, e.g. version: "4.15"',
            )
        if minor(value) < (4, 1):
            raise refusal("cluster-version", "was never released", 'the first one is "4.1"')
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"pattern": r"^4\.[1-9][0-9]{0,2}$"}


def _no_number(value: Any) -> Any:
    if isinstance(value, float | int) and not isinstance(value, bool):
        raise refusal(
            "version-quotes",
            "is a number, and as a number 4.10 is the same as 4.1",
            # Not the number itself: that may have lost its last digit.
            'put it in quotes, e.g. version: "4.15"',
        )
    return value


class _Platform(Checked):
    def check(self, value: str) -> str:
        if value not in PLATFORMS:
            raise refusal(
                "value", "is not a platform that OpenShift knows", choose(value, PLATFORMS)
            )
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(PLATFORMS)}


class _Kubeconfig(Checked):
    def check(self, value: Secret) -> Secret:
        # A path is the likely mistake: kubectl and oc take one.
        if not value.sealed and "clusters" not in value.reveal():
            raise refusal(
                "kubeconfig",
                "is not the content of a kubeconfig (it has no `clusters`)",
                "pulumi config set --secret --path 'openshift-registry:cluster.kubeconfig' "
                "< kubeconfig-file",
            )
        return value


class ClusterSettings(Form):
    """The cluster, and what can't be read from it before it is reached."""

    name: DnsLabel = entry(
        "Name of the cluster; the labels of what is made here carry it.",
        default=...,
        example="prod-1",
    )
    version: Annotated[str, _Version(), BeforeValidator(_no_number)] = entry(
        "OpenShift version as major and minor, in quotes. Keys that are newer are refused.",
        default=...,
        example="4.15",
    )
    environment: Annotated[str, OneOf(*ENVIRONMENTS)] = entry(
        "What the cluster is for; policies are stricter for production.",
        default=...,
        example="production",
    )
    infrastructure_name: DnsLabel = entry(
        "`status.infrastructureName` of infrastructure/cluster: proves that the cluster that "
        "answers is the one meant. `oc get infrastructure cluster -o "
        "jsonpath='{.status.infrastructureName}'` shows it.",
        default=...,
        example="prod-1-x7k2p",
    )
    platform: Maybe[Annotated[str, _Platform()]] = entry(
        "`status.platformStatus.type` of infrastructure/cluster. Read from the cluster when it "
        "is reached; give it when a preview must judge without it.",
        example="OpenStack",
    )
    kubeconfig: Maybe[Annotated[Secret, _Kubeconfig()]] = entry(
        "Content of a kubeconfig, as a Pulumi secret: `pulumi config set --secret --path "
        "'openshift-registry:cluster.kubeconfig' < file`. Without it the ambient one is used.",
    )

    @property
    def minor(self) -> Minor:
        return minor(self.version)
