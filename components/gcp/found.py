"""What Google Cloud has already of what a stack makes.

What bears the stack's mark (labels of a bucket and of a key, the display name of a service account)
is taken up by its name. What is there without it is somebody else's, and never taken.
"""

import re
from collections.abc import Callable
from typing import Any

from pulumi import (
    InvokeOptions,
    ResourceHook,
    ResourceHookArgs,
    ResourceHookBinding,
    ResourceHookOptions,
    ResourceOptions,
    RunError,
)

from components.found import Questions, taken_up
from components.gcp.names import Names, display_name, labels
from settings.gcs import GcsStorage

NONE = re.compile(r"not ?found|Error 404|not in ACTIVE state|permission to access Project", re.I)
"""The plugin's words for what isn't there. Of a project Google doesn't tell whether it isn't there,
or this login may not see it; of a bucket likewise, but that is worth its own words."""
DENIED = re.compile(r"forbidden|denied|Error 403", re.I)


class Project(Questions):
    """A project as the plugin sees it."""

    def __init__(self, storage: GcsStorage, cluster: str, options: InvokeOptions) -> None:
        super().__init__()
        self.storage = storage
        self.cluster = cluster
        self.options = options
        self.id = storage.project_id
        self.names = Names(storage.project_id)

    def number(self) -> str | None:
        """Of the project: buckets know theirs by it."""
        from pulumi_gcp.organizations import get_project

        found = self._ask("project", lambda: get_project(project_id=self.id, opts=self.options))
        return str(found.number) if found else None

    def bucket(self) -> Any:
        """With the project named: the plugin would ask Compute Engine for it."""
        from pulumi_gcp.storage import get_bucket

        name = self.storage.bucket.name
        return self._ask(
            "bucket", lambda: get_bucket(name=name, project=self.id, opts=self.options)
        )

    def agent(self) -> str:
        """The service account by which Cloud Storage itself uses keys. Google makes it when it is
        first asked for."""
        from pulumi_gcp.storage import get_project_service_account

        found = self._ask(
            "agent", lambda: get_project_service_account(project=self.id, opts=self.options)
        )
        return found.email_address

    def account(self, name: str) -> Any:
        from pulumi_gcp.serviceaccount import get_account

        full = self.names.account(name)
        return self._ask(("account", name), lambda: get_account(account_id=full, opts=self.options))

    def ring(self, name: str) -> Any:
        from pulumi_gcp.kms import get_kms_key_ring

        location, ring = name.split("/")[3], name.rpartition("/")[2]
        return self._ask(
            ("ring", name),
            lambda: get_kms_key_ring(
                location=location, name=ring, project=name.split("/")[1], opts=self.options
            ),
        )

    def keys(self, ring: str) -> list[Any]:
        """The keys in a ring; none if there is no such ring."""
        from pulumi_gcp.kms import get_crypto_keys

        found = self._ask(("keys", ring), lambda: get_crypto_keys(key_ring=ring, opts=self.options))
        return list(found.keys or ()) if found else []

    def ours(self, found: Any) -> bool:
        """Does it bear the stack's labels?"""
        there = dict(getattr(found, "effective_labels", None) or {})
        there |= dict(getattr(found, "labels", None) or {})
        return labels(self.cluster).items() <= there.items()

    def our_account(self, name: str) -> bool:
        found = self.account(name)
        return found is not None and found.display_name == display_name(self.cluster)

    def _answer(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # the plugin's answer, whatever the engine makes of it
            said = " ".join(str(error).split())
            if NONE.search(said) and not DENIED.search(said):
                return None
            raise RunError(
                f"Google Cloud could not be asked what is there already in {self.id}: {said}\n"
                "    fix: docs/how-to/gcs-permissions.md has what the login must be allowed"
            ) from None


def made_or_taken(
    identifier: str, there: bool, ours: bool, refusal: str, name: str
) -> ResourceOptions:
    """Options of what is made here, or was: it is imported if it is there and ours. What is there
    and is not ours is refused in `refusal`'s words when it would be made, in a preview too; if the
    state has it, its mark was merely taken off."""
    if not there or ours:
        return taken_up(identifier, there)

    def before(_: ResourceHookArgs) -> None:
        raise RunError(refusal)

    hook = ResourceHook(f"not-ours-{name}", before, ResourceHookOptions(on_dry_run=True))
    return ResourceOptions(hooks=ResourceHookBinding(before_create=[hook]))
