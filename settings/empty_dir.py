"""Storage on the node's own disk, lost with the pod: `kind: emptyDir`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from settings.form import Form, Maybe, entry
from settings.replaced import Replaced


class EmptyDirStorage(Form):
    """For clusters whose images can be made again (guide 3.6.3.2, 3.7.3.2, 3.9.3.2)."""

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged",
        "emptyDir": "is written by the stack, and has no fields",
    }

    kind: Literal["emptyDir"] = entry("`emptyDir`: images go with the pod.", default=...)
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
    )

    @property
    def suggests(self) -> dict[str, Any]:
        return {}

    @property
    def demands(self) -> dict[str, Any]:
        """Each pod would have images of its own (openshift/api imageregistry/v1, EmptyDir)."""
        return {"replicas": 1}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        return {"emptyDir": {}}
