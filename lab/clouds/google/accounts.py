"""Service accounts, their keys, and who may act as one (terraform-provider-google,
google/services/resourcemanager)."""

import re
from collections.abc import Iterator

from lab.clouds.base.kind import CloudError, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs
from lab.clouds.google import email
from lab.clouds.google.kind import GoogleKind, Member, Policy

ID = r"[a-z]([-a-z0-9]{4,28}[a-z0-9])"


class Account(GoogleKind):
    token = "gcp:serviceaccount/account:Account"
    identity = frozenset({"accountId", "project"})
    absent = {"description": "", "displayName": ""}
    not_played = frozenset({"createIgnoreAlreadyExists", "deletionPolicy", "disabled"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        name = inputs.get("accountId")
        if isinstance(name, str) and name != UNKNOWN and not re.fullmatch(ID, name):
            yield Failure(("accountId",), f'"{name}" doesn\'t match regexp "^{ID}$"')
        shown = inputs.get("displayName")
        if isinstance(shown, str) and shown != UNKNOWN and len(shown) > 100:
            yield Failure(("displayName",), "has more than 100 characters")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        body = {
            "accountId": inputs["accountId"],
            "serviceAccount": {
                "displayName": inputs.get("displayName", ""),
                "description": inputs.get("description", ""),
            },
        }
        path = f"projects/{self.project(inputs)}/serviceAccounts"
        return self.google.call("iam", "POST", path, body)["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        found = self.google.found("iam", identifier)
        if found is None:
            return None
        return {
            "accountId": found["email"].partition("@")[0],
            "project": found["projectId"],
            "displayName": found.get("displayName", ""),
            "description": found.get("description", ""),
            "disabled": found.get("disabled", False),
            "email": found["email"],
            "member": f"serviceAccount:{found['email']}",
            "name": found["name"],
            "uniqueId": found["uniqueId"],
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        given = {key: new.get(key, "") for key in ("displayName", "description")}
        body = {"serviceAccount": given, "updateMask": "displayName,description"}
        self.google.call("iam", "PATCH", identifier, body)

    def delete(self, identifier: str, state: State) -> None:
        if self.google.found("iam", identifier) is not None:
            self.google.call("iam", "DELETE", identifier)


class Key(GoogleKind):
    """What is secret of it Google tells once."""

    token = "gcp:serviceaccount/key:Key"
    identity = frozenset(
        {"keepers", "keyAlgorithm", "privateKeyType", "publicKeyType", "serviceAccountId"}
    )
    local = {
        "keepers": {},
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
        "publicKeyType": "TYPE_X509_PEM_FILE",
    }
    kept = frozenset({"privateKey", "serviceAccountId"})
    secret = frozenset({"privateKey"})
    not_played = frozenset({"deletionPolicy", "publicKeyData"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        for key, only in self.local.items():
            if key != "keepers" and inputs.get(key, only) != only:
                yield Failure((key,), f"is not played by the lab's Google Cloud but as {only}")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        account = inputs["serviceAccountId"]
        if not account.startswith("projects/"):
            address = account if "@" in account else email(account, self.google.project)
            account = f"projects/-/serviceAccounts/{address}"
        made = self.google.call("iam", "POST", f"{account}/keys", {})
        told = {
            "privateKey": made["privateKeyData"],
            "serviceAccountId": inputs["serviceAccountId"],
        }
        return made["name"], told

    def read(self, identifier: str, known: State) -> State | None:
        if not known.get("serviceAccountId"):
            raise CloudError("a key of a service account can't be imported")
        found = self.google.found("iam", identifier)
        if found is None:
            return None
        return {
            "name": found["name"],
            "publicKey": found["publicKeyData"],
            "validAfter": found["validAfterTime"],
            "validBefore": found["validBeforeTime"],
        }

    def delete(self, identifier: str, state: State) -> None:
        if self.google.found("iam", identifier) is not None:
            self.google.call("iam", "DELETE", identifier)


class AccountMember(Member):
    token = "gcp:serviceaccount/iAMMember:IAMMember"
    identity = frozenset({"serviceAccountId", "role", "member", "condition"})
    of = "serviceAccountId"

    def policy(self, thing: str) -> Policy | None:
        if self.google.found("iam", thing) is None:
            return None
        return self.google.call("iam", "POST", f"{thing}:getIamPolicy")

    def write(self, thing: str, policy: Policy) -> None:
        self.google.call("iam", "POST", f"{thing}:setIamPolicy", {"policy": policy})


KINDS = (Account, Key, AccountMember)
