"""IAM of a lab's AWS, which lets everything pass unless told."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from lab.clouds.aws.service import AwsService


@contextmanager
def enforced(aws: AwsService) -> Iterator[None]:
    """Within it, each call is authenticated and authorised."""
    _switch(aws, b"0")
    try:
        yield
    finally:
        _switch(aws, b"inf")


def _switch(aws: AwsService, after: bytes) -> None:
    """`after` how many calls it begins to look."""
    url, headers = f"{aws.http}/moto-api/reset-auth", {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(url, after, headers)).read()
