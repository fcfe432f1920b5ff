"""What the AWS stand-in refuses before it asks AWS, and what it takes for a change."""

from typing import Any

import pytest

from lab.clouds.aws.cloud import Aws
from lab.clouds.base.difference import difference
from lab.clouds.base.kind import CloudError
from lab.clouds.base.plugin import Plugin
from lab.clouds.base.shapes import arguments, outputs, shape
from lab.clouds.base.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
KEY = "aws:kms/key:Key"
ABORT = {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 1}}
TAG = {"key": "a", "value": "b"}
RULE = {"id": "a", "status": "Enabled", "filter": {}, **ABORT}


@pytest.fixture
def plugin() -> Plugin:
    aws = Aws()
    aws.region = "eu-west-1"
    return Plugin(aws)


def check(plugin: Plugin, token: str, inputs: dict[str, Any], name: str = "it") -> list[str]:
    urn = f"urn:pulumi:test::clouds::{token}::{name}"
    return [f"{each.property} {each.reason}" for each in plugin.check(urn, {}, inputs, b"")[1]]


@pytest.mark.parametrize("token", list(Aws().kinds))
def test_every_type_is_one_of_the_sdks(token: str) -> None:
    kind, wanted = Aws().kinds[token], shape(arguments(token))
    named = {*kind.identity, *kind.absent, *kind.local, *kind.documents, *kind.not_played}
    if kind.name is not None:
        named.add(kind.name[0])
    assert named - {"region"} <= wanted.types.keys()
    assert {*kind.secret, *kind.kept} <= set(outputs(token))


