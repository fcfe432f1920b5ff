"""The operator's parameters: `openshift-registry:registry` (guide 2.5)."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from settings.affinity import Affinity
from settings.form import Form, Maybe, entry
from settings.labels import Labels
from settings.proxy import Proxy
from settings.quantities import Duration
from settings.refusal import refusal
from settings.resources import Resources
from settings.secret import Secret
from settings.tolerations import Toleration
from settings.topology_spread import TopologySpread
from settings.types import INT32, INT64, OneOf, Whole

NEGATIVE = "operator:negative"

LogLevel = Annotated[str, OneOf("Normal", "Debug", "Trace", "TraceAll")]
Count = Annotated[int, Whole(0, INT64, NEGATIVE)]


def _no_force(value: Any) -> Any:
    if value == "Force":
        raise refusal(
            "operator:force",
            "passes the API server, but the operator does not know it and does nothing",
            "write Managed",
        )
    return value


class Limits(Form):
    """How many requests are served at once, and how many wait."""

    max_running: Maybe[Count] = entry("Served at once; 0 is no limit.", guide="2.5", example=100)
    max_in_queue: Maybe[Count] = entry("Waiting; more are turned away.", guide="2.5")
    max_wait_in_queue: Maybe[Duration] = entry("How long one waits.", guide="2.5", example="30s")


class Requests(Form):
    """Limits of requests to the registry."""

    read: Maybe[Limits] = entry("Pulls.", guide="2.5")
    write: Maybe[Limits] = entry("Pushes.", guide="2.5")


class RegistrySettings(Form):
    """Fields of configs.imageregistry.operator.openshift.io/cluster, spelled as there.

    Only what is written here is owned by the stack; `managementState` and `replicas` are
    always written.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "observedConfig": "is written by the operator for itself",
        "unsupportedConfigOverrides": "is not supported by Red Hat and blocks cluster upgrades",
        "storage": "has a section of its own, openshift-registry:storage",
        "defaultRoute": "has a section of its own, openshift-registry:exposure",
        "routes": "has a section of its own, openshift-registry:exposure",
        "nodePlacement": "is no field of the operator; the API has nodeSelector",
        "status": "is written by the operator",
        "finalizers": "is written by the operator",
    }

    management_state: Annotated[
        str, OneOf("Managed", "Unmanaged", "Removed"), BeforeValidator(_no_force)
    ] = entry(
        "Managed runs the registry, Unmanaged leaves it as it is, Removed takes it away (the "
        "storage of a stack stays).",
        default="Managed",
        guide="2.5",
    )
    replicas: Maybe[Annotated[int, Whole(0, INT32, NEGATIVE, 32)]] = entry(
        "How many pods serve the registry. 1 unless given where the storage takes one only; "
        "else it must be given.",
        guide="2.5",
        example=2,
    )
    rollout_strategy: Maybe[Annotated[str, OneOf("RollingUpdate", "Recreate")]] = entry(
        "How new pods replace old ones. Recreate unless given where the storage takes one pod "
        "only; else the operator's default, RollingUpdate.",
        since="4.4",
        guide="2.5",
    )
    read_only: Maybe[bool] = entry("Refuse pushes and deletions.", guide="2.5")
    disable_redirect: Maybe[bool] = entry(
        "Send all data through the registry instead of redirecting clients to the storage.",
        since="4.2",
        guide="2.5",
    )
    log_level: Maybe[LogLevel] = entry("Log level of the registry.", since="4.6", guide="2.5")
    operator_log_level: Maybe[LogLevel] = entry(
        "Log level of the operator.", since="4.6", guide="2.5"
    )
    logging: Maybe[Annotated[int, Whole(-INT64 - 1, INT64)]] = entry(
        "Deprecated, use logLevel. 0, 2 and 3 are written as Normal, 4 and more as Debug; 1 "
        "(warn) has no such level and is written as it is."
    )
    http_secret: Maybe[Secret] = entry(
        "Secures uploads, as a Pulumi secret. The operator makes one when it is left out.",
        guide="2.5",
    )
    proxy: Maybe[Proxy] = entry("The registry's own proxy settings.", guide="2.5")
    requests: Maybe[Requests] = entry("Limits of requests.", guide="2.5")
    resources: Maybe[Resources] = entry(
        "What the container asks for. Replaces the operator's requests of cpu 100m and memory "
        "256Mi."
    )
    node_selector: Maybe[Labels] = entry(
        "Labels of the nodes that the pods run on. Drops the operator's spread constraints.",
        example={"node-role.kubernetes.io/infra": ""},
    )
    tolerations: Maybe[list[Toleration]] = entry("Taints that the pods put up with.")
    affinity: Maybe[Affinity] = entry(
        "Where the pods run. Replaces the operator's default.", since="4.5", guide="2.5"
    )
    topology_spread_constraints: Maybe[TopologySpread] = entry(
        "How the pods are spread. Replaces the operator's default.", since="4.11", guide="2.3"
    )

    def spec(self, log_levels: bool = True) -> dict[str, Any]:
        """The operator's fields that the user set, and `managementState`, under the API's names.

        Ready for JSON except that `httpSecret`, `proxy.http` and `proxy.https` may be a
        `Secret`. The deprecated `logging` is said as `logLevel`, where the API has
        `log_levels` (since 4.6).
        """
        spec = {"managementState": self.management_state, **self.plain()}
        if log_levels and self.logging is not None and self.logging != 1:
            del spec["logging"]
            if self.log_level in (None, "Normal"):
                spec["logLevel"] = "Normal" if self.logging in (0, 2, 3) else "Debug"
        return spec
