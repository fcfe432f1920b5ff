"""The policy pack: `pulumi preview --policy-pack policies`."""

from once import read_once
from pack import policies
from pulumi_policy import PolicyPack

read_once()
PolicyPack(
    name="openshift-registry",
    policies=policies(),
    display_name="OpenShift image registry",
    description="Keeps the images of OpenShift's internal registry safe, whatever provisions it.",
    provider="Kubernetes",
)
