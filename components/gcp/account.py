"""A service account for the registry, what it may, and how it is logged in as.

Makes the account, two roles on the bucket, and either a key, which is a secret from birth, or the
right of this cluster's operator and registry to act as it. Refuses to make: a role on a project, a
key beside such a right.
"""

import base64
from collections.abc import Iterator

import pulumi
from pulumi import Output, Resource, ResourceOptions
from pulumi_gcp import serviceaccount
from pulumi_gcp.storage import BucketIAMMember

from components.gcp.found import Project, made_or_taken
from components.gcp.names import display_name, member, workloads
from components.options import kept, merged
from settings.gcs_credentials import GcsCreatedAccount, GcsCreatedIdentity

ROLES = ("roles/storage.legacyBucketReader", "roles/storage.objectUser")
"""To read the bucket (storage.buckets.get, by which the operator finds it), and to list, read,
write and delete what is in it (Cloud Storage, "IAM roles"). Neither may change who may what."""
MAY_ACT = "roles/iam.workloadIdentityUser"


def registry_account(name: str, project: Project, opts: ResourceOptions) -> serviceaccount.Account:
    """Kept whatever happens to the stack: the registry that stays logs in as it."""
    there = project.account(name) is not None
    where = ".".join(("storage.credentials", *_path(project)))
    taken = made_or_taken(
        project.names.account(name),
        there,
        there and project.our_account(name),
        f"openshift-registry:{where}: there is a service account {name} in the project "
        f"{project.id}, and its display name is not {display_name(project.cluster)!r}, so it is "
        "not this stack's\n    fix: write another `accountId`",
        f"account-{name}",
    )
    return serviceaccount.Account(
        name,
        account_id=name,
        project=project.id,
        display_name=display_name(project.cluster),
        opts=kept(opts, taken),
    )


def _path(project: Project) -> tuple[str, ...]:
    wanted = project.storage.credentials
    return (wanted.mode, "create") if isinstance(wanted, GcsCreatedIdentity) else (wanted.mode,)


def bucket_roles(
    email: str, bucket: str, after: list[Resource], opts: ResourceOptions
) -> Iterator[BucketIAMMember]:
    """On this bucket and nothing else. By names that a preview knows, so that it can judge them."""
    for role in ROLES:
        yield BucketIAMMember(
            f"{email.partition('@')[0]}-{role.rpartition('.')[2]}",
            bucket=bucket,
            role=role,
            member=member(email),
            opts=kept(opts, depends_on=after),
        )


def account_key(
    wanted: GcsCreatedAccount,
    name: str,
    account: serviceaccount.Account,
    after: list[Resource],
    previous: str | None,
    project: Project,
    opts: ResourceOptions,
) -> tuple[Output[str], Output[str | None], serviceaccount.Key]:
    """The key file; the key's ID, if an older one goes; and the key.

    `previous` is the ID of the key in the live secret. The key has a name of its own for each
    `rotation`: a new one is made, and in the secret, before the engine deletes the old one. It is
    not retained, which would keep each old one for ever; the protected secret that holds it keeps
    it in the state.
    """
    key = serviceaccount.Key(
        f"{name}-{wanted.rotation}" if wanted.rotation else name,
        service_account_id=account.name,
        opts=merged(opts, ResourceOptions(depends_on=after)),
    )
    keyfile = Output.secret(key.private_key).apply(_decoded)
    mine = key.name.apply(lambda full: full.rpartition("/")[2])
    return keyfile, mine.apply(lambda now: _newer(now, previous, name, project)), key


def _newer(mine: str, previous: str | None, name: str, project: Project) -> str | None:
    """It, if the engine may delete an older one. The plugin lists nobody's keys, so of one that the
    state has lost there is no other trace than the live secret, and that is about to change."""
    if previous in (None, mine):
        return None
    pulumi.log.info(
        f"the key {previous} of {name} goes once the registry runs with the new one. If this run "
        "does not delete it, its state was lost, or somebody else has made it: gcloud iam "
        f"service-accounts keys delete {previous} --iam-account={project.names.email(name)}"
    )
    return mine


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()


def acting_as(
    wanted: GcsCreatedIdentity, account: serviceaccount.Account, opts: ResourceOptions
) -> Iterator[serviceaccount.IAMMember]:
    """Only the operator and the registry of this cluster may act as the account."""
    for who in workloads(wanted.provider):
        yield serviceaccount.IAMMember(
            who.rpartition(":")[2],
            service_account_id=account.name,
            role=MAY_ACT,
            member=who,
            opts=kept(opts),
        )
