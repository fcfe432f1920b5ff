"""What is declared in AWS, with an account in which nothing is yet, and with one that has some."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.output import Unknown
from pulumi.runtime import mocks

from components import new_key
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts, SecretFacts, labels
from tests.components.conftest import SECRET, OnCloud, Recorder
from tests.components.declared import Declared
from tests.components.test_credential_secret import unmarked
from tests.settings.cases_s3 import ACCESS_KEY, ACCOUNT, AWS, KEY, ROLE, SECRET_KEY, storage

NAME, USER = "prod-1-image-registry", "prod-1-x7k2p-image-registry"
CANARY = "CANARY-secret-of-the-access-key"
ARN = f"arn:aws:s3:::{NAME}"
MADE_KEY = {"create": {"name": NAME, "encryption": {"kms": {"create": {"alias": "images"}}}}}
ISSUER = "https://oidc.example.test/prod-1"


@dataclass
class Account(Recorder):
    """AWS as the plugin tells it: `there` is what its data functions find."""

    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: str = ""

    def call(self, args: mocks.MockCallArgs) -> Any:
        name = args.token.rpartition(":")[2]
        self.asked.append(name)
        if self.refused:
            return {}, [("", self.refused)]
        if name == "getResources":
            found = self.there.get(name, {"resourceTagMappingLists": []})
            return {"id": "x", "region": "eu-west-1", **found}
        if name not in self.there:
            return {}, [("", f"{args.token} returned an error: couldn't find resource")]
        return self.there[name]

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        identifier, state = super().new_resource(args)
        if args.typ == "aws:iam/accessKey:AccessKey":
            state |= {"secret": CANARY}
        if args.typ == "aws:kms/key:Key":
            state |= {"arn": KEY, "keyId": KEY.rpartition("/")[2]}
        return identifier, state


Declare = Callable[..., Declared[Account]]


@pytest.fixture
def declare(on_cloud: OnCloud) -> Declare:
    def run(
        live: LiveFacts | None = None, account: Account | None = None, **changes: Any
    ) -> Declared[Account]:
        return on_cloud("aws", account or Account(), storage(AWS, **changes), live)

    return run


def statements(text: str) -> dict[str, dict[str, Any]]:
    return {each.get("Sid", ""): each for each in json.loads(text)["Statement"]}


def test_a_bucket_and_what_closes_it(declare: Declare) -> None:
    made = declare()
    assert made.kinds() == [
        "AccessKey",
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "User",
        "UserPolicy",
    ]
    bucket = made.one("Bucket")
    assert bucket == {"bucket": NAME, "tags": labels("prod-1")}
    block = made.one("BucketPublicAccessBlock")
    assert [value for key, value in block.items() if key != "bucket"] == [True] * 4
    assert made.one("BucketOwnershipControls")["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    (rule,) = made.one("BucketServerSideEncryptionConfiguration")["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    (rule,) = made.one("BucketLifecycleConfiguration")["rules"]
    assert rule["filter"] == {} and rule["status"] == "Enabled"
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 1}
    policy = statements(made.one("BucketPolicy")["policy"])
    assert policy["OnlyOverTLS"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert policy["OnlyOverTLS"]["Resource"] == [ARN, f"{ARN}/*"]


def test_the_provider_is_of_one_account_and_region(declare: Declare) -> None:
    (made,) = [each for each in declare().cloud.made if each.typ == "pulumi:providers:aws"]
    assert json.loads(made.inputs["allowedAccountIds"]) == [ACCOUNT]
    assert made.inputs["region"] == "eu-west-1"


def test_what_holds_images_is_protected_and_all_of_it_is_kept(declare: Declare) -> None:
    options = declare(bucket=MADE_KEY).options
    for kind in ("Bucket", "Key", "Secret"):
        assert options[kind].protect and options[kind].retain_on_delete, kind
    kept = ("Alias", "User", "UserPolicy", "BucketPublicAccessBlock", "BucketPolicy")
    for kind in (*kept, "BucketLifecycleConfiguration", "BucketServerSideEncryptionConfiguration"):
        assert options[kind].retain_on_delete, kind
    # It has to be deleted when it is rotated; the secret that holds it keeps it.
    assert not options["AccessKey"].retain_on_delete and not options["AccessKey"].protect
    assert "lifecycleRules" in options["Bucket"].ignore_changes


def test_the_secret_key_is_secret_from_birth(declare: Declare) -> None:
    made = declare()
    secret = next(each for each in made.cloud.made if each.name == SECRET_NAME)
    data = secret.inputs["data"]
    assert data[SECRET]
    hidden = [CANARY, "Q0FOQVJZ"]
    for each in made.cloud.made:
        assert unmarked(each.inputs, hidden) == []


def test_the_custom_resource_follows_the_key(declare: Declare, request: Any) -> None:
    spec = declare(bucket=MADE_KEY).one("ConfigPatch")["spec"]
    assert spec["storage"]["s3"]["encrypt"] is True
    assert spec["storage"]["s3"]["keyID"] == KEY


def test_a_key_names_who_uses_it_and_the_account(declare: Declare) -> None:
    made = declare(bucket=MADE_KEY)
    key = made.one("Key")
    assert key["enableKeyRotation"] is True and key["deletionWindowInDays"] == 30
    policy = statements(key["policy"])
    assert policy["Account"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert policy["Registry"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{USER}"}
    assert "Key" not in statements(made.one("UserPolicy")["policy"])
    bucket = statements(made.one("BucketPolicy")["policy"])
    assert bucket["OnlyWithKMS"]["Condition"]["Null"]
    assert "OnlyWithThisKey" not in bucket  # not known before it is made


def test_a_key_of_others_is_let_by_the_users_policy(declare: Declare) -> None:
    used = {"create": {"name": NAME, "encryption": {"kms": {"use": {"keyARN": KEY}}}}}
    made = declare(bucket=used)
    assert "Key" not in made.kinds()
    allowed = statements(made.one("UserPolicy")["policy"])["Key"]
    assert allowed["Resource"] == KEY
    assert allowed["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    denied = statements(made.one("BucketPolicy")["policy"])["OnlyWithThisKey"]["Condition"]
    (value,) = denied["StringNotEquals"].values()
    assert value == KEY


def test_an_alias_is_a_condition_and_no_resource(declare: Declare) -> None:
    """IAM takes no alias for a resource of kms:Decrypt."""
    used = {"bucket": {"use": {"name": NAME}}, "encrypt": True, "keyID": "alias/images"}
    account = Account(there={"getBucket": live_bucket()})
    allowed = statements(declare(account=account, **used).one("UserPolicy")["policy"])["Key"]
    assert allowed["Resource"] == f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*"
    assert allowed["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/images"
    }


def live_bucket() -> dict[str, Any]:
    return {"id": NAME, "bucket": NAME, "arn": ARN, "bucketRegion": "eu-west-1"}


def test_only_the_user_is_made_for_a_bucket_that_is_used(declare: Declare) -> None:
    account = Account(there={"getBucket": live_bucket()})
    made = declare(account=account, bucket={"use": {"name": NAME}})
    assert made.kinds() == ["AccessKey", "User", "UserPolicy"]


def test_a_role_trusts_two_service_accounts(declare: Declare) -> None:
    made = declare(
        live=LiveFacts(service_account_issuer=ISSUER), credentials={"sts": {"create": {}}}
    )
    (statement,) = json.loads(made.one("Role")["assumeRolePolicy"])["Statement"]
    issuer = ISSUER.removeprefix("https://")
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"
    assert statement["Principal"] == {"Federated": provider}
    assert statement["Condition"]["StringEquals"][f"{issuer}:sub"] == [
        "system:serviceaccount:openshift-image-registry:cluster-image-registry-operator",
        "system:serviceaccount:openshift-image-registry:registry",
    ]
    assert "AccessKey" not in made.kinds() and "User" not in made.kinds()
    secret = made.cloud.one("SecretPatch").inputs
    assert secret["metadata"]["name"] == "installer-cloud-credentials"
    assert made.options["SecretPatch"].retain_on_delete


def test_a_role_that_is_used_is_written_for_the_operator(declare: Declare) -> None:
    made = declare(bucket={"use": {"name": NAME}}, credentials={"sts": {"use": {"roleARN": ROLE}}})
    assert made.kinds() == [] and made.cloud.asked == []
    assert made.cloud.one("SecretPatch")


def test_a_preview_without_the_cluster_does_not_know_its_issuer(
    declare: Declare, request: pytest.FixtureRequest
) -> None:
    if "update" in request.node.callspec.id:
        with pytest.raises(pulumi.RunError, match="not known yet"):
            declare(credentials={"sts": {"create": {}}})
        return
    made = declare(credentials={"sts": {"create": {}}})
    assert isinstance(made.one("Role").get("assumeRolePolicy"), Unknown | None)


def test_versions_and_logs(declare: Declare) -> None:
    wanted = {
        "name": NAME,
        "versioning": True,
        "lifecycle": {"noncurrentVersionExpirationDays": 30},
        "accessLogging": {"targetBucket": "logs"},
        "tags": {"team": "one"},
    }
    made = declare(bucket={"create": wanted})
    status = made.one("BucketVersioning")["versioningConfiguration"]
    assert status == {"status": "Enabled"}
    rules = made.one("BucketLifecycleConfiguration")["rules"]
    assert rules[1]["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert made.one("BucketLogging")["targetPrefix"] == "prod-1/"
    assert made.one("Bucket")["tags"] == {"team": "one", **labels("prod-1")}
    # Left out later, it is switched off; the rest stays as it was.
    assert not made.options["BucketLogging"].retain_on_delete


def test_an_adopted_bucket_is_imported_and_written_where_it_says_so(declare: Declare) -> None:
    policy = {"id": NAME, "bucket": NAME, "policy": '{"Statement": []}'}
    account = Account(there={"getBucket": live_bucket(), "getBucketPolicy": policy})
    made = declare(account=account, bucket={"adopt": {"name": NAME}})
    assert made.options["Bucket"].import_ == NAME
    assert "tags" in made.options["Bucket"].ignore_changes
    assert "BucketPublicAccessBlock" in made.kinds() and "BucketPolicy" in made.kinds()
    for kind in ("BucketLifecycleConfiguration", "BucketVersioning", "BucketLogging"):
        assert kind not in made.kinds()
    assert "BucketServerSideEncryptionConfiguration" not in made.kinds()


def test_what_has_been_made_is_taken_up(declare: Declare) -> None:
    tagged = {"resourceArn": ARN, "tags": labels("prod-1"), "complianceDetails": []}
    there = {
        "getResources": {"resourceTagMappingLists": [tagged]},
        "getBucket": live_bucket(),
        "getUser": {"userName": USER, "tags": labels("prod-1")},
    }
    options = declare(account=Account(there=there)).options
    assert (options["Bucket"].import_, options["User"].import_) == (NAME, USER)


def test_the_account_is_asked_once_for_each_thing(declare: Declare) -> None:
    asked = declare(bucket=MADE_KEY).cloud.asked
    assert sorted(asked) == ["getAccessKeys", "getAlias", "getBucket", "getResources", "getUser"]


def test_what_others_have_made_is_not(declare: Declare) -> None:
    there = {
        "getBucket": live_bucket(),
        "getUser": {"userName": USER, "tags": labels("another")},
    }
    options = declare(account=Account(there=there)).options
    assert (options["Bucket"].import_, options["User"].import_) == (None, None)


def test_a_bucket_that_has_to_be_there(declare: Declare) -> None:
    with pytest.raises(Exception, match="there is no such bucket in the account"):
        declare(bucket={"adopt": {"name": NAME}})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("AWS refused HeadBucket: 301: Moved Permanently", "exists in another region"),
        ("AccessDenied: no", r"could not be asked.*docs/how-to/aws-permissions.md"),
    ],
)
def test_what_aws_says_is_told_with_a_fix(declare: Declare, said: str, told: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){told}.*"):
        declare(account=Account(refused=said))


def test_a_rotation_is_a_key_of_another_name(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = {"userName": USER, "tags": labels("prod-1")}
    keys = {"accessKeys": [{"accessKeyId": "OLD", "createDate": "", "status": "Active"}]}
    live = LiveFacts(
        secrets={
            SECRET_NAME: SecretFacts(
                labels("prod-1"), (), "Opaque", (ACCESS_KEY, SECRET_KEY), None, access_key="OLD"
            )
        }
    )
    account = Account(there={"getUser": user, "getAccessKeys": keys})
    # Whether the registry takes it on is another file's (test_new_key.py).
    monkeypatch.setattr(new_key.Looks, "missing", lambda self: "")
    made = declare(live=live, account=account, credentials={"create": {"rotation": "2026-12"}})
    assert made.cloud.one("AccessKey").name == f"{USER}-2026-12"
