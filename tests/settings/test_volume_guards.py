"""The stack file's volume against the live one: every contradiction has its words."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from jsonschema import Draft202012Validator

from settings import SettingsError, StackSettings, validate
from settings.facts import ClaimFacts, LiveFacts, VolumeFacts, labels
from settings.problems import Finding
from settings.rules import RULES
from settings.schema import schema
from settings.volume_guards import volume
from tests.settings.cases_volume import CSI, FC, ISCSI, LOCAL, NFS
from tests.settings.cases_volume import storage as section
from tests.settings.strategies_volume import volumes

NAME = "registry-volume"
MINE = ("openshift-image-registry", "registry")
THEIRS = ("shop", "orders")
LIVE_ISCSI = {**ISCSI, "iscsiInterface": "default"}
"""As the API server keeps it."""
OURS = labels("one")
VOLUME = VolumeFacts(
    labels=OURS,
    annotations=(),
    size="100Gi",
    access_modes=("ReadWriteOnce",),
    volume_mode="Filesystem",
    storage_class="",
    reclaim_policy="Retain",
    source={"iscsi": LIVE_ISCSI},
    claim=MINE,
    phase="Bound",
)
CLAIM = ClaimFacts(
    labels=OURS,
    annotations=(),
    access_modes=("ReadWriteOnce",),
    volume_mode="Filesystem",
    storage_class="",
    size="100Gi",
    leaving=False,
    volume=NAME,
)


def changed(facts: Any, **fields: Any) -> Any:
    return type(facts)(**(vars(facts) | fields))


def live(held: ClaimFacts | None = None, **fields: Any) -> LiveFacts:
    """A cluster with the volume, except for `fields`, and with this claim."""
    claims = {"registry": held} if held else {}
    return LiveFacts(volumes={NAME: changed(VOLUME, **fields)}, claims=claims)


def free(**fields: Any) -> LiveFacts:
    """A cluster with a volume that no claim has, and that nobody here has made."""
    return live(**{"labels": {}, "claim": None, "phase": "Available", **fields})


def config(storage: dict[str, Any], replicas: int = 1) -> dict[str, Any]:
    cluster = {"name": "one", "version": "4.15", "environment": "production"}
    cluster |= {"infrastructureName": "one-x7k2p"}
    return {"cluster": cluster, "storage": storage, "registry": {"replicas": replicas}}


def stack(storage: dict[str, Any], replicas: int = 1) -> StackSettings:
    return validate(config(storage, replicas), stack="one")


def judge(
    facts: LiveFacts,
    mode: str = "create",
    source: dict[str, Any] | None = None,
    storage_class: str | None = None,
    **claim: Any,
) -> list[Finding]:
    wanted: dict[str, Any] = {"name": NAME}
    if mode != "use":
        wanted["source"] = source or {"iscsi": ISCSI}
        wanted |= {"nodes": ["worker-0"]} if "local" in wanted["source"] else {}
    asked = {"name": "registry", "size": "100Gi", "accessModes": ["ReadWriteOnce"], **claim}
    storage = {"kind": "claim", "volume": {mode: wanted}, "claim": {"create": asked}}
    if storage_class:
        storage["storageClass"] = {"use": {"name": storage_class}}
    replicas = 2 if "ReadWriteMany" in asked["accessModes"] else 1
    return list(volume(stack(storage, replicas), facts))


ON_A_NODE = {"source": {"local": LOCAL}, "nodes": ("worker-0",)}
RWX = {"accessModes": ["ReadWriteMany"]}
NOBODYS: dict[str, Any] = {"labels": {}}
UID = '[{"op":"remove","path":"/spec/claimRef/uid"}]'
REF = '[{"op":"remove","path":"/spec/claimRef"}]'
RETAIN = '"persistentVolumeReclaimPolicy":"Retain"'
AT = "storage.volume.{}"
FROM = f"{AT}.source"
SIZE = "storage.claim.create.size"
MODES = "storage.claim.create.accessModes"

# rule, the cluster, the mode, further arguments, where it points, what it says, what to do
REFUSED = [
    ("exists", live(labels={}), "create", {}, f"{AT}.name", "not made by this stack", "`adopt`"),
    ("exists", live(labels=labels("two")), "create", {}, f"{AT}.name", "this stack", "`use`"),
    *(
        ("missing", LiveFacts(volumes={NAME: None}), mode, {}, f"{AT}.name", "no such", "`create`")
        for mode in ("adopt", "use")
    ),
    *(
        ("volume-claimed", live(claim=THEIRS, **facts), mode, {}, f"{AT}.name", *words)
        for mode, facts, *words in [
            ("create", {}, "is Bound and kept for the claim shop/orders", "another volume"),
            ("adopt", NOBODYS, "is Bound and kept for the claim shop/orders", REF),
            ("use", {"phase": "Available"}, "is Available and kept for the claim", REF),
            ("adopt", {"phase": "Released"}, "is Released and kept for", REF),
        ]
    ),
    *(
        ("volume-leaving", live(leaving=True), mode, {}, f"{AT}.name", "being deleted", "another")
        for mode in ("create", "adopt", "use")
    ),
    (
        "volume-source",
        live(**{**ON_A_NODE, "nodes": ("worker-1",)}),
        "create",
        {"source": {"local": LOCAL}},
        f"{AT}.nodes",
        "is on [worker-1]",
        "new names",
    ),
    *(
        ("volume-released", live(phase=phase), mode, {}, f"{AT}.name", f"is {phase}", UID)
        for phase in ("Released", "Failed")
        for mode in ("create", "adopt", "use")
    ),
    (
        "volume-released",
        live(phase="Released", reclaim_policy="Delete"),
        "adopt",
        {},
        f"{AT}.name",
        "its claim is gone",
        f"{{{RETAIN}}}}}', then oc patch pv {NAME} --type=json -p '{UID}'",
    ),
    *(
        (
            "volume-source",
            facts,
            mode,
            {"source": source},
            f"{FROM}{at}",
            says,
            "write what it has",
        )
        for facts, mode, source, at, says in [
            (live(), "create", {"nfs": NFS}, "", "is on iscsi"),
            (free(source={}), "adopt", {"nfs": NFS}, "", "is on another kind"),
            (live(), "create", {"iscsi": {**ISCSI, "lun": 1}}, ".iscsi.lun", "has lun 0"),
            (live(), "adopt", {"iscsi": {**ISCSI, "lun": 1}}, ".iscsi.lun", "has lun 0"),
            (live(), "adopt", {"iscsi": {**ISCSI, "fsType": "xfs"}}, ".iscsi.fsType", "no fsType"),
            (
                live(source={"iscsi": {**LIVE_ISCSI, "fsType": "xfs"}}),
                "create",
                {"iscsi": ISCSI},
                ".iscsi.fsType",
                "has fsType xfs",
            ),
            (
                live(source={"iscsi": {**LIVE_ISCSI, "iscsiInterface": "tcp"}}),
                "create",
                {"iscsi": ISCSI},
                ".iscsi.iscsiInterface",
                "has iscsiInterface tcp",
            ),
        ]
    ),
    ("volume-size", free(size="50Gi"), "adopt", {}, SIZE, "has 50Gi", "write 50Gi"),
    ("volume-size", free(size="50Gi"), "use", {}, SIZE, "has 50Gi", "name another volume"),
    ("volume-size", free(size="200Gi"), "use", {}, SIZE, "its claim gets all of it", "200Gi"),
    ("volume-resize", live(CLAIM), "create", {"size": "101Gi"}, SIZE, "has 100Gi", "`replaces`"),
    ("volume-resize", live(CLAIM), "use", {"size": "101Gi"}, SIZE, "class provisions", "100Gi"),
    *(
        ("volume-access-modes", facts, mode, more, MODES, says, fix)
        for facts, mode, more, says, fix in [
            (free(access_modes=("ReadOnlyMany",)), "adopt", {}, "[ReadOnlyMany]", "that it has"),
            (free(source={"nfs": NFS}), "use", RWX, "[ReadWriteOnce]", "another volume"),
            (free(), "use", RWX, "has [ReadWriteOnce]", "another volume"),
            *(
                (
                    free(source=source, access_modes=("ReadWriteMany",)),
                    "use",
                    RWX,
                    "whatever it says",
                    "[ReadWriteOnce]",
                )
                for source in ({"iscsi": LIVE_ISCSI}, {"fc": FC}, {"local": LOCAL})
            ),
        ]
    ),
    ("volume-mode", free(volume_mode="Block"), "adopt", {}, f"{AT}.name", "Block", "Filesystem"),
    ("volume-mode", free(volume_mode="Block"), "use", {}, f"{AT}.name", "Block", "Filesystem"),
    *(
        ("volume-class", free(storage_class=has), mode, more, f"{AT}.name", says, fix)
        for has, mode, more, says, fix in [
            ("manual", "adopt", {}, "the class manual, and the claim would be of no", "`use`"),
            ("manual", "use", {}, "the class manual", "storageClass: {use: {name: manual}}"),
            ("manual", "use", {"storage_class": "other"}, "of the class other", "name: manual"),
            ("", "use", {"storage_class": "other"}, "is of no class", "leave storageClass out"),
        ]
    ),
    (
        "volume-of-claim",
        live(changed(CLAIM, volume="pvc-1")),
        "create",
        {},
        f"{AT}.name",
        "has the volume pvc-1",
        "write pvc-1",
    ),
    *(
        (
            "volume-read-only",
            free(source={"csi": {**CSI, "readOnly": True}}),
            mode,
            {"source": {"csi": CSI}},
            f"{AT}.name",
            "mounted read-only",
            "without readOnly",
        )
        for mode in ("adopt", "use")
    ),
    ("volume-reclaim", free(reclaim_policy="Delete"), "use", {}, f"{AT}.name", "Delete", RETAIN),
]


@pytest.mark.parametrize(
    ("rule", "facts", "mode", "more", "path", "says", "fix"),
    REFUSED,
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_contradiction_has_its_words(
    rule: str, facts: LiveFacts, mode: str, more: Any, path: str, says: str, fix: str
) -> None:
    found = judge(facts, mode, **more)
    assert [each.rule for each in found] == [f"guard:{rule}"], found
    (finding,) = found
    assert ".".join(map(str, finding.path)) == path.format(mode)
    assert says in finding.message
    assert fix in finding.fix
    assert finding.severity == ("warning" if rule == "volume-reclaim" else "error")


AGREED = [
    (LiveFacts(), "create", {}),
    (LiveFacts(volumes={NAME: None}), "create", {}),
    (live(CLAIM), "create", {}),
    (live(), "create", {}),
    # A run that was interrupted between the volume and the claim.
    (live(phase="Available"), "create", {}),
    (live(phase="Available", size="50Gi"), "create", {}),
    (live(reclaim_policy="Delete"), "create", {}),
    (free(), "adopt", {}),
    (free(reclaim_policy="Delete"), "adopt", {}),
    (free(size="102400Mi"), "adopt", {}),
    (free(access_modes=("ReadWriteMany", "ReadWriteOnce")), "adopt", {}),
    (free(source={"iscsi": {**LIVE_ISCSI, "fsType": "xfs"}}), "adopt", {}),
    (free(source={"iscsi": {**LIVE_ISCSI, "secretRef": {"name": "chap"}}}), "adopt", {}),
    (live(CLAIM, labels={}), "adopt", {}),
    # What the claim was bound with once is not looked at again.
    (live(CLAIM, size="200Gi"), "use", {}),
    (free(), "use", {}),
    (free(claim=MINE), "use", {}),
    (free(source={}), "use", {}),
    (free(storage_class="manual"), "use", {"storage_class": "manual"}),
    (live(CLAIM, storage_class="manual"), "use", {"storage_class": "manual", "size": "200Gi"}),
    (free(source={"nfs": NFS}, access_modes=("ReadWriteMany",)), "use", RWX),
    (live(changed(CLAIM, volume=None)), "create", {}),
    (live(source={"fc": FC}), "create", {"source": {"fc": FC}}),
    (live(**ON_A_NODE), "create", {"source": {"local": LOCAL}}),
    (
        live(source={"csi": {**CSI, "volumeAttributes": {"a": "b"}}}),
        "create",
        {"source": {"csi": {**CSI, "volumeAttributes": {"a": "b"}}}},
    ),
]


@pytest.mark.parametrize(("facts", "mode", "more"), AGREED)
def test_what_agrees_is_not_complained_of(
    facts: LiveFacts, mode: str, more: dict[str, Any]
) -> None:
    assert judge(facts, mode, **more) == []


def test_a_volume_that_is_deleted_when_released_is_kept_before_it_is_given_free() -> None:
    """In the other order, and by hand, the images would be at somebody's mercy in between."""
    for claim in (MINE, THEIRS):
        (found,) = judge(live(phase="Failed", reclaim_policy="Delete", claim=claim), "adopt")
        assert found.fix.index(RETAIN) < found.fix.index('"op":"remove"')


