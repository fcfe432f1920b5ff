"""Rings and keys of Cloud KMS, and who may use a key (terraform-provider-google,
google/services/kms)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lab.clouds.base.kind import CloudError, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs
from lab.clouds.google.kind import GoogleKind, Member, Policy, relabelled

DAY = 24 * 60 * 60


class KeyRing(GoogleKind):
    token = "gcp:kms/keyRing:KeyRing"
    identity = frozenset({"location", "name", "project"})
    name = ("name", 63)

    def create(self, inputs: Inputs) -> tuple[str, State]:
        place = f"projects/{self.project(inputs)}/locations/{inputs['location']}"
        path = f"{place}/keyRings"
        made = self.google.call("kms", "POST", path, {}, keyRingId=inputs["name"])
        return made["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        if self.google.found("kms", identifier) is None:
            return None
        parts = identifier.split("/")
        return {"project": parts[1], "location": parts[3], "name": parts[5]}

    def delete(self, identifier: str, state: State) -> None:
        """Google has no call for it: the real plugin forgets it and says so."""


class CryptoKey(GoogleKind):
    token = "gcp:kms/cryptoKey:CryptoKey"
    identity = frozenset({"destroyScheduledDuration", "keyRing", "name", "purpose"})
    name = ("name", 63)
    absent = {"labels": {}, "purpose": "ENCRYPT_DECRYPT", "rotationPeriod": ""}
    local = {"deletionPolicy": "DELETE"}
    not_played = frozenset(
        {
            *("cryptoKeyBackend", "importOnly", "versionTemplate"),
            *("keyAccessJustificationsPolicy", "skipInitialVersionCreation"),
        }
    )

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        for key in ("rotationPeriod", "destroyScheduledDuration"):
            given = inputs.get(key)
            if given in (None, UNKNOWN):
                continue
            if not re.fullmatch(r"\d+s", given) or int(given[:-1]) < DAY:
                # resource_kms_crypto_key.go, orEmpty(validateKmsCryptoKeyRotationPeriod)
                yield Failure((key,), f"is {given}, and has to be at least 86400s")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        body = {
            "purpose": inputs.get("purpose", "ENCRYPT_DECRYPT"),
            "labels": self.labels_in(inputs),
            **self._rotation(inputs),
        }
        if inputs.get("destroyScheduledDuration"):
            body["destroyScheduledDuration"] = inputs["destroyScheduledDuration"]
        path = f"{inputs['keyRing']}/cryptoKeys"
        made = self.google.call("kms", "POST", path, body, cryptoKeyId=inputs["name"])
        return made["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        found = self.google.found("kms", identifier)
        if found is None:
            return None
        ring, _, name = identifier.partition("/cryptoKeys/")
        return {
            "keyRing": ring,
            "name": name,
            "purpose": found["purpose"],
            "rotationPeriod": found.get("rotationPeriod") or "",
            "destroyScheduledDuration": found["destroyScheduledDuration"],
            "primaries": [found["primary"]],
            **self.labels_out(found.get("labels") or {}, known),
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        live = self.google.call("kms", "GET", identifier).get("labels") or {}
        labels = {**live, **relabelled(self.labels_in(new), old)}
        body = {
            "labels": {key: each for key, each in labels.items() if each is not None},
            **self._rotation(new),
        }
        mask = "labels,rotationPeriod,nextRotationTime"
        self.google.call("kms", "PATCH", identifier, body, updateMask=mask)

    def delete(self, identifier: str, state: State) -> None:
        """The key stays, and its name: what goes is its versions, and with them what they have
        encrypted."""
        policy = state.get("deletionPolicy")
        if policy == "PREVENT":
            raise CloudError(
                f"cannot destroy the key {identifier} without setting deletion_policy=DELETE"
            )
        if policy != "ABANDON" and self.google.found("kms", identifier) is not None:
            self.google.call("kms", "POST", f"{identifier}/cryptoKeyVersions/1:destroy", {})

    @staticmethod
    def _rotation(inputs: Inputs) -> dict[str, str]:
        period = inputs.get("rotationPeriod")
        if not period:
            return {}
        first = datetime.now(UTC) + timedelta(seconds=int(period[:-1]))
        return {"rotationPeriod": period, "nextRotationTime": f"{first:%Y-%m-%dT%H:%M:%SZ}"}


class CryptoKeyMember(Member):
    token = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
    identity = frozenset({"cryptoKeyId", "role", "member", "condition"})
    of = "cryptoKeyId"

    def policy(self, thing: str) -> Policy | None:
        return self.google.found("kms", f"{thing}:getIamPolicy")

    def write(self, thing: str, policy: Policy) -> None:
        self.google.call("kms", "POST", f"{thing}:setIamPolicy", {"policy": policy})


KINDS = (KeyRing, CryptoKey, CryptoKeyMember)
