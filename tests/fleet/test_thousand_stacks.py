"""A thousand stack files with faults in some: `ocpreg check` finds these and no others."""

import copy
import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from fleet.command import app
from settings.rules import RULES
from tests.settings.case import Case
from tests.settings.cases import CASES, GOOD, changed
from tests.settings.cases_azure import FOUND as AZURE
from tests.settings.cases_gcs import GCS
from tests.settings.cases_s3 import AWS, CLAIM, OTHER, SEALED
from tests.settings.cases_swift import BY_USER as SWIFT

STACKS = 1000
INSIDE = "http://s3.openshift-storage.svc.cluster.local"
LOGS = {"targetBucket": "everybodys-logs"}
GIVEN = {
    "create": {"REGISTRY_STORAGE_S3_ACCESSKEY": SEALED, "REGISTRY_STORAGE_S3_SECRETKEY": SEALED}
}
OF_CASES = {
    "s3": ("bucket", "prod-1-image-registry", "{}-images"),
    "gcs": ("bucket", "registry-of-prod-1", "{}-images"),
    "azure": ("account", "prod1registry", "{}registry"),
    "swift": ("container", "prod-1-image-registry", "{}-images"),
}
"""What a cluster has to itself in the stack files that cases put wrong, and what it becomes."""
PLATFORMS = {"gcs": "GCP", "azure": "Azure"}

Config = dict[str, Any]
Seeded = Counter[tuple[str, str, str]]
"""Stack, rule and path of each fault."""


def storages(name: str) -> list[Config | None]:
    """One of each kind, all right. Buckets have names of their own unless the place is another."""
    bucket = {"use": {"name": f"{name}-images"}}
    made = {"create": {"name": f"{name}-images", "accessLogging": LOGS}}
    everybodys = {"use": {"name": "registry"}}
    return [
        GOOD["storage"],
        {"kind": "claim", "preset": "cephfs"},
        {"kind": "claim", "claim": {"use": {"name": "registry", "accessModes": ["ReadWriteMany"]}}},
        None,
        CLAIM,
        {**AWS, "bucket": bucket},
        {**AWS, "bucket": made},
        {**AWS, "bucket": made, "replaces": {"s3": {"bucket": "what-was-there"}}},
        {**OTHER, "bucket": bucket},
        {**OTHER, "bucket": everybodys, "regionEndpoint": f"https://{name}.example.test"},
        {**OTHER, "bucket": everybodys, "regionEndpoint": INSIDE},
        {**GCS, "bucket": bucket},
        {**AZURE, "account": {"use": {"name": name + "registry"}}},
        {**SWIFT, "container": bucket},
        {**SWIFT, "container": everybodys, "tenant": name},
    ]


def right(number: int) -> Config:
    name = f"c{number:03}"
    kinds = storages(name)
    storage = kinds[number % len(kinds)]
    cluster = {**GOOD["cluster"], "name": name, "infrastructureName": f"{name}-x7k2p"}
    cluster["platform"] = platform(storage or {})
    config = {
        "cluster": cluster,
        "storage": storage,
        "registry": {"managementState": "Managed", "replicas": 2},
    }
    if storage is GOOD["storage"]:
        config["registry"]["replicas"] = 1
    if storage is None:
        config = {**config, "credentials": GIVEN}
        del config["storage"]
    return copy.deepcopy(config)


def platform(storage: Config) -> str:
    return (
        "AWS"
        if storage.get("service") == "aws"
        else PLATFORMS.get(storage.get("kind"), "OpenStack")
    )


def single(name: str, case: Case) -> Config:
    """`case` in a cluster, and a bucket, of its own."""
    text = json.dumps(changed(case.changes))
    for _, theirs, own in OF_CASES.values():
        text = text.replace(theirs, own.format(name if "-" in own else name.replace("-", "")))
    # What the installer has made is named after the cluster.
    text = re.sub(GOOD["cluster"]["infrastructureName"], f"{name}-x7k2p", text, flags=re.IGNORECASE)
    config = json.loads(text)
    cluster = config.get("cluster")
    for key, own in (("name", name), ("infrastructureName", f"{name}-x7k2p")):
        if isinstance(cluster, dict) and cluster.get(key) == GOOD["cluster"][key]:
            cluster[key] = own
    return config