@pytest.mark.parametrize(
    ("token", "inputs", "says"),
    [
        (BUCKET, {"buket": "a"}, "buket there is no such property; bucket?"),
        (BUCKET, {"forceDestroy": "yes"}, "forceDestroy is a string, and has to be true or false"),
        (BUCKET, {"tags": {"a": 1}}, "tags.a is a whole number, and has to be a string"),
        (BUCKET, {"tags": ["a"]}, "tags is a list, and has to be a mapping"),
        (BUCKET, {"tags": {"aws:a": "b"}}, "reserved"),
        (BUCKET, {"tags": {str(each): "" for each in range(51)}}, "are 51"),
        (BUCKET, {"bucket": "Upper"}, "bucket may hold a-z"),
        (BUCKET, {"bucket": "a"}, "1 characters"),
        (BUCKET, {"bucket": "10.0.0.1"}, "is an IP address"),
        (BUCKET, {"bucket": "a..b"}, "two dots"),
        (BUCKET, {"bucket": "aaa--x-s3"}, "reserved"),
        (BUCKET, {"bucket": "aaa", "bucketPrefix": "a"}, "conflicts with bucket"),
        (BUCKET, {"bucketPrefix": "a" * 38}, "37"),
        (BUCKET, {"lifecycleRules": []}, "does not play this property"),
        (LIFECYCLE, {"rules": [RULE]}, "bucket is required, and missing"),
        (LIFECYCLE, {"bucket": "a"}, "rules are missing"),
        (LIFECYCLE, {"bucket": "a", "rules": []}, "rules are none"),
        (LIFECYCLE, {"bucket": "a", "rules": [{"status": "Enabled"}]}, "rules[0].id is required"),
        (
            LIFECYCLE,
            {"bucket": "a", "rules": [{**RULE, "days": 1}]},
            "rules[0].days there is no such property",
        ),
        (LIFECYCLE, {"bucket": "a", "rules": [{**RULE, "status": "On"}]}, "Enabled, Disabled"),
        (LIFECYCLE, {"bucket": "a", "rules": [{**RULE, "id": ""}]}, "1 to 255"),
        (
            LIFECYCLE,
            {"bucket": "a", "rules": [{k: v for k, v in RULE.items() if k != "filter"}]},
            "rules[0].filter is missing",
        ),
        (LIFECYCLE, {"bucket": "a", "rules": [{**RULE, "prefix": ""}]}, "conflicts with filter"),
        (
            LIFECYCLE,
            {"bucket": "a", "rules": [{k: v for k, v in RULE.items() if k not in ABORT}]},
            "has no action",
        ),
        (
            LIFECYCLE,
            {
                "bucket": "a",
                "rules": [{**RULE, "abortIncompleteMultipartUpload": {"daysAfterInitiation": 0}}],
            },
            "daysAfterInitiation is 0",
        ),
        (
            LIFECYCLE,
            {"bucket": "a", "rules": [{**RULE, "expiration": {"days": 0}}]},
            "expiration.days is 0",
        ),
        (
            LIFECYCLE,
            {"bucket": "a", "rules": [{**RULE, "filter": {"prefix": "a", "tag": TAG}}]},
            "takes one condition",
        ),
        (ENCRYPTION, {"bucket": "a", "rules": []}, "S3 takes one"),
        (
            ENCRYPTION,
            {
                "bucket": "a",
                "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "kms"}}],
            },
            "AES256, aws:kms",
        ),
        (
            "aws:s3/bucketPolicy:BucketPolicy",
            {"bucket": "a", "policy": "{"},
            "policy is no JSON: ",
        ),
        ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "a", "policy": "[]"}, "no JSON object"),
        (
            "aws:s3/bucketVersioning:BucketVersioning",
            {"bucket": "a", "versioningConfiguration": {"status": "on"}},
            "Enabled, Suspended",
        ),
        (
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            {"bucket": "a", "rule": {"objectOwnership": "Me"}},
            "BucketOwnerEnforced",
        ),
        (KEY, {"deletionWindowInDays": 31}, "31, and has to be 7 to 30"),
        (KEY, {"enableKeyRotation": True, "rotationPeriodInDays": 1}, "90 to 2560"),
        (KEY, {"rotationPeriodInDays": 90}, "needs enableKeyRotation"),
        (KEY, {"keyUsage": "ANY"}, "ENCRYPT_DECRYPT"),
        ("aws:kms/alias:Alias", {"name": "a", "targetKeyId": "b"}, "alias/"),
        ("aws:kms/alias:Alias", {"name": "alias/aws/s3", "targetKeyId": "b"}, "reserved"),
        ("aws:iam/user:User", {"name": "a b"}, "letters, digits"),
        ("aws:iam/userPolicy:UserPolicy", {"user": "a"}, "policy is required"),
        ("aws:iam/accessKey:AccessKey", {"user": "a", "status": "On"}, "Active, Inactive"),
        ("aws:iam/role:Role", {"assumeRolePolicy": "{}", "maxSessionDuration": 1}, "3600 to"),
    ],
)
def test_refused_at_preview(plugin: Plugin, token: str, inputs: dict[str, Any], says: str) -> None:
    found = check(plugin, token, inputs)
    assert any(says in each for each in found), found


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (BUCKET, {"bucket": UNKNOWN, "tags": UNKNOWN}),
        (LIFECYCLE, {"bucket": UNKNOWN, "rules": [{**RULE, "status": UNKNOWN}]}),
        (LIFECYCLE, {"bucket": "a", "rules": UNKNOWN}),
        ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "a", "policy": UNKNOWN}),
        ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b", "policy": {"Statement": []}}),
        ("aws:iam/userPolicy:UserPolicy", {"user": UNKNOWN, "policy": UNKNOWN}),
        (KEY, {"policy": UNKNOWN, "deletionWindowInDays": UNKNOWN}),
    ],
)
def test_what_is_not_known_yet_is_not_refused(
    plugin: Plugin, token: str, inputs: dict[str, Any]
) -> None:
    assert check(plugin, token, inputs) == []


def test_a_bucket_has_one_lifecycle_configuration(plugin: Plugin) -> None:
    inputs = {"bucket": "a", "rules": [RULE]}
    assert check(plugin, LIFECYCLE, inputs, "first") == []
    assert check(plugin, LIFECYCLE, inputs, "first") == []
    assert check(plugin, LIFECYCLE, {**inputs, "bucket": "b"}, "other") == []
    (said,) = check(plugin, LIFECYCLE, inputs, "second")
    assert "bucket a has one of this kind, and 'first' describes it already" in said


def test_a_type_or_function_that_is_not_played_is_named(plugin: Plugin) -> None:
    with pytest.raises(CloudError, match=r"no resource type aws:ec2/vpc:Vpc; there are: Bucket"):
        check(plugin, "aws:ec2/vpc:Vpc", {})
    with pytest.raises(CloudError, match=r"no function aws:a/b:b; there are: getCaller"):
        plugin.invoke("aws:a/b:b", {})


