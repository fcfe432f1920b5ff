"""What can be wrong with a registry, in sentences."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from httpx2 import Response

LOGS = "oc -n openshift-image-registry logs deployment/image-registry"


class Failure(Exception):
    """The registry does not do what it should: what was seen, and what to do about it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class NotAsked(Failure):
    """No registry was asked at all: none was named, or something that was given is no good."""


def unreachable(where: str, error: Exception) -> Failure:
    """No answer: what the network or TLS said."""
    said = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in said:
        reason = said.partition("certificate verify failed: ")[2].partition(" (_ssl")[0]
        return Failure(
            f"the certificate of {where} is not trusted: {reason or said}",
            "give the CA that signed it with --ca FILE; --insecure looks at no certificate at all",
        )
    if "WRONG_VERSION_NUMBER" in said or "RECORD_LAYER_FAILURE" in said:
        return Failure(f"{where} does not speak TLS", "write http:// before its name")
    return Failure(
        f"{where} can't be reached ({said})",
        "look whether the registry runs (oc get clusteroperator image-registry) and whether its "
        "name and port are reachable from here",
    )


def sent_away(what: str, url: str, said: str) -> Failure:
    """The registry gives out no blobs itself, and where it sends to does not either."""
    parts = urlsplit(url)
    return Failure(
        f"{what}: the registry sends to its storage, and {parts.scheme}://{parts.netloc} {said}",
        "every client has to reach the storage and to trust its certificate (--ca FILE, "
        "HTTPS_PROXY), and its clock has to be right; or set registry.disableRedirect: true in "
        "the stack file",
    )


def no_registry(where: str, answer: "Response") -> Failure:
    """The first question, `GET /v2/`, was answered by something else."""
    return Failure(
        f"{where} is no registry: GET /v2/ answered {_said(answer)}",
        "404 and 503 are what the router says of a route that is not there or leads to no pod: "
        "oc -n openshift-image-registry get route,pods",
    )


def refused(what: str, repository: str, answer: "Response", token: bool) -> Failure:
    """401 or 403."""
    if not token:
        return Failure(
            f"{what} needs a login: {_said(answer)}",
            "give a token: OCPREG_TOKEN=$(oc whoami -t), or --token-file FILE",
        )
    project = repository.partition("/")[0]
    return Failure(
        f"{what} is not allowed with this token: {_said(answer)}",
        "a token that has expired is renewed by oc login; to push, its user needs the role "
        f"registry-editor or system:image-builder in project {project}, which has to exist",
    )


def unexpected(what: str, answer: "Response", second_chunk: bool = False) -> Failure:
    """Any other status than the one that was waited for."""
    if second_chunk and answer.status_code in {404, 416, 500, 502, 503, 504}:
        # A registry takes no notice of a backend that fails when a chunk is closed.
        return Failure(
            f"the storage fails: {what} was answered {_said(answer)}; what the chunk before it "
            "wrote is not there",
            f"its reason is in the registry's log: {LOGS}; look at bucket, credentials, region, "
            "quota, or at the volume",
        )
    if answer.status_code == 405:
        return Failure(
            f"{what}: the registry only reads ({_said(answer)})",
            "set registry.readOnly: false in the stack file, or wait for the end of maintenance",
        )
    if answer.status_code >= 500:
        return Failure(f"{what} was answered {_said(answer)}", f"look into its log: {LOGS}")
    return Failure(
        f"{what} was answered {_said(answer)}",
        f"the repository has to be <project>/<name> of a project that exists; its log: {LOGS}",
    )


def _said(answer: "Response") -> str:
    """Status, and the registry's own words if it has some."""
    words = ""
    try:
        errors = answer.json()["errors"]
        words = "; ".join(f"{each['code']} {each.get('message', '')}".strip() for each in errors)
    except (ValueError, LookupError, TypeError):
        pass
    status = f"{answer.status_code} {answer.reason_phrase}".strip()
    return f"{status}, {words}" if words else status
