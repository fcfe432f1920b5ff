from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import BACKENDS, CONFIGS, api, at


@resource_rule(
    title="The registry has exactly one storage backend",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage"),
    types=CONFIGS,
    why=(
        'With two backends the operator stops with "exactly one storage type should be '
        "configured at the same time\"; with none it fills in its platform's default and makes "
        "that storage itself. An empty block (`emptyDir: {}`) counts as a backend."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/storage.go, NewDriver; "
        "openshift/hypershift pull request 187"
    ),
    remedy="Keep one backend's block in spec.storage and take out every other.",
)
def one_storage_backend(config: Resource, settings: Settings) -> Iterator[str]:
    storage = at(config.props, "spec", "storage")
    if storage is None:
        return
    count = sum(at(storage, backend) is not None for backend in BACKENDS)
    if count == 0:
        yield "spec.storage has no backend"
    elif count > 1:
        yield "spec.storage has more than one backend"
