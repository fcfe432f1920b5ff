"""Can the cluster give out the bucket, and can the registry reach it?"""

from collections.abc import Iterator

from settings import StackSettings
from settings.bucket_claim import PROVIDERS, ObjectBucketClaimStorage
from settings.contradiction import contradiction
from settings.facts import LiveFacts
from settings.presence import presence
from settings.problems import Finding
from settings.provisioners import CEPHFS
from settings.s3_guards import bundle, secret


def bucket_claim(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    storage = settings.storage
    if storage is None or storage.kind != "objectBucketClaim":
        return
    cluster = settings.cluster.name
    path = ("storage", "claim", storage.claim.mode, "name")
    yield from presence(path, storage.claim, facts.bucket_claims, cluster, adoptable=False)
    yield from _class(storage, facts)
    yield from _claim(storage, facts)
    yield from _route(storage, facts)
    if storage.bundled:
        yield from bundle(storage.trusted_ca, facts, cluster, adoptable=False)
        yield from _authorities(storage, facts)
    yield from secret(("storage",), storage.secret_mode, facts, cluster)


def _class(storage: ObjectBucketClaimStorage, facts: LiveFacts) -> Iterator[Finding]:
    if storage.claim.mode == "use" or facts.storage_classes is None:
        return
    name, live = storage.storage_class_name, facts.storage_classes.get(storage.storage_class_name)
    at = "storage.claim.create.storageClassName"
    if live is None:
        yield contradiction(
            at,
            name,
            "there is no such class in the cluster, and a claim that is made before its class "
            "never gets a bucket",
            "install OpenShift Data Foundation with object storage, or name the class it has",
            "missing",
        )
    elif not live.provisioner.endswith(storage.parts.provisioner):
        yield contradiction(
            at,
            name,
            f"the class is of {live.provisioner}, and {storage.provider} gives out buckets by "
            f"openshift-storage{storage.parts.provisioner}",
            f"name a class of {storage.provider}, or write another provider",
            "bucket-class",
        )


def _claim(storage: ObjectBucketClaimStorage, facts: LiveFacts) -> Iterator[Finding]:
    live, wanted = facts.bucket_claims.get(storage.claim.name), storage.claim
    if live is None:
        return
    at = f"storage.claim.{wanted.mode}.name"
    if live.leaving:
        yield contradiction(
            at,
            wanted.name,
            "the live claim is being deleted, and its bucket goes with it",
            "name another claim, or wait until it is gone",
            "claim-leaving",
        )
    elif wanted.mode == "use" and not live.bound:
        yield contradiction(
            at,
            wanted.name,
            "the live claim is not Bound, so it has no bucket yet",
            f"`oc describe obc -n {wanted.namespace} {wanted.name}` says why",
            "bucket-unbound",
        )
    if wanted.mode == "create" and live.storage_class not in (None, storage.storage_class_name):
        yield contradiction(
            "storage.claim.create.storageClassName",
            storage.storage_class_name,
            f"the live claim has {live.storage_class}, and a claim can't change its class",
            f"write {live.storage_class}, or give the claim a new name and name the present bucket "
            "under `replaces`; images are not moved",
            "claim-immutable",
        )


def _route(storage: ObjectBucketClaimStorage, facts: LiveFacts) -> Iterator[Finding]:
    if storage.route is None or storage.route[1] not in facts.endpoint_routes:
        return
    namespace, name = storage.route
    live = facts.endpoint_routes[name]
    if live is None:
        message, rule = f"there is no such route in {namespace}", "missing"
    elif not live.host:
        message, rule = "the route has no host, so no router has taken it", "bucket-route"
    elif not live.tls:
        message, rule = "the route has no TLS, so it does not answer to https://", "bucket-route"
    else:
        return
    yield contradiction(
        "storage.endpoint.route.name",
        name,
        message,
        f"name another (`oc get routes -n {namespace}`), or write endpoint: {{service: {{}}}}",
        rule,
    )


def _authorities(storage: ObjectBucketClaimStorage, facts: LiveFacts) -> Iterator[Finding]:
    """Without one of them the registry might trust nobody who serves its storage."""
    for each in storage.authorities:
        if each in facts.authorities and not (facts.authorities[each] or "").strip():
            yield contradiction(
                "storage.trustedCA.create",
                each.name,
                f"the cluster has no {each.key} in the ConfigMap {each.namespace}/{each.name}, "
                "which the map is made of",
                "wait for the operator that publishes it, or name a map with the CAs of the "
                "storage: trustedCA: {use: {name: ...}}",
                "bucket-authority",
            )


def object_storage(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """The guide's advice against CephFS where the cluster gives out buckets."""
    storage, classes = settings.storage, facts.storage_classes or {}
    if storage is None or storage.kind != "claim" or storage.storage_class is None:
        return
    wanted = storage.storage_class
    live = classes.get(wanted.name)
    if live is None or not live.provisioner.endswith(CEPHFS):
        return
    ends = tuple(each.provisioner for each in PROVIDERS.values())
    offered = [name for name, each in classes.items() if each.provisioner.endswith(ends)]
    if offered:
        found = contradiction(
            ("storage", "storageClass", wanted.mode, "name"),
            wanted.name,
            "the class is of CephFS, and claims of volumes are not recommended for images where "
            f"the cluster gives out buckets: {', '.join(sorted(offered))} (guide 3.6.4)",
            "write `kind: objectBucketClaim`, unless this is meant; images are not moved",
            "cephfs",
        )
        yield found._replace(severity="warning")
