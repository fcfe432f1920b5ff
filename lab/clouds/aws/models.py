"""What boto3 knows of the services, read once for all clients: it takes a tenth of a second."""

from functools import cache
from typing import Any

import boto3
from botocore.loaders import Loader, create_loader
from botocore.session import Session

SERVICES = ("s3", "iam", "kms", "sts", "resourcegroupstaggingapi")
KINDS = ("service-2", "endpoint-rule-set-1", "paginators-1")
SHARED = ("endpoints", "partitions", "sdk-default-configuration", "_retry")


def _read() -> Loader:
    loader = create_loader()
    for service in SERVICES:
        for kind in KINDS:
            if service in loader.list_available_services(kind):
                loader.load_service_model(service, kind)
    for name in SHARED:
        loader.load_data(name)
    return loader


LOADER = _read()


def regions(service: str) -> list[str]:
    return _session().get_available_regions(service)


def connect(service: str, **options: Any) -> Any:
    """boto3's client."""
    return _session().client(service, **options)


@cache
def _session() -> boto3.Session:
    session = Session()
    session.register_component("data_loader", LOADER)
    return boto3.Session(botocore_session=session)
