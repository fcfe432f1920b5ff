"""`ocpreg explain`: every setting, from the forms themselves."""

import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fleet.command import app
from fleet.explain import all_settings, as_text, settings_at
from settings.schema import ROOT
from settings.stack import StackSettings
from settings.walk import entries


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


def told(path: str) -> list[dict[str, Any]]:
    return json.loads(explain(path, "--json").stdout)["settings"]


def test_text() -> None:
    done = explain("storage.trustedCA.create.name")
    assert done.exit_code == 0
    assert done.stdout == (
        "storage.trustedCA.create.name (kind: s3)\n"
        "    Name of the map; `adopt` has no default.\n"
        "    type     text\n"
        '    default  "image-registry-s3-bundle"\n'
        "    since    OpenShift 4.11\n"
        "    guide    3.1.3\n"
        "\n"
        "storage.trustedCA.create.name (kind: objectBucketClaim)\n"
        "    Name of the map.\n"
        "    type     text\n"
        '    default  "image-registry-s3-bundle"\n'
        "    since    OpenShift 4.11\n"
        "    guide    3.8.1\n"
    )


def test_json() -> None:
    assert told("storage.claim.create.size") == [
        {
            "path": "storage.claim.create.size",
            "kinds": ["claim"],
            "meaning": "Requested capacity, a Kubernetes quantity.",
            "type": "text",
            "required": True,
            "default": None,
            "presets": dict.fromkeys(
                ["cinder", "vsphere", "nutanix", "cephfs", "shared", "block"], "100Gi"
            ),
            "since": None,
            "guide": "3.5.1",
            "example": "100Gi",
            "keys": [],
            "settable": True,
        }
    ]


def test_what_presets_fill_in() -> None:
    text = explain("registry.replicas").stdout
    assert "\n    default  none; 2 with preset cephfs, shared\n" in text
    text = explain("storage.storageClass.use.name").stdout
    assert 'required; "thin-csi" with preset vsphere; "nutanix-volume" with preset nutanix' in text


def test_kinds_of_storage_that_have_the_same() -> None:
    (one,) = told("storage.chunkSizeMiB")
    assert (one["kinds"], one["since"]) == (["s3", "objectBucketClaim"], "4.17")
    assert [each["kinds"] for each in told("storage")] == [
        ["claim"],
        ["s3"],
        ["objectBucketClaim"],
        ["gcs"],
        ["azure"],
        ["swift"],
        ["emptyDir"],
    ]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("openshift-registry:cluster.name", "cluster.name"),
        ("registry.tolerations[0].key", "registry.tolerations[].key"),
        ("registry.tolerations.key", "registry.tolerations[].key"),
        (
            "exposure.routes[1].certificate.create.tls.crt",
            'exposure.routes[].certificate.create["tls.crt"]',
        ),
        (
            'exposure.routes[].certificate.create["tls.crt"]',
            'exposure.routes[].certificate.create["tls.crt"]',
        ),
        ('registry.nodeSelector["node-role.kubernetes.io/infra"]', "registry.nodeSelector"),
        ("storage.claim.create.labels.backup", "storage.claim.create.labels"),
    ],
)
def test_as_somebody_may_write_it(path: str, found: str) -> None:
    assert [each["path"] for each in told(path)] == [found]


def test_what_cannot_be_set() -> None:
    done = explain("registry.storage")
    assert done.exit_code == 0
    assert done.stdout == (
        "registry.storage\n"
        "    can't be set: it has a section of its own, openshift-registry:storage\n"
    )


SECTIONS = "cluster, storage, registry, access, pruning, credentials, exposure, trust"


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("regionEndpoint", "write storage.regionEndpoint"),
        ("claim.create.size", "write storage.claim.create.size"),
        ("storage.clam", "write storage.claim"),
        ("storage.clam.create.size", "write storage.claim"),
        ("registry.replicas.x", "write registry.replicas"),
        ("registry.zzz", "the keys of registry are: managementState, "),
        ("stroage.zzz", f"write storage; a setting begins with one of {SECTIONS}"),
        ("zzz", f"a setting begins with one of {SECTIONS}"),
        ("", f"a setting begins with one of {SECTIONS}"),
    ],
)
def test_no_such_setting(path: str, fix: str) -> None:
    done = explain(path)
    assert (done.exit_code, done.stdout) == (2, "")
    message, _, told_fix = done.stderr.partition("\n    fix: ")
    assert message == f"ocpreg explain: there is no setting {path}"
    assert told_fix.startswith(fix)


def test_all_settings() -> None:
    """Each has a text, and is found where it says that it is."""
    known = all_settings()
    assert len(known) > 400
    for each in known:
        assert each.meaning
        assert json.dumps(each.plain())
        assert bool(each.kinds) == (each.name.split(".")[0] == "storage")
    for path in {each.path for each in known}:
        found = settings_at(path)
        assert {each.path for each in found} == {path}
        assert as_text(found).startswith(path)
    forms = {each.name for each in known if each.settable}
    assert forms == {
        re.sub(r"\.\*", "", ".".join(map(str, each.path))) for each in entries(StackSettings)
    }


def test_it_says_what_the_reference_says() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    rows = 0
    for section in (each for each in sections if each.startswith("openshift-registry:")):
        name = re.split(r"[,\n]", section)[0]
        for key, kind, default, since, guide, meaning in re.findall(
            r"^\| `([^`]+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", section, re.MULTILINE
        ):
            fits = [
                each
                for each in settings_at(f"{name}.{key}")
                if (not since or each.since)
                and (not guide or each.guide)
                and meaning.startswith(each.meaning)
                and each.required == (default == "required")
                and (kind.startswith(("[", "list of [", "the keys of")) or kind == each.type)
            ]
            assert fits, (name, key)
            rows += 1
    assert rows > 200
