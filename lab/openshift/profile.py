"""How the clusters of the platforms differ after installation: one row each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lab.kinds import Object

ZONES = {"AWS": "{}{}", "GCP": "{}-{}"}
"""Clouds with regions -> how their zones are called, by region and letter."""


@dataclass(frozen=True)
class Profile:
    """A fresh cluster on one platform."""

    platform: str
    """infrastructure/cluster `status.platformStatus.type`"""
    platform_status: Mapping[str, Object] = field(default_factory=dict)
    """The platform's own part of that status, under its own key."""
    storage_classes: Sequence[Object] = ()
    zones: Sequence[str | None] = (None, None, None)
    """The zone label of each worker; None is no label."""
    zone_labels: Sequence[str] = ("topology.kubernetes.io/zone",)
    cluster_name: str = "lab"
    base_domain: str = "example.test"
    infrastructure_name: str = "lab-7xk2p"
    version: str = "4.15.12"
    """The release that clusterversion/version says is installed."""

    def in_region(self, region: str) -> "Profile":
        """The same on a cloud that has regions; itself on any other."""
        if self.platform not in ZONES:
            return self
        key = self.platform.lower()
        status = {key: {**self.platform_status[key], "region": region}}
        zones = [ZONES[self.platform].format(region, letter) for letter in "abc"]
        return replace(self, platform_status=status, zones=zones)

    @property
    def domain(self) -> str:
        return f"{self.cluster_name}.{self.base_domain}"


def storage_class(name: str, provisioner: str, default: bool = True) -> Object:
    """A class as OpenShift's CSI operators make it."""
    annotation = {"storageclass.kubernetes.io/is-default-class": "true" if default else "false"}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": annotation},
        "provisioner": provisioner,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }


def _addresses(*ips: str) -> Object:
    api, ingress = ips
    return {"apiServerInternalIPs": [api], "ingressIPs": [ingress]}


_VIPS = _addresses("192.0.2.5", "192.0.2.7")

PROFILES = {
    each.platform: each
    for each in (
        Profile(
            "OpenStack",
            {"openstack": {**_VIPS, "cloudName": "openstack"}},
            [storage_class("standard-csi", "cinder.csi.openstack.org")],
            zones=("nova", "nova", "nova"),
            zone_labels=("topology.kubernetes.io/zone", "topology.cinder.csi.openstack.org/zone"),
        ),
        Profile(
            "VSphere",
            {"vsphere": _VIPS},
            [storage_class("thin-csi", "csi.vsphere.vmware.com")],
        ),
        # The classes of OpenShift's EBS CSI driver operator.
        Profile(
            "AWS",
            {"aws": {"region": "us-east-1"}},
            [
                storage_class("gp3-csi", "ebs.csi.aws.com"),
                storage_class("gp2-csi", "ebs.csi.aws.com", default=False),
            ],
            zones=("us-east-1a", "us-east-1b", "us-east-1c"),
            zone_labels=("topology.kubernetes.io/zone", "topology.ebs.csi.aws.com/zone"),
        ),
        # The classes of OpenShift's GCP PD CSI driver operator.
        Profile(
            "GCP",
            {"gcp": {"projectID": "platform-shared", "region": "us-central1"}},
            [
                storage_class("standard-csi", "pd.csi.storage.gke.io"),
                storage_class("ssd-csi", "pd.csi.storage.gke.io", default=False),
            ],
            zones=("us-central1-a", "us-central1-b", "us-central1-c"),
            zone_labels=("topology.kubernetes.io/zone", "topology.gke.io/zone"),
        ),
        # The classes of OpenShift's Azure Disk and File CSI driver operators.
        Profile(
            "Azure",
            {
                "azure": {
                    "cloudName": "AzurePublicCloud",
                    "resourceGroupName": "lab-7xk2p-rg",
                    "networkResourceGroupName": "lab-7xk2p-rg",
                }
            },
            [
                storage_class("managed-csi", "disk.csi.azure.com"),
                storage_class("azurefile-csi", "file.csi.azure.com", default=False),
            ],
            zones=("westeurope-1", "westeurope-2", "westeurope-3"),
            zone_labels=("topology.kubernetes.io/zone", "topology.disk.csi.azure.com/zone"),
        ),
        # No class before somebody installs a CSI driver.
        Profile("BareMetal", {"baremetal": _VIPS}),
        Profile("Nutanix", {"nutanix": _VIPS}),
        Profile("None"),
    )
}
"""Platform type, spelled as the API spells it -> profile."""
