"""A key of Cloud KMS for the registry's bucket.

Makes the ring, unless one is given, and the key, always rotated; and lets Cloud Storage use it, or
a key that exists. Ring and key are kept whatever happens to the stack, the key is protected too:
without it nobody can read the images. Refuses to make: a key that is not rotated, a grant to
anybody but Cloud Storage itself.
"""

from pulumi import Resource, ResourceOptions, RunError
from pulumi_gcp import kms

from components.gcp.found import Project, made_or_taken
from components.gcp.names import key_name, labels, member
from components.options import kept
from settings.gcs_bucket import GcsCreatedKey

DAY = 24 * 60 * 60
MAY_USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def full_name(wanted: GcsCreatedKey, infrastructure_name: str, project: Project) -> str:
    """Of the key that is made, and with it of its ring."""
    name = wanted.name or key_name(infrastructure_name)
    ring = wanted.key_ring or project.names.ring(project.storage.region, name)
    return f"{ring}/cryptoKeys/{name}"


def bucket_key(
    wanted: GcsCreatedKey, key: str, project: Project, opts: ResourceOptions
) -> list[Resource]:
    """`key` is its full name."""
    ring, _, name = key.partition("/cryptoKeys/")
    made: list[Resource] = []
    if wanted.key_ring is None:
        made.append(_ring(ring, key, project, opts))
    elif project.ring(ring) is None:
        raise RunError(
            f"openshift-registry:storage.bucket.{project.storage.bucket.mode}.kms.create.keyRing: "
            f"{ring}: there is no such ring\n"
            "    fix: leave it out, and one is made with the key, or name one that is there"
        )
    live = {each.name: each for each in project.keys(ring)}.get(name)
    taken = made_or_taken(
        key,
        live is not None,
        live is not None and project.ours(live),
        f"openshift-registry:storage.bucket.{project.storage.bucket.mode}.kms.create: there is a "
        f"key {key}, and it does not bear this stack's labels\n"
        "    fix: write `use` to refer to it, or another `name`: Google lets none be used twice",
        key.replace("/", "-"),
    )
    made.append(
        kms.CryptoKey(
            name,
            name=name,
            key_ring=ring,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=f"{wanted.rotation_period_days * DAY}s",
            destroy_scheduled_duration=f"{wanted.destroy_scheduled_days * DAY}s",
            # Should ever somebody take off the engine's own protection.
            deletion_policy="PREVENT",
            labels=labels(project.cluster),
            opts=kept(opts, taken, protect=True, depends_on=[*made]),
        )
    )
    return made


def _ring(ring: str, key: str, project: Project, opts: ResourceOptions) -> kms.KeyRing:
    """Nobody can mark a ring, or delete one. It is this stack's if nobody else has a key in it."""
    there = project.ring(ring) is not None
    others = [each.id for each in project.keys(ring) if each.id != key] if there else []
    name = ring.rpartition("/")[2]
    taken = made_or_taken(
        ring,
        there,
        not others,
        f"openshift-registry:storage.bucket.{project.storage.bucket.mode}.kms.create: there is a "
        f"ring {ring} with other keys in it\n"
        "    fix: write it as `keyRing`, to make the key in it, or give the key another `name`",
        ring.replace("/", "-"),
    )
    return kms.KeyRing(
        name,
        name=name,
        location=ring.split("/")[3],
        project=project.id,
        opts=kept(opts, taken),
    )


def storages_grant(
    key: str, after: list[Resource], project: Project, opts: ResourceOptions
) -> kms.CryptoKeyIAMMember:
    """Cloud Storage makes no bucket with a key that it may not use. The registry itself needs no
    right on it: Cloud Storage encrypts in its place."""
    return kms.CryptoKeyIAMMember(
        key.rpartition("/")[2],
        crypto_key_id=key,
        role=MAY_USE,
        member=member(project.agent()),
        opts=kept(opts, depends_on=after),
    )
