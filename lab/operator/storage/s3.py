"""S3 and what speaks like it (pkg/storage/s3/s3.go)."""

import json
import re
from configparser import ConfigParser
from urllib.parse import urlsplit

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import SyncError
from lab.operator.storage import bucket
from lab.operator.storage.cloud import Cloud, minted_credentials, required, user_credentials
from lab.operator.storage.driver import Variable
from lab.operator.world import World

CREDENTIALS_DIRECTORY = "/var/run/secrets/cloud"
CREDENTIALS_KEY = "credentials"
AWS_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d+")


class S3(Cloud):
    key = "s3"
    name = "S3"
    where = "bucket"
    found = ("S3 Bucket Exists", "User supplied S3 bucket exists and is accessible")

    def check(self, block: Object, world: World) -> None:
        self._credentials(world)
        block = self.effective(block, world)
        self.ca_bundle(block, world)
        region, endpoint = block.get("region", ""), block.get("regionEndpoint", "")
        if not region:
            raise SyncError("MissingRegion: could not find region configuration")
        if endpoint and urlsplit(endpoint).scheme not in {"http", "https"}:
            raise SyncError(
                f'RequestError: send request failed\ncaused by: Head "{endpoint}": '
                "unsupported protocol scheme"
            )
        if not endpoint and not AWS_REGION.fullmatch(region):
            # There is no such host as s3.<region>.amazonaws.com; the registry itself
            # would say "invalid region provided".
            raise SyncError(
                f"RequestError: send request failed\ncaused by: lookup s3.{region}.amazonaws.com: "
                "no such host"
            )

    def effective(self, block: Object, world: World) -> Object:
        """`UpdateEffectiveConfig`: region and endpoint come from AWS's infrastructure together,
        and only when the block has neither."""
        block = super().effective(block, world)
        aws = world.platform.get("aws") or {}
        if not block.get("region") and not block.get("regionEndpoint") and aws:
            block["region"] = aws.get("region", "")
            for endpoint in aws.get("serviceEndpoints") or []:
                if endpoint["name"] == "s3":
                    block["regionEndpoint"] = endpoint["url"]
                    block["virtualHostedStyle"] = True
        return block

    def look(self, block: Object, world: World) -> None:
        key = self._key(world)
        if world.clouds is not None and key is not None:
            block = self.effective(block, world)
            bucket.look(block, key, self.ca_bundle(block, world), world.clouds)

    def environment(self, block: Object, world: World) -> list[Variable]:
        block = self.effective(block, world)
        prefix = "REGISTRY_STORAGE_S3"
        variables = [
            Variable(f"{prefix}_{name}", block[field])
            for name, field in (("REGIONENDPOINT", "regionEndpoint"), ("KEYID", "keyID"))
            if block.get(field)
        ]
        variables += [
            Variable("REGISTRY_STORAGE", "s3"),
            Variable(f"{prefix}_BUCKET", block.get("bucket", "")),
            Variable(f"{prefix}_REGION", block.get("region", "")),
            Variable(f"{prefix}_ENCRYPT", _text(block.get("encrypt", False))),
            Variable(f"{prefix}_FORCEPATHSTYLE", _text(not block.get("virtualHostedStyle", False))),
            Variable(
                f"{prefix}_CREDENTIALSCONFIGPATH", f"{CREDENTIALS_DIRECTORY}/{CREDENTIALS_KEY}"
            ),
            Variable(f"{prefix}_USEDUALSTACK", "true"),
        ]
        front = block.get("cloudFront")
        if front is not None:
            options = {
                "baseurl": front["baseURL"],
                "privatekey": "/etc/docker/cloudfront/private.pem",
                "keypairid": front["keypairID"],
                "duration": front.get("duration") or "1200s",
                "ipfilteredby": "none",
            }
            middleware = json.dumps([{"name": "cloudfront", "options": options}])
            variables.append(Variable("REGISTRY_MIDDLEWARE_STORAGE", middleware))
        return variables

    def volumes(self, block: Object) -> tuple[list[Object], list[Object]]:
        name = names.PRIVATE_CONFIGURATION
        volumes = [{"name": name, "secret": {"secretName": name, "optional": False}}]
        mounts = [{"name": name, "mountPath": CREDENTIALS_DIRECTORY, "readOnly": True}]
        if block.get("cloudFront") is not None:
            key = block["cloudFront"]["privateKey"]
            source = {
                "secretName": key.get("name", ""),
                "items": [{"key": key["key"], "path": "private.pem"}],
                "optional": False,
            }
            name = "registry-cloudfront"
            volumes.append({"name": name, "secret": source})
            mounts.append({"name": name, "mountPath": "/etc/docker/cloudfront", "readOnly": True})
        return volumes, mounts

    def secret_files(self, block: Object, world: World) -> dict[str, str]:
        return {CREDENTIALS_KEY: self._credentials(world)}

    def ca_bundle(self, block: Object, world: World) -> str:
        """`CABundle`: trustedCA from openshift-config, else the cluster's cloud configuration."""
        name = (block.get("trustedCA") or {}).get("name")
        if name:
            trusted = world.openshift_config.get(name)
            if trusted is None:
                raise SyncError(f'failed to get trusted CA "{name}": configmap "{name}" not found')
            if "ca-bundle.crt" not in (trusted.get("data") or {}):
                raise SyncError(
                    f'trusted CA config map "{name}" does not contain required key "ca-bundle.crt"'
                )
            return trusted["data"]["ca-bundle.crt"]
        return ((world.kube_cloud_config or {}).get("data") or {}).get("ca-bundle.pem", "")

    def _credentials(self, world: World) -> str:
        """`getCredentialsConfigData`: the user's secret wins, complete or not; of the cluster's
        own the file, else the two keys."""
        if names.USER_CONFIGURATION not in world.secrets:
            minted = minted_credentials(world)
            if minted.get(CREDENTIALS_KEY):
                return minted[CREDENTIALS_KEY]
            if minted.get("aws_access_key_id") and minted.get("aws_secret_access_key"):
                return _file(minted["aws_access_key_id"], minted["aws_secret_access_key"])
            raise SyncError("invalid secret for aws credentials")
        given = user_credentials(world)
        return _file(
            required(given, "REGISTRY_STORAGE_S3_ACCESSKEY"),
            required(given, "REGISTRY_STORAGE_S3_SECRETKEY"),
        )

    def _key(self, world: World) -> tuple[str, str] | None:
        """None for a role: no lab gives its pods tokens to take one on with."""
        section = ConfigParser(interpolation=None)
        section.read_string(self._credentials(world))
        found = section["default"]
        if "aws_access_key_id" not in found:
            return None
        return found["aws_access_key_id"], found["aws_secret_access_key"]


def _file(access: str, secret: str) -> str:
    lines = ["[default]", f"aws_access_key_id = {access}", f"aws_secret_access_key = {secret}"]
    return "\n".join(lines)


def _text(value: bool) -> str:
    return "true" if value else "false"
