"""What a first patch takes over is said field by field, with whoever has it now."""

from typing import Any

from cluster.takeover import takeover
from settings.facts import Patched
from settings.secret import Secret

WANTED: dict[str, Any] = {
    "managementState": "Managed",
    "replicas": 1,
    "storage": {"managementState": "Unmanaged", "pvc": {"claim": "mine"}},
}


def facts(spec: dict[str, Any], **managers: dict[str, Any]) -> Patched:
    entries = [
        {
            "manager": name.replace("_", "-").removesuffix("-apply"),
            "operation": "Apply" if name.endswith("_apply") else "Update",
            "fieldsV1": {"f:spec": fields},
        }
        for name, fields in managers.items()
    ]
    return Patched({"metadata": {"managedFields": entries}, "spec": spec})


def told(live: Patched, wanted: dict[str, Any] = WANTED) -> list[str]:
    return [str(row) for row in takeover(live, wanted, "openshift-registry")]


def test_live_to_wanted_with_the_present_manager() -> None:
    live = facts(
        {"replicas": 2, "storage": {"managementState": "Managed", "s3": {"bucket": "reg-a"}}},
        operator={"f:storage": {"f:managementState": {}, "f:s3": {"f:bucket": {}}}},
        kubectl_edit={"f:replicas": {}},
    )
    assert told(live) == [
        "spec.managementState: (not set) -> Managed (now nobody)",
        "spec.replicas: 2 -> 1 (now kubectl-edit)",
        "spec.storage.managementState: Managed -> Unmanaged (now operator)",
        "spec.storage.pvc.claim: (not set) -> mine (now nobody)",
        "spec.storage.s3: {bucket: reg-a} -> (removed) (now operator)",
    ]


def test_what_is_ours_already_is_not_told() -> None:
    ours = {
        "f:managementState": {},
        "f:replicas": {},
        "f:storage": {"f:managementState": {}, "f:pvc": {"f:claim": {}}},
    }
    assert told(facts(WANTED, openshift_registry_apply=ours)) == []
    assert len(told(facts(WANTED, openshift_registry=ours))) == 4, "an Update is not our Apply"


def test_what_is_given_back_is_told() -> None:
    """A field of ours that the stack file no longer names goes from the object."""
    ours = {"f:replicas": {}, "f:readOnly": {}, "f:proxy": {"f:http": {}}}
    spec = {"replicas": 1, "readOnly": True, "proxy": {"http": "http://me:CANARY@p:1"}}
    found = facts(spec, openshift_registry_apply=ours)
    assert told(found, {"replicas": 1}) == [
        "spec.readOnly: true -> (given back) (now this stack)",
        "spec.proxy.http: http://***@p:1 -> (given back) (now this stack)",
    ]
    assert len(told(found, {})) == 3


def test_a_blank_claim_that_the_operator_has_filled_is_not_told() -> None:
    found = facts({"storage": {"pvc": {"claim": "image-registry-storage"}}})
    assert told(found, {"storage": {"pvc": {}}}) == []


def test_a_list_is_one_field_and_an_owner_of_its_parent_owns_it() -> None:
    wanted = {"resources": {"requests": {"cpu": "1"}}, "tolerations": [{"operator": "Exists"}]}
    live = facts({}, openshift_registry_apply={"f:resources": {}, "f:tolerations": {}})
    assert told(live, wanted) == []


def test_a_secret_is_named_and_not_shown() -> None:
    live = facts({}, operator={"f:httpSecret": {}})
    (row,) = told(live, {"httpSecret": Secret("CANARY")})
    assert row == "spec.httpSecret: [secret] -> [secret] (now operator)"
    (row,) = told(facts({}), {"httpSecret": Secret("CANARY")})
    assert row == "spec.httpSecret: (not set) -> [secret] (now nobody)"


def test_a_password_in_a_live_proxy_url_is_not_shown() -> None:
    live = facts({"proxy": {"http": "http://me:CANARY@proxy.example.test:3128"}})
    (row,) = told(live, {"proxy": {"http": "http://proxy.example.test:3128"}})
    assert "CANARY" not in row and "http://***@proxy.example.test:3128" in row


def test_without_a_cluster_nothing_is_told() -> None:
    assert told(Patched()) == []
