"""What a live object says, as the facts that settings are checked against."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from settings.credentials import KEYFILE
from settings.facts import (
    BucketClaimFacts,
    ClaimFacts,
    ConfigMapFacts,
    NamespaceFacts,
    NodeFacts,
    ObjectFacts,
    RouteFacts,
    SecretFacts,
    StorageClassFacts,
    VolumeFacts,
)
from settings.names import ACCESS_KEY, APPLICATION_ID, HOSTNAME, OPERATORS

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
VOLUME_SOURCES = ("csi", "fc", "iscsi", "local", "nfs")
KEPT_OFF = ("NoSchedule", "NoExecute")
"""Effects of taints without a toleration of which no pod starts on a node."""

Object = Mapping[str, Any]


def plain(live: Object) -> ObjectFacts:
    return ObjectFacts(*_object(live))


def namespace(live: Object) -> NamespaceFacts:
    return NamespaceFacts(*_object(live), leaving="deletionTimestamp" in live["metadata"])


def claim(live: Object) -> ClaimFacts:
    spec = live.get("spec") or {}
    return ClaimFacts(
        *_object(live),
        access_modes=tuple(spec.get("accessModes") or ()),
        volume_mode=spec.get("volumeMode") or "Filesystem",
        storage_class=spec.get("storageClassName"),
        size=((spec.get("resources") or {}).get("requests") or {}).get("storage"),
        leaving="deletionTimestamp" in live["metadata"],
        volume=spec.get("volumeName"),
        lost=(live.get("status") or {}).get("phase") == "Lost",
    )


def storage_class(live: Object) -> StorageClassFacts:
    annotations = live["metadata"].get("annotations") or {}
    return StorageClassFacts(
        *_object(live),
        provisioner=live.get("provisioner", ""),
        parameters=live.get("parameters") or {},
        reclaim_policy=live.get("reclaimPolicy") or "Delete",
        volume_binding_mode=live.get("volumeBindingMode") or "Immediate",
        default=annotations.get(DEFAULT_CLASS) == "true",
    )


def volume(live: Object) -> VolumeFacts:
    spec = live.get("spec") or {}
    claim = spec.get("claimRef") or {}
    return VolumeFacts(
        *_object(live),
        size=(spec.get("capacity") or {}).get("storage"),
        access_modes=tuple(spec.get("accessModes") or ()),
        volume_mode=spec.get("volumeMode") or "Filesystem",
        storage_class=spec.get("storageClassName") or "",
        reclaim_policy=spec.get("persistentVolumeReclaimPolicy") or "Retain",
        source={key: spec[key] for key in VOLUME_SOURCES if key in spec},
        claim=(claim.get("namespace", ""), claim.get("name", "")) if claim else None,
        phase=(live.get("status") or {}).get("phase") or "Pending",
        leaving="deletionTimestamp" in live["metadata"],
        nodes=_hosts(spec.get("nodeAffinity") or {}),
    )


def config_map(live: Object) -> ConfigMapFacts:
    return ConfigMapFacts(
        *_object(live), data=live.get("data") or {}, immutable=bool(live.get("immutable"))
    )


def secret(live: Object) -> SecretFacts:
    data = live.get("data") or {}
    return SecretFacts(
        *_object(live),
        type=live.get("type") or "Opaque",
        keys=tuple(data),
        certificates=_text(data["tls.crt"]) if "tls.crt" in data else None,
        authorities=_text(data["tls.cacrt"]) if "tls.cacrt" in data else None,
        immutable=bool(live.get("immutable")),
        access_key=_access_key(data),
    )


def _access_key(data: Mapping[str, str]) -> str | None:
    plain = next((each for each in (ACCESS_KEY, APPLICATION_ID) if each in data), None)
    if plain is not None:
        return _text(data[plain])
    try:
        found = json.loads(_text(data[KEYFILE])) if KEYFILE in data else None
    except ValueError:
        return None
    return found.get("private_key_id") if isinstance(found, dict) else None


def bucket_claim(live: Object) -> BucketClaimFacts:
    spec = live.get("spec") or {}
    return BucketClaimFacts(
        *_object(live),
        storage_class=spec.get("storageClassName"),
        bound=(live.get("status") or {}).get("phase") == "Bound",
        bucket=spec.get("bucketName"),
        leaving="deletionTimestamp" in live["metadata"],
    )


def node(live: Object) -> NodeFacts:
    spec = live.get("spec") or {}
    return NodeFacts(
        live["metadata"]["name"],
        live["metadata"].get("labels") or {},
        tuple(each for each in spec.get("taints") or () if each.get("effect") in KEPT_OFF),
    )


def route(live: Object) -> RouteFacts:
    metadata = live["metadata"]
    return RouteFacts(
        metadata.get("namespace", ""),
        metadata["name"],
        (live.get("spec") or {}).get("host") or "",
        OPERATORS in (metadata.get("annotations") or {}),
        bool((live.get("spec") or {}).get("tls")),
    )


def _hosts(affinity: Object) -> tuple[str, ...]:
    """The host names that a volume's node affinity asks for, of whatever form it is."""
    terms = (affinity.get("required") or {}).get("nodeSelectorTerms") or ()
    found = [each for term in terms for each in term.get("matchExpressions") or ()]
    return tuple(
        host for each in found if each.get("key") == HOSTNAME for host in each.get("values") or ()
    )


def _object(live: Object) -> tuple[dict[str, str], tuple[str, ...]]:
    metadata = live["metadata"]
    return metadata.get("labels") or {}, tuple(metadata.get("annotations") or ())


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode(errors="replace")
