"""The AWS that the environment names, reached as the provider's arguments say."""

import json
import os
from functools import partial
from typing import Any

from lab.clouds.base.cloud import Cloud, Function
from lab.clouds.base.kind import CloudError, Kind
from lab.clouds.base.values import UNKNOWN, Inputs

LISTS = ("allowedAccountIds", "forbiddenAccountIds", "endpoints", "defaultTags")


class Aws(Cloud):
    package = "aws"
    title = "AWS"
    settings = frozenset(
        {
            "accessKey",
            "allowedAccountIds",
            "customCaBundle",
            "defaultTags",
            "endpoints",
            "forbiddenAccountIds",
            "maxRetries",
            "region",
            "s3UsePathStyle",
            "secretKey",
            "skipCredentialsValidation",
            "skipMetadataApiCheck",
            "skipRegionValidation",
            "skipRequestingAccountId",
            "token",
            "version",
        }
    )

    def __init__(self) -> None:
        from lab.clouds.aws import iam, kms, lookups, s3, sts

        kinds = [each(self) for module in (s3, kms, iam) for each in module.KINDS]
        self.kinds: dict[str, Kind] = {each.token: each for each in kinds}
        self.functions: dict[str, Function] = {
            token: partial(function, self)
            for module in (sts, lookups)
            for token, function in module.FUNCTIONS.items()
        }
        self.region = ""
        self.account = ""
        self.default_tags: dict[str, str] = {}
        self._given: Inputs = {}
        self._clients: dict[tuple[str, str], Any] = {}

    def configure(self, settings: Inputs) -> None:
        given = {
            key: json.loads(value)
            if isinstance(value, str) and (key in LISTS or value in {"true", "false"})
            else value
            for key, value in settings.items()
            if value != UNKNOWN
        }
        self._given = given
        self.default_tags = (given.get("defaultTags") or {}).get("tags") or {}
        self.region = given.get("region") or os.environ.get("AWS_REGION", "")
        if not self.region:
            raise CloudError("Missing region configuration: set aws:region or AWS_REGION")
        self._known_region()
        if os.environ.get("AWS_ENDPOINT_URL") is None and not given.get("endpoints"):
            raise CloudError(
                "AWS_ENDPOINT_URL is not set: this plays the AWS plugin on a lab and never "
                "reaches AWS itself. Take it off PATH, or run on a lab"
            )
        if not (given.get("skipCredentialsValidation") and given.get("skipRequestingAccountId")):
            self._who()

    def client(self, service: str, region: str | None = None) -> Any:
        """A client, kept for the next call. boto3's are safe to share between threads."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._connect(*key)
        return self._clients[key]

    def sentence(self, error: Exception) -> str | None:
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, ClientError):
            answer = error.response.get("Error", {})
            code, message = answer.get("Code", "?"), answer.get("Message", "")
            return f"AWS refused {error.operation_name}: {code}: {message}"
        if isinstance(error, BotoCoreError):
            return f"AWS was not reached: {error}"
        return None

    def _connect(self, service: str, region: str) -> Any:
        from botocore.config import Config

        from lab.clouds.aws.models import connect

        endpoints = {
            name: url for each in self._given.get("endpoints") or [] for name, url in each.items()
        }
        client = connect(
            service,
            region_name=region,
            endpoint_url=endpoints.get(service) or os.environ.get("AWS_ENDPOINT_URL"),
            aws_access_key_id=self._given.get("accessKey"),
            aws_secret_access_key=self._given.get("secretKey"),
            aws_session_token=self._given.get("token"),
            verify=self._given.get("customCaBundle") or os.environ.get("AWS_CA_BUNDLE"),
            config=Config(
                # There is no name for a bucket's host on loopback.
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 2},
            ),
        )
        if service == "s3":
            client.meta.events.register("before-call.s3", _stay)
        return client

    def _known_region(self) -> None:
        from lab.clouds.aws.models import regions

        # The real plugin looks only if skipRegionValidation is false, which isn't its default; a
        # region that is none has no host then, and here every region would be the same one.
        if self.region not in regions("s3"):
            raise CloudError(f"invalid AWS Region: {self.region}")

    def _who(self) -> None:
        self.account = self.client("sts").get_caller_identity()["Account"]
        allowed = self._given.get("allowedAccountIds") or []
        if (allowed and self.account not in allowed) or (
            self.account in (self._given.get("forbiddenAccountIds") or [])
        ):
            raise CloudError(f"AWS account ID not allowed: {self.account}")


def _stay(params: dict[str, Any], **_: Any) -> None:
    """boto3 follows a bucket into another region; the real plugin fails there."""
    params["context"].setdefault("s3_redirect", {})["redirected"] = True
