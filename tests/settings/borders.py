"""Values at and just beyond their borders, one at a time, where chance would seldom go."""

from typing import Any

WHOLE = [0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, 2**63, -(2**63)]
WHOLE += [-(2**63) - 1, 2**64, 10**30, 1.0, 1.5, "1", True, None]
WORDS = ["", "x", "Normal", "normal", 1, True, None, ["Normal"]]
QUANTITIES = ["0", "1", "-1", "+1", ".5", "5.", "1.5Gi", "100m", "1u", "1n", "0.1n", "1k", "1K"]
QUANTITIES += ["1Ki", "1ki", "1E", "9E", "16Ei", "1e3", "1E3", "1e-3", "1e+3", "1e", "1e1.5", "e3"]
QUANTITIES += [
    "0x1",
    "1 ",
    " 1",
    "1\n",
    "1Gi Gi",
    "10GB",
    "abc",
    "",
    "-",
    "+",
    ".",
    "\u0661",
    2,
    -2,
]
QUANTITIES += [0.5, 2**63, True, None]
DURATIONS = ["0", "0s", "1", "1s", "+1s", "-1s", "1.5s", ".5s", "1.s", "1ns", "1us", "1µs", "1μs"]
DURATIONS += ["1ms", "1m", "1h", "1d", "1 s", "1s ", "1h1m1s", "1 day", "1S", "", "s", "-0", "+0"]
DURATIONS += ["9223372036s", "9223372037s", "2562047h", "2562048h", "1e3s", 30, None]
KEYS = [
    "a",
    "a/b",
    "a.b/c",
    "A/b",
    "a/b/c",
    "/a",
    "a/",
    "",
    "-a",
    "a-",
    "a_b.c-d",
    "ä",
    "a b",
    "a\n",
]
KEYS += ["x" * 63, "x" * 64, f"{'x' * 253}/a", f"{'x' * 254}/a", "a..b/c", "a.b./c", "1", "_a"]
VALUES = ["", "a", "-", "a-", "a_b.c-d", "A", "x" * 63, "x" * 64, "a/b", "ä", "a\n", 1, True, None]
LIMITS = [
    ({"cpu": 2}, {"cpu": 1}),
    ({"cpu": 1}, {"cpu": 2}),
    ({"cpu": "1000m"}, {"cpu": 1}),
    ({"cpu": "1001m"}, {"cpu": 1}),
    ({"example.com/gpu": 1}, {"example.com/gpu": 1}),
    ({"example.com/gpu": 1}, {"example.com/gpu": 2}),
    ({"example.com/gpu": 1}, {}),
    ({}, {"example.com/gpu": 1}),
    ({}, {"example.com/gpu": "1500m"}),
    ({"cpu": 1, "hugepages-2Mi": "4Mi"}, {"hugepages-2Mi": "4Mi"}),
    ({"cpu": 1, "hugepages-2Mi": "4Mi"}, {}),
    ({"cpu": 1}, {"hugepages-2Mi": "3Mi"}),
    ({}, {"hugepages-2Mi": "4Mi"}),
    ({"cpu": 1}, {"hugepages-": "4Mi"}),
    ({"cpu": 1}, {"hugepages-x": "4Mi"}),
    ({"cpu": 1}, {"hugepages-0": "4Mi"}),
    ({"cpu": 1}, {"hugepages-500m": "4Mi"}),
    ({}, {"example.com/gpu": "1Ei"}),
    ({}, {"example.com/gpu": "9223372036854775"}),
    ({}, {"example.com/gpu": "9223372036854776"}),
    ({}, {"example.com/gpu": "9E"}),
    ({"kubernetes.io/x": 1}, {}),
    ({"requests.example.com/x": 1}, {"requests.example.com/x": 1}),
    ({f"example.com/{'x' * 63}": 1}, {f"example.com/{'x' * 63}": 1}),
    ({f"{'x' * 244}/a": 1}, {f"{'x' * 244}/a": 1}),
    ({f"{'x' * 245}/a": 1}, {f"{'x' * 245}/a": 1}),
    ({"gpu": 1}, {}),
    ({"storage": 1}, {}),
]

TERM = {"topologyKey": "zone"}
SPREAD = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def _selector(requirement: dict[str, Any]) -> dict[str, Any]:
    return {"affinity": {"podAffinity": {REQUIRED: [{**TERM, **_match(requirement)}]}}}


def _match(requirement: dict[str, Any]) -> dict[str, Any]:
    return {"labelSelector": {"matchExpressions": [requirement]}}


def _node(requirement: dict[str, Any], kind: str = "matchExpressions") -> dict[str, Any]:
    return {
        "affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{kind: [requirement]}]}}}
    }


REQUIREMENTS = [
    {"key": "a", "operator": operator, **({} if values is None else {"values": values})}
    for operator in ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "", "in")
    for values in (None, [], ["a"], ["a", "b"], ["-"], [""])
]
FIELDS = [
    {"key": key, "operator": operator, "values": values}
    for key in ("metadata.name", "metadata.namespace")
    for operator in ("In", "NotIn", "Exists")
    for values in ([], ["node-1"], ["node-1", "node-2"], ["Node"], ["a..b"], [""])
]

