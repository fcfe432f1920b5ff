"""An application credential of Keystone for the registry.

Makes it of the user who is logged in, for one project and with one role, and by access rules for
the paths of one container. It is a secret from birth. Refuses to make: one that may make further
ones.
"""

from collections.abc import Iterator

from pulumi import Output, ResourceOptions, RunError
from pulumi_openstack.identity import ApplicationCredential

from components.found import left_over
from components.openstack.project import HOW, Project
from components.options import merged
from settings.swift_credentials import APPLICATION, SwiftCreatedCredential

USUAL = SwiftCreatedCredential.model_fields["role"].default
METHODS = ("DELETE", "GET", "HEAD", "POST", "PUT")
"""What a registry and its operator ask Swift with. Keystone's rules know no COPY, by which the
driver moves what was not uploaded in parts; a registry uploads all that it moves in parts
(distribution registry/storage/driver/swift/swift.go, `Move`, `Writer`)."""


def application_credential(
    wanted: SwiftCreatedCredential,
    name: str,
    project: Project,
    previous: str | None,
    opts: ResourceOptions,
) -> tuple[ApplicationCredential, dict[str, Output[str]], Output[str | None]]:
    """The credential, the keys of the secret, and its ID again if there are older ones of a
    registry. `previous` is the one in the live secret.

    No two of a user have one name, and none can be changed. So Pulumi gives each its own, which
    begins with `name`: another one is made, and in the secret, before the engine deletes the old
    one. It is not retained, which would keep each old one for ever; the protected secret that holds
    it keeps it in the state.

    Keystone adds to its roles those that they imply, as `member` does `reader`, and the plugin
    would replace it for them at the next run after a refresh. So its roles are not looked at, and
    another role makes another credential by its name here.
    """
    if wanted.role not in project.roles:
        has = ", ".join(sorted(project.roles)) or "none"
        raise RunError(
            f"openshift-registry:storage.credentials.create.role: {wanted.role}: {project.user}, "
            "who is logged in, has no such role in the project, and can't pass it on\n"
            f"    fix: write one of those that are there ({has}) and may write objects, or have it "
            f"given; {HOW}"
        )
    apart = (None if wanted.role == USUAL else wanted.role, wanted.rotation)
    full = "-".join((name, *filter(None, apart)))
    made = ApplicationCredential(
        full,
        description=f"The registry's, for {project.path}",
        roles=[wanted.role],
        access_rules=list(_rules(project.path)) if wanted.access_rules else None,
        unrestricted=False,
        opts=merged(opts, ResourceOptions(ignore_changes=["roles"])),
    )
    present = {each["id"] for each in project.credentials() if each["name"].startswith(f"{name}-")}
    delete = "openstack application credential delete {}"
    left_over(f"of {project.user} the application credential", present, previous, made.id, delete)
    keys = {
        f"{APPLICATION}ID": Output.secret(made.id),
        f"{APPLICATION}NAME": Output.secret(made.name),
        f"{APPLICATION}SECRET": Output.secret(made.secret),
    }
    return made, keys, made.id.apply(lambda mine: _newer(mine, present, previous))


def _rules(path: str) -> Iterator[dict[str, str]]:
    """The container itself and all below it (keystonemiddleware auth_token, `_path_matches`)."""
    for method in METHODS:
        for each in (path, f"{path}/**"):
            yield {"service": "object-store", "method": method, "path": each}


def _newer(mine: str, present: set[str], previous: str | None) -> str | None:
    """It, if the engine may delete an older one."""
    return mine if previous is not None and {*present, previous} - {mine} else None