def _usable(case: Case) -> bool:
    """JSON has no key that is a number, and what is not named after a cluster is no bucket of
    its own."""
    config = changed(case.changes)
    storage = config.get("storage")
    kind = storage.get("kind") if isinstance(storage, dict) else None
    if json.loads(json.dumps(config)) != config:
        return False
    section, name, _ = OF_CASES.get(kind if isinstance(kind, str) else "", ("", "", ""))
    return not section or name in json.dumps(storage.get(section))


def bucket_name(config: Config) -> tuple[str, str]:
    """Where it stands, and what it is."""
    section = "container" if "container" in config["storage"] else "bucket"
    ((mode, bucket),) = config["storage"][section].items()
    return f"storage.{section}.{mode}.name", bucket["name"]


def share(rng: random.Random, fleet: dict[str, Config], stacks: list[str]) -> Seeded:
    """Make the stacks of a group share something that they must not."""
    (first, *others), wanted = stacks, Seeded()
    one = fleet[first]
    what = rng.choice(["cluster", "name", "bucket", "everything"])
    for name in others:
        if what == "everything":
            fleet[name] = copy.deepcopy(one)
        elif what == "bucket":
            fleet[name]["storage"] = copy.deepcopy(one["storage"])
            fleet[name]["cluster"]["platform"] = one["cluster"]["platform"]
            fleet[name]["registry"] = dict(one["registry"])
            fleet[name].pop("credentials", None)
        else:
            key = "infrastructureName" if what == "cluster" else "name"
            fleet[name]["cluster"][key] = one["cluster"][key]
    for name in stacks:
        if what in ("cluster", "everything"):
            wanted[name, "fleet:same-cluster", "cluster.infrastructureName"] += 1
        if what == "name":
            wanted[name, "fleet:same-name", "cluster.name"] += 1
        if what in ("bucket", "everything"):
            wanted[name, "fleet:same-bucket", bucket_name(one)[0]] += 1
    return wanted


def seeded() -> tuple[dict[str, Config], Seeded, set[str]]:
    """The fleet by stack, its faults, and the stacks of which doubts are heard too."""
    rng = random.Random(415)
    names = [f"prod-{number:03}" for number in range(STACKS)]
    fleet = {name: right(number) for number, name in enumerate(names)}
    wanted: Seeded = Seeded()
    order = rng.sample(names, STACKS)
    # The first of a group is in a bucket that others would see.
    shown = [name for name in order if _has_a_bucket(fleet[name])][:30]
    rest = [name for name in order if name not in shown]
    for first in shown:
        others = [rest.pop() for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        wanted += share(rng, fleet, [first, *others])
    # Some of them; each of them is shown for itself in tests/settings/test_messages.py.
    cases = rng.sample([each for each in CASES if _usable(each)], 500)
    doubted = set()
    for case in cases:
        name = rest.pop()
        fleet[name] = single(name, case)
        wanted[name, case.rule, case.path] += 1
        doubted.add(name)
    assert len(rest) > 300
    return fleet, wanted, doubted


def _has_a_bucket(config: Config) -> bool:
    storage = config.get("storage", {})
    return storage.get("kind") in OF_CASES and storage.get("regionEndpoint") != INSIDE


def write(folder: Path, fleet: dict[str, Config]) -> None:
    for name, config in fleet.items():
        document = {"config": {f"openshift-registry:{key}": each for key, each in config.items()}}
        text = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)
        (folder / f"Pulumi.{name}.yaml").write_text(text)


def test_every_fault_and_no_other(tmp_path: Path) -> None:
    fleet, wanted, doubted = seeded()
    write(tmp_path, fleet)
    done = CliRunner().invoke(app, ["check", str(tmp_path), "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, len(told["files"])) == (1, STACKS)
    found: Seeded = Counter()
    for file in told["files"]:
        for each in file["problems"]:
            seen = (each["stack"], each["rule"], each["path"])
            # A doubt beside a seeded fault may be right.
            if each["severity"] == "error" or seen in wanted or seen[0] not in doubted:
                found[seen] += 1
    assert found - wanted == Counter(), "invented"
    assert wanted - found == Counter(), "missed"
    ids = {rule for _, rule, _ in wanted}
    assert {each for each in RULES if each.startswith("fleet:")} <= ids
    assert len(ids) > 80


def test_a_fleet_without_faults(tmp_path: Path) -> None:
    write(tmp_path, {f"prod-{number:03}": right(number) for number in range(STACKS)})
    done = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "1000 stack files checked: no problems\n")
