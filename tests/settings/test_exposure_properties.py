"""What holds for every right `exposure` and `trust`."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from settings import validate
from settings.image_spec import image_spec
from settings.schema import schema
from tests.settings.cases import GOOD
from tests.settings.strategies_exposure import exposure_sections, trust_sections

few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
EDITOR = Draft202012Validator(schema())


@few
@given(exposure=exposure_sections(), trust=trust_sections())
def test_what_is_right_is_taken_and_written_as_given(
    exposure: dict[str, Any], trust: dict[str, Any]
) -> None:
    config = {**GOOD, "exposure": exposure, "trust": trust}
    accepted = validate(config, stack="one", encrypted=())
    assert accepted.warnings == ()
    EDITOR.validate({"config": {f"openshift-registry:{key}": each for key, each in config.items()}})
    assert accepted.exposure is not None
    spec, image = accepted.exposure.spec(), image_spec(accepted)
    assert json.loads(json.dumps(spec)) == spec
    assert set(spec) == set(exposure) - {"externalRegistryHostnames"}
    for wanted, route in zip(exposure.get("routes", []), spec.get("routes", []), strict=True):
        assert (route["name"], route.get("hostname")) == (wanted["name"], wanted.get("hostname"))
        assert ("secretName" in route) == ("certificate" in wanted)
    (chosen,) = trust["additionalTrustedCA"].values()
    assert image["additionalTrustedCA"]["name"] == chosen.get(
        "name", "openshift-registry-trusted-ca"
    )
    assert image.get("externalRegistryHostnames", []) == exposure.get(
        "externalRegistryHostnames", []
    )


def test_a_host_that_the_router_gives_may_be_preferred() -> None:
    names = ["default-route-openshift-image-registry", "team-b-openshift-image-registry"]
    section = {
        "defaultRoute": True,
        "routes": [{"name": "team.b"}],
        "externalRegistryHostnames": [f"{name}.apps.example.com:443" for name in names],
    }
    assert validate({**GOOD, "exposure": section}, stack="one").warnings == ()
    del section["defaultRoute"]
    (doubt,) = validate({**GOOD, "exposure": section}, stack="one").warnings
    assert doubt.path == "exposure.externalRegistryHostnames[0]"
