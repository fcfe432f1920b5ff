"""A stand-in for the cluster-image-registry-operator: same judgement, same conditions.

It judges configs.imageregistry.operator.openshift.io/cluster by the rules of
openshift/cluster-image-registry-operator as of 4.15; each rule names the file and
function it comes from. Where the two differ, this one is stricter, with one
exception: it never writes a spec that it judged before somebody else changed it
(the real one may, and then loses the change).

What it does not do:
- Clouds beyond the lab's own network. No other bucket or container is looked at: with storage
  `Unmanaged` and complete credentials it is taken to exist; without `Unmanaged` it is refused.
- The node-ca daemon, the registry's RBAC, the PodDisruptionBudget, IBM COS and OSS.
- Credentials minted by the cluster for other clouds than AWS (secret installer-cloud-credentials),
  but for a workload identity of Azure.
"""
