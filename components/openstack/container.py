"""A container of Swift for the registry's images.

Makes (or adopts) it, private: without any ACL it is its project's alone. It is protected and kept
whatever happens to the stack. Its metadata is the registry's, which keeps the key of its temporary
URLs there; the one word of ours among it says at its birth whose it is. Refuses to make: one that
others may read, one that lets itself be deleted with the images in it, one that keeps or takes away
single objects.
"""

from collections.abc import Mapping

import pulumi
from pulumi import ResourceOptions, RunError
from pulumi_openstack.objectstorage import Container

from components.found import taken_up
from components.openstack.project import Project
from components.options import kept
from settings.swift_container import SwiftAdoptedContainer, SwiftCreatedContainer

MARK = "Openshift-Registry"
"""Of the metadata; its value is the cluster's name."""
ACLS = ("Container-Read", "Container-Write")
HEADER = f"X-Container-Meta-{MARK}"
OF_THEIR_OWN = ["metadata"]
"""What is somebody else's in it, and must not be planned for removal."""
OF_ITS_BIRTH = ["contentType", "storageClass", "storagePolicy", "versioning", "versioningLegacy"]
"""What one that was there before has, and keeps."""


def made_container(
    wanted: SwiftCreatedContainer | SwiftAdoptedContainer,
    cluster: str,
    project: Project,
    opts: ResourceOptions,
) -> Container:
    live, ignored = project.container(), OF_THEIR_OWN
    if isinstance(wanted, SwiftAdoptedContainer):
        there, ignored = True, [*OF_THEIR_OWN, *OF_ITS_BIRTH]
        _tell_of_the_acl(wanted.name, live or {})
        metadata = policy = None
    else:
        there = live is not None
        if live is not None:
            _ours(wanted.name, live, cluster)
        metadata, policy = {MARK: cluster}, wanted.storage_policy
    return Container(
        wanted.name,
        name=wanted.name,
        metadata=metadata,
        storage_policy=policy,
        opts=kept(opts, taken_up(wanted.name, there), protect=True, ignore_changes=ignored),
    )


def _ours(name: str, live: Mapping[str, str], cluster: str) -> None:
    """Swift makes a container that exists once more without a word, and somebody else's would be
    taken."""
    owner = live.get(HEADER)
    if owner == cluster:
        return
    made = f"the stack of {owner} has made it" if owner else "this stack has not made it"
    raise RunError(
        f"openshift-registry:storage.container.create.name: {name}: the project has a container of "
        f"that name, and {made}: its metadata does not say {MARK}: {cluster}\n"
        "    fix: write another name, or `adopt` to take it over. If this stack has made it, and "
        f'the word was lost: swift post {name} -m "{MARK}:{cluster}"'
    )


def _tell_of_the_acl(name: str, live: Mapping[str, str]) -> None:
    """The engine imports what is there, and takes off at once what the program does not say."""
    open_to = {each: live[f"X-{each}"] for each in ACLS if live.get(f"X-{each}")}
    if open_to:
        said = "; ".join(f"{each}: {value}" for each, value in open_to.items())
        pulumi.log.warn(f"the container {name} is made private, and what it says now goes: {said}")
