from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, CONFIGS, access_modes, at, guide, has_replicas, is_registry_claim, text


@stack_rule(
    title="A ReadWriteOnce claim has one replica and the Recreate strategy",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.6.3.1"),
    types=(CLAIM, *CONFIGS),
    why=(
        "A ReadWriteOnce volume is attached to one node at a time. The operator refuses more "
        "replicas than one; with RollingUpdate, which is also what an absent strategy means, "
        "the new pod waits for a volume that the old pod does not let go. A claim that also has "
        "ReadWriteMany is not bound by this."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/pvc/pvc.go, checkPVC; "
        "openshift/release pull request 44828"
    ),
    remedy="Set spec.replicas to 1 and spec.rolloutStrategy to Recreate, or use ReadWriteMany.",
)
def single_writer_claim(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    single_writer = {
        text(each.props, "metadata", "name")
        for each in resources
        if each.resource_type == CLAIM and is_registry_claim(each) and _has_one_writer(each)
    }
    for config in resources:
        if config.resource_type not in CONFIGS:
            continue
        if text(config.props, "spec", "storage", "pvc", "claim") not in single_writer - {None}:
            continue
        if has_replicas(config):
            yield config, "spec.replicas is more than 1 on a ReadWriteOnce claim"
        if at(config.props, "spec", "rolloutStrategy") != "Recreate":
            yield config, "spec.rolloutStrategy is not Recreate on a ReadWriteOnce claim"


def _has_one_writer(claim: Resource) -> bool:
    modes = access_modes(claim)
    return "ReadWriteOnce" in modes and "ReadWriteMany" not in modes
