"""Storage in the cluster: claims and emptyDir, judged as pvc.go judges them."""

import pytest

from lab.operator.judge import judge, remove
from tests.lab.operator.objects import claim, condition

RWO, RWX = "ReadWriteOnce", "ReadWriteMany"


def judge_claim(make_config, make_world, *modes, **spec):
    spec = {"storage": {"pvc": {"claim": "images"}}, **spec}
    world = make_world(claims=[claim("images", *modes)] if modes else [])
    return judge(make_config(**spec), world)


@pytest.mark.parametrize(
    ("modes", "replicas", "strategy"),
    [
        ((RWO,), 1, "Recreate"),
        ((RWO,), 0, "Recreate"),
        ((RWX,), 3, "RollingUpdate"),
        ((RWO, RWX), 2, "RollingUpdate"),
    ],
)
def test_a_fitting_claim_is_used_and_stays_the_users(
    make_config, make_world, modes, replicas, strategy
) -> None:
    verdict = judge_claim(
        make_config, make_world, *modes, replicas=replicas, rolloutStrategy=strategy
    )
    assert verdict.error is None
    assert condition(verdict.config, "StorageExists") == ("True", "PVC Exists", "")
    assert verdict.config["spec"]["storage"]["managementState"] == "Unmanaged"
    assert verdict.config["status"]["storage"] == {
        "pvc": {"claim": "images"},
        "managementState": "Unmanaged",
    }
    assert verdict.config["status"]["storageManaged"] is False


@pytest.mark.parametrize(
    ("modes", "replicas", "strategy", "problem"),
    [
        ((RWO,), 2, "Recreate", "more than one replica of the image registry"),
        ((RWO,), 1, "RollingUpdate", "access mode with RollingUpdate rollout strategy"),
        ((RWO,), 1, "", "access mode with  rollout strategy"),
        (("ReadOnlyMany",), 1, "Recreate", "does not contain the necessary access modes"),
        (("ReadWriteOncePod",), 1, "Recreate", "does not contain the necessary access modes"),
        ((), 1, "Recreate", 'persistentvolumeclaims "images" not found'),
    ],
)
def test_an_unfit_claim_is_refused_but_not_for_good(
    make_config, make_world, modes, replicas, strategy, problem
) -> None:
    verdict = judge_claim(
        make_config, make_world, *modes, replicas=replicas, rolloutStrategy=strategy
    )
    status, reason, message = condition(verdict.config, "StorageExists")
    assert (status, reason) == ("False", "PVC Issues Found")
    assert problem in message
    assert str(verdict.error) == f"unable to sync storage configuration: {message}"
    assert not hasattr(verdict.error, "reason")
    assert verdict.objects == ()
    assert "storage" not in verdict.config["status"]


def test_a_claim_in_use_is_not_judged_again_when_replicas_change(make_config, make_world) -> None:
    """CreateStorage checks, StorageExists does not: two replicas on a claim of one pass."""
    status = {"storage": {"pvc": {"claim": "images"}, "managementState": "Unmanaged"}}
    config = make_config(
        status, storage={"pvc": {"claim": "images"}, "managementState": "Unmanaged"}, replicas=2
    )
    assert judge(config, make_world(claims=[claim("images", RWO)])).error is None


def test_the_users_management_state_is_kept(make_config, make_world) -> None:
    storage = {"pvc": {"claim": "images"}, "managementState": "Managed"}
    verdict = judge_claim(make_config, make_world, RWO, storage=storage)
    assert verdict.config["spec"]["storage"] == storage
    assert verdict.config["status"]["storageManaged"] is True


def test_a_blank_claim_is_made_and_managed(make_config, make_world) -> None:
    verdict = judge(make_config(storage={"pvc": {}}, replicas=2), make_world())
    made = verdict.objects[0]
    assert made["kind"] == "PersistentVolumeClaim"
    assert made["metadata"]["name"] == "image-registry-storage"
    assert made["metadata"]["annotations"] == {"imageregistry.openshift.io": "true"}
    assert made["spec"]["accessModes"] == [RWX]
    assert "storageClassName" not in made["spec"]
    assert condition(verdict.config, "StorageExists")[:2] == ("True", "PVC Created")
    assert verdict.config["spec"]["storage"] == {
        "pvc": {"claim": "image-registry-storage"},
        "managementState": "Managed",
    }


