"""What `pruning` and `access` accept, a real API server accepts, and what it refuses, they refuse.

A generated `pruning` section goes to the API server as the ImagePruner, and as the CronJob that
the operator would make of it; an `access` section as the objects that the stack would make.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from components.access import rbac_objects
from lab.lab import Lab
from settings import SettingsError, StackSettings, validate
from settings.rules import OURS
from tests.lab.test_dry_run import POD_FIELDS, VERSIONS, Server
from tests.settings.strategies_access import access_sections
from tests.settings.strategies_pruning import SCHEDULES, pruning_sections

pytestmark = pytest.mark.lab

EXAMPLES = int(os.environ.get("OCPREG_EXAMPLES", "300"))
PRUNERS = "/apis/imageregistry.operator.openshift.io/v1/imagepruners"
CRON_JOBS = "/apis/batch/v1/namespaces/openshift-image-registry/cronjobs"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
NAMESPACES = ("openshift-image-registry", "openshift-config")
ON_CRON_JOB = ("cronjob:", "deployment:")
JOB_FIELDS = ("suspend", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
PLURALS = {
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
    "RoleBinding": "rolebindings",
}

many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


class PrunerServer(Server):
    """The same server, asked about more kinds."""

    def refuses_pruner(self, spec: Any) -> str | None:
        group = "imageregistry.operator.openshift.io/v1"
        return self._ask(PRUNERS, group, "ImagePruner", {"name": "dry-run"}, {"spec": spec})

    def refuses_cron_job(self, spec: dict[str, Any]) -> str | None:
        """What it says against the CronJob that the operator would make of `spec`
        (cluster-image-registry-operator pkg/resource/prunercronjob.go, expected)."""
        container = {"name": "image-pruner", "image": "cli"}
        if "resources" in spec:
            container["resources"] = spec["resources"]
        pod = {
            "restartPolicy": "Never",
            "containers": [container],
            **{key: spec[key] for key in POD_FIELDS if key in spec},
        }
        job = {
            "schedule": spec.get("schedule", "0 0 * * *"),
            "concurrencyPolicy": "Forbid",
            "jobTemplate": {"spec": {"backoffLimit": 0, "template": {"spec": pod}}},
            **{key: spec[key] for key in JOB_FIELDS if key in spec},
        }
        return self._ask(CRON_JOBS, "batch/v1", "CronJob", {"name": "dry-run"}, {"spec": job})

    def refuses_rbac(self, kind: str, properties: dict[str, Any]) -> str | None:
        namespace = properties["metadata"].get("namespace")
        place = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
        group, rest = "rbac.authorization.k8s.io/v1", dict(properties)
        metadata = rest.pop("metadata")
        return self._ask(f"{place}/{PLURALS[kind]}", group, kind, metadata, rest)

    def _ask(self, path: str, group: str, kind: str, metadata: Any, rest: Any) -> str | None:
        body = {"apiVersion": group, "kind": kind, "metadata": metadata, **rest}
        return self._refuses(path, body)


def judge(version: str, **sections: Any) -> StackSettings | SettingsError:
    cluster = {
        "name": "dry-run",
        "version": version,
        "environment": "development",
        "infrastructureName": "dry-run-x7k2p",
    }
    config = {"cluster": cluster, "registry": {"replicas": 1}, **sections}
    try:
        return validate(config, stack="dry-run")
    except SettingsError as error:
        return error


@pytest.mark.parametrize("release", VERSIONS)
def test_same_verdict_on_the_pruner(lab_of: Callable[[str], Lab], release: str) -> None:
    server = PrunerServer(lab_of(release))
    seen = {"accepted by both": 0, "refused by both": 0, "refused here": 0}

    @many
    @given(pruning_sections())
    def same(pruning: Any) -> None:
        verdict = judge(VERSIONS[release], pruning=pruning)
        refused = server.refuses_pruner(pruning)
        if isinstance(verdict, StackSettings):
            assert verdict.pruning is not None
            spec = verdict.pruning.spec()
            assert refused is None
            assert server.refuses_pruner(spec) is None
            assert server.refuses_cron_job(spec) is None
            seen["accepted by both"] += 1
            return
        rules = {problem.rule for problem in verdict.problems}
        if refused is None:
            assert rules <= OURS, str(verdict)
            seen["refused here"] += 1
        else:
            seen["refused by both"] += 1
        if refused is None and all(rule.startswith(ON_CRON_JOB) for rule in rules):
            assert server.refuses_cron_job(pruning), str(verdict)

    same()
    assert min(seen.values()) > EXAMPLES / 100, seen


def test_same_verdict_on_schedules(lab: Lab) -> None:
    server = PrunerServer(lab)
    seen = {"accepted by both": 0, "refused by both": 0, "refused here": 0}

    @many
    @given(SCHEDULES)
    def same(schedule: str) -> None:
        verdict = judge("4.15", pruning={"schedule": schedule})
        assert server.refuses_pruner({"schedule": schedule}) is None
        refused = server.refuses_cron_job({"schedule": schedule})
        if isinstance(verdict, StackSettings):
            assert refused is None, schedule
            seen["accepted by both"] += 1
            return
        (problem,) = verdict.problems
        if refused:
            assert problem.rule in ("cronjob:schedule", "empty"), schedule
            seen["refused by both"] += 1
        else:
            assert problem.rule == "pruner:schedule", schedule
            seen["refused here"] += 1

    same()
    assert min(seen.values()) > 0, seen


def test_accepted_access_is_accepted(lab: Lab) -> None:
    server = PrunerServer(lab)
    seen = {"accepted": 0, "refused": 0}

    @many
    @given(access_sections(NAMESPACES))
    def accepted(access: Any) -> None:
        verdict = judge("4.15", access=access)
        if isinstance(verdict, SettingsError):
            seen["refused"] += 1
            return
        assert verdict.access is not None
        for each in rbac_objects(verdict.access, "dry-run"):
            # The namespaces are a matter of the guards, which ask the live cluster.
            properties = json.loads(json.dumps(each.properties))
            if "namespace" in properties["metadata"]:
                properties["metadata"]["namespace"] = NAMESPACES[0]
            assert server.refuses_rbac(each.kind, properties) is None, each
            seen["accepted"] += 1

    accepted()
    assert min(seen.values()) > EXAMPLES / 100, seen


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ({"kind": "ServiceAccount", "name": "Builder", "namespace": "ci"}, "subjects[0].name"),
        ({"kind": "ServiceAccount", "name": "builder"}, "subjects[0].namespace"),
        ({"kind": "User", "name": ""}, "subjects[0].name"),
        ({"kind": "group", "name": "x"}, "subjects[0].kind"),
    ],
)
def test_what_kubernetes_refuses_of_subjects_is_refused(
    lab: Lab, subject: dict[str, str], says: str
) -> None:
    group = "rbac.authorization.k8s.io"
    refused = PrunerServer(lab).refuses_rbac(
        "ClusterRoleBinding",
        {
            "metadata": {"name": "dry-run"},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "registry-viewer"},
            "subjects": [subject],
        },
    )
    assert refused and says in refused
    binding = {"role": "registry-viewer", "clusterWide": True, "subjects": [subject]}
    verdict = judge("4.15", access={"bindings": [binding]})
    assert isinstance(verdict, SettingsError)


@pytest.mark.parametrize("name", ["a/b", "50%", ".", ".."])
def test_what_kubernetes_refuses_of_roles_is_refused(lab: Lab, name: str) -> None:
    rule = {"apiGroups": ["image.openshift.io"], "resources": ["x"], "verbs": ["get"]}
    role = {"metadata": {"name": name}, "rules": [rule]}
    assert PrunerServer(lab).refuses_rbac("ClusterRole", role)
    subjects = [{"kind": "User", "name": "ada"}]
    metrics = {"role": {"create": {"name": name}}, "subjects": subjects}
    assert isinstance(judge("4.15", access={"metrics": metrics}), SettingsError)
