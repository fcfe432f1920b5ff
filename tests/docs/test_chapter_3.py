"""Every platform of the guide's chapter 3 has all that a platform needs here."""

import ast
from typing import NamedTuple

import pytest

from rules import RULES
from settings.schema import ROOT
from settings.storage import KINDS
from tests.docs.test_guide import SECTIONS


class Platform(NamedTuple):
    """What one way to store images, in a section of chapter 3, is made of."""

    guide: str
    kind: str
    component: str
    policies: tuple[str, ...]
    stack: str
    page: str
    smoke: str
    """The test that pushes and pulls through the registry of that stack's lab."""


BUCKET = ("bucket-not-public", "bucket-encrypted", "bucket-aborts-uploads", "bucket-keeps-images")
CLAIM = ("claim-protected", "claim-minimum-size")
CLAIMED = ("claim-protected", "credential-secret-keys", "one-storage-backend")
SMOKE = "tests/lab/test_platforms.py::test_images_go_in_and_out"
GIVEN_BUCKET = "tests/lab/test_bucket_claims_stack.py::test_images_go_there_and_come_back"
PUSH = "test_an_image_goes_in_and_comes_out"
IN_AWS = f"tests/lab/test_aws.py::{PUSH}"
IN_SWIFT_PUSHED = f"tests/lab/test_swift_user.py::{PUSH}_and_nothing_drifts"
IN_GOOGLE_CLOUD = ("gcs-bucket-not-public", "gcs-bucket-aborts-uploads", "gcs-bucket-keeps-images")
IN_AZURE = ("azure-container-private", "azure-account-tls", "azure-soft-delete")
IN_SWIFT = ("swift-container-private", "swift-credential-restricted", "registry-swift-tls")


def claim(guide: str, stack: str, page: str, *policies: str, smoke: str = SMOKE) -> Platform:
    own = (*CLAIM, *policies)
    return Platform(guide, "claim", "claim", own, stack, page, smoke)


def claimed(guide: str, stack: str) -> Platform:
    kind, component = "objectBucketClaim", "object_bucket_claim"
    page = "odf-object-storage"
    return Platform(guide, kind, component, CLAIMED, stack, page, GIVEN_BUCKET)


def empty_dir(guide: str) -> Platform:
    own = ("empty-dir-single-replica",)
    component = "image_registry"
    return Platform(guide, "emptyDir", component, own, "lab-emptydir", "empty-dir", SMOKE)


PLATFORMS = (
    Platform("3.1", "s3", "s3", BUCKET, "lab-aws", "aws", IN_AWS),
    Platform(
        "3.2", "gcs", "gcs", IN_GOOGLE_CLOUD, "lab-gcs", "gcs", f"tests/lab/test_gcs.py::{PUSH}"
    ),
    Platform("3.3", "swift", "swift", IN_SWIFT, "lab-swift-user", "swift", IN_SWIFT_PUSHED),
    Platform(
        "3.4",
        "azure",
        "azure_storage",
        IN_AZURE,
        "lab-azure",
        "azure",
        f"tests/lab/test_azure.py::{PUSH}",
    ),
    Platform(
        "3.4.3",
        "azure",
        "azure_storage",
        IN_AZURE,
        "lab-azure-gov",
        "azure",
        f"tests/lab/test_azure_adopt.py::{PUSH}",
    ),
    claim(
        "3.5",
        "lab-cinder",
        "cinder",
        smoke="tests/lab/test_registry.py::test_images_stay_on_their_claim",
    ),
    claim("3.6.3.1", "lab-baremetal-pvc", "bare-metal", "rhel-nfs"),
    empty_dir("3.6.3.2"),
    claim("3.6.3.3", "lab-baremetal-block", "bare-metal", "static-volume-protected"),
    claimed("3.6.3.4", "lab-rgw"),
    claimed("3.6.3.5", "lab-noobaa"),
    claim("3.6.4", "lab-cephfs", "odf-cephfs", "object-storage-over-cephfs"),
    claim("3.7.3.1", "lab-vsphere", "vsphere"),
    empty_dir("3.7.3.2"),
    claim("3.7.3.3", "lab-vsphere", "vsphere"),
    claimed("3.7.3.4", "lab-rgw"),
    claimed("3.7.3.5", "lab-noobaa"),
    claim("3.7.4", "lab-cephfs", "odf-cephfs"),
    claimed("3.8.1", "lab-rgw"),
    claimed("3.8.2", "lab-noobaa"),
    claim("3.8.3", "lab-cephfs", "odf-cephfs"),
    claim("3.9.3.1", "lab-nutanix", "nutanix"),
    empty_dir("3.9.3.2"),
    claim("3.9.3.3", "lab-nutanix", "nutanix"),
    claimed("3.9.3.4", "lab-rgw"),
    claimed("3.9.3.5", "lab-noobaa"),
    claim("3.9.4", "lab-cephfs", "odf-cephfs"),
)

OTHERS = """
3.6.1 3.6.2 3.6.3 3.6.5 3.7.1 3.7.2 3.7.3 3.7.5 3.8.4 3.9.1 3.9.2 3.9.3 3.9.5
"""
NO_STORAGE = set(OTHERS.split())
"""Sections of another thing, or that others are in."""


def covered(section: str) -> bool:
    """Its own, or a part of one that is one way to store images from its beginning to its end."""
    return any(section == each.guide or section.startswith(f"{each.guide}.") for each in PLATFORMS)


def calls(test: str) -> set[str]:
    """What the test calls; empty if there is no such test."""
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text())
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name]
    return {
        node.func.id
        for each in found
        for node in ast.walk(each)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_every_section_of_chapter_3_that_stores_images() -> None:
    chapter = [each for each in SECTIONS if each.startswith("3.")]
    deep = [each for each in chapter if each.count(".") > 1 or covered(each)]
    missing = [each for each in deep if each not in NO_STORAGE and not covered(each)]
    assert missing == []
    assert {each.guide for each in PLATFORMS} <= set(SECTIONS)
    assert not any(covered(each) for each in NO_STORAGE)
    platforms = {".".join(each.split(".")[:2]) for each in chapter}
    assert {".".join(each.guide.split(".")[:2]) for each in PLATFORMS} == platforms


def test_every_kind_of_storage() -> None:
    assert {each.kind for each in PLATFORMS} == set(KINDS)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda each: f"{each.guide} {each.stack}")
def test_a_platform_has_all_of_it(platform: Platform) -> None:
    assert platform.kind in KINDS
    assert (ROOT / "components" / f"{platform.component}.py").is_file()
    assert [each for each in platform.policies if each not in RULES] == []
    text = (ROOT / "stacks" / f"Pulumi.{platform.stack}.yaml").read_text()
    assert f"kind: {platform.kind}" in text
    page = (ROOT / "docs" / "platforms" / f"{platform.page}.md").read_text()
    assert platform.stack in page, "it does not say how to try it"
    assert calls(platform.smoke) & {"works", "smoke"}, f"{platform.smoke} pushes nothing"
