"""The second look for secrets, which asks no engine."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.scrub import MASK, Scrubber, known_of, sealed

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc/def+123\nxyz==\n-----END RSA PRIVATE KEY-----"
LOOKS = {
    "a key": PEM,
    "a key cut short": PEM[:60],
    "an AWS key": "AKIAIOSFODNN7EXAMPLE",
    "a session": "ASIAIOSFODNN7EXAMPLE",
    "a JWT": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl-_x",
    "a JWT without signature": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.",
    "OpenShift's": "sha256~0123456789abcdefghijABCDEFGHIJ",
    "GitHub's": "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "GitHub's other one": "github_pat_11AAAAAAA0123456789abcdef",
    "GitLab's": "glpat-0123456789abcdefghij",
    "Pulumi's": "pul-0123456789abcdef0123456789abcdef01234567",
    "Azure's": "A1b/" * 21 + "ab==",
}
BEHIND = {
    "secretKey: wJalrXUtnFEMIbPxRfiCY": "wJalrXUtnFEMIbPxRfiCY",
    'aws_secret_access_key = "wJalrXUtnFEMI/bPxRfiCY"': "wJalrXUtnFEMI/bPxRfiCY",
    "password=correct-horse": "correct-horse",
    '"token": "0123456789"': "0123456789",
    "clientSecret: 0123456789": "0123456789",
    "Authorization: Bearer abcdefghijklmnop": "abcdefghijklmnop",
    "https://me:hunter2@host.example.test/": "hunter2",
    "AccountKey=abcdefghijklmnopqrstuvwxyz==;": "abcdefghijklmnopqrstuvwxyz",
    "https://x.blob.example.test/c?se=1&sig=abcdefghijklmnopqrstuvwxyz%3D": "abcdefghijklmnop",
}
HARMLESS = """
urn:pulumi:prod-1::openshift-registry::kubernetes:core/v1:Secret::image-registry-private
spec.storage.s3.bucket: prod-1-x7k2p-image-registry-eu-west-1-abcdefghijklmno
arn:aws:kms:eu-west-1:111122223333:key/00001111-aaaa-2222-bbbb-3333cccc4444
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
token: [secret]
the token of the secret: see docs/how-to/credentials.md
secretName: image-registry-private-configuration-user
0123456789abcdef0123456789abcdef01234567
"""


@pytest.mark.parametrize("secret", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("around", ["{}", "it says {} and more", '"{}"', "<{}>", "x={},"])
def test_what_looks_like_a_secret(secret: str, around: str) -> None:
    cleaned = Scrubber()(around.format(secret))
    assert MASK in cleaned and secret[12:] not in cleaned
    told = json.dumps(Scrubber().inside({"a": [{"b": around.format(secret)}]}))
    assert MASK in told and json.dumps(secret)[13:-1] not in told


@pytest.mark.parametrize("text", BEHIND)
def test_what_a_secret_s_name_stands_before(text: str) -> None:
    assert BEHIND[text] not in Scrubber()(text)


def test_under_a_secret_s_name() -> None:
    cleaned = Scrubber().inside({"data": {"REGISTRY_STORAGE_S3_SECRETKEY": "abcdefghij", "n": 5}})
    assert cleaned == {"data": {"REGISTRY_STORAGE_S3_SECRETKEY": MASK, "n": 5}}


def test_what_is_none_is_left_alone() -> None:
    assert Scrubber()(HARMLESS) == HARMLESS


@given(st.binary(min_size=0, max_size=9), st.binary(min_size=0, max_size=9))
def test_a_known_value_in_any_form(before: bytes, after: bytes) -> None:
    secret = "c4n4ry of the/stack&file"
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    scrub = Scrubber([secret])
    assert scrub(f"x {secret} y") == f"x {MASK} y"
    assert scrub(quote(secret, safe="")) == MASK
    assert MASK in scrub(encoded)
    kept = "".join(c for c in scrub(encoded).replace(MASK, "=") if c != "=")
    assert len(kept) <= len(encoded) - len(secret), "hardly more than what is around it"


def test_a_short_value_does_not_take_words_apart() -> None:
    assert Scrubber(["lab"])("a label") == "a label"


def test_values_of_the_environment() -> None:
    found = known_of(
        {"GITHUB_TOKEN": "0123456789", "AWS_SECRET_ACCESS_KEY": "abcdefghij", "PATH": "/usr/bin:x",
         "PULUMI_CONFIG_PASSPHRASE": "correct horse", "TOKEN_FILE": "/run/secrets/t", "HOME": "x"}
    )  # fmt: skip
    assert sorted(found) == ["0123456789", "abcdefghij", "correct horse"]


def test_what_a_stack_file_seals() -> None:
    written = {"a": {"b": {"secure": "v1:x"}, "c": "open"}, "l": [{"secure": "v1:y"}, "open"]}
    opened = {"a": {"b": "one", "c": "open"}, "l": [{"deep": ["two", 3]}, "open"]}
    assert [*sealed(written, opened)] == ["one", "two"]
    assert [*sealed(written, {"a": 1})] == []
