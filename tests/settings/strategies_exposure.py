"""Generated `openshift-registry:exposure` and `openshift-registry:trust`, all of them right.

The certificates are made once; secrets are sealed, as in a stack file.
"""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.certificates import HOST, LEAF, MIDDLE, NOTES, ROOT, WILD
from tests.settings.cases_exposure import SEALED

Strategy = st.SearchStrategy[Any]

HOSTS = (HOST, "a.apps.example.com", "b.apps.example.com", "c.apps.example.com")
NAMES = st.lists(st.sampled_from(["public", "a", "team.b", "x" * 38]), unique=True, max_size=3)
KEYS = st.sampled_from(
    ["registry.example.com", "registry.example.com..5000", "192.0.2.1..65535", "mirror"]
)
TEXTS = st.sampled_from([ROOT.pem, MIDDLE.pem + NOTES + ROOT.pem, ROOT.pem.strip()])


@st.composite
def exposure_sections(draw: st.DrawFn) -> dict[str, Any]:
    """A section that validates without a doubt."""
    section: dict[str, Any] = {}
    if draw(st.booleans()):
        section["defaultRoute"] = draw(st.booleans())
    if draw(st.booleans()):
        names = draw(NAMES)
        section["routes"] = [draw(_route(name, HOSTS[n])) for n, name in enumerate(names)]
    known = [each["hostname"] for each in section.get("routes", []) if "hostname" in each]
    if known and draw(st.booleans()):
        external = draw(st.lists(st.sampled_from(known), unique=True))
        ports = draw(st.sampled_from(["", ":8443"]))
        section["externalRegistryHostnames"] = [each + ports for each in external]
    return section


@st.composite
def _route(draw: st.DrawFn, name: str, host: str) -> dict[str, Any]:
    route = {"name": name}
    if draw(st.booleans()):
        route["hostname"] = host
    if draw(st.booleans()):
        route["certificate"] = draw(_certificate(f"{name}-tls", host))
    return route


@st.composite
def _certificate(draw: st.DrawFn, name: str, host: str) -> dict[str, Any]:
    mode = draw(st.sampled_from(["create", "adopt", "use"]))
    if mode == "use":
        return {"use": {"name": name}}
    leaf = LEAF.pem if host == HOST and draw(st.booleans()) else WILD.pem
    keys = {
        "tls.crt": draw(st.sampled_from(["", NOTES]))
        + leaf
        + draw(st.sampled_from(["", MIDDLE.pem, MIDDLE.pem + ROOT.pem]))
    }
    if draw(st.booleans()):
        keys["tls.cacrt"] = MIDDLE.pem + ROOT.pem
    return {mode: {"name": name, **keys, "tls.key": copy.deepcopy(SEALED)}}


@st.composite
def trust_sections(draw: st.DrawFn) -> dict[str, Any]:
    """A section that validates without a doubt."""
    mode = draw(st.sampled_from(["create", "adopt", "use"]))
    chosen: dict[str, Any] = {}
    if mode != "create" or draw(st.booleans()):
        chosen["name"] = draw(st.sampled_from(["registry-config", "my-registry-ca"]))
    if mode != "use":
        chosen["certificates"] = draw(st.dictionaries(KEYS, TEXTS, min_size=1, max_size=3))
    return {"additionalTrustedCA": {mode: chosen}}
