"""S3: a bucket, and the parts of its configuration that are resources of their own.

The names, checks and ids are those of pulumi-aws 7 (terraform-provider-aws 6, internal/service/s3);
what S3 itself refuses is in `server/`.
"""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from lab.clouds.aws.kind import (
    AwsKind,
    at,
    excluded,
    gone,
    listed,
    mapped,
    one_of,
    tag_problems,
)
from lab.clouds.aws.lifecycle import LIFECYCLE
from lab.clouds.aws.names import bucket_name_problem
from lab.clouds.base.kind import CloudError, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs

NO_BUCKET = ("NoSuchBucket", "404")
STATUSES = ("Enabled", "Suspended", "Disabled")
PAB = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}


class Bucket(AwsKind):
    token = "aws:s3/bucket:Bucket"
    service = "s3"
    identity = frozenset({"bucket", "bucketPrefix", "objectLockEnabled", "region"})
    name = ("bucket", 63)
    absent = {"tags": {}, "objectLockEnabled": False}
    local = {"forceDestroy": False}
    # Each has a resource of its own, and the real plugin takes both for one thing.
    not_played = frozenset(
        {
            "accelerationStatus",
            "acl",
            "bucketNamespace",
            "corsRules",
            "grants",
            "lifecycleRules",
            "logging",
            "objectLockConfiguration",
            "policy",
            "replicationConfiguration",
            "requestPayer",
            "serverSideEncryptionConfiguration",
            "versioning",
            "website",
        }
    )

    def made_up(self, logical: str) -> str:
        return logical.lower()

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        name, prefix = inputs.get("bucket"), inputs.get("bucketPrefix")
        if isinstance(name, str) and name != UNKNOWN and (wrong := bucket_name_problem(name)):
            yield Failure(("bucket",), f"{wrong} (general purpose bucket naming rules)")
        if isinstance(prefix, str) and len(prefix) > 37:
            yield Failure(("bucketPrefix",), "has more than 37 characters")
        yield from excluded(inputs, "bucket", "bucketPrefix")
        yield from tag_problems(inputs)

    def create(self, inputs: Inputs) -> tuple[str, State]:
        s3, region = self.client(inputs), self.region(inputs)
        name = inputs.get("bucket") or _with_prefix(inputs["bucketPrefix"])
        place = {} if region == "us-east-1" else {"LocationConstraint": region}
        # In the same call, so that no interrupted run leaves a bucket without them (the plugin
        # since 7.13).
        tags = listed(self.tags_in(inputs))
        made = {**place, **({"Tags": tags} if tags else {})}
        arguments: dict[str, Any] = {"Bucket": name}
        if made:
            arguments["CreateBucketConfiguration"] = made
        if inputs.get("objectLockEnabled"):
            arguments["ObjectLockEnabledForBucket"] = True
        if gone(lambda: s3.head_bucket(Bucket=name), "404") is not None:
            # In us-east-1 S3 lets an owner create a bucket again; the plugin does not.
            raise CloudError(f"creating S3 Bucket ({name}): BucketAlreadyExists")
        s3.create_bucket(**arguments)
        return name, {}

    def read(self, identifier: str, known: State) -> State | None:
        s3 = self.client(known)
        if gone(lambda: s3.head_bucket(Bucket=identifier), *NO_BUCKET) is None:
            return None
        tags = gone(lambda: s3.get_bucket_tagging(Bucket=identifier), "NoSuchTagSet") or {}
        locked = gone(
            lambda: s3.get_object_lock_configuration(Bucket=identifier),
            "ObjectLockConfigurationNotFoundError",
        )
        region = s3.get_bucket_location(Bucket=identifier)["LocationConstraint"] or "us-east-1"
        return {
            "arn": f"arn:aws:s3:::{identifier}",
            "bucket": identifier,
            "bucketDomainName": f"{identifier}.s3.amazonaws.com",
            "bucketRegion": region,
            "bucketRegionalDomainName": f"{identifier}.s3.{region}.amazonaws.com",
            "objectLockEnabled": locked is not None,
            "region": region,
            **self.tags_out(mapped(tags.get("TagSet")), known),
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        self._tag(self.client(new), identifier, new)

    def delete(self, identifier: str, state: State) -> None:
        s3 = self.client(state)
        if state.get("forceDestroy"):
            self._empty(s3, identifier)
        gone(lambda: s3.delete_bucket(Bucket=identifier), *NO_BUCKET)

    def _tag(self, s3: Any, name: str, inputs: Inputs) -> None:
        tags = self.tags_in(inputs)
        if tags:
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": listed(tags)})
        else:
            s3.delete_bucket_tagging(Bucket=name)

    @staticmethod
    def _empty(s3: Any, name: str) -> None:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])


