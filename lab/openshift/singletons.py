"""The configuration objects that every cluster has one of."""

from lab.kinds import Object
from lab.openshift.profile import Profile
from lab.openshift.scoped import INSTALLED, cluster_scoped


def singletons(profile: Profile) -> list[Object]:
    """The cluster's configuration objects; `status` is to be written after creation."""
    return [
        _infrastructure(profile),
        # The cluster vouches for its service accounts by itself: it is not set up for STS.
        _config("Authentication", {"serviceAccountIssuer": "", "type": ""}),
        _config("Ingress", {"domain": f"apps.{profile.domain}"}),
        _config("Proxy", {"trustedCA": {"name": ""}}),
        _config("Image", {}),
        _cluster_version(profile.version),
    ]


def _infrastructure(profile: Profile) -> Object:
    host = f"api.{profile.domain}:6443"
    status = {
        "apiServerURL": f"https://{host}",
        "apiServerInternalURI": f"https://api-int.{profile.domain}:6443",
        "controlPlaneTopology": "HighlyAvailable",
        "infrastructureTopology": "HighlyAvailable",
        "cpuPartitioning": "None",
        "etcdDiscoveryDomain": "",
        "infrastructureName": profile.infrastructure_name,
        "platform": profile.platform,
        "platformStatus": {"type": profile.platform, **profile.platform_status},
    }
    document = _config("Infrastructure", {"platformSpec": {"type": profile.platform}})
    return {**document, "status": status}


def _cluster_version(version: str) -> Object:
    image = f"release.example.test/ocp-release@sha256:{'0' * 64}"
    capabilities = ["Build", "CSISnapshot", "ImageRegistry", "Ingress", "Storage"]
    done = {
        "state": "Completed",
        "version": version,
        "image": image,
        "startedTime": INSTALLED,
        "completionTime": INSTALLED,
        "verified": False,
    }
    condition = {
        "type": "Available",
        "status": "True",
        "lastTransitionTime": INSTALLED,
        "message": f"Done applying {version}",
    }
    return {
        **cluster_scoped(
            "config.openshift.io/v1",
            "ClusterVersion",
            "version",
            spec={
                "clusterID": "6a2d6e9a-3b1f-4c57-9d0e-2f8f5c7a1b34",
                "channel": f"stable-{version.rpartition('.')[0]}",
            },
        ),
        "status": {
            "availableUpdates": None,
            "capabilities": {
                "enabledCapabilities": capabilities,
                "knownCapabilities": capabilities,
            },
            "conditions": [condition],
            "desired": {"version": version, "image": image},
            "history": [done],
            "observedGeneration": 1,
            "versionHash": "lab",
        },
    }


def _config(kind: str, spec: Object) -> Object:
    return cluster_scoped("config.openshift.io/v1", kind, "cluster", spec=spec)
