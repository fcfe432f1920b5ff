"""A bucket, and who has which role on it.

The names, checks and ids are those of pulumi-gcp 10 (terraform-provider-google 7,
google/services/storage); what Cloud Storage itself refuses is in `server/`.
"""

from collections.abc import Iterator
from typing import Any

from lab.clouds.base.kind import CloudError, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs, has_unknown
from lab.clouds.google.kind import GoogleKind, Member, Policy, at, relabelled
from lab.clouds.google.names import bucket_name_problem, label_problem, location_type

POLICIES = ("DELETE", "PREVENT", "ABANDON")
CONDITIONS = {
    "age": "age",
    "createdBefore": "createdBefore",
    "daysSinceNoncurrentTime": "daysSinceNoncurrentTime",
    "matchesPrefixes": "matchesPrefix",
    "matchesStorageClasses": "matchesStorageClass",
    "matchesSuffixes": "matchesSuffix",
    "numNewerVersions": "numNewerVersions",
}
STATES = {"LIVE": True, "ARCHIVED": False}


class Bucket(GoogleKind):
    token = "gcp:storage/bucket:Bucket"
    identity = frozenset({"name", "project", "location"})
    name = ("name", 63)
    absent = {
        "encryption": {},
        "labels": {},
        "lifecycleRules": [],
        "logging": {},
        "storageClass": "STANDARD",
    }
    local = {"forceDestroy": False, "deletionPolicy": "DELETE"}
    not_played = frozenset(
        {
            *("autoclass", "cors", "customPlacementConfig", "defaultEventBasedHold"),
            *("enableObjectRetention", "hierarchicalNamespace", "ipFilter", "requesterPays"),
            *("retentionPolicy", "rpo", "website"),
        }
    )

    def made_up(self, logical: str) -> str:
        return logical.lower()

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        name, location = inputs.get("name"), inputs.get("location")
        if isinstance(name, str) and name != UNKNOWN and (wrong := bucket_name_problem(name)):
            yield Failure(("name",), f"{wrong} (bucket naming guidelines)")
        known = not isinstance(location, str) or location == UNKNOWN
        if not known and location_type(location) is None:
            yield Failure(("location",), f"{location} is none (bucket locations)")
        labels = inputs.get("labels") or {}
        if not has_unknown(labels) and (wrong := label_problem(labels)):
            yield Failure(("labels",), wrong)
        if inputs.get("publicAccessPrevention") not in (None, UNKNOWN, "enforced", "inherited"):
            yield Failure(("publicAccessPrevention",), "has to be enforced or inherited")
        if inputs.get("deletionPolicy") not in (None, UNKNOWN, *POLICIES):
            yield Failure(("deletionPolicy",), f"has to be one of {', '.join(POLICIES)}")
        for index, rule in enumerate(inputs.get("lifecycleRules") or []):
            for key in (rule.get("condition") or {}).keys() - CONDITIONS.keys() - {"withState"}:
                where = ("lifecycleRules", index, "condition", key)
                yield Failure(where, "is not played by the lab's Google Cloud")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        body = {
            **self._body(inputs),
            "name": inputs["name"],
            "location": inputs["location"].upper(),
            "labels": self.labels_in(inputs),
        }
        project = self.project(inputs)
        self.google.call("storage", "POST", "b", body, project=project)
        return inputs["name"], {}

    def read(self, identifier: str, known: State) -> State | None:
        name = identifier.rpartition("/")[2]
        found = self.google.found("storage", f"b/{name}")
        if found is None:
            return None
        access = found["iamConfiguration"]
        kept = found.get("softDeletePolicy") or {}
        state = {
            "name": name,
            "project": self.project(known),
            "projectNumber": int(found["projectNumber"]),
            "location": found["location"],
            "storageClass": found["storageClass"],
            "selfLink": found["selfLink"],
            "timeCreated": found["timeCreated"],
            "updated": found["updated"],
            "url": f"gs://{name}",
            "uniformBucketLevelAccess": access["uniformBucketLevelAccess"]["enabled"],
            "publicAccessPrevention": access["publicAccessPrevention"],
            "softDeletePolicy": {
                "retentionDurationSeconds": int(kept.get("retentionDurationSeconds", 0)),
                "effectiveTime": kept.get("effectiveTime", ""),
            },
            "lifecycleRules": [_from_api(each) for each in at(found, "lifecycle", "rule") or []],
            "versioning": {"enabled": bool(at(found, "versioning", "enabled"))},
            **self.labels_out(found.get("labels") or {}, known),
        }
        for key in ("logging", "encryption"):
            if found.get(key):
                state[key] = found[key]
        return state

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        body = {
            "logging": None,
            "encryption": None,
            **self._body(new),
            "labels": relabelled(self.labels_in(new), old),
        }
        self.google.call("storage", "PATCH", f"b/{identifier}", body)

    def delete(self, identifier: str, state: State) -> None:
        policy = state.get("deletionPolicy")
        if policy == "PREVENT":
            raise CloudError(
                f"cannot destroy the bucket {identifier} without setting deletion_policy=DELETE"
            )
        if policy == "ABANDON" or self.google.found("storage", f"b/{identifier}") is None:
            return
        if state.get("forceDestroy"):
            for each in self.google.call("storage", "GET", f"b/{identifier}/o").get("items", []):
                self.google.call("storage", "DELETE", f"b/{identifier}/o/{_quoted(each['name'])}")
        self.google.call("storage", "DELETE", f"b/{identifier}")

    def normal(self, key: str, value: Any) -> Any:
        if key == "location" and isinstance(value, str) and value != UNKNOWN:
            return value.upper()
        if key == "softDeletePolicy" and isinstance(value, dict):
            # When it began is for Google to say.
            return {name: each for name, each in value.items() if name != "effectiveTime"}
        return value

    @staticmethod
    def _body(inputs: Inputs) -> dict[str, Any]:
        """What is not said is left to Google, but for rules: none said are none."""
        access: dict[str, Any] = {}
        if "uniformBucketLevelAccess" in inputs:
            access["uniformBucketLevelAccess"] = {"enabled": inputs["uniformBucketLevelAccess"]}
        if "publicAccessPrevention" in inputs:
            access["publicAccessPrevention"] = inputs["publicAccessPrevention"]
        rules = [_to_api(each) for each in inputs.get("lifecycleRules") or []]
        body: dict[str, Any] = {"iamConfiguration": access, "lifecycle": {"rule": rules}}
        for key in ("encryption", "logging", "versioning"):
            if inputs.get(key):
                body[key] = inputs[key]
        if inputs.get("storageClass"):
            body["storageClass"] = inputs["storageClass"]
        if inputs.get("softDeletePolicy"):
            seconds = inputs["softDeletePolicy"].get("retentionDurationSeconds", 604800)
            body["softDeletePolicy"] = {"retentionDurationSeconds": str(seconds)}
        return body