class Part(AwsKind):
    """One part of a bucket's configuration. Its id is the bucket's name."""

    service = "s3"
    identity = frozenset({"bucket", "expectedBucketOwner", "region"})
    none: ClassVar[tuple[str, ...]] = ()
    """The codes by which S3 says that a bucket has no such part."""

    def claims(self, inputs: Inputs) -> str | None:
        return None if inputs["bucket"] == UNKNOWN else f"bucket {inputs['bucket']}"

    def create(self, inputs: Inputs) -> tuple[str, State]:
        self.put(self.client(inputs), inputs["bucket"], inputs)
        return inputs["bucket"], {}

    def read(self, identifier: str, known: State) -> State | None:
        s3 = self.client(known)
        found = gone(lambda: self.get(s3, identifier), *self.none, *NO_BUCKET)
        if found is None:
            return None
        return {"bucket": identifier, "region": self.region(known), **found}

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        self.put(self.client(new), identifier, new)

    def delete(self, identifier: str, state: State) -> None:
        gone(lambda: self.remove(self.client(state), identifier, state), *self.none, *NO_BUCKET)

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        raise NotImplementedError

    def get(self, s3: Any, bucket: str) -> State | None:
        raise NotImplementedError

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        raise NotImplementedError


class PublicAccessBlock(Part):
    token = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    identity = frozenset({"bucket", "region"})
    absent = dict.fromkeys(PAB, False)
    local = {"skipDestroy": False}
    none = ("NoSuchPublicAccessBlockConfiguration",)

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        block = {api: inputs.get(name, False) for name, api in PAB.items()}
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)

    def get(self, s3: Any, bucket: str) -> State | None:
        found = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        return {name: found.get(api, False) for name, api in PAB.items()}

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        if not state.get("skipDestroy"):
            s3.delete_public_access_block(Bucket=bucket)


class OwnershipControls(Part):
    token = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    identity = frozenset({"bucket", "region"})
    none = ("OwnershipControlsNotFoundError",)

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        known = ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")
        yield from one_of(inputs, known, "rule", "objectOwnership")

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        rules = [{"ObjectOwnership": inputs["rule"]["objectOwnership"]}]
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})

    def get(self, s3: Any, bucket: str) -> State | None:
        found = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
        return {"rule": {"objectOwnership": found["Rules"][0]["ObjectOwnership"]}}

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        s3.delete_bucket_ownership_controls(Bucket=bucket)


class Encryption(Part):
    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    none = ("ServerSideEncryptionConfigurationNotFoundError",)

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        rules = inputs.get("rules")
        if isinstance(rules, list) and len(rules) != 1:
            # S3 API, ServerSideEncryptionConfiguration: one rule is what S3 takes.
            yield Failure(("rules",), f"are {len(rules)}, and S3 takes one")
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            where = ("rules", index, "applyServerSideEncryptionByDefault")
            yield from one_of(inputs, ("AES256", "aws:kms", "aws:kms:dsse"), *where, "sseAlgorithm")
            if "blockedEncryptionTypes" in rule:
                yield Failure(
                    ("rules", index, "blockedEncryptionTypes"), "is not played by the lab's AWS"
                )

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        rules = []
        for rule in inputs["rules"]:
            default = rule.get("applyServerSideEncryptionByDefault") or {}
            made = {"SSEAlgorithm": default.get("sseAlgorithm")}
            if default.get("kmsMasterKeyId"):
                made["KMSMasterKeyID"] = default["kmsMasterKeyId"]
            rules.append(
                {
                    "ApplyServerSideEncryptionByDefault": made,
                    "BucketKeyEnabled": bool(rule.get("bucketKeyEnabled")),
                }
            )
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})

    def get(self, s3: Any, bucket: str) -> State | None:
        found = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
        rules = []
        for rule in found["Rules"]:
            default = rule["ApplyServerSideEncryptionByDefault"]
            made = {"sseAlgorithm": default["SSEAlgorithm"]}
            if default.get("KMSMasterKeyID"):
                made["kmsMasterKeyId"] = default["KMSMasterKeyID"]
            rules.append(
                {
                    "applyServerSideEncryptionByDefault": made,
                    "bucketKeyEnabled": bool(rule.get("BucketKeyEnabled")),
                }
            )
        return {"rules": rules}

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        s3.delete_bucket_encryption(Bucket=bucket)


