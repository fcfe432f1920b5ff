"""Every way to put the section `access` wrong."""

from typing import Any

from tests.settings.case import Case

GROUP = {"kind": "Group", "name": "developers"}
ACCOUNT = {"kind": "ServiceAccount", "name": "builder", "namespace": "ci"}
VIEW = {"role": "registry-viewer", "namespaces": ["team-a"], "subjects": [GROUP]}
PUSH = {**VIEW, "role": "registry-editor"}
VIEW_ALL = {"role": "registry-viewer", "clusterWide": True, "subjects": [GROUP]}

Row = tuple[dict[str, Any], str, str, str, str]


def _bound(rule: str, at: str, says: str, fix: str, *bindings: dict[str, Any]) -> Row:
    changes = {"access": {"bindings": list(bindings)}}
    return changes, rule, f"access.bindings{at}", says, fix


def _subject(rule: str, at: str, says: str, fix: str, **subject: Any) -> Row:
    return _bound(rule, f"[0].subjects[0]{at}", says, fix, {**VIEW, "subjects": [subject]})


def _metrics(rule: str, at: str, says: str, fix: str, **metrics: Any) -> Row:
    changes = {"access": {"metrics": {"subjects": [ACCOUNT], **metrics}}}
    return changes, rule, f"access.metrics{at}", says, fix


def _made(rule: str, name: str, says: str, fix: str) -> Row:
    return _metrics(rule, ".role.create.name", says, fix, role={"create": {"name": name}})


ROWS: list[Row] = [
    _bound("value", "[0].role", "not one of", "registry-viewer", {**VIEW, "role": "view"}),
    _bound("required", "[0].subjects", "missing", "developers", {**VIEW_ALL, "subjects": ...}),
    _bound("null", "[0].namespaces", "has no value", "leave", {**VIEW, "namespaces": None}),
    _bound("name", "[0].namespaces[0]", "DNS label", "lower", {**VIEW, "namespaces": ["Team"]}),
    _bound("access:nobody", "[0].namespaces", "no namespace", "one", {**VIEW, "namespaces": []}),
    _bound("access:nobody", "[0].subjects", "names no user", "name one", {**VIEW, "subjects": []}),
    _bound("access:place", "[0]", "has none", "clusterWide", {**VIEW, "namespaces": ...}),
    _bound("access:place", "[0]", "has both", "all are meant", {**VIEW, "clusterWide": True}),
    _bound(
        "access:place",
        "[0].clusterWide",
        "says nothing",
        "name the namespaces",
        {**VIEW, "namespaces": ..., "clusterWide": False},
    ),
    _subject("value", ".kind", "not one of", "write Group", kind="group", name="x"),
    _subject("required", ".name", "is missing", "developers", kind="Group"),
    _subject("empty", ".name", "is empty", "oc get users", kind="User", name=""),
    _subject("access:subject", ".name", "user or group", "control", kind="User", name="a\nb"),
    _subject(
        *("access:subject", ".name", "service account", "builder"),
        **{**ACCOUNT, "name": "Builder"},
    ),
    _subject(
        *("access:subject", "", "of no namespace", "add `namespace`"),
        **{"kind": "ServiceAccount", "name": "builder"},
    ),
    _subject(
        *("access:subject", ".namespace", "this is a Group", "kind: ServiceAccount"),
        **{**GROUP, "namespace": "ci"},
    ),
    _subject("name", ".namespace", "DNS label", "lower", **{**ACCOUNT, "namespace": "a.b"}),
    _subject("not-settable", ".apiGroup", "follows from", "leave it out", **GROUP, apiGroup="x"),
    # Twice.
    _bound(
        *("access:duplicate", "[1]", "in team-a, which access.bindings[0] does", "both into one"),
        *(VIEW, {**VIEW, "subjects": [ACCOUNT]}),
    ),
    _bound(
        *("access:duplicate", "[2]", "in team-b, which access.bindings[1] does", "both into one"),
        *(VIEW, {**VIEW, "namespaces": ["team-b"]}, {**VIEW, "namespaces": ["team-c", "team-b"]}),
    ),
    _bound(
        *("access:duplicate", "[1]", "in the whole cluster, which", "both into one"),
        *(VIEW_ALL, VIEW_ALL),
    ),
    _bound(
        *("access:duplicate", "[0].namespaces[2]", "stands here twice", "keep one"),
        {**VIEW, "namespaces": ["team-a", "team-b", "team-a"]},
    ),
    _bound(
        *("access:duplicate", "[0].subjects[2]", "ServiceAccount builder of ci", "keep one"),
        {**VIEW, "subjects": [ACCOUNT, GROUP, ACCOUNT]},
    ),
    _metrics(
        *("access:duplicate", ".subjects[1]", "ServiceAccount builder of ci", "keep one"),
        subjects=[ACCOUNT, ACCOUNT],
    ),
    # Everybody.
    *(
        _bound(
            *("access:anybody-pushes", "[0].subjects[0].name", "is everybody", "service accounts"),
            {**PUSH, "role": role, "subjects": [{"kind": kind, "name": name}]},
        )
        for role, kind, name in [
            ("registry-editor", "Group", "system:authenticated"),
            ("registry-editor", "Group", "system:authenticated:oauth"),
            ("system:image-builder", "Group", "system:serviceaccounts"),
            ("system:image-builder", "Group", "system:unauthenticated"),
            ("registry-editor", "User", "system:anonymous"),
        ]
    ),
    *(
        _subject(
            *("access:anybody-reads", ".name", "without logging in", "system:authenticated"),
            **{"kind": kind, "name": name},
        )
        for kind, name in [("Group", "system:unauthenticated"), ("User", "system:anonymous")]
    ),
    _metrics(
        *("access:anybody-reads", ".subjects[0].name", "gets the metrics' role", "name a group"),
        subjects=[{"kind": "User", "name": "system:anonymous"}],
    ),
    # Metrics.
    _metrics("required", ".subjects", "is missing", "prometheus", subjects=...),
    _metrics("access:nobody", ".subjects", "names no user", "name one", subjects=[]),
    _metrics("exactly-one", ".role", "has none", "one of create, use", role={}),
    _made("access:built-in-role", "cluster-admin", "OpenShift's own", "prometheus-scraper"),
    _made("access:built-in-role", "system:openshift:scraper", "OpenShift's own", "another name"),
    _made("access:built-in-role", "registry-viewer", "OpenShift's own", "another name"),
    *(
        _metrics(
            *("access:built-in-role", ".role.use.name", "more than the registry's metrics"),
            "makes prometheus-scraper",
            role={"use": {"name": name}},
        )
        for name in ["cluster-admin", "registry-editor", "edit", "system:image-builder"]
    ),
    *(
        _bound(
            "value", "[0].role", "not one of its values", f"write {right}", {**VIEW, "role": name}
        )
        for name, right in [
            ("system:image-puller", "registry-viewer"),
            ("image-pusher", "system:image-builder"),
            ("admin", "registry-editor"),
        ]
    ),
    *(
        _made("name", name, "not a name of a role", "without '/'")
        for name in ["a/b", "50%", ".", "..", "a\tb"]
    ),
    _made("name", "x" * 235, "235 letters long; a name of a role has 234 at most", "without '/'"),
]


def _without_gaps(value: Any) -> Any:
    """Without the keys that stand for nothing (`...`)."""
    if isinstance(value, dict):
        return {key: _without_gaps(each) for key, each in value.items() if each is not ...}
    return [_without_gaps(each) for each in value] if isinstance(value, list) else value


CASES = [Case(_without_gaps(changes), *rest) for changes, *rest in ROWS]
