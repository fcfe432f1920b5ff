"""What in a plan can cost images, by the engine's own events."""

from collections.abc import Iterator
from dataclasses import dataclass

from fleet.comment.load import Cluster
from fleet.preview.events import Step

HOLDS = {
    "kubernetes:core/v1:PersistentVolumeClaim": "claim",
    "kubernetes:core/v1:PersistentVolume": "volume",
    "kubernetes:objectbucket.io/v1alpha1:ObjectBucketClaim": "bucket claim",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:s3/bucketV2:BucketV2": "bucket",
    "aws:kms/key:Key": "key",
    "gcp:storage/bucket:Bucket": "bucket",
    "gcp:kms/cryptoKey:CryptoKey": "key",
    "azure-native:storage:StorageAccount": "storage account",
    "azure-native:storage:BlobContainer": "container",
    "openstack:objectstorage/container:Container": "container",
}
"""Types whose objects hold images, or are needed to read them."""
REGISTRY = "kubernetes:imageregistry.operator.openshift.io/v1:ConfigPatch"
BACKENDS = ("azure", "emptyDir", "gcs", "ibmcos", "oss", "pvc", "s3", "swift")
SWITCH, TAKEOVER = "the registry switches its storage", "fields this stack takes over"
"""What the program says (cluster/agree.py, __main__.py)."""
DONE = {
    "delete": "deleted",
    "delete-replaced": "replaced",
    "replace": "replaced",
    "create-replacement": "replaced",
    "import": "taken over",
    "import-replacement": "replaced",
}


@dataclass(frozen=True)
class Danger:
    """A sentence, with what belongs to it as lines."""

    what: str
    """In a word."""
    subject: str
    """Code: a type and a name, or a path."""
    rest: str = ""
    lines: tuple[str, ...] = ()


def dangers(cluster: Cluster) -> tuple[Danger, ...]:
    """Without the policies, which have a part of their own."""
    return (*_steps(cluster), *_switches(cluster), *_takeovers(cluster))


def _steps(cluster: Cluster) -> Iterator[Danger]:
    seen = set()
    for step in cluster.told.steps:
        done = DONE.get(step.op)
        kind = HOLDS.get(step.type) or ("patch" if step.type == REGISTRY else None)
        if done is None or kind is None or (step.urn, done) in seen:
            continue
        seen.add((step.urn, done))
        reasons = tuple(each.path for each in step.differences if each.replaces)
        yield Danger(done, f"{kind} {step.name}", _kept(step, done), reasons)


def _kept(step: Step, done: str) -> str:
    if done == "taken over":
        return "it exists, and belongs to this stack from then on"
    if step.protected:
        return "it is protected: the engine refuses"
    if step.retained and done == "deleted":
        return "from the stack; the object itself stays"
    return "and the images with it" if step.type in HOLDS else ""


def _switches(cluster: Cluster) -> Iterator[Danger]:
    """As the program has said; if it could not see the cluster, by the paths of the patch."""
    said = [text for _, text in cluster.told.diagnostics if text.startswith(SWITCH)]
    for text in said:
        yield Danger("storage switch", "spec.storage", text)
    if said:
        return
    for step in cluster.told.steps:
        changed = [each for each in step.differences if _backend(each.path)]
        if step.type == REGISTRY and step.op == "update" and any(each.old for each in changed):
            rows = tuple(f"{each.path}: {each.old or '-'} -> {each.new or '-'}" for each in changed)
            yield Danger("storage switch", "spec.storage", "images are not moved", rows)


def _backend(path: str) -> bool:
    """Is it where the images are, and not how the registry gets there?"""
    spec, storage, backend, key = (*path.split("."), "", "", "", "")[:4]
    place = key in ("", "bucket", "claim", "container", "accountName")
    return (spec, storage) == ("spec", "storage") and backend in BACKENDS and place


def _takeovers(cluster: Cluster) -> Iterator[Danger]:
    for _, text in cluster.told.diagnostics:
        head, _, rows = text.partition("\n")
        name, found, _ = head.partition(f", {TAKEOVER}")
        if found:
            yield Danger(
                "takeover",
                name,
                "its fields, from this stack's first run on",
                tuple(rows.splitlines()),
            )
