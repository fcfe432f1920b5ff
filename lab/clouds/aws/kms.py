"""KMS keys and aliases."""

import json
from collections.abc import Iterator
from typing import Any

from lab.clouds.aws.kind import (
    AwsKind,
    between,
    excluded,
    gone,
    listed,
    mapped,
    matches,
    one_of,
    retag,
    tag_problems,
)
from lab.clouds.base.kind import State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs

ALIAS = r"alias/[a-zA-Z0-9/_-]+"


class Key(AwsKind):
    token = "aws:kms/key:Key"
    service = "kms"
    identity = frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "region"})
    absent = {"tags": {}, "enableKeyRotation": False, "isEnabled": True}
    local = {"deletionWindowInDays": None}
    documents = frozenset({"policy"})
    not_played = frozenset({"bypassPolicyLockoutSafetyCheck", "customKeyStoreId", "xksKeyId"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        # KMS API, ScheduleKeyDeletion and EnableKeyRotation.
        yield from between(inputs, 7, 30, "deletionWindowInDays")
        yield from between(inputs, 90, 2560, "rotationPeriodInDays")
        yield from one_of(
            inputs, ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"), "keyUsage"
        )
        if "rotationPeriodInDays" in inputs and not inputs.get("enableKeyRotation"):
            yield Failure(("rotationPeriodInDays",), "needs enableKeyRotation")
        yield from tag_problems(inputs)

    def create(self, inputs: Inputs) -> tuple[str, State]:
        kms = self.client(inputs)
        arguments = {
            "Policy": inputs.get("policy"),
            "Description": inputs.get("description"),
            "KeyUsage": inputs.get("keyUsage", "ENCRYPT_DECRYPT"),
            "KeySpec": inputs.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            "MultiRegion": inputs.get("multiRegion"),
            "Tags": listed(self.tags_in(inputs), "TagKey", "TagValue") or None,
        }
        given = {name: value for name, value in arguments.items() if value is not None}
        identifier = kms.create_key(**given)["KeyMetadata"]["KeyId"]
        self._switch(kms, identifier, inputs)
        return identifier, {}

    def read(self, identifier: str, known: State) -> State | None:
        kms = self.client(known)
        found = gone(lambda: kms.describe_key(KeyId=identifier), "NotFoundException")
        if found is None or found["KeyMetadata"]["KeyState"] == "PendingDeletion":
            return None
        key = found["KeyMetadata"]
        rotation = kms.get_key_rotation_status(KeyId=identifier)
        tags = kms.list_resource_tags(KeyId=identifier).get("Tags")
        policy = kms.get_key_policy(KeyId=identifier, PolicyName="default")["Policy"]
        return {
            "arn": key["Arn"],
            "customerMasterKeySpec": key.get("KeySpec") or "SYMMETRIC_DEFAULT",
            "description": key.get("Description", ""),
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "isEnabled": key["Enabled"],
            "keyId": key["KeyId"],
            "keyUsage": key.get("KeyUsage") or "ENCRYPT_DECRYPT",
            "multiRegion": key.get("MultiRegion", False),
            "policy": json.dumps(json.loads(policy)),
            "region": self.region(known),
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays")
            if rotation["KeyRotationEnabled"]
            else None,
            **self.tags_out(mapped(tags, "TagKey", "TagValue"), known),
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        kms = self.client(new)
        if new.get("isEnabled", True):
            kms.enable_key(KeyId=identifier)  # a disabled key can't be changed
        if "description" in new and new["description"] != old.get("description"):
            kms.update_key_description(KeyId=identifier, Description=new["description"])
        if "policy" in new and self.normal("policy", new["policy"]) != self.normal(
            "policy", old.get("policy")
        ):
            kms.put_key_policy(KeyId=identifier, PolicyName="default", Policy=new["policy"])
        retag(
            self.tags_in(new),
            old,
            lambda keys: kms.untag_resource(KeyId=identifier, TagKeys=keys),
            lambda tags: kms.tag_resource(
                KeyId=identifier, Tags=listed(tags, "TagKey", "TagValue")
            ),
        )
        self._switch(kms, identifier, new)

    def delete(self, identifier: str, state: State) -> None:
        kms, days = self.client(state), state.get("deletionWindowInDays")
        arguments = {"PendingWindowInDays": days} if days else {}
        gone(lambda: kms.schedule_key_deletion(KeyId=identifier, **arguments), "NotFoundException")

    @staticmethod
    def _switch(kms: Any, identifier: str, inputs: Inputs) -> None:
        if inputs.get("enableKeyRotation"):
            days = inputs.get("rotationPeriodInDays")
            period = {"RotationPeriodInDays": days} if days else {}
            kms.enable_key_rotation(KeyId=identifier, **period)
        else:
            kms.disable_key_rotation(KeyId=identifier)
        if not inputs.get("isEnabled", True):
            kms.disable_key(KeyId=identifier)


class Alias(AwsKind):
    token = "aws:kms/alias:Alias"
    service = "kms"
    identity = frozenset({"name", "namePrefix", "region"})
    name = ("name", 256)
    not_played = frozenset({"namePrefix"})

    def made_up(self, logical: str) -> str:
        return f"alias/{logical}"

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        words = "has to be alias/ and then letters, digits, slash, underscore and hyphen"
        yield from matches(inputs, ALIAS, words, "name")
        name = inputs.get("name")
        if isinstance(name, str) and name != UNKNOWN and name.startswith("alias/aws/"):
            yield Failure(("name",), "begins with alias/aws/, which is reserved")
        yield from excluded(inputs, "name", "namePrefix")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        kms = self.client(inputs)
        kms.create_alias(AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
        return inputs["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        pages = self.client(known).get_paginator("list_aliases").paginate()
        found = [
            each for page in pages for each in page["Aliases"] if each["AliasName"] == identifier
        ]
        if not found or not found[0].get("TargetKeyId"):
            return None
        arn, target = found[0]["AliasArn"], found[0]["TargetKeyId"]
        return {
            "arn": arn,
            "name": identifier,
            "region": self.region(known),
            "targetKeyArn": f"{arn.rpartition(':')[0]}:key/{target}",
            "targetKeyId": target,
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        self.client(new).update_alias(AliasName=identifier, TargetKeyId=new["targetKeyId"])

    def delete(self, identifier: str, state: State) -> None:
        kms = self.client(state)
        gone(lambda: kms.delete_alias(AliasName=identifier), "NotFoundException")

    def normal(self, key: str, value: Any) -> Any:
        """A key's ARN names the same key as its id."""
        if key == "targetKeyId" and isinstance(value, str):
            return value.rpartition(":key/")[2]
        return super().normal(key, value)


KINDS = (Key, Alias)