def test_a_blank_claim_that_the_user_calls_unmanaged_is_made_all_the_same(
    make_config, make_world
) -> None:
    storage = {"pvc": {}, "managementState": "Unmanaged"}
    verdict = judge(make_config(storage=storage), make_world())
    assert verdict.objects[0]["kind"] == "PersistentVolumeClaim"
    assert verdict.config["spec"]["storage"]["managementState"] == "Unmanaged"


def test_a_foreign_claim_of_the_default_name_is_not_taken(make_config, make_world) -> None:
    world = make_world(claims=[claim("image-registry-storage", RWX)])
    verdict = judge(make_config(storage={"pvc": {}}), world)
    status, reason, message = condition(verdict.config, "StorageExists")
    assert (status, reason) == ("False", "PVC Already Exists")
    assert "already exists and is not owned by the operator" in message


def test_the_operators_own_claim_is_taken_again(make_config, make_world) -> None:
    own = claim("image-registry-storage", RWX, annotations={"imageregistry.openshift.io": "true"})
    verdict = judge(make_config(storage={"pvc": {}}), make_world(claims=[own]))
    assert verdict.error is None
    assert all(each["kind"] != "PersistentVolumeClaim" for each in verdict.objects)


@pytest.mark.parametrize(
    ("storage", "names"),
    [
        ({"emptyDir": {}, "s3": {"bucket": "a"}}, "got 2: [EmptyDir S3]"),
        ({"pvc": {"claim": "images"}, "s3": {}}, "got 2: [S3 PVC]"),
        ({"pvc": {}, "gcs": {}, "swift": {}}, "got 3: [Swift GCS PVC]"),
    ],
)
def test_two_backends_are_refused_but_not_for_good(make_config, make_world, storage, names) -> None:
    verdict = judge(make_config(storage=storage), make_world())
    text = "exactly one storage type should be configured at the same time, "
    assert str(verdict.error) == f"unable to sync storage configuration: {text}{names}"
    assert not hasattr(verdict.error, "reason")
    assert verdict.objects == ()


def test_a_null_block_is_no_backend(make_config, make_world) -> None:
    storage = {"s3": None, "emptyDir": {}}
    assert judge(make_config(storage=storage), make_world()).error is None


def test_no_backend_is_filled_in_where_the_platform_has_one(make_config, make_world) -> None:
    world = make_world(claims=[claim("image-registry-storage", RWO)])
    for storage in ({}, {"managementState": "Unmanaged"}):
        verdict = judge(make_config(storage=storage), world)
        assert verdict.error is None
        assert verdict.config["spec"]["storage"]["pvc"] == {"claim": "image-registry-storage"}


def test_no_backend_is_refused_for_good_where_the_platform_has_none(
    make_config, make_world
) -> None:
    verdict = judge(make_config(storage={}), make_world("VSphere"))
    assert verdict.error is not None
    assert verdict.error.reason == "StorageNotConfigured"
    assert str(verdict.error) == "storage backend not configured"


@pytest.mark.parametrize("state", ["Managed", "Unmanaged"])
def test_removing_the_registry_deletes_a_managed_claim_only(make_config, make_world, state) -> None:
    storage = {"pvc": {"claim": "images"}, "managementState": state}
    config = make_config({"storage": storage}, managementState="Removed", storage=storage)
    verdict = remove(config, make_world(claims=[claim("images", RWO)]))
    gone = [each["metadata"]["name"] for each in verdict.obsolete]
    assert gone == (["images"] if state == "Managed" else [])
    assert verdict.config["status"]["storage"] == {}
    assert verdict.config["spec"]["storage"] == storage


def test_what_is_removed_is_what_was_in_use_not_what_is_wanted(make_config, make_world) -> None:
    config = make_config(
        {"storage": {"pvc": {"claim": "old"}}},
        managementState="Removed",
        storage={"pvc": {"claim": "new"}, "managementState": "Managed"},
    )
    verdict = remove(config, make_world(claims=[claim("old", RWO), claim("new", RWO)]))
    assert [each["metadata"]["name"] for each in verdict.obsolete] == ["old"]


def test_the_finalizer_is_put_back(make_config, make_world) -> None:
    config = make_config(storage={"emptyDir": {}})
    config["metadata"]["finalizers"] = ["example.test/other"]
    assert judge(config, make_world()).config["metadata"]["finalizers"] == [
        "example.test/other",
        "imageregistry.operator.openshift.io/finalizer",
    ]


def test_judging_leaves_the_configuration_that_was_read_alone(make_config, make_world) -> None:
    config = make_config(storage={"pvc": {}})
    before = repr(config)
    judge(config, make_world())
    remove(config, make_world())
    assert repr(config) == before
