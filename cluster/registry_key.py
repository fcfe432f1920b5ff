"""Does the running registry log in with a certain access key, or application credential?

The operator copies the keys of the user's secret into one of its own: those of S3 as AWS's
credentials file, Google's key file and those of Swift as they are (cluster-image-registry-operator,
pkg/storage/{s3,gcs,swift}, ConfigEnv). Then it changes the Deployment, whose pods bear a checksum
of what they get (pkg/resource/deployment.go, dependencies.go).
"""

import base64
import time
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as Unparsable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cluster import facts
from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess
from cluster.reader import Reader
from settings.credentials import KEYFILE, SECRET_NAME
from settings.names import APPLICATION_ID, NAMESPACE

COPY, FILE = "image-registry-private-configuration", "credentials"
"""The operator's secret, and its key with AWS's credentials file."""
DEPLOYMENT = "image-registry"
TEMPLATE = ("f:spec", "f:template")
SKEW = timedelta(seconds=5)
"""Each API server notes the time by its own clock, in whole seconds."""

Object = Mapping[str, Any]


class NotReadable(Exception):
    """It may not be read. The message says what."""


class Overwritten(Exception):
    """The secret that the operator copies has another access key, or is gone."""


@dataclass
class Looks:
    """What looks at one registry have seen so far, of one key that it is to run with."""

    access: ClusterAccess
    key: str
    _before: int | None = None
    """The Deployment's generation when the operator had not copied the key yet."""
    _since: float | None = None
    """When a look first saw that it had, by this process's clock."""

    def missing(self) -> str:
        """What there is yet to happen until all pods of the registry run with the key, in words
        and without it; "" when nothing is, or there are no pods.

        Raises `NotReadable`, `Overwritten`, or `Unreachable`.
        """
        reader = Reader(self.access)
        given = _live(reader, "v1", "secrets", SECRET_NAME)
        if given is None or facts.secret(given).access_key != self.key:
            raise Overwritten
        # The secret before the Deployment, in the order of the operator's writes.
        copy = _live(reader, "v1", "secrets", COPY)
        deployment = _live(reader, "apps/v1", "deployments", DEPLOYMENT)
        if deployment is None or not _wanted(deployment):
            return ""
        generation = deployment["metadata"].get("generation", 0)
        if copy is None or _access_key(copy) != self.key:
            self._before, self._since = generation, None
            return f"the operator has not copied the key into its secret {COPY}"
        self._since = self._since or time.monotonic()
        copied = _written(copy, "f:data", f"f:{_where(copy)}")
        if not self._changed(generation, _written(deployment, *TEMPLATE), copied):
            return f"the operator has not changed the Deployment {DEPLOYMENT}"
        return _rollout(deployment)

    def _changed(self, generation: int, changed: datetime | None, copied: datetime | None) -> bool:
        """Has the operator changed the Deployment since it copied the key? In the moment between
        its two writes the old pods are a finished rollout.

        The times tell it, unless something else changed the Deployment just before. Then it is a
        new generation that tells, or that none came in as long as the operator could have taken.
        """
        if changed and copied and abs(changed - copied) > SKEW:
            return changed > copied
        if self._before is not None and generation > self._before:
            return True
        return time.monotonic() - (self._since or 0) > SKEW.total_seconds()


def _live(reader: Reader, api: str, plural: str, name: str) -> Any:
    live = reader.get(api, plural, name, NAMESPACE)
    if live is None and reader.unread:
        said = reader.unread[-1]
        raise NotReadable(said) if said.endswith("Forbidden") else Unreachable(said)
    return live


def _where(copy: Object) -> str:
    """The key of what it logs in with."""
    data = copy.get("data") or {}
    return next((each for each in (KEYFILE, APPLICATION_ID) if each in data), FILE)


def _access_key(copy: Object) -> str | None:
    if _where(copy) != FILE:
        return facts.secret(copy).access_key
    parser = ConfigParser(interpolation=None)
    try:
        text = base64.b64decode((copy.get("data") or {}).get(FILE, "")).decode(errors="replace")
        parser.read_string(text)
    except (ValueError, Unparsable):
        return None
    return parser.get("default", "aws_access_key_id", fallback=None)


def _written(live: Object, *path: str) -> datetime | None:
    """When somebody last changed what is there."""
    times = []
    for entry in live["metadata"].get("managedFields") or ():
        node = entry.get("fieldsV1")
        for key in path:
            node = (node or {}).get(key)
        if node is not None and entry.get("time"):
            times.append(datetime.fromisoformat(entry["time"]))
    return max(times, default=None)


def _wanted(deployment: Object) -> int:
    return (deployment.get("spec") or {}).get("replicas", 1)


def _rollout(deployment: Object) -> str:
    """Each pod is a new one, is available, and no old one is left."""
    wanted, status = _wanted(deployment), deployment.get("status") or {}
    if status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0):
        return f"nobody has rolled the Deployment {DEPLOYMENT} out"
    new, all_of_them, serving = (
        status.get(each, 0) for each in ("updatedReplicas", "replicas", "availableReplicas")
    )
    if new == all_of_them == serving == wanted:
        return ""
    return (
        f"of {wanted} pods of the Deployment {DEPLOYMENT} {new} run with it; {serving} are "
        f"available, {max(0, all_of_them - new)} are old ones"
    )
