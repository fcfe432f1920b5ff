"""Who may pull, push and read metrics: `openshift-registry:access` (guide chapter 4)."""

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, model_validator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.refusal import refusal
from settings.types import LABEL, Checked, DnsLabel, OneOf, Syntax

PULL = "registry-viewer"
PUSH = ("registry-editor", "system:image-builder")
ROLES = (PULL, *PUSH)
MEANT = {
    "system:image-puller": PULL,
    "image-puller": PULL,
    "view": PULL,
    "system:image-pusher": "system:image-builder",
    "image-pusher": "system:image-builder",
    "system:registry": "registry-editor",
    "registry-admin": "registry-editor",
    "edit": "registry-editor",
    "admin": "registry-editor",
}
"""OpenShift's other roles for images, and which of ours does no more than what they are for."""
KINDS = ("User", "Group", "ServiceAccount")
SCRAPER = "prometheus-scraper"
"""What the guide calls the role for metrics (guide 4.5)."""

BUILT_IN = frozenset(
    {"admin", "basic-user", "cluster-admin", "cluster-reader", "cluster-status", "edit"}
    | {"registry-admin", "registry-editor", "registry-viewer", "self-provisioner"}
    | {"storage-admin", "sudoer", "view"}
)
RULE, BUILT_IN_ROLE = "access:subject", "access:built-in-role"

NO_CONTROL = r"\x00-\x1f\x7f-\x9f"

# Kubernetes asks of a role's name that it can stand in a path (pkg/apis/rbac/validation).
RoleName = Annotated[
    str,
    Syntax(
        "name",
        rf"(?!\.{{1,2}}$)[^/%{NO_CONTROL}]+",
        "name of a role",
        "write one without '/' and '%', at most 234 characters, e.g. prometheus-scraper",
        253 - len("openshift-registry:"),
    ),
]
SubjectName = Annotated[
    str,
    Syntax(
        RULE,
        rf"[^{NO_CONTROL}]+",
        "name of a user or group",
        "write it without line ends and other control characters, as `oc get users` shows it",
        1024,
    ),
]
ACCOUNT = Syntax(
    RULE,
    rf"{LABEL}(\.{LABEL})*",
    "name of a service account",
    "write lower-case letters, digits, '-' and '.' only, e.g. builder",
    253,
)


class _Some(Checked):
    """A list with something in it."""

    def __init__(self, what: str):
        self.what = what

    def check(self, value: list[object]) -> list[object]:
        if not value:
            raise refusal("access:nobody", f"is empty: it names no {self.what}", "name one")
        return value

    def json_schema(self) -> dict[str, int]:
        return {"minItems": 1}


class Subject(Form):
    """Somebody who gets a role. Checked as the binding would be (kubernetes
    pkg/apis/rbac/validation, ValidateRoleBindingSubject)."""

    not_settable: ClassVar[dict[str, str]] = {"apiGroup": "follows from `kind`"}

    kind: Annotated[str, OneOf(*KINDS)] = entry(
        "A user or group of the identity provider, or a service account.",
        default=...,
        example="Group",
    )
    name: SubjectName = entry("The name.", default=..., example="developers")
    namespace: Maybe[DnsLabel] = entry("Of a service account: where it is.", example="ci")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        account = self.kind == "ServiceAccount"
        if account:
            ACCOUNT.check(self.name, ("name",))
        if account and self.namespace is None:
            raise refusal(RULE, "is a service account of no namespace", "add `namespace`")
        if not account and self.namespace is not None:
            raise refusal(
                RULE,
                f"is for service accounts, and this is a {self.kind}",
                "leave it out, or write kind: ServiceAccount",
                ("namespace",),
            )
        return self

    def __str__(self) -> str:
        place = f" of {self.namespace}" if self.namespace else ""
        return f"{self.kind} {self.name}{place}"


Subjects = Annotated[list[Subject], _Some("user, group or service account")]


