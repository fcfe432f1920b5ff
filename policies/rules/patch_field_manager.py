from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import SINGLETON_PATCHES, annotation, plugin


@resource_rule(
    title="Patches have a fixed field manager and take their fields over",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=plugin("annotations pulumi.com/patchFieldManager and pulumi.com/patchForce"),
    types=SINGLETON_PATCHES,
    why=(
        "Without a fixed manager the plugin invents one per resource: after a lost state the "
        "fields stay owned by a manager that nobody is. Without force the first `up` fails, "
        "because the operator or the installer wrote the same fields; a preview never shows it."
    ),
    source="pulumi/pulumi-kubernetes issues 2219 and 2011",
    remedy=(
        "Annotate the patch with pulumi.com/patchFieldManager, the name that the fieldManager "
        'setting gives, and pulumi.com/patchForce: "true".'
    ),
    settings={
        "fieldManager": {
            "type": "string",
            "default": "openshift-registry",
            "description": "The one field manager of all stacks",
        }
    },
)
def patch_field_manager(patch: Resource, settings: Settings) -> Iterator[str]:
    if annotation(patch, "pulumi.com/patchFieldManager") != settings["fieldManager"]:
        yield "annotation pulumi.com/patchFieldManager is not the agreed field manager"
    if annotation(patch, "pulumi.com/patchForce") != "true":
        yield 'annotation pulumi.com/patchForce is not "true"'
