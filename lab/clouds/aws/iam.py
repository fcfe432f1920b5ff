"""IAM users and roles, their inline policies, and access keys."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

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
from lab.clouds.base.kind import CloudError, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

NONE = ("NoSuchEntity", "NoSuchEntityException")
NAME = r"[0-9A-Za-z=,.@\-_+]{1,64}"
POLICY_NAME = r"[0-9A-Za-z=,.@\-_+]{1,128}"
NAME_WORDS = "has to be letters, digits and any of =,.@-_+, at most 64"


class Iam(AwsKind):
    service = "iam"
    regional = False


class User(Iam):
    token = "aws:iam/user:User"
    # The real plugin renames a user in place; the lab makes a new one.
    identity = frozenset({"name"})
    name = ("name", 64)
    absent = {"tags": {}, "path": "/", "permissionsBoundary": ""}
    local = {"forceDestroy": False}

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from matches(inputs, NAME, NAME_WORDS, "name")
        yield from tag_problems(inputs)

    def create(self, inputs: Inputs) -> tuple[str, State]:
        arguments: dict[str, Any] = {
            "UserName": inputs["name"],
            "Path": inputs.get("path", "/"),
            "Tags": listed(self.tags_in(inputs)),
        }
        if inputs.get("permissionsBoundary"):
            raise CloudError("the lab's AWS does not play permissionsBoundary of a user")
        self.client(inputs).create_user(**arguments)
        return inputs["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        iam = self.client(known)
        found = gone(lambda: iam.get_user(UserName=identifier), *NONE)
        if found is None:
            return None
        user, tags = found["User"], iam.list_user_tags(UserName=identifier)["Tags"]
        return {
            "arn": user["Arn"],
            "name": identifier,
            "path": user["Path"],
            "uniqueId": user["UserId"],
            **self.tags_out(mapped(tags), known),
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        iam = self.client(new)
        path = new.get("path", "/")
        if path != old.get("path"):
            iam.update_user(UserName=identifier, NewPath=path)
        name = {"UserName": identifier}
        retag(
            self.tags_in(new),
            old,
            lambda keys: iam.untag_user(**name, TagKeys=keys),
            lambda tags: iam.tag_user(**name, Tags=listed(tags)),
        )

    def delete(self, identifier: str, state: State) -> None:
        iam = self.client(state)
        if state.get("forceDestroy"):
            for key in iam.list_access_keys(UserName=identifier)["AccessKeyMetadata"]:
                iam.delete_access_key(UserName=identifier, AccessKeyId=key["AccessKeyId"])
        gone(lambda: iam.delete_user(UserName=identifier), *NONE)


class InlinePolicy(Iam):
    """A policy inside a user or role. Its id is `owner:name`."""

    name = ("name", 128)
    documents = frozenset({"policy"})
    owner: ClassVar[str]
    """user or role"""

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        words = "has to be letters, digits and any of =,.@-_+, at most 128"
        yield from matches(inputs, POLICY_NAME, words, "name")
        yield from excluded(inputs, "name", "namePrefix")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        self._put(inputs[self.owner], inputs["name"], inputs)
        return f"{inputs[self.owner]}:{inputs['name']}", {}

    def read(self, identifier: str, known: State) -> State | None:
        owner, _, name = identifier.partition(":")
        call = getattr(self.client(known), f"get_{self.owner}_policy")
        found = gone(lambda: call(**self._whose(owner, name)), *NONE)
        if found is None:
            return None
        document = found["PolicyDocument"]
        text = document if isinstance(document, str) else json.dumps(document)
        return {self.owner: owner, "name": name, "policy": text}

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        owner, _, name = identifier.partition(":")
        self._put(owner, name, new)

    def delete(self, identifier: str, state: State) -> None:
        owner, _, name = identifier.partition(":")
        call = getattr(self.client(state), f"delete_{self.owner}_policy")
        gone(lambda: call(**self._whose(owner, name)), *NONE)

    def _put(self, owner: str, name: str, inputs: Inputs) -> None:
        call = getattr(self.client(inputs), f"put_{self.owner}_policy")
        call(**self._whose(owner, name), PolicyDocument=inputs["policy"])

    def _whose(self, owner: str, name: str) -> dict[str, str]:
        return {f"{self.owner.capitalize()}Name": owner, "PolicyName": name}


class UserPolicy(InlinePolicy):
    token = "aws:iam/userPolicy:UserPolicy"
    identity = frozenset({"name", "namePrefix", "user"})
    not_played = frozenset({"namePrefix"})
    owner = "user"


class RolePolicy(InlinePolicy):
    token = "aws:iam/rolePolicy:RolePolicy"
    identity = frozenset({"name", "namePrefix", "role"})
    not_played = frozenset({"namePrefix"})
    owner = "role"


class AccessKey(Iam):
    token = "aws:iam/accessKey:AccessKey"
    identity = frozenset({"user", "pgpKey"})
    absent = {"status": "Active"}
    kept = frozenset({"secret"})
    secret = frozenset({"secret", "sesSmtpPasswordV4"})
    not_played = frozenset({"pgpKey"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from one_of(inputs, ("Active", "Inactive"), "status")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        iam = self.client(inputs)
        made = iam.create_access_key(UserName=inputs["user"])["AccessKey"]
        if inputs.get("status", "Active") != "Active":
            self._set(inputs["user"], made["AccessKeyId"], inputs)
        return made["AccessKeyId"], {"secret": made["SecretAccessKey"]}

    def read(self, identifier: str, known: State) -> State | None:
        iam = self.client(known)
        user = known.get("user")
        if user is None:  # an import
            found = gone(lambda: iam.get_access_key_last_used(AccessKeyId=identifier), *NONE)
            if found is None:
                return None
            user = found["UserName"]
        keys = gone(lambda: iam.list_access_keys(UserName=user), *NONE)
        for key in (keys or {}).get("AccessKeyMetadata", []):
            if key["AccessKeyId"] == identifier:
                return {
                    "createDate": f"{key['CreateDate']:%Y-%m-%dT%H:%M:%SZ}",
                    "status": key["Status"],
                    "user": user,
                }
        return None

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        self._set(new["user"], identifier, new)

    def delete(self, identifier: str, state: State) -> None:
        iam = self.client(state)
        gone(lambda: iam.delete_access_key(UserName=state["user"], AccessKeyId=identifier), *NONE)

    def _set(self, user: str, identifier: str, inputs: Inputs) -> None:
        self.client(inputs).update_access_key(
            UserName=user, AccessKeyId=identifier, Status=inputs.get("status", "Active")
        )


class Role(Iam):
    token = "aws:iam/role:Role"
    identity = frozenset({"name", "namePrefix", "path"})
    name = ("name", 64)
    absent = {"tags": {}, "path": "/", "description": "", "maxSessionDuration": 3600}
    local = {"forceDetachPolicies": False}
    documents = frozenset({"assumeRolePolicy"})
    not_played = frozenset(
        {"inlinePolicies", "managedPolicyArns", "namePrefix", "permissionsBoundary"}
    )

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from matches(inputs, NAME, NAME_WORDS, "name")
        yield from between(inputs, 3600, 43200, "maxSessionDuration")
        yield from tag_problems(inputs)

    def create(self, inputs: Inputs) -> tuple[str, State]:
        self.client(inputs).create_role(
            RoleName=inputs["name"],
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Path=inputs.get("path", "/"),
            Description=inputs.get("description", ""),
            MaxSessionDuration=inputs.get("maxSessionDuration", 3600),
            Tags=listed(self.tags_in(inputs)),
        )
        return inputs["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        iam = self.client(known)
        found = gone(lambda: iam.get_role(RoleName=identifier), *NONE)
        if found is None:
            return None
        role, tags = found["Role"], iam.list_role_tags(RoleName=identifier)["Tags"]
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "createDate": f"{role['CreateDate']:%Y-%m-%dT%H:%M:%SZ}",
            "description": role.get("Description") or "",
            "maxSessionDuration": role.get("MaxSessionDuration") or 3600,
            "name": identifier,
            "path": role["Path"],
            "uniqueId": role["RoleId"],
            **self.tags_out(mapped(tags), known),
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        iam = self.client(new)
        iam.update_assume_role_policy(RoleName=identifier, PolicyDocument=new["assumeRolePolicy"])
        iam.update_role(
            RoleName=identifier,
            Description=new.get("description", ""),
            MaxSessionDuration=new.get("maxSessionDuration", 3600),
        )
        name = {"RoleName": identifier}
        retag(
            self.tags_in(new),
            old,
            lambda keys: iam.untag_role(**name, TagKeys=keys),
            lambda tags: iam.tag_role(**name, Tags=listed(tags)),
        )

    def delete(self, identifier: str, state: State) -> None:
        iam = self.client(state)
        gone(lambda: iam.delete_role(RoleName=identifier), *NONE)


KINDS = (User, UserPolicy, AccessKey, Role, RolePolicy)