REGISTRIES: list[dict[str, Any]] = [
    *({"replicas": each} for each in WHOLE),
    *({"logging": each} for each in WHOLE),
    *({"requests": {"read": {"maxRunning": each}}} for each in WHOLE),
    *({"requests": {"write": {"maxInQueue": each}}} for each in WHOLE),
    *({"requests": {"read": {"maxWaitInQueue": each}}} for each in DURATIONS),
    *({name: each} for name in ("logLevel", "operatorLogLevel") for each in WORDS),
    *({name: each} for name in ("managementState", "rolloutStrategy") for each in WORDS),
    *({"managementState": each} for each in ("Managed", "Unmanaged", "Removed", "Force")),
    *({name: each} for name in ("readOnly", "disableRedirect") for each in [True, 0, "true", None]),
    *({"resources": {"limits": {"cpu": each}}} for each in QUANTITIES),
    *({"resources": {"requests": {"memory": each}}} for each in QUANTITIES),
    *({"resources": {"requests": requests, "limits": limits}} for requests, limits in LIMITS),
    *({"nodeSelector": {each: ""}} for each in KEYS),
    *({"nodeSelector": {"a": each}} for each in VALUES),
    *({"tolerations": [{"key": each, "operator": "Exists"}]} for each in KEYS),
    *({"tolerations": [{"key": "a", "value": each}]} for each in VALUES),
    *(
        {"tolerations": [{"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": each}]}
        for each in WHOLE
    ),
    *(
        {"tolerations": [{"key": "a", "operator": operator, "value": value, "effect": effect}]}
        for operator in ("Exists", "Equal", "", "Lt")
        for value in ("", "b")
        for effect in ("", "NoSchedule", "PreferNoSchedule", "NoExecute", "NoScheduleNoAdmit")
    ),
    *({"tolerations": [each]} for each in ({}, {"operator": "Equal"}, {"value": "x"})),
    *({"tolerations": [{"key": "a", "effect": "NoSchedule", "tolerationSeconds": 1}]} for _ in [0]),
    *(
        {"affinity": {"podAntiAffinity": {PREFERRED: [{"weight": each, "podAffinityTerm": TERM}]}}}
        for each in [*WHOLE, 100, 101]
    ),
    *(
        {"affinity": {"nodeAffinity": {PREFERRED: [{"weight": each, "preference": {}}]}}}
        for each in [*WHOLE, 100, 101]
    ),
    *({"affinity": {"podAffinity": {REQUIRED: [{"topologyKey": each}]}}} for each in KEYS),
    *(
        {"affinity": {"podAffinity": {REQUIRED: [{**TERM, "namespaces": [each]}]}}}
        for each in ["default", "a.b", "A", "", "x" * 63, "x" * 64, "-a"]
    ),
    *(_selector(each) for each in REQUIREMENTS),
    *(_node(each) for each in REQUIREMENTS),
    *(_node(each, "matchFields") for each in FIELDS),
    {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}}},
    {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{}]}}}},
    {"affinity": {"nodeAffinity": {REQUIRED: {}}}},
    {"affinity": {"nodeAffinity": {PREFERRED: [{"weight": 1}]}}},
    *(
        {"topologySpreadConstraints": [{**SPREAD, name: each}]}
        for name in ("maxSkew", "minDomains")
        for each in WHOLE
    ),
    *({"topologySpreadConstraints": [{**SPREAD, "topologyKey": each}]} for each in KEYS),
    *(
        {"topologySpreadConstraints": [{**SPREAD, "labelSelector": {"matchLabels": {"a": each}}}]}
        for each in VALUES
    ),
    *(
        {"topologySpreadConstraints": [{**SPREAD, "whenUnsatisfiable": each, **more}]}
        for each in ("DoNotSchedule", "ScheduleAnyway", "", "x")
        for more in ({}, {"minDomains": 1})
    ),
    *(
        {"topologySpreadConstraints": [{**SPREAD, name: each}]}
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy")
        for each in ("Honor", "Ignore", "honor", "")
    ),
    {"topologySpreadConstraints": [SPREAD, SPREAD]},
    {"topologySpreadConstraints": [SPREAD, {**SPREAD, "whenUnsatisfiable": "ScheduleAnyway"}]},
    {"topologySpreadConstraints": [{**SPREAD, "matchLabelKeys": ["a"]}]},
    {"topologySpreadConstraints": [{**SPREAD, "labelSelector": {}, "matchLabelKeys": ["a", "-"]}]},
    *(
        {name: each}
        for name in ("proxy", "requests", "resources", "affinity", "nodeSelector")
        for each in ({}, [], "x", None, {"x": 1})
    ),
    *(
        {name: each}
        for name in ("tolerations", "topologySpreadConstraints")
        for each in ([], {}, [1])
    ),
    *({name: {}} for name in ("observedConfig", "unsupportedConfigOverrides", "nodePlacement")),
    {"resources": {"claims": [{"name": "x"}]}},
    {"httpSecret": ""},
    *({"proxy": {"http": each}} for each in ("", "x", "http://x", 1)),
]
"""Registry sections of one key; add `replicas` where it is not the one."""