class Lifecycle(Part):
    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    none = ("NoSuchLifecycleConfiguration",)
    not_played = frozenset({"timeouts", "transitionDefaultMinimumObjectSize"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from LIFECYCLE.problems(inputs)

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        rules = [LIFECYCLE.to_api(each) for each in inputs.get("rules") or []]
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": rules}
        )

    def get(self, s3: Any, bucket: str) -> State | None:
        found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
        return {"rules": [LIFECYCLE.from_api(each) for each in found["Rules"]]}

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        s3.delete_bucket_lifecycle(Bucket=bucket)


class Policy(Part):
    token = "aws:s3/bucketPolicy:BucketPolicy"
    identity = frozenset({"bucket", "region"})
    documents = frozenset({"policy"})
    none = ("NoSuchBucketPolicy",)

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        s3.put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])

    def get(self, s3: Any, bucket: str) -> State | None:
        return {"policy": json.dumps(json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]))}

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        s3.delete_bucket_policy(Bucket=bucket)


class Versioning(Part):
    token = "aws:s3/bucketVersioning:BucketVersioning"
    not_played = frozenset({"mfa"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from one_of(inputs, STATUSES, "versioningConfiguration", "status")
        if at(inputs, "versioningConfiguration", "mfaDelete") is not None:
            yield Failure(
                ("versioningConfiguration", "mfaDelete"), "is not played by the lab's AWS"
            )

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        status = inputs["versioningConfiguration"]["status"]
        if status != "Disabled":
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        elif s3.get_bucket_versioning(Bucket=bucket).get("Status"):
            # S3 User Guide, "Using versioning": "After you version-enable a bucket, it can never
            # return to an unversioned state."
            raise CloudError(
                f"bucket {bucket} has been versioned, so versioningConfiguration.status can't be "
                "Disabled; Suspended is what stops it"
            )

    def get(self, s3: Any, bucket: str) -> State | None:
        status = s3.get_bucket_versioning(Bucket=bucket).get("Status") or "Disabled"
        return {"versioningConfiguration": {"status": status}}

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        if at(state, "versioningConfiguration", "status") == "Enabled":
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


class Logging(Part):
    token = "aws:s3/bucketLogging:BucketLogging"
    not_played = frozenset({"targetGrants", "targetObjectKeyFormat"})

    def put(self, s3: Any, bucket: str, inputs: Inputs) -> None:
        enabled = {
            "TargetBucket": inputs["targetBucket"],
            "TargetPrefix": inputs["targetPrefix"],
        }
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})

    def get(self, s3: Any, bucket: str) -> State | None:
        found = s3.get_bucket_logging(Bucket=bucket).get("LoggingEnabled")
        if not found:
            return None
        return {
            "targetBucket": found["TargetBucket"],
            "targetPrefix": found.get("TargetPrefix", ""),
        }

    def remove(self, s3: Any, bucket: str, state: State) -> None:
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


def _with_prefix(prefix: str) -> str:
    from datetime import UTC, datetime

    return f"{prefix}{datetime.now(UTC):%Y%m%d%H%M%S%f}00000001"


KINDS = (
    Bucket,
    PublicAccessBlock,
    OwnershipControls,
    Encryption,
    Lifecycle,
    Policy,
    Versioning,
    Logging,
)