def _to_api(rule: dict[str, Any]) -> dict[str, Any]:
    given = rule.get("condition") or {}
    condition = {CONDITIONS[key]: each for key, each in given.items() if key in CONDITIONS}
    if given.get("withState") in STATES:
        condition["isLive"] = STATES[given["withState"]]
    return {"action": rule["action"], "condition": condition}


def _from_api(rule: dict[str, Any]) -> dict[str, Any]:
    live, names = rule.get("condition") or {}, {api: key for key, api in CONDITIONS.items()}
    condition = {names[key]: each for key, each in live.items() if key in names}
    if "isLive" in live:
        condition["withState"] = "LIVE" if live["isLive"] else "ARCHIVED"
    return {"action": rule["action"], "condition": condition}


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


class BucketMember(Member):
    token = "gcp:storage/bucketIAMMember:BucketIAMMember"
    identity = frozenset({"bucket", "role", "member", "condition"})
    of = "bucket"

    def prefix(self, thing: str) -> str:
        return f"b/{thing}"

    def policy(self, thing: str) -> Policy | None:
        return self.google.found("storage", f"b/{thing}/iam")

    def write(self, thing: str, policy: Policy) -> None:
        self.google.call("storage", "PUT", f"b/{thing}/iam", policy)


KINDS = (Bucket, BucketMember)
