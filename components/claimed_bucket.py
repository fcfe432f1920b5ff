"""The bucket and the keys of an ObjectBucketClaim, as outputs.

They are read in each run, so that keys that the provisioner has changed are a change of the next
plan; and no copy of the provisioner's secret gets into the state. The plugin could wait for the
claim (pulumi.com/waitFor), and would say only that it timed out.
"""

import asyncio
from typing import NamedTuple

import pulumi
from pulumi import Output

from cluster.client import Unreachable
from cluster.given_bucket import GivenBucket, NotGiven, NotRead, given_bucket, wait_until_bound
from cluster.kubeconfig import ClusterAccess
from components.kubernetes_object import KubernetesObject
from components.unknown import unknown
from settings.bucket_claim import ObjectBucketClaimStorage
from settings.facts import LiveFacts
from settings.names import MEND

PATIENCE = 180.0
"""Seconds. A bucket takes a few; what takes longer waits for a provisioner that isn't there."""


class ClaimedBucket(NamedTuple):
    """The keys are secrets from here on."""

    name: Output[str]
    access_key: Output[str]
    secret_key: Output[str]


def claimed_bucket(
    storage: ObjectBucketClaimStorage,
    access: ClusterAccess | None,
    live: LiveFacts,
    made: KubernetesObject | None,
) -> ClaimedBucket:
    """`made` is the claim, unless it is only used. A preview reads what a claim that is Bound
    already has been given, and knows nothing of another one."""
    found = live.bucket_claims.get(storage.claim.name)
    preview = pulumi.runtime.is_dry_run()
    if access is None or (preview and not (found and found.bound)):
        return ClaimedBucket(unknown(), Output.secret(unknown()), Output.secret(unknown()))
    after: Output[str] | str = made.id if made is not None and not preview else ""
    read = Output.secret(after).apply(lambda _: _read(storage, access))
    given = read.apply(lambda each: each or unknown())
    return ClaimedBucket(
        Output.unsecret(given.apply(lambda each: each.name)),
        given.apply(lambda each: each.access_key.reveal()),
        given.apply(lambda each: each.secret_key.reveal()),
    )


async def _read(storage: ObjectBucketClaimStorage, access: ClusterAccess) -> GivenBucket | None:
    """None for a preview that may not read it."""
    namespace, name = storage.claim.namespace, storage.claim.name
    try:
        # Beside the event loop, so that what does not wait for the claim goes on.
        return await asyncio.to_thread(_once_bound, access, namespace, name)
    except NotGiven as missing:
        raise pulumi.RunError(
            f"the bucket claim {namespace}/{name} has no bucket to use: {missing}\n"
            f"    fix: see whether its provisioner ({storage.parts.provisioner[1:]}) runs and what "
            f"it says: `oc describe obc -n {namespace} {name}`; then run this again. If somebody "
            f"has deleted the claim: {MEND}"
        ) from None
    except (NotRead, Unreachable) as error:
        message = f"what the bucket claim {namespace}/{name} was given could not be read: {error}"
        if pulumi.runtime.is_dry_run():
            pulumi.log.warn(f"not checked: {message}")
            return None
        fix = "allow it; docs/how-to/permissions.md"
        raise pulumi.RunError(f"{message}\n    fix: {fix}") from None


def _once_bound(access: ClusterAccess, namespace: str, name: str) -> GivenBucket:
    wait_until_bound(access, namespace, name, PATIENCE)
    return given_bucket(access, namespace, name)
