"""Stack file and cluster are brought together before a plan; what can't be asked is said."""

import copy
from typing import Any

import pytest
import yaml

from cluster import agree as module
from cluster.agree import agree
from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess
from settings import SettingsError, StackSettings, validate
from settings.facts import BucketClaimFacts, LiveFacts, Patched, labels
from settings.problems import Place
from settings.questions import Questions

STACK: dict[str, Any] = {
    "cluster": {
        "name": "one",
        "version": "4.15",
        "environment": "production",
        "infrastructureName": "one-x7k2p",
    },
    "storage": {"kind": "claim", "preset": "cinder"},
}
KUBECONFIG = yaml.safe_dump(
    {
        "current-context": "one",
        "contexts": [{"name": "one", "context": {"cluster": "one", "user": "one"}}],
        "clusters": [{"name": "one", "cluster": {"server": "https://api.example.test:6443"}}],
        "users": [{"name": "one", "user": {"token": "CANARY"}}],
    }
)
PLACE = Place("one", "stacks/Pulumi.one.yaml", lambda path: 7)


def settings(**cluster: Any) -> StackSettings:
    config = copy.deepcopy(STACK)
    config["cluster"] |= cluster
    return validate(config, stack="one")


def answering(monkeypatch: pytest.MonkeyPatch, answer: LiveFacts | Exception) -> list[str]:
    """Let the cluster answer so; returns the servers that were asked."""
    asked: list[str] = []

    def read(access: ClusterAccess, questions: Questions) -> LiveFacts:
        asked.append(access.server)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "read", read)
    return asked


def test_a_contradiction_names_file_and_line(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, LiveFacts(infrastructure_name="two-abcde", config=Patched({"spec": {}})))
    with pytest.raises(SettingsError) as caught:
        agree(settings(kubeconfig=KUBECONFIG), PLACE, preview=True)
    text = str(caught.value)
    assert text.startswith("stacks/Pulumi.one.yaml:7 (stack one): cluster.infrastructureName")
    assert "CANARY" not in text


@pytest.mark.parametrize("preview", [True, False])
def test_a_lab_stack_asks_nothing_but_loopback(
    monkeypatch: pytest.MonkeyPatch, preview: bool
) -> None:
    asked = answering(monkeypatch, LiveFacts())
    with pytest.raises(SettingsError, match="loopback"):
        agree(settings(kubeconfig=KUBECONFIG), Place("lab-one"), preview)
    assert asked == []


def test_only_a_preview_goes_on_without_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, Unreachable("it does not answer"))
    agreement = agree(settings(kubeconfig=KUBECONFIG), PLACE, preview=True)
    assert agreement.facts is None
    assert "did not check" in agreement.unchecked[0]
    with pytest.raises(SettingsError, match="nothing can be applied"):
        agree(settings(kubeconfig=KUBECONFIG), PLACE, preview=False)


def test_only_a_preview_goes_on_without_a_kubeconfig() -> None:
    nowhere = {"HOME": "/nonexistent"}
    agreement = agree(settings(), PLACE, preview=True, environment=nowhere)
    assert agreement.access is None
    with pytest.raises(SettingsError, match="there is no kubeconfig"):
        agree(settings(), PLACE, preview=False, environment=nowhere)


def test_only_a_preview_goes_on_without_the_custom_resource(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, LiveFacts(unread=("configs/cluster: Forbidden",)))
    agreement = agree(settings(kubeconfig=KUBECONFIG), PLACE, preview=True)
    assert agreement.unchecked == ("not checked, could not be read: configs/cluster: Forbidden",)
    with pytest.raises(SettingsError, match="can't be checked"):
        agree(settings(kubeconfig=KUBECONFIG), PLACE, preview=False)


def test_a_bad_kubeconfig_is_one_error() -> None:
    with pytest.raises(SettingsError, match="no user named") as caught:
        broken = KUBECONFIG.replace("user: one", "user: two")
        agree(settings(kubeconfig=broken), PLACE, preview=True)
    assert "CANARY" not in str(caught.value)


def test_a_switch_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    live = {"spec": {"storage": {"pvc": {"claim": "csi-pvc-imageregistry"}}}}
    answering(monkeypatch, LiveFacts(config=Patched(live)))
    assert agree(settings(kubeconfig=KUBECONFIG), PLACE, preview=True).switched is None
    answering(monkeypatch, LiveFacts(config=Patched({"spec": {"storage": {"emptyDir": {}}}})))
    config = {**STACK, "storage": {**STACK["storage"], "replaces": {"emptyDir": {}}}}
    config["cluster"] = {**STACK["cluster"], "kubeconfig": KUBECONFIG}
    agreement = agree(validate(config, stack="one"), PLACE, preview=True)
    assert agreement.switched is not None
    assert "{emptyDir: {}} to {pvc: {claim: csi-pvc-imageregistry}}" in agreement.switched


def test_a_bucket_that_has_no_name_yet_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    config = {
        "cluster": {**STACK["cluster"], "kubeconfig": KUBECONFIG},
        "storage": {
            "kind": "objectBucketClaim",
            "provider": "rgw",
            "claim": {"create": {"name": "registry"}},
            "replaces": {"pvc": {"claim": "old"}},
        },
    }
    claim = BucketClaimFacts(labels("one"), (), storage_class=None, bound=True, bucket="reg-1f2e")
    live = Patched({"spec": {"storage": {"pvc": {"claim": "old"}}}})
    for claims, bucket in (
        ({"registry": None}, '"(known once the claim is bound)"'),
        ({"registry": claim}, "reg-1f2e"),
    ):
        answering(monkeypatch, LiveFacts(config=live, bucket_claims=claims))
        agreement = agree(validate(config, stack="one"), PLACE, preview=True)
        assert agreement.switched is not None
        assert f"bucket: {bucket}" in agreement.switched
        taken = {each.path: each.wanted for each in agreement.taken["configs/cluster"]}
        assert taken["spec.storage.s3.bucket"] == bucket.strip('"')
