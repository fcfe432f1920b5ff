"""What storage in a bucket that exists declares, and that nothing secret of it is in clear.

What is made in AWS is in test_aws_storage.py.
"""

import base64
import copy
from typing import Any

import pytest
from pulumi import ResourceOptions

from settings.credentials import SECRET_NAME
from settings.facts import ConfigMapFacts, LiveFacts, SecretFacts
from tests.certificates import ROOT
from tests.components.conftest import SECRET, Declare, Order, Recorder
from tests.components.test_credential_secret import unmarked
from tests.settings.cases import GOOD
from tests.settings.cases_s3 import ACCESS_KEY, AWS, FRONT, OTHER, PKCS1, SECRET_KEY, storage

USED = {**AWS, "bucket": {"use": {"name": "registry"}}}
KEYS = {ACCESS_KEY: "CANARY-access", SECRET_KEY: "CANARY-ß-secret"}
GIVEN = {"given": KEYS}
BUNDLE = {"create": {"certificates": ROOT.pem}}
FRONTED = {**FRONT, "privateKey": {"create": {"private.pem": PKCS1}}}
THEIRS = SecretFacts({"team": "one"}, ("made-by",), "Opaque", ("OLD", "private.pem"), None)
MAP = ConfigMapFacts({"team": "one"}, ("made-by",), {"ca-bundle.crt": ROOT.pem})


