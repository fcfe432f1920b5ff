"""Why the operator says that a registry is not as it should be, in words, and what helps.

Reasons of pkg/operator/status.go (release-4.15) and of the ClusterOperator that repeats them.
"""

from typing import NamedTuple

OPERATOR_LOG = "oc -n openshift-image-registry logs deployment/cluster-image-registry-operator"
PODS = "oc -n openshift-image-registry get pods -l docker-registry=default"
REGISTRY_LOG = "oc -n openshift-image-registry logs deployment/image-registry"


class Words(NamedTuple):
    """What a reason means, and what to do."""

    says: str
    fix: str


REASONS = {
    "VerificationFailed": Words(
        "the operator refuses the custom resource as it is written",
        "correct what its message names in the stack file, and apply it",
    ),
    "StorageNotConfigured": Words(
        "no storage is written, and the platform has none by default",
        "give the stack file a storage section (guide 2.1), and apply it",
    ),
    "Error": Words(
        "the operator can't do what is written, and tries it again and again",
        f"its message names what fails; in full: {OPERATOR_LOG}",
    ),
    "DeploymentNotFound": Words(
        "the operator has made no Deployment yet", f"look into its log: {OPERATOR_LOG}"
    ),
    "WaitingForDeployment": Words(
        "all is written, and the Deployment is not there yet",
        f"if it stays so, look into its log: {OPERATOR_LOG}",
    ),
    "DeploymentDeleted": Words(
        "somebody deletes the Deployment", "the operator makes a new one once it is gone"
    ),
    "FinalizingDeployment": Words(
        "the old Deployment is still going", "the operator makes a new one once it is gone"
    ),
    "DeletingDeployment": Words(
        "the registry is being removed", "wait; its Deployment goes before it counts as Removed"
    ),
    "DeploymentNotCompleted": Words(
        "new pods are being rolled out", f"if it stays so, look at them: {PODS}"
    ),
    "MinimumAvailability": Words(
        "the registry answers, and not with all of its pods", f"look at them: {PODS}"
    ),
    "NoReplicasAvailable": Words(
        "no pod of the registry is available", f"look at them ({PODS}) and into {REGISTRY_LOG}"
    ),
    "Unavailable": Words(
        "no pod of the registry has been available for more than a minute",
        f"look at them ({PODS}) and into {REGISTRY_LOG}",
    ),
    "ProgressDeadlineExceeded": Words(
        "the rollout has not come to its end in time",
        f"one of the new pods does not get ready: {PODS}",
    ),
    "RouteDegraded": Words(
        "a router did not admit a route of the registry",
        "correct its host name or its certificate in the stack file's exposure section",
    ),
    "ImagePrunerSyncError": Words(
        "the operator can't set the image pruner up",
        "correct the stack file's pruning section as its message says",
    ),
    "ImagePrunerJobFailed": Words(
        "the last run of the image pruner failed",
        "oc -n openshift-image-registry logs job/<the newest image-pruner job>, or "
        "pruning.ignoreInvalidImageReferences: true",
    ),
    "NodeCADaemonUnavailable": Words(
        "no node gets the registry's certificate authorities",
        "oc -n openshift-image-registry get daemonset node-ca",
    ),
}


def words(reason: str) -> Words:
    """Of several, which the ClusterOperator joins with `::`, those of the first that is known.
    Otherwise they are general: the condition's message says more."""
    known = (REASONS[each] for each in reason.split("::") if each in REASONS)
    return next(known, None) or Words(
        f"the operator says {reason or 'no reason'}", f"look into its log: {OPERATOR_LOG}"
    )
