"""The provisioners of ObjectBucketClaims: a bucket and a key for each claim.

kube-object-storage/lib-bucket-provisioner pkg/provisioner/controller.go, which Rook's and
NooBaa's operators are built on. What a store does itself: lab/clouds/odf/tenant.py. It does not
play: classes that give access to a bucket that exists, `additionalConfig` (quotas).
"""

import base64
import logging
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from lightkube import ApiError, Client
from lightkube.types import PatchType

from lab import kinds
from lab.clouds.odf.service import StoreService
from lab.clouds.odf.tenant import Taken, Tenants
from lab.kinds import Object

GROUP = "objectbucket.io"
FINALIZER = f"{GROUP}/finalizer"
RETRY = 5.0
"""Seconds until a claim that could not be served is looked at again."""
MADE = (kinds.Secret, kinds.ConfigMap)
WATCHED = ((kinds.ObjectBucketClaim, "*"), (kinds.StorageClass, None))


class BucketClaims:
    """`reconcile()` is one round over all claims of the lab's stores."""

    def __init__(
        self, client: Client, stores: Mapping[str, StoreService], log: logging.Logger
    ) -> None:
        self._client = client
        self._stores = stores
        self._log = log
        self._tenants: dict[str, Tenants] = {}
        self._told: dict[str, str] = {}

    def reconcile(self) -> float | None:
        """One round; the seconds after which to try again, or None."""
        before = dict(self._told)
        self._told = {}
        classes = {each["metadata"]["name"]: each for each in self._client.list(kinds.StorageClass)}
        for claim in self._client.list(kinds.ObjectBucketClaim, namespace="*"):
            found = classes.get(claim["spec"]["storageClassName"])
            if found is None or found["provisioner"] not in self._stores:
                continue  # nobody's
            if claim["metadata"].get("deletionTimestamp"):
                self._release(claim, found)
            elif not claim["spec"].get("objectBucketName"):
                self._provision(claim, found, before)
        return RETRY if self._told else None

    def _provision(self, claim: Object, storage_class: Object, before: Mapping[str, str]) -> None:
        provisioner = storage_class["provisioner"]
        store = self._stores[provisioner].store
        claim = self._phase(claim, "Pending")
        labels = {"bucket-provisioner": provisioner.replace("/", "-"), **store.labels}
        bucket = bucket_name(claim["spec"])
        if bucket is None:
            self._tell(claim, "expected either bucketName or generateBucketName defined", before)
            return
        # The name is kept before there is a bucket: nobody makes two for one claim.
        claim = self._patch(
            claim,
            {
                "metadata": {"finalizers": [FINALIZER], "labels": labels},
                "spec": {"bucketName": bucket},
            },
        )
        try:
            key = self._of(provisioner).add(user_of(claim), bucket)
            self._put(secret(claim, labels, *key), claim)
            self._put(config_map(claim, labels, store.host, bucket), claim)
        except Taken as taken:
            self._tell(claim, str(taken), before)
            return
        name = object_bucket_name(claim)
        if self._find(kinds.ObjectBucket, name, None) is None:
            made = object_bucket(claim, labels, storage_class, store.host, bucket)
            self._client.create(kinds.of(made))
        self._status(kinds.ObjectBucket, name, None, "Bound")
        claim = self._patch(claim, {"spec": {"objectBucketName": name}})
        self._phase(claim, "Bound")
        self._log.info(
            "bucket claim %s: bound to bucket %s of %s", _title(claim), bucket, store.name
        )

    def _release(self, claim: Object, storage_class: Object) -> None:
        if FINALIZER not in claim["metadata"].get("finalizers", []):
            return
        tenants, user = self._of(storage_class["provisioner"]), user_of(claim)
        name = object_bucket_name(claim)
        bucket = self._find(kinds.ObjectBucket, name, None)
        if bucket is not None:
            self._status(kinds.ObjectBucket, name, None, "Released")
            if bucket["spec"]["reclaimPolicy"] == "Delete":
                tenants.remove(user, bucket["spec"]["endpoint"]["bucketName"])
            else:
                tenants.revoke(user)
            self._free(bucket)
            self._client.delete(kinds.ObjectBucket, name)
        for kind in MADE:
            made = self._find(kind, claim["metadata"]["name"], claim["metadata"]["namespace"])
            if made is not None and owned(made, claim):
                self._free(made)
        self._free(claim)
        self._log.info("bucket claim %s: released", _title(claim))

    def _of(self, provisioner: str) -> Tenants:
        if provisioner not in self._tenants:
            self._tenants[provisioner] = Tenants(self._stores[provisioner])
        return self._tenants[provisioner]

    def _put(self, document: Object, claim: Object) -> None:
        """What a broken-off round before has made is replaced. Raises Taken."""
        live = kinds.of(document)
        metadata = live["metadata"]
        try:
            self._client.create(live)
            return
        except ApiError as error:
            if error.status.code != 409:
                raise
        found = self._find(type(live), metadata["name"], metadata.get("namespace"))
        if found is not None and not owned(found, claim):
            raise Taken(f'{live["kind"].lower()} "{metadata["name"]}" already exists')
        self._patch(live, {"data": document["data"]})

    def _phase(self, claim: Object, phase: str) -> Object:
        metadata = claim["metadata"]
        if claim.get("status", {}).get("phase") == phase:
            return claim
        return self._status(type(claim), metadata["name"], metadata["namespace"], phase)

    def _status(self, kind: Any, name: str, namespace: str | None, phase: str) -> Object:
        place = {"namespace": namespace} if namespace else {}
        change = {"status": {"phase": phase}}
        done = self._client.patch(kind.Status, name, change, patch_type=PatchType.MERGE, **place)
        return kind(done)

    def _patch(self, live: Object, change: Object) -> Object:
        metadata = live["metadata"]
        place = {"namespace": metadata["namespace"]} if "namespace" in metadata else {}
        return self._client.patch(
            type(live), metadata["name"], change, patch_type=PatchType.MERGE, **place
        )

    def _free(self, live: Object) -> None:
        left = [each for each in live["metadata"].get("finalizers", []) if each != FINALIZER]
        self._patch(live, {"metadata": {"finalizers": left}})

    def _find(self, kind: Any, name: str, namespace: str | None) -> Object | None:
        with suppress(ApiError):
            return self._client.get(kind, name, **({"namespace": namespace} if namespace else {}))
        return None

    def _tell(self, claim: Object, text: str, before: Mapping[str, str]) -> None:
        self._told[_title(claim)] = text
        if before.get(_title(claim)) != text:
            self._log.info("bucket claim %s: %s", _title(claim), text)


