"""Does the stack file agree with the live cluster? Judged before anything is planned."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings import StackSettings
from settings.access_guards import access
from settings.bucket_claim_guards import bucket_claim, object_storage
from settings.claim_guards import claim
from settings.cloud_guards import clouds
from settings.contradiction import contradiction
from settings.credentials_guards import credentials
from settings.exposure_guards import exposure
from settings.facts import LiveFacts
from settings.image_spec import image_spec
from settings.names import STACK
from settings.node_guards import nodes, one_node
from settings.problems import Finding
from settings.s3_guards import s3
from settings.storage_guards import storage
from settings.trust_guards import trust
from settings.volume_guards import volume


def loopback_only(stack: str, server: str, loopback: bool) -> Finding | None:
    """A stack named `lab-*` is for a lab: it is thrown away, so it must not be a real cluster."""
    if not stack.startswith("lab-") or loopback:
        return None
    return contradiction(
        "cluster",
        server,
        "a lab stack works on a lab's API server on loopback only, and this is another one",
        'point KUBECONFIG at the lab (eval "$(make -s env)"), or rename the stack',
        "lab-loopback",
    )


def disagreements(
    settings: StackSettings, facts: LiveFacts, wanted_storage: Mapping[str, Any] | None
) -> list[Finding]:
    """All contradictions between the stack file and the cluster.

    `wanted_storage` is the backend that the stack would write, None to leave it alone.
    """
    other = list(_other_cluster(settings, facts))
    if other:
        return other  # whatever else is found there is of no interest
    return [
        *_cluster(settings, facts),
        *_other_stack(settings, facts),
        *_config(facts),
        *_patched(settings, facts),
        *storage(settings, facts, wanted_storage),
        *claim(settings, facts),
        *volume(settings, facts),
        *s3(settings, facts),
        *bucket_claim(settings, facts),
        *clouds(settings, facts),
        *object_storage(settings, facts),
        *trust(settings, facts),
        *exposure(settings, facts),
        *access(settings, facts),
        *credentials(settings, facts),
        *nodes(settings, facts),
        *one_node(settings, facts),
        *_no_proxy(settings, facts),
    ]


def _other_cluster(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    wanted, live = settings.cluster.infrastructure_name, facts.infrastructure_name
    if live is not None and live != wanted:
        yield contradiction(
            "cluster.infrastructureName",
            wanted,
            f"the cluster that answers is another one: its infrastructure name is {live}",
            "use the kubeconfig of the cluster this stack is for; change the name only if this "
            "stack has never been applied",
            "infrastructure-name",
        )


def _other_stack(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Two stacks would take the fields from each other with every run: they are one owner."""
    for name, live in (
        ("configs.imageregistry.operator.openshift.io", facts.config),
        ("images.config.openshift.io", facts.image),
        ("imagepruners.imageregistry.operator.openshift.io", facts.pruner),
    ):
        theirs = live.annotation(STACK)
        if theirs not in (None, settings.cluster.name):
            yield contradiction(
                "cluster.name",
                settings.cluster.name,
                f"{name}/cluster is patched by the stack of another name, {theirs}",
                f"write what it says in one stack file; if that stack is gone for good: oc "
                f"annotate {name} cluster {STACK}-",
                "other-stack",
            )
            return


def _cluster(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    cluster = settings.cluster
    if facts.platform is not None and cluster.platform not in (None, facts.platform):
        yield contradiction(
            "cluster.platform",
            cluster.platform,
            f"the cluster says its platform is {facts.platform}",
            f"write {facts.platform}, or leave the key out",
            "platform",
        )
    if facts.version is not None:
        minor = ".".join(facts.version.split(".")[:2])
        if minor != cluster.version:
            yield contradiction(
                "cluster.version",
                cluster.version,
                f"the cluster runs {facts.version}",
                f'write "{minor}"',
                "version",
            )


def _config(facts: LiveFacts) -> Iterator[Finding]:
    if facts.config.absent:
        yield contradiction(
            "cluster",
            "configs.imageregistry.operator.openshift.io/cluster",
            "the cluster has no such object: the image registry operator is not installed (the "
            "ImageRegistry capability is off) or has not started yet; a patch would create it",
            "enable the capability in clusterversion/version, or wait for the operator",
            "config-absent",
        )
    elif facts.config.leaving:
        yield contradiction(
            "cluster",
            "configs.imageregistry.operator.openshift.io/cluster",
            "the object is being deleted",
            "wait until the operator has made a new one",
            "config-deleting",
        )


def _patched(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    pruning = settings.pruning is not None
    image = "trust" if settings.trust is not None else "exposure"
    for section, wanted, live, name in (
        (image, image_spec(settings), facts.image, "images.config.openshift.io/cluster"),
        (
            "pruning",
            pruning,
            facts.pruner,
            "imagepruners.imageregistry.operator.openshift.io/cluster",
        ),
    ):
        if wanted and (live.absent or live.leaving):
            yield contradiction(
                section,
                name,
                "the cluster has no such object, or it is being deleted; a patch would create it",
                "wait until the cluster's operators have made it",
                "object-absent",
            )


def _no_proxy(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """What the cluster reaches directly and the registry will not any more."""
    proxy = settings.registry.proxy
    if proxy is None or proxy.no_proxy is None or not facts.no_proxy:
        return
    kept = {each.strip() for each in proxy.no_proxy.split(",")}
    lost = [each for each in facts.no_proxy.split(",") if each.strip() not in kept]
    if lost and "*" not in kept:
        found = contradiction(
            "registry.proxy.noProxy",
            proxy.no_proxy,
            f"it replaces the cluster's list, and these go: {', '.join(lost)}",
            "add those that the registry has to reach without the proxy, its storage first of all",
            "no-proxy",
        )
        yield found._replace(severity="warning")