@pytest.mark.parametrize(
    "right",
    [
        section({"nfs": NFS}, "ReadWriteMany"),
        section({"csi": CSI}, "ReadWriteMany"),
        # Block devices and shared files by one driver: nobody can see from here which.
        section({"csi": {**CSI, "driver": "csi.nutanix.com"}}, "ReadWriteMany"),
        section({"iscsi": {**ISCSI, "fsType": "ext4"}}, mountOptions=["errors=remount-ro"]),
        section({"fc": {"wwids": ["3600508b400105e210000900000490000"]}}),
        section({"local": LOCAL}),
    ],
)
def test_a_right_volume_is_not_complained_of(right: dict[str, Any]) -> None:
    modes = right["claim"]["create"]["accessModes"]
    assert stack(right, 2 if "ReadWriteMany" in modes else 1).warnings == ()


EDITOR = Draft202012Validator(schema())


@hypothesis(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=volumes())
def test_every_volume_is_taken_or_refused_in_words(wanted: Any) -> None:
    """Whatever stands in the file; what is taken, editors and guards can read."""
    storage = {**section({"nfs": NFS}), "volume": wanted}
    try:
        settings = stack(storage)
    except SettingsError as error:
        for each in error.problems:
            assert each.message and each.fix and each.path and each.rule in RULES
        return
    sections = {f"openshift-registry:{key}": each for key, each in config(storage).items()}
    EDITOR.validate({"config": sections})
    for facts in (live(), free(), free(source={}), live(CLAIM, phase="Released", claim=THEIRS)):
        renamed = LiveFacts(
            volumes={settings.storage.volume.name: facts.volumes[NAME]}, claims=facts.claims
        )
        for finding in volume(settings, renamed):
            assert finding.message and finding.fix and finding.rule in RULES