def bucket_name(spec: Object) -> str | None:
    """`composeBucketName`: its own, else the prefix with a UUID, 63 characters at most."""
    if spec.get("bucketName"):
        return spec["bucketName"]
    prefix = spec.get("generateBucketName")
    if not prefix:
        return None
    return f"{prefix[:26] if len(prefix) > 27 else prefix}-{uuid.uuid4()}"[:63]


def user_of(claim: Object) -> str:
    return f"obc-{claim['metadata']['namespace']}-{claim['metadata']['name']}-{_uid(claim)}"


def object_bucket_name(claim: Object) -> str:
    return f"obc-{claim['metadata']['namespace']}-{claim['metadata']['name']}"


def secret(claim: Object, labels: Mapping[str, str], identifier: str, key: str) -> Object:
    data = {"AWS_ACCESS_KEY_ID": identifier, "AWS_SECRET_ACCESS_KEY": key}
    encoded = {name: base64.b64encode(each.encode()).decode() for name, each in data.items()}
    return {**_made("Secret", claim, labels), "type": "Opaque", "data": encoded}


def config_map(claim: Object, labels: Mapping[str, str], host: str, bucket: str) -> Object:
    """Neither store says a region: Rook's and NooBaa's endpoints are given none."""
    data = {
        "BUCKET_HOST": host,
        "BUCKET_NAME": bucket,
        "BUCKET_PORT": "443",
        "BUCKET_REGION": "",
        "BUCKET_SUBREGION": "",
    }
    return {**_made("ConfigMap", claim, labels), "data": data}


def object_bucket(
    claim: Object, labels: Mapping[str, str], storage_class: Object, host: str, bucket: str
) -> Object:
    metadata = claim["metadata"]
    endpoint = {
        "additionalConfig": claim["spec"].get("additionalConfig") or {},
        "bucketHost": host,
        "bucketName": bucket,
        "bucketPort": 443,
        "region": "",
        "subRegion": "",
    }
    return {
        "apiVersion": f"{GROUP}/v1alpha1",
        "kind": "ObjectBucket",
        "metadata": {
            "name": object_bucket_name(claim),
            "labels": dict(labels),
            "finalizers": [FINALIZER],
        },
        "spec": {
            "additionalState": {"user": user_of(claim)},
            "claimRef": {
                "apiVersion": f"{GROUP}/v1alpha1",
                "kind": "ObjectBucketClaim",
                "name": metadata["name"],
                "namespace": metadata["namespace"],
                "uid": metadata["uid"],
            },
            "endpoint": endpoint,
            "reclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
            "storageClassName": storage_class["metadata"]["name"],
        },
    }


def owned(made: Object, claim: Object) -> bool:
    return any(each["uid"] == _uid(claim) for each in made["metadata"].get("ownerReferences") or [])


def _made(kind: str, claim: Object, labels: Mapping[str, str]) -> Object:
    metadata = claim["metadata"]
    owner = {
        "apiVersion": f"{GROUP}/v1alpha1",
        "kind": "ObjectBucketClaim",
        "name": metadata["name"],
        "uid": metadata["uid"],
        "blockOwnerDeletion": True,
        "controller": True,
    }
    place = {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "labels": dict(labels),
        "finalizers": [FINALIZER],
        "ownerReferences": [owner],
    }
    return {"apiVersion": "v1", "kind": kind, "metadata": place}


def _uid(claim: Object) -> str:
    return claim["metadata"]["uid"]


def _title(claim: Object) -> str:
    return f"{claim['metadata']['namespace']}/{claim['metadata']['name']}"
