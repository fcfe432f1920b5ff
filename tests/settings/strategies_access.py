"""Generated `access` sections, mostly right."""

import copy
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.settings.strategies import Strategy, Values, fixed, mutated, some

_ODD_NAMES = ["", " ", "a\nb", "\u202e", "Builder", "a/b", "50%", ".", "..", "x" * 300, "ä"]


def _access(namespaces: Sequence[str], wild: bool) -> Strategy:
    values = Values(wild)
    place = values.pool(list(namespaces), ["Team", "", "a.b", "x" * 64])
    people = ["developers", "CN=One,OU=Two", "ada@example.com", "system:authenticated"]
    person = some(
        {
            "kind": values.pool(["User", "Group"], ["group", "ServiceAccount"]),
            "name": values.pool(people[:3], [*people[3:], "system:anonymous", *_ODD_NAMES]),
        }
    )
    account = some(
        {
            "kind": st.just("ServiceAccount"),
            "name": values.pool(["builder", "ci.bot"], _ODD_NAMES),
            "namespace": place,
        }
    )
    unique = st.lists(st.one_of(person, account), min_size=1, max_size=3, unique_by=repr)
    subjects = values.pool_of(unique, st.lists(person, max_size=2))
    role = values.pool(
        ["registry-viewer", "registry-editor", "system:image-builder"], ["view", "cluster-admin"]
    )
    some_places = st.lists(place, min_size=1, max_size=2, unique=True)
    bound = {"role": role, "subjects": subjects}
    binding = st.one_of(
        fixed(**bound, namespaces=some_places),
        fixed(**bound, clusterWide=st.just(True)),
    )
    one_a_role = st.lists(binding, max_size=3, unique_by=lambda each: each["role"])
    names = values.pool(
        ["prometheus-scraper", "metrics", "a:b.c_D", "ä b"], ["view", "system:x", *_ODD_NAMES]
    )
    return some(
        bindings=values.pool_of(one_a_role, st.lists(binding, max_size=3)),
        metrics=some(
            {"subjects": subjects},
            role=st.one_of(
                fixed(create=some(name=names)),
                fixed(use=fixed(name=names)),
                st.just({"create": {}}),
            ),
        ),
    )


def access_sections(namespaces: Sequence[str]) -> Strategy:
    """`openshift-registry:access`, with bindings and service accounts in these namespaces."""
    right, wild = _access(namespaces, wild=False), _access(namespaces, wild=True)

    @st.composite
    def right_access(draw: st.DrawFn) -> dict[str, Any]:
        return copy.deepcopy(draw(right))

    @st.composite
    def wild_access(draw: st.DrawFn) -> dict[str, Any]:
        return copy.deepcopy(draw(wild))

    return st.one_of(right_access(), right_access(), wild_access(), mutated(right_access))
