"""Generated stack files: mostly right, and wrong in every way a person or a tool might be.

`registry_settings()` and others like it mix three sorts: right ones, ones of the right
shape with values at and beyond their borders, and ones that were put wrong in some place.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

ODD_TEXTS = st.one_of(
    st.sampled_from(["", " ", "a b", "-a", "ä", "\u202e", "\u0000", "🐄", "a\nb", "x" * 64]),
    st.sampled_from(["a/b/c", "kubernetes.io/", "/a", "A.b/c", "a..b/c", f"{'x' * 254}/a"]),
    st.text(max_size=6),
)


class Values:
    """Strategies for values: right ones only, or `wild` ones too."""

    def __init__(self, wild: bool) -> None:
        def pool(right: list[Any], odd: Strategy | list[Any]) -> Strategy:
            fine = st.sampled_from(right)
            strange = st.sampled_from(odd) if isinstance(odd, list) else odd
            # Seldom, so that often nothing else is wrong that would hide what this does.
            return st.one_of([fine] * 9 + [strange]) if wild else fine

        self.pool = pool
        self.label_key = pool(
            ["kubernetes.io/hostname", "docker-registry", "zone", "a.b/c_D"], ODD_TEXTS
        )
        self.label_value = pool(["", "default", "1", "a.b_c-D"], ODD_TEXTS)
        self.count = pool([0, 1, 2, 100, 2**31 - 1], [-1, 2**31, -(2**31), 2**63 - 1, 2**63])
        self.positive = pool([1, 2, 100], [0, -1, 101, 2**31 - 1])
        self.quantity = pool(
            ["100m", "1", "0", "256Mi", "1Gi", "1.5Gi", ".5", "5.", "1e3", "2k", "+1", 2, 0],
            ["-1", "1e1.5", "1 Gi", "10GB", "", "abc", "1n", "0.1n", "9E", "1e-3", "0.5Ki", -1]
            + ["E", "1e", "1Ei", "16Ei", "1e+3", "1E5", "0x1", "\u0661", "1\n"],
        )
        self.duration = pool(
            ["30s", "1h30m", "0", "1.5s", "5µs", "+3s", "1us", "0s", ".5s"],
            ["-5s", "1 day", "3d", "10", "", "s", "99999999h", "1S", "1s ", "-0"],
        )
        self.selector_operator = ["In", "NotIn", "Exists", "DoesNotExist"]

    def selector(self) -> Strategy:
        return some(
            matchLabels=st.dictionaries(self.label_key, self.label_value, max_size=2),
            matchExpressions=few(self.requirement(["In", "NotIn", "Exists", "DoesNotExist"])),
        )

    def requirement(self, operators: list[str]) -> Strategy:
        def with_values(operator: str) -> Strategy:
            fitting = {"In": (1, 2), "NotIn": (1, 2), "Gt": (1, 1), "Lt": (1, 1)}
            least, most = fitting.get(operator, (0, 0))
            values = st.lists(self.label_value, min_size=least, max_size=most)
            values = self.pool_of(values, few(self.label_value))
            return some({"key": self.label_key, "operator": st.just(operator), "values": values})

        wrong = some({"key": self.label_key, "operator": st.sampled_from(["Foo", "", "in"])})
        right = st.one_of([with_values(each) for each in operators])
        return self.pool_of(right, wrong)

    def pool_of(self, right: Strategy, odd: Strategy) -> Strategy:
        return self.pool([0], [1]).flatmap(lambda which: odd if which else right)

    def node_term(self) -> Strategy:
        names = st.lists(self.pool(["worker-0"], ["Worker", ""]), min_size=1, max_size=1)
        return some(
            matchExpressions=few(
                self.requirement(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"])
            ),
            matchFields=few(
                some(
                    {
                        "key": self.pool(["metadata.name"], ["metadata.namespace"]),
                        "operator": self.pool(["In", "NotIn"], ["Exists"]),
                        "values": self.pool_of(names, few(st.just("worker-0"))),
                    }
                )
            ),
        )

    def pod_term(self) -> Strategy:
        keys = st.lists(self.pool(["release", "pod-template-hash"], ODD_TEXTS), max_size=2)
        return some(
            {"topologyKey": self.label_key, "labelSelector": self.selector()},
            namespaces=few(self.pool(["default", "openshift-image-registry"], ["Bad", "", "a.b"])),
            namespaceSelector=self.selector(),
            matchLabelKeys=keys,
            mismatchLabelKeys=self.pool_of(st.just(["other"]), keys),
        )

    def pod_affinity(self) -> Strategy:
        return some(
            requiredDuringSchedulingIgnoredDuringExecution=few(self.pod_term()),
            preferredDuringSchedulingIgnoredDuringExecution=few(
                some({"weight": self.positive, "podAffinityTerm": self.pod_term()})
            ),
        )

    def affinity(self) -> Strategy:
        terms = self.pool_of(few(self.node_term(), 1), st.just([]))
        return some(
            nodeAffinity=some(
                requiredDuringSchedulingIgnoredDuringExecution=some({"nodeSelectorTerms": terms}),
                preferredDuringSchedulingIgnoredDuringExecution=few(
                    some({"weight": self.positive, "preference": self.node_term()})
                ),
            ),
            podAffinity=self.pod_affinity(),
            podAntiAffinity=self.pod_affinity(),
        )

    def tolerations(self) -> Strategy:
        fine = [
            {"operator": "Exists"},
            {"key": "infra", "operator": "Exists", "effect": "NoSchedule"},
            {"key": "a.b/infra", "value": "", "effect": "NoExecute", "tolerationSeconds": -5},
            {"key": "infra", "operator": "Equal", "value": "reserved"},
        ]
        loose = some(
            key=self.label_key,
            operator=self.pool(["Exists", "Equal"], ["Lt", ""]),
            value=self.label_value,
            effect=self.pool(["NoSchedule", "PreferNoSchedule", "NoExecute"], ["None", ""]),
            tolerationSeconds=self.pool([0, 60, -1, 2**63 - 1, -(2**63)], [2**63, -(2**63) - 1]),
        )
        return few(self.pool_of(st.sampled_from(fine), loose))

    def spread(self) -> Strategy:
        policy = self.pool(["Honor", "Ignore"], ["ignore", ""])
        constraint = some(
            {
                "maxSkew": self.positive,
                "topologyKey": self.label_key,
                "whenUnsatisfiable": self.pool(["DoNotSchedule"], ["ScheduleAnyway", "Never"]),
                "labelSelector": self.selector(),
            },
            minDomains=self.positive,
            nodeAffinityPolicy=policy,
            nodeTaintsPolicy=policy,
            matchLabelKeys=few(self.pool(["pod-template-hash"], ODD_TEXTS)),
        )
        apart = st.lists(constraint, max_size=2, unique_by=lambda each: each["topologyKey"])
        return self.pool_of(apart, few(constraint))

    def resources(self) -> Strategy:
        names = self.pool(
            ["cpu", "memory", "ephemeral-storage"],
            ["hugepages-2Mi", "hugepages-x", "example.com/gpu", "gpu", "storage", ""]
            + ["requests.example.com/gpu", "kubernetes.io/x", "Example.com/gpu", "a b"],
        )
        amounts = st.dictionaries(names, self.quantity, max_size=3)
        alone = st.one_of(some(limits=amounts), some(requests=amounts))
        return self.pool_of(alone, some(limits=amounts, requests=amounts))

    def registry(self) -> Strategy:
        """What the custom resource's schema knows."""
        limits = some(maxRunning=self.count, maxInQueue=self.count, maxWaitInQueue=self.duration)
        level = self.pool(["Normal", "Debug", "Trace", "TraceAll"], ["", "info", "normal"])
        proxies = ["http://proxy.example.test:3128", "https://[::1]:80", "socks5://p"]
        odd_proxies = ["proxy:3128", "http://", "http://p:99999", "x", "", "ftp://p", "http://a b"]
        return some(
            {"replicas": self.count},
            managementState=self.pool(["Managed", "Unmanaged", "Removed"], ["Force", "", "X"]),
            rolloutStrategy=self.pool(["RollingUpdate", "Recreate"], ["", "recreate"]),
            readOnly=st.booleans(),
            disableRedirect=st.booleans(),
            logLevel=level,
            operatorLogLevel=level,
            logging=self.pool([0, 1, 2, 4, -1, 2**63 - 1, -(2**63)], [2**63, -(2**63) - 1]),
            httpSecret=self.pool(["0123456789abcdef"], [""]),
            proxy=some(
                http=self.pool(proxies, odd_proxies),
                https=self.pool(proxies, odd_proxies),
                noProxy=self.pool([".svc,.cluster.local", "*", "example.test"], [""]),
            ),
            requests=some(read=limits, write=limits),
            resources=self.resources(),
            nodeSelector=st.dictionaries(self.label_key, self.label_value, max_size=2),
            tolerations=self.tolerations(),
            affinity=self.affinity(),
            topologySpreadConstraints=self.spread(),
        )

    def storage(self) -> Strategy:
        modes = self.pool_of(
            st.sampled_from([["ReadWriteOnce"], ["ReadWriteMany"]]),
            few(st.sampled_from(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteOncePod", "RWX"])),
        )
        claim = some(
            {
                "name": self.pool(["registry", "image-registry-storage"], ["Bad_Name", ""]),
                "size": self.pool(["100Gi", "1", "1.5Gi"], ["0", "-1Gi", "1.5", "10GB", "100m"]),
                "accessModes": modes,
            },
            volumeMode=self.pool(["Filesystem"], ["Block"]),
            labels=st.dictionaries(self.label_key, self.label_value, max_size=2),
            annotations=st.dictionaries(self.label_key, ODD_TEXTS, max_size=2),
        )
        provisioners = ["efs.csi.aws.com", "kubernetes.io/cinder", "Driver.Example.com/x"]
        odd_provisioners = ["cinder.csi.openstack.org", "x.rbd.csi.ceph.com", "", "a b"]
        storage_class = some(
            {
                "name": self.pool(["registry"], ["ocs-storagecluster-ceph-rbd"]),
                "provisioner": self.pool(provisioners, odd_provisioners),
            },
            parameters=st.dictionaries(ODD_TEXTS, ODD_TEXTS, max_size=2),
            reclaimPolicy=self.pool(["Retain", "Delete"], ["Recycle"]),
            volumeBindingMode=self.pool(["Immediate", "WaitForFirstConsumer"], ["Later"]),
            allowVolumeExpansion=st.booleans(),
            mountOptions=few(self.pool(["noatime"], ODD_TEXTS)),
        )
        backends = [{"pvc": {"claim": "image-registry-storage"}}, {"emptyDir": {}}]
        explicit = some(
            {
                "kind": st.just("claim"),
                "storageClass": one_of_three(storage_class, st.just({"name": "standard-csi"})),
                "claim": st.one_of([fixed(create=claim), fixed(adopt=claim)]),
            },
            replaces=self.pool(backends, [{}, {"s3": {"bucket": "b"}, "emptyDir": {}}]),
        )
        cinder = some(
            {"kind": st.just("claim"), "preset": st.just("cinder")},
            storageClass=st.sampled_from([{"create": {"availability": "nova"}}, {"create": {}}]),
            claim=st.sampled_from([{"create": {"size": "10Gi"}}, {"adopt": {}}]),
        )
        used = some(
            {"kind": st.just("claim"), "claim": fixed(use=some({"name": st.just("registry")}))}
        )
        return st.one_of(explicit, cinder, used)


def some(required: dict[str, Any] | None = None, **optional: Any) -> Strategy:
    """A mapping with the required keys and any of the optional ones."""
    return st.fixed_dictionaries(required or {}, optional=optional)


def fixed(**required: Strategy) -> Strategy:
    return st.fixed_dictionaries(required)


def few(each: Strategy, least: int = 0) -> Strategy:
    return st.lists(each, min_size=least, max_size=2)


def one_of_three(owned: Strategy, used: Strategy) -> Strategy:
    return st.one_of(fixed(create=owned), fixed(adopt=owned), fixed(use=used))


_NOTHINGS = [None, True, False, [], {}, [None], [{}], [[]], {"": None}]
_THINGS = [{"secure": "v1:x"}, {"a": {"b": [1]}}]
_TEXTS = ["", "x", "yes", "2", "4.15", "\u0000", "\u202eabc", "ß" * 300, "[red]x[/]"]
_NUMBERS = [0, -1, 2**31, -(2**31) - 1, 2**63, 2**64, -(2**63) - 1, 10**30, 0.5, 1.0, -1e300, 1e20]
_NAMES = ["replica", "Replicas", "observedConfig", "nodePlacement", "secure", "", "a.b"]
JUNK = st.one_of(
    st.sampled_from(_TEXTS),
    st.sampled_from(_NUMBERS),
    st.sampled_from([*_NOTHINGS, *_THINGS]),
    st.text(max_size=6),
)
NAMES = st.one_of(st.sampled_from(_NAMES), st.text(max_size=6))


def mutated(originals: Callable[[], Strategy], times: int = 2) -> Strategy:
    """The original with one or a few places put wrong."""

    @st.composite
    def spoilt(draw: st.DrawFn) -> Any:
        value = draw(originals())
        for _ in range(draw(st.integers(1, times))):
            _spoil(
                value,
                pick=lambda choices: draw(st.sampled_from(choices)),
                junk=lambda: draw(JUNK),
                name=lambda: draw(NAMES),
            )
        return value

    return spoilt()


def relatives(value: Any, seed: int, count: int) -> Iterator[Any]:
    """The value and copies with one to four places put wrong, `count` in all: for each that is
    drawn, many more that cost next to nothing to make."""
    random = Random(seed)
    yield value
    for _ in range(count - 1):
        other = copy.deepcopy(value)
        for _ in range(random.randint(1, 4)):
            _spoil(
                other,
                pick=random.choice,
                junk=lambda: random.choice([*_TEXTS, *_NUMBERS, *_NOTHINGS, *_THINGS]),
                name=lambda: random.choice(_NAMES),
            )
        yield other


def _spoil(
    value: Any,
    pick: Callable[[Sequence[Any]], Any],
    junk: Callable[[], Any],
    name: Callable[[], str],
) -> None:
    places = list(_places(value))
    if not places:
        return
    holder, key = pick(places)
    what = pick(["junk", "junk", "drop", "add", "rename", "wrap", "twice"])
    if what == "junk":
        holder[key] = copy.deepcopy(junk())
    elif what == "drop":
        del holder[key]
    elif what == "wrap":
        holder[key] = [holder[key]]
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif what == "add":
        holder[name()] = copy.deepcopy(junk())
    elif what == "rename":
        holder[f"{key}{pick(['s', ' ', '2'])}"] = holder.pop(key)


def _places(value: Any) -> Any:
    """Every (mapping, key) and (list, index) in a value."""
    items = list(value.items()) if isinstance(value, dict) else []
    items += list(enumerate(value)) if isinstance(value, list) else []
    for name, each in items:
        yield value, name
        yield from _places(each)


RIGHT, WILD = Values(wild=False), Values(wild=True)
REGISTRIES = {False: RIGHT.registry(), True: WILD.registry()}
STORAGES = {False: RIGHT.storage(), True: WILD.storage()}


@st.composite
def right_registry(draw: st.DrawFn) -> dict[str, Any]:
    """What should be accepted, the version gate aside."""
    return copy.deepcopy(draw(REGISTRIES[False]))


@st.composite
def wild_registry(draw: st.DrawFn) -> dict[str, Any]:
    """The right keys and shapes, with values at their borders and beyond."""
    return copy.deepcopy(draw(REGISTRIES[True]))


def registry_settings() -> Strategy:
    """`openshift-registry:registry`."""
    return st.one_of(
        right_registry(), wild_registry(), mutated(right_registry), mutated(wild_registry)
    )


POD_PARTS = st.one_of(
    [
        fixed(replicas=st.just(1), **{name: each})
        for name, each in {
            "resources": WILD.resources(),
            "nodeSelector": st.dictionaries(WILD.label_key, WILD.label_value, max_size=2),
            "tolerations": WILD.tolerations(),
            "affinity": WILD.affinity(),
            "topologySpreadConstraints": WILD.spread(),
        }.items()
    ]
)


@st.composite
def pod_settings(draw: st.DrawFn) -> dict[str, Any]:
    """A registry section of which one part ends up in the registry's pods."""
    return copy.deepcopy(draw(POD_PARTS))
