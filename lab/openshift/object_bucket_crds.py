"""The kinds ObjectBucketClaim and ObjectBucket, which no Go module of OpenShift's API holds.

kube-object-storage/lib-bucket-provisioner deploy/crds/apiextensions-v1, without its texts.
"""

from lab.kinds import Object

GROUP = "objectbucket.io"
TEXT: Object = {"type": "string"}
TEXTS: Object = {"type": "object", "additionalProperties": TEXT}


def definitions() -> list[Object]:
    claim = {
        "additionalConfig": TEXTS,
        "bucketName": TEXT,
        "generateBucketName": TEXT,
        "objectBucketName": TEXT,
        "storageClassName": TEXT,
    }
    names = ["apiVersion", "fieldPath", "kind", "name", "namespace", "resourceVersion", "uid"]
    endpoint = {
        "additionalConfig": TEXTS,
        "bucketHost": TEXT,
        "bucketName": TEXT,
        "bucketPort": {"type": "integer"},
        "region": TEXT,
        "subRegion": TEXT,
    }
    bucket = {
        "additionalState": TEXTS,
        "claimRef": {**_object({each: TEXT for each in names}), "x-kubernetes-map-type": "atomic"},
        "endpoint": _object(endpoint, *endpoint),
        "reclaimPolicy": TEXT,
        "storageClassName": TEXT,
    }
    return [
        _definition(
            "ObjectBucketClaim",
            ["obc", "obcs"],
            "Namespaced",
            _object(claim, "storageClassName"),
            _object({"phase": TEXT}),
            StorageClass=".spec.storageClassName",
        ),
        _definition(
            "ObjectBucket",
            ["ob", "obs"],
            "Cluster",
            _object(bucket, *bucket),
            _object({"phase": TEXT}, "phase"),
            StorageClass=".spec.storageClassName",
            ClaimNamespace=".spec.claimRef.namespace",
            ClaimName=".spec.claimRef.name",
            ReclaimPolicy=".spec.reclaimPolicy",
        ),
    ]


def _object(properties: Object, *required: str) -> Object:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed}


def _definition(
    kind: str, short: list[str], scope: str, spec: Object, status: Object, **columns: str
) -> Object:
    plural = f"{kind.lower()}s"
    shown = [
        {"name": name, "type": "string", "jsonPath": path}
        for name, path in {**columns, "Phase": ".status.phase"}.items()
    ]
    age = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}
    properties = {
        "apiVersion": TEXT,
        "kind": TEXT,
        "metadata": {"type": "object"},
        "spec": spec,
        "status": status,
    }
    version = {
        "name": "v1alpha1",
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": [*shown, age],
        "schema": {"openAPIV3Schema": _object(properties)},
    }
    names = {
        "kind": kind,
        "listKind": f"{kind}List",
        "plural": plural,
        "shortNames": short,
        "singular": kind.lower(),
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{GROUP}"},
        "spec": {"group": GROUP, "names": names, "scope": scope, "versions": [version]},
    }
