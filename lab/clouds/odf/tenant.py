"""Buckets and keys of an object store, as its own operator makes them for a claim.

rook/rook pkg/operator/ceph/object/bucket/provisioner.go, noobaa/noobaa-operator
pkg/obc/provisioner.go: a user for each claim, whose key opens this bucket and no other.
"""

import json
from contextlib import suppress
from typing import Any

from lab.clouds.odf.service import StoreService

REGION = "us-east-1"
"""Any: the stores know none."""


class Taken(Exception):
    """There is something of that name already, and it is somebody else's."""


class Tenants:
    """Of one store."""

    def __init__(self, service: StoreService) -> None:
        import boto3
        from botocore.config import Config

        identifier, secret = service.credentials
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        self._s3, self._iam = (
            boto3.client(
                each,
                endpoint_url=service.http,
                region_name=REGION,
                aws_access_key_id=identifier,
                aws_secret_access_key=secret,
                config=config,
            )
            for each in ("s3", "iam")
        )

    def add(self, user: str, bucket: str) -> tuple[str, str]:
        """Make what is missing; the user's new key, in place of those before. Raises Taken."""
        fresh = self._new_user(user)
        if self._exists(bucket):
            if fresh:
                self._iam.delete_user(UserName=user)
                raise Taken(f'bucket "{bucket}" already exists and is of a different claim')
        else:
            self._s3.create_bucket(Bucket=bucket)
        arn = f"arn:aws:s3:::{bucket}"
        allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self._iam.put_user_policy(UserName=user, PolicyName="bucket", PolicyDocument=document)
        self._drop_keys(user)
        made = self._iam.create_access_key(UserName=user)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]

    def revoke(self, user: str) -> None:
        """The user goes, the bucket stays."""
        with suppress(self._iam.exceptions.NoSuchEntityException):
            self._drop_keys(user)
            self._iam.delete_user_policy(UserName=user, PolicyName="bucket")
            self._iam.delete_user(UserName=user)

    def remove(self, user: str, bucket: str) -> None:
        """The bucket goes too, with all that is in it."""
        if self._exists(bucket):
            self._empty(bucket)
            self._s3.delete_bucket(Bucket=bucket)
        self.revoke(user)

    def _new_user(self, user: str) -> bool:
        try:
            self._iam.create_user(UserName=user)
        except self._iam.exceptions.EntityAlreadyExistsException:
            return False
        return True

    def _exists(self, bucket: str) -> bool:
        try:
            self._s3.head_bucket(Bucket=bucket)
        except self._s3.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            return False
        return True

    def _drop_keys(self, user: str) -> None:
        for each in self._iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
            self._iam.delete_access_key(UserName=user, AccessKeyId=each["AccessKeyId"])

    def _empty(self, bucket: str) -> None:
        for page in self._pages("list_objects_v2", bucket):
            for each in page.get("Contents", []):
                self._s3.delete_object(Bucket=bucket, Key=each["Key"])
        for page in self._pages("list_multipart_uploads", bucket):
            for each in page.get("Uploads", []):
                self._s3.abort_multipart_upload(
                    Bucket=bucket, Key=each["Key"], UploadId=each["UploadId"]
                )

    def _pages(self, operation: str, bucket: str) -> Any:
        return self._s3.get_paginator(operation).paginate(Bucket=bucket)
