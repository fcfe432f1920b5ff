"""What boto3 knows of the services, read once for all sessions: it takes a tenth of a second."""

from typing import Any

import boto3
from botocore.loaders import Loader, create_loader
from botocore.session import Session

SERVICES = ("s3", "iam", "kms", "sts")
KINDS = ("service-2", "endpoint-rule-set-1")
SHARED = ("endpoints", "partitions", "sdk-default-configuration", "_retry")


def _read() -> Loader:
    loader = create_loader()
    for service in SERVICES:
        for kind in KINDS:
            loader.load_service_model(service, kind)
    for name in SHARED:
        loader.load_data(name)
    return loader


LOADER = _read()


def regions(service: str) -> list[str]:
    return _session().get_available_regions(service)


def connect(service: str, **options: Any) -> Any:
    """boto3's client, of a session of its own."""
    return boto3.Session(botocore_session=_session()).client(service, **options)


def _session() -> Session:
    session = Session()
    session.register_component("data_loader", LOADER)
    return session