class Binding(Form):
    """A role for some subjects, in some namespaces or, if that is said, everywhere."""

    role: Annotated[str, OneOf(*ROLES, meant=MEANT)] = entry(
        "registry-viewer pulls; registry-editor and system:image-builder push too.",
        default=...,
        example=PULL,
        guide="4.1",
    )
    namespaces: Maybe[Annotated[list[DnsLabel], _Some("namespace")]] = entry(
        "The namespaces whose images it is about.", example=["team-a"], guide="4.1"
    )
    cluster_wide: Maybe[bool] = entry(
        "`true`: the images of all namespaces, also of those to come.", guide="4.1"
    )
    subjects: Subjects = entry(
        "Who gets it.", default=..., example=[{"kind": "Group", "name": "developers"}]
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.cluster_wide is False:
            raise refusal(
                "access:place",
                "says nothing: a role is for the whole cluster only if that is said",
                "leave it out, and name the namespaces",
                ("clusterWide",),
            )
        if (self.namespaces is None) == (self.cluster_wide is None):
            has = "none" if self.namespaces is None else "both"
            raise refusal(
                "access:place",
                f"takes exactly one of namespaces and clusterWide, and has {has}",
                "name the namespaces, or write `clusterWide: true` if all are meant",
            )
        return self

    @property
    def places(self) -> tuple[str | None, ...]:
        """The namespaces, or None alone for the whole cluster."""
        return (None,) if self.namespaces is None else tuple(self.namespaces)


def _not_built_in(name: str) -> str:
    if name in BUILT_IN or name.startswith("system:"):
        raise refusal(
            BUILT_IN_ROLE,
            "is a role of OpenShift's own, which must not be rewritten",
            f"write another name, e.g. {SCRAPER}",
        )
    return name


def _no_more_than_metrics(name: str) -> str:
    if name in BUILT_IN or name.startswith("system:"):
        raise refusal(
            BUILT_IN_ROLE,
            "is a role of OpenShift's own, and gives more than the registry's metrics",
            f"write `create: {{}}`, which makes {SCRAPER}, or name a role for metrics alone",
        )
    return name


class CreatedMetricsRole(Form):
    """A cluster role made and owned here that reads the registry's metrics and nothing else."""

    mode: ClassVar[Mode] = "create"

    name: Annotated[RoleName, AfterValidator(_not_built_in)] = entry(
        "Name of the cluster role.", default=SCRAPER, guide="4.5"
    )


class UsedMetricsRole(Form):
    """A cluster role that is bound and never written."""

    mode: ClassVar[Mode] = "use"

    name: Annotated[RoleName, AfterValidator(_no_more_than_metrics)] = entry(
        "Name of the cluster role.", default=..., example=SCRAPER
    )


class MetricsRoleChoice(ExactlyOne):
    """The cluster role that reads metrics."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[CreatedMetricsRole] = entry("Make the role and own it.")
    use: Maybe[UsedMetricsRole] = entry("Bind a role and never write it.")


class Metrics(Form):
    """Who may read the registry's metrics (guide 4.5)."""

    role: Annotated[MetricsRoleChoice, AfterValidator(chosen)] = entry(
        "The role. Made as prometheus-scraper unless given.",
        default=CreatedMetricsRole,
        guide="4.5",
    )
    subjects: Subjects = entry(
        "Who gets it.",
        default=...,
        example=[{"kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring"}],
        guide="4.5",
    )


class AccessSettings(Form):
    """Roles of the registry for users, groups and service accounts.

    Roles that exist are bound and never written. Other bindings are left alone.
    """

    bindings: list[Binding] = entry(
        "Who may pull and push.",
        default=list,
        example=[{"role": PULL, "namespaces": ["team-a"]}],
        guide="4.1",
    )
    metrics: Maybe[Metrics] = entry("Who may read the registry's metrics.", guide="4.5")

    @property
    def cluster_roles(self) -> tuple[str, ...]:
        """Every cluster role that is bound or made."""
        made = [self.metrics.role.name] if self.metrics else []
        return tuple(dict.fromkeys([*(each.role for each in self.bindings), *made]))

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Every namespace that gets a binding."""
        places = [place for each in self.bindings for place in each.places]
        return tuple(dict.fromkeys(place for place in places if place is not None))


def binding_name(role: str) -> str:
    """What a binding of that role is called; the role is in it, since it can't change."""
    return f"openshift-registry:{role}"