def test_a_name_is_made_up_once(plugin: Plugin) -> None:
    urn = f"urn:pulumi:test::clouds::{BUCKET}::Images"
    first, _ = plugin.check(urn, {}, {}, bytes.fromhex("0123456789"))
    assert first == {"bucket": "images-0123456"}
    again, _ = plugin.check(urn, first, {}, bytes.fromhex("ffffffffff"))
    assert again == first


@pytest.mark.parametrize(
    ("token", "old_inputs", "state", "new", "changed", "replaces"),
    [
        (BUCKET, {"bucket": "a"}, {"bucket": "a", "tags": {}}, {"bucket": "a"}, {}, []),
        (BUCKET, {}, {"bucket": "a"}, {"bucket": "b"}, {"bucket": "update"}, ["bucket"]),
        (BUCKET, {}, {"bucket": "a"}, {"bucket": UNKNOWN}, {"bucket": "update"}, ["bucket"]),
        (BUCKET, {"tags": {"a": "b"}}, {"tags": {"a": "b"}}, {}, {"tags.a": "delete"}, []),
        (BUCKET, {}, {"tags": {"a": "c"}}, {"tags": {"a": "b"}}, {"tags.a": "update"}, []),
        (BUCKET, {}, {"region": "us-east-1"}, {}, {"region": "update"}, ["region"]),
        (
            BUCKET,
            {"forceDestroy": True},
            {"forceDestroy": True},
            {},
            {"forceDestroy": "delete"},
            [],
        ),
        (
            LIFECYCLE,
            {},
            {"rules": [{**RULE, "filter": {"prefix": ""}}]},
            {"rules": [RULE]},
            {},
            [],
        ),
        (
            LIFECYCLE,
            {},
            {"rules": [{**RULE, "expiration": {"days": 3}}]},
            {"rules": [RULE]},
            {"rules[0].expiration": "delete"},
            [],
        ),
        (
            LIFECYCLE,
            {},
            {"rules": [RULE, {**RULE, "id": "b"}]},
            {"rules": [RULE]},
            {"rules[1]": "delete"},
            [],
        ),
        (KEY, {}, {"policy": '{"a": 1, "b": 2}'}, {"policy": '{"b":2,"a":1}'}, {}, []),
        (KEY, {}, {"policy": '{"a": 1}'}, {"policy": '{"a":2}'}, {"policy": "update"}, []),
        (KEY, {}, {"enableKeyRotation": False}, {"enableKeyRotation": False}, {}, []),
        (
            "aws:kms/alias:Alias",
            {},
            {"targetKeyId": "k"},
            {"targetKeyId": "arn:aws:kms:eu-west-1:1:key/k"},
            {},
            [],
        ),
    ],
)
def test_differences(
    plugin: Plugin,
    token: str,
    old_inputs: dict[str, Any],
    state: dict[str, Any],
    new: dict[str, Any],
    changed: dict[str, str],
    replaces: list[str],
) -> None:
    state = {"region": "eu-west-1", "isEnabled": True, **state}
    found = difference(plugin.kind(token), old_inputs, state, new)
    assert (dict(found.changed), list(found.replaces)) == (changed, replaces)


def test_what_is_ignored_is_no_difference(plugin: Plugin) -> None:
    state = {"region": "eu-west-1", "tags": {"a": "b"}}
    for path in ("tags", "tags.a", 'tags["a"]'):
        found = difference(plugin.kind(BUCKET), {}, state, {"tags": {"a": "c"}}, [path])
        assert not found.changed


def test_the_old_goes_first_only_where_the_name_stays(plugin: Plugin) -> None:
    state = {"bucket": "a", "region": "us-east-1"}
    kind = plugin.kind(BUCKET)
    assert difference(kind, {}, state, {"bucket": "a"}).delete_first
    assert not difference(kind, {}, state, {"bucket": "b"}).delete_first


def test_nothing_but_a_lab_is_reached(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(CloudError, match="AWS_ENDPOINT_URL is not set"):
        plugin.cloud.configure({"region": "eu-west-1"})
    monkeypatch.delenv("AWS_REGION", raising=False)
    with pytest.raises(CloudError, match="Missing region"):
        plugin.cloud.configure({})