def stack(section: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return copy.deepcopy({"cluster": GOOD["cluster"], "storage": section, **sections})


def full(**changes: Any) -> dict[str, Any]:
    """All that can be made."""
    given = {"credentials": GIVEN, "trustedCA": BUNDLE, "cloudFront": FRONTED}
    return stack(storage(USED, **{**given, **changes}))


def kinds(made: Recorder) -> list[str]:
    every = [each.typ.rsplit(":", 1)[-1] for each in made.made]
    return sorted(each for each in every if each in ("Secret", "ConfigMap"))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def named(made: Recorder, name: str) -> dict[str, Any]:
    (found,) = [each.inputs for each in made.made if each.name == name and "data" in each.inputs]
    return found


def spec(made: Recorder) -> dict[str, Any]:
    return made.one("ConfigPatch").inputs["spec"]


def test_the_guides_custom_resource(declare: Declare) -> None:
    """Guide 3.1.3."""
    made = declare(stack(storage(OTHER, credentials=GIVEN, trustedCA=BUNDLE)))
    found = spec(made)
    assert found["replicas"] == 2 and "disableRedirect" not in found
    assert found["storage"] == {
        "managementState": "Unmanaged",
        "s3": {
            "bucket": "registry",
            "region": "us-east-1",
            "regionEndpoint": "https://objects.example.test",
            "trustedCA": {"name": "image-registry-s3-bundle"},
        },
    }


@pytest.mark.parametrize("service", ["rgw", "noobaa", "nutanix", "other"])
def test_every_service_is_written_alike(declare: Declare, service: str) -> None:
    alike = spec(declare(stack(storage(OTHER, service=service, credentials=GIVEN))))
    assert alike == spec(declare(stack(storage(OTHER, credentials=GIVEN))))


def test_a_service_of_the_cluster_demands_that_nobody_is_redirected(declare: Declare) -> None:
    inside = storage(OTHER, credentials=GIVEN, regionEndpoint="https://rgw.openshift-storage.svc")
    assert spec(declare(stack(inside)))["disableRedirect"] is True


def test_the_secret_of_the_guide(declare: Declare) -> None:
    """Guide 2.8, 3.1.1."""
    inputs = named(declare(full()), SECRET_NAME)
    assert inputs["metadata"]["namespace"] == "openshift-image-registry"
    data = inputs["data"]
    assert data[SECRET] and data["value"] == {key: encoded(text) for key, text in KEYS.items()}


def test_the_map_is_where_the_operator_looks(declare: Declare) -> None:
    """Guide 3.1.3, trustedCA."""
    made = declare(full()).one("ConfigMap")
    assert made.name == made.inputs["metadata"]["name"] == "image-registry-s3-bundle"
    assert made.inputs["metadata"]["namespace"] == "openshift-config"
    assert made.inputs["metadata"]["labels"]["app.kubernetes.io/instance"] == "prod-1"
    assert made.inputs["data"] == {"ca-bundle.crt": ROOT.pem}


def test_the_key_of_cloud_front(declare: Declare) -> None:
    """Guide 3.1.3, cloudFront: the pods mount it, so it is in their namespace."""
    made = declare(full())
    inputs = named(made, "image-registry-cloudfront")
    assert inputs["metadata"]["namespace"] == "openshift-image-registry"
    assert inputs["type"] == "Opaque" and "stringData" not in inputs
    assert set(marked(inputs["data"])) == {"private.pem"}
    assert marked(inputs["data"])["private.pem"] == encoded(PKCS1)
    front = spec(made)["storage"]["s3"]["cloudFront"]
    assert front["privateKey"] == {"name": "image-registry-cloudfront", "key": "private.pem"}


def marked(data: dict[str, Any]) -> dict[str, Any]:
    """The values of data, each of which, or all of it, has to be a secret on the wire."""
    if SECRET in data:
        return data["value"]
    assert all(SECRET in each for each in data.values())
    return {key: each["value"] for key, each in data.items()}


def test_nothing_in_clear_outside_a_secret(declare: Declare) -> None:
    hidden = [*map(encoded, KEYS.values()), encoded(PKCS1), PKCS1]
    made = declare(full()).made
    assert [found for each in made for found in unmarked(each.inputs, hidden)] == []


def test_what_is_used_is_not_declared(declare: Declare) -> None:
    used = {
        "trustedCA": {"use": {"name": "theirs"}},
        "credentials": {"use": {}},
        "cloudFront": {**FRONT, "privateKey": {"use": {"name": "front", "key": "k"}}},
    }
    made = declare(full(**used))
    assert kinds(made) == []
    found = spec(made)["storage"]["s3"]
    assert found["trustedCA"] == {"name": "theirs"}
    assert found["cloudFront"]["privateKey"] == {"name": "front", "key": "k"}


def test_nothing_is_made_in_a_cloud(declare: Declare) -> None:
    """The bucket is somebody else's: no other provider than the cluster's has a part in it."""
    made = declare(full())
    assert kinds(made) == ["ConfigMap", "Secret", "Secret"]
    packages = {each.typ.split(":")[0] for each in made.made}
    assert packages <= {"kubernetes", "pulumi", "openshift-registry"}


def test_all_of_it_stays_with_the_registry(
    declare: Declare, options: dict[str, ResourceOptions]
) -> None:
    declare(full())
    names = {SECRET_NAME, "image-registry-s3-bundle", "image-registry-cloudfront"}
    assert set(options) == names
    for name, each in options.items():
        assert each.retain_on_delete and not each.import_ and not each.ignore_changes
        hidden = set() if name == "image-registry-s3-bundle" else {"data", "metadata"}
        assert set(each.additional_secret_outputs or ()) == hidden


def test_it_is_there_before_the_patch_and_looked_for_after_the_run(
    declare: Declare, order: Order
) -> None:
    """The operator judges what it is pointed at in the same moment."""
    declare(full())
    names = [SECRET_NAME, "image-registry-s3-bundle", "image-registry-cloudfront"]
    assert [each.name for each in order.before] == names
    assert [each.name for each in order.after] == names


ADOPTED = {
    "credentials": {"given": {**KEYS, "adoptSecret": True}},
    "trustedCA": {"adopt": {"name": "theirs", "certificates": ROOT.pem}},
    "cloudFront": {
        **FRONT,
        "privateKey": {"adopt": {"name": "front", "private.pem": PKCS1}},
    },
}


def test_what_is_adopted_keeps_what_others_have_put_on_it(
    declare: Declare, options: dict[str, ResourceOptions]
) -> None:
    live = LiveFacts(secrets={SECRET_NAME: THEIRS, "front": THEIRS}, config_maps={"theirs": MAP})
    declare(full(**ADOPTED), live=live)
    assert {name: each.import_ for name, each in options.items()} == {
        SECRET_NAME: f"openshift-image-registry/{SECRET_NAME}",
        "front": "openshift-image-registry/front",
        "theirs": "openshift-config/theirs",
    }
    theirs = {'metadata.labels["team"]', 'metadata.annotations["made-by"]'}
    for each in options.values():
        assert each.retain_on_delete and theirs <= set(each.ignore_changes)

    def kept(name: str) -> set[str]:
        return {each for each in options[name].ignore_changes if each.startswith("data")}

    # Keys of another storage go; those beside a private key hurt nobody.
    assert (kept(SECRET_NAME), kept("front")) == (set(), {'data["OLD"]'})


def test_a_preview_without_a_cluster_does_not_ask_for_an_import(
    declare: Declare, options: dict[str, ResourceOptions]
) -> None:
    declare(full(**ADOPTED))
    assert len(options) == 3
    assert not [each for each in options.values() if each.import_]


def test_they_are_registered_as_the_sdk_registers_them(declare: Declare) -> None:
    ours = declare(full())
    bundle, front = ours.one("ConfigMap"), named(ours, "image-registry-cloudfront")

    def by_the_sdk() -> None:
        from pulumi import Output
        from pulumi_kubernetes.core.v1 import ConfigMap, Secret

        ConfigMap(bundle.name, metadata=bundle.inputs["metadata"], data=bundle.inputs["data"])
        Secret(
            "image-registry-cloudfront",
            metadata=front["metadata"],
            type="Opaque",
            data={"private.pem": Output.secret(encoded(PKCS1))},
        )

    theirs = declare(program=by_the_sdk)
    assert theirs.one("ConfigMap").inputs == bundle.inputs
    same = theirs.one("Secret")
    assert same.typ == "kubernetes:core/v1:Secret"
    assert marked(same.inputs.pop("data")) == marked(front.pop("data"))
    assert same.inputs == front
