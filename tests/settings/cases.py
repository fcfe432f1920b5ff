"""A right stack file, and every way to put it wrong with the rule that says so."""

import copy
from pathlib import Path
from typing import Any

import yaml

from settings import Problem, check_file
from tests.settings import (
    cases_access,
    cases_azure,
    cases_credentials,
    cases_exposure,
    cases_gcs,
    cases_pruning,
    cases_s3,
    cases_swift,
    cases_trust,
    cases_volume,
)
from tests.settings.case import GONE, Case

FILE_RULES = {"file", "file-name", "yaml", "duplicate-key", "encrypted-section"}
"""Rules about the file itself; test_stackfile.py shows each."""


GOOD: dict[str, Any] = {
    "cluster": {
        "name": "prod-1",
        "version": "4.15",
        "environment": "production",
        "infrastructureName": "prod-1-x7k2p",
        "platform": "OpenStack",
    },
    "storage": {
        "kind": "claim",
        "storageClass": {
            "create": {"name": "registry", "provisioner": "cinder.csi.openstack.org"},
        },
        "claim": {
            "create": {"name": "registry", "size": "100Gi", "accessModes": ["ReadWriteOnce"]},
        },
    },
    "registry": {"managementState": "Managed"},
}

EMPTY_DIR = {"kind": "emptyDir"}
CLAIM = "storage.claim.create"
SHARED = {
    "storage.storageClass": {"use": {"name": "ocs-storagecluster-cephfs"}},
    "storage.claim.create.accessModes": ["ReadWriteMany"],
    "registry.replicas": 2,
}
CLASS = "storage.storageClass.create"
USED_CLAIM = {"use": {"name": "registry"}}
TERM = {"topologyKey": "kubernetes.io/hostname"}
SPREAD = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def _case(rule: str, path: str, value: Any, says: str, fix: str, **more: Any) -> Case:
    changes = {path: value, **{name.replace("__", "."): each for name, each in more.items()}}
    return Case(changes, rule, path, says, fix)


def _inside(rule: str, path: str, value: Any, at: str, says: str, fix: str) -> Case:
    return Case({path: value}, rule, path + at, says, fix)


CASES = [
    # Shape.
    _case("unknown-key", "cluster.nmae", "x", "not a known key", "write name"),
    _case("unknown-key", "registry.Replicas", 1, "not a known key", "write replicas"),
    _case("unknown-key", "storage.zzz", 1, "not a known key", "kind, preset, storageClass"),
    _case("unknown-key", "zzz", {}, "not a known key", "cluster, storage, registry"),
    _case("unknown-key", "stroage", {}, "not a known key", "write storage"),
    Case({"cluster.name2": 1}, "unknown-key", "cluster.name2", "not a known key", "write name"),
    _case("not-settable", "registry.observedConfig", {}, "by the operator", "leave it out"),
    _case("not-settable", "registry.unsupportedConfigOverrides", {}, "upgrades", "leave it out"),
    _case("not-settable", "registry.storage", {}, "section of its own", "leave it out"),
    _case("not-settable", "registry.nodePlacement", {}, "nodeSelector", "leave it out"),
    _case("not-settable", "storage.managementState", "Managed", "always Unmanaged", "leave it"),
    _inside("not-settable", "registry.resources", {"claims": []}, ".claims", "none", "leave it"),
    _case("required", "cluster.name", GONE, "is missing", "e.g. name: prod-1"),
    _case("required", "cluster.version", GONE, "is missing", 'e.g. version: "4.15"'),
    _case("required", "cluster", GONE, "is missing", "infrastructureName: prod-1-x7k2p"),
    _case("required", "storage.kind", GONE, "is missing", "kind: claim"),
    _case("required", f"{CLAIM}.size", GONE, "is missing", "size: 100Gi"),
    _case("required", "storage.storageClass", GONE, "default", "storageClass: {use: {name: ...}}"),
    Case(
        {f"{CLAIM}.accessModes": ["ReadWriteMany"], f"{CLASS}.provisioner": "nfs.csi.k8s.io"},
        "required",
        "registry.replicas",
        "the API requires it",
        "replicas: 2",
    ),
    Case({"storage": GONE}, "required", "registry.replicas", "does not settle it", "replicas: 2"),
    _case("null", "cluster.platform", None, "has no value", "leave the key out"),
    _case("null", "registry.replicas", None, "has no value", "leave the key out"),
    _case("null", "registry.httpSecret", None, "has no value", "leave the key out"),
    _inside("null", "registry.proxy", {"http": None}, ".http", "has no value", "leave the key out"),
    _case("null", "registry", None, "has no value", "leave the key out"),
    _case("empty", "registry.logLevel", "", "is empty", "leave the key out"),
    _case("empty", "cluster.name", "", "is empty", "lower-case"),
    _case("empty", f"{CLAIM}.size", "", "is empty", "100Gi"),
    _inside("empty", "registry.proxy", {"noProxy": ""}, ".noProxy", "is empty", "leave the key"),
    _inside("empty", "registry.proxy", {"https": ""}, ".https", "is empty", "leave the key out"),
    _case("empty", f"{CLASS}.parameters", {"": "x"}, "an empty name", "name the parameter"),
    _case("type", "registry.replicas", "2", "not a whole number", "leave the quotes out: 2"),
    _case("type", "registry.replicas", 1.0, "not a whole number", "whole number"),
    _case("type", "registry.replicas", True, "not a whole number", "whole number"),
    _case("type", "registry.readOnly", "yes", "neither true nor false", "true or false"),
    _case("type", "cluster.name", 7, "is not text", "in quotes, as it is written"),
    _case("type", "cluster.name", {"secure": "v1:x"}, "is encrypted", "pulumi config set --path"),
    _case("type", f"{CLASS}.parameters", {"iops": 3}, "", "")._replace(
        path=f"{CLASS}.parameters.iops", says="is not text", fix="in quotes, as it is written"
    ),
    _case("type", f"{CLAIM}.accessModes", "ReadWriteOnce", "is not a list", "write a list"),
    _case("type", "registry.proxy", "http://p", "is not a mapping", "mapping of keys"),
    _case("type", "registry.tolerations", {"key": "x"}, "is not a list", "write a list"),
    _case("type", "registry.nodeSelector", {1: "x"}, "the key 1", "in quotes"),
    _case("type", "registry.httpSecret", 5, "takes a secret", "--secret"),
    _inside("type", "registry.proxy", {"http": 5}, ".http", "is not text", "write a URL"),
    _inside(
        "type", "registry.resources", {"limits": {"cpu": 0.5}}, ".limits.cpu", "quantity", "quotes"
    ),
    _case("value", "cluster.environment", "prod", "not one of", "write production"),
    _case("value", "cluster.platform", "Openstack", "not a platform", "write OpenStack"),
    _case("value", "registry.logLevel", "info", "not one of", "Normal, Debug, Trace, TraceAll"),
    _case("value", "registry.rolloutStrategy", "recreate", "not one of", "write Recreate"),
    _case("value", "storage.preset", "sinder", "not one of", "write cinder"),
    _case(
        "range",
        "registry.logging",
        2**63,
        "is above 9223372036854775807",
        "-9223372036854775808 to",
    ),
    _case("range", "registry.replicas", 2**31, "is above 2147483647", "from 0 to 2147483647"),
    _case("exactly-one", "storage.claim", {}, "has none", "create, adopt, use"),
    _case("exactly-one", "storage.replaces", {}, "exactly one backend", "pvc, emptyDir, s3"),
    Case(
        {"storage.claim.use": {"name": "x"}},
        "exactly-one",
        "storage.claim",
        "has create and use",
        "one of create, adopt, use",
    ),
    _case(
        "exactly-one",
        "storage.claim",
        {"create": {}, "use": {}},
        "has create and use",
        "one of create, adopt, use, blank",
    ),
    _case(
        "exactly-one",
        "storage.replaces",
        {"emptyDir": {"x": 1}, "pvc": {}},
        "has emptyDir and pvc",
        "one of pvc, emptyDir",
    ),
    _case("kind", "storage.kind", "s4", "not a kind of storage", "one of claim, s3"),
    _case("kind", "storage.kind", "pvc", "it is called claim here", "kind: claim"),
    _case("kind", "storage.kind", "ibmcos", "makes and manages it", "leave the section out"),
    _case("kind", "storage.kind", "oss", "took Alibaba Cloud out", "out-of-scope.md"),
    # Text with a syntax.
    _case("cluster-version", "cluster.version", "4.15.3", "not a minor version", '"4.15"'),
    _case("cluster-version", "cluster.version", "5.0", "not a minor version", '"4.15"'),
    _case("cluster-version", "cluster.version", "4.0", "never released", '"4.1"'),
    _case("version-quotes", "cluster.version", 4.1, "4.10 is the same as 4.1", "in quotes"),
    _case("version-quotes", "cluster.version", 4, "is a number", "in quotes"),
    _case("name", "cluster.name", "Prod_1", "not a DNS label", "lower-case"),
    _case(
        *("name", "cluster.infrastructureName", "x" * 64),
        *("64 letters long; a DNS label has 63 at most", "at most 63"),
    ),
    _case("name", f"{CLAIM}.name", "Bad", "name of a Kubernetes object", "registry-storage"),
    _case("name", f"{CLASS}.provisioner", "a b", "name of a provisioner", "cinder.csi"),
    _case("size", f"{CLAIM}.size", "0", "not a positive whole number", "100Gi"),
    _case("size", f"{CLAIM}.size", "100", "is 100 bytes", "100Gi"),
    _case("not-settable", f"{CLAIM}.namespace", "default", "looks nowhere else", "leave it out"),
    _case(
        "storage:reserved-key",
        f"{CLAIM}.annotations",
        {"volume.beta.kubernetes.io/storage-class": "x"},
        "by Kubernetes",
        "leave it out",
    )._replace(path=f'{CLAIM}.annotations["volume.beta.kubernetes.io/storage-class"]'),
    _case(
        "operator:no-storage",
        "cluster",
        {**GOOD["cluster"], "platform": "AlibabaCloud", "version": "4.17"},
        "no storage of its own",
        "kind: claim",
        storage=GONE,
        registry__replicas=1,
    )._replace(path="storage"),
    _case("size", f"{CLAIM}.size", "100m", "not a positive whole number", "100Gi"),
    _case("size", f"{CLASS}.parameters", {"a": "x" * 2**18}, "larger than", "262144"),
    _case("quantity", f"{CLAIM}.size", "10GB", "not a Kubernetes quantity", "100Gi"),
    _inside(
        "quantity",
        "registry.resources",
        {"limits": {"cpu": "1e1.5"}},
        ".limits.cpu",
        "not a Kubernetes quantity",
        "500m",
    ),
    _inside(
        "duration",
        "registry.requests",
        {"read": {"maxWaitInQueue": "1 day"}},
        ".read.maxWaitInQueue",
        "not a duration",
        "1h30m",
    ),
    _inside(
        "duration",
        "registry.requests",
        {"write": {"maxWaitInQueue": "-5s"}},
        ".write.maxWaitInQueue",
        "not a duration",
        "not below zero",
    ),
    _inside(
        "proxy-url",
        "registry.proxy",
        {"https": "proxy.example.test:3128"},
        ".https",
        "not a URL with a scheme",
        "http://proxy.example.com:3128",
    ),
    _case("secure-key", "registry.nodeSelector", {"secure": "true"}, "encrypted", "second key"),
    Case(
        {f"{CLASS}.availability": "nova", f"{CLASS}.provisioner": "efs.csi.aws.com"},
        "availability",
        f"{CLASS}.availability",
        "belongs to Cinder",
        "under `parameters`",
    ),
    Case(
        {f"{CLASS}.availability": "nova", f"{CLASS}.parameters": {"availability": "other"}},
        "availability",
        f"{CLASS}.availability",
        "a second time",
        "keep one",
    ),
    # Secrets.
    _case("plain-secret", "cluster.kubeconfig", "clusters: []", "plain text", "--secret --path"),
    _case("plain-secret", "registry.httpSecret", "s3cr3t", "plain text", "registry.httpSecret'"),
    _inside(
        "plain-secret",
        "registry.proxy",
        {"http": "http://u:s3cr3t@proxy.example.test"},
        ".http",
        "plain text",
        "registry.proxy.http'",
    ),
    _case("kubeconfig", "cluster.kubeconfig", "~/.kube/config", "not the content", "--secret"),
    # Versions.
    Case(
        {"cluster.version": "4.10", "registry.topologySpreadConstraints": [SPREAD]},
        "version",
        "registry.topologySpreadConstraints",
        "came with OpenShift 4.11",
        'version: "4.11"',
    ),
    Case(
        {"registry.affinity": {"podAffinity": {REQUIRED: [{**TERM, "matchLabelKeys": []}]}}},
        "version",
        f"registry.affinity.podAffinity.{REQUIRED}[0].matchLabelKeys",
        "came with OpenShift 4.18",
        'version: "4.18"',
    ),
    Case(
        {"cluster.version": "4.3"},
        "version",
        f"{CLAIM}.accessModes",
        "came with OpenShift 4.4",
        'version: "4.4"',
    ),
    # The operator.
    _case("operator:force", "registry.managementState", "Force", "does not know it", "Managed"),
    _case("operator:negative", "registry.replicas", -1, "is below 0", "from 0 to 2147483647"),
    _inside(
        "operator:negative",
        "registry.requests",
        {"read": {"maxRunning": -1}},
        ".read.maxRunning",
        "is below",
        "from 0",
    ),
    _case(
        "operator:access-mode",
        f"{CLAIM}.accessModes",
        ["ReadOnlyMany"],
        "no mode that the operator takes",
        "[ReadWriteOnce] or [ReadWriteMany]",
    ),
    _case(
        "operator:access-mode",
        f"{CLAIM}.accessModes",
        ["ReadWriteOncePod"],
        "no mode that the operator takes",
        "[ReadWriteOnce] or [ReadWriteMany]",
    ),
    _case(
        "operator:access-mode",
        f"{CLAIM}.accessModes",
        ["ReadWriteOncePod", "ReadWriteOnce"],
        "joins ReadWriteOncePod",
        "[ReadWriteOnce] or [ReadWriteMany]",
    ),
    _case("operator:access-mode", f"{CLAIM}.accessModes", [], "no mode", "[ReadWriteOnce]"),
    _case("operator:block-volume", f"{CLAIM}.volumeMode", "Block", "raw device", "Filesystem"),
    _case("operator:rwo-replicas", "registry.replicas", 2, "ReadWriteOnce claim", "replicas: 1"),
    _case(
        "operator:rwo-rollout",
        "registry.rolloutStrategy",
        "RollingUpdate",
        "ReadWriteOnce claim",
        "Recreate",
    ),
    Case(
        {"storage": GONE, "cluster.platform": "VSphere", "registry.replicas": 1},
        "operator:no-storage",
        "storage",
        "on VSphere the operator has no storage",
        "kind: claim",
    ),
    Case(
        {"storage": GONE, "registry.managementState": "Removed", "registry.replicas": 1},
        "operator:removed",
        "registry.managementState",
        "delete the storage",
        "Unmanaged",
    ),
    _inside(
        "storage:reserved-key",
        f"{CLAIM}.labels",
        {"app.kubernetes.io/instance": "other"},
        '["app.kubernetes.io/instance"]',
        "by the stack itself",
        "leave it out",
    ),
    _inside(
        "storage:reserved-key",
        f"{CLAIM}.annotations",
        {"pulumi.com/skipAwait": "false"},
        '["pulumi.com/skipAwait"]',
        "by the stack itself",
        "leave it out",
    ),
    _case("operator:unmanaged", "registry.managementState", "Unmanaged", "ignore", "Managed"),
    _inside(
        "operator:no-proxy",
        "registry.proxy",
        {"noProxy": ".svc,example.test"},
        ".noProxy",
        "lacks .cluster.local",
        "add .cluster.local",
    ),
    _case("deprecated:logging", "registry.logging", 2, "as logLevel Normal", "logLevel: Normal"),
    _case("deprecated:logging", "registry.logging", 4, "as logLevel Debug", "logLevel: Debug"),
    _case("deprecated:logging", "registry.logging", 1, "means warn", "logLevel: Normal"),
    _case(
        "deprecated:logging",
        "registry.logging",
        2,
        "no effect beside logLevel Debug",
        "leave it out",
        registry__logLevel="Debug",
    ),
    # Storage.
    Case(
        {
            f"{CLAIM}.accessModes": ["ReadWriteMany"],
            f"{CLASS}.provisioner": "openshift-storage.rbd.csi.ceph.com",
            "registry.replicas": 2,
        },
        "storage:block-shared",
        f"{CLAIM}.accessModes",
        "Ceph RBD: a block device",
        "ocs-storagecluster-cephfs",
    ),
    Case(
        {
            f"{CLAIM}.accessModes": ["ReadWriteMany"],
            "storage.storageClass": {"use": {"name": "ocs-storagecluster-ceph-rbd"}},
            "registry.replicas": 2,
        },
        "storage:block-shared",
        f"{CLAIM}.accessModes",
        "would stay Pending",
        "[ReadWriteOnce]",
    ),
    _case(
        "storage:block-shared",
        f"{CLAIM}.accessModes",
        ["ReadWriteMany"],
        "gives Cinder",
        "[ReadWriteOnce]",
        registry__replicas=2,
    ),
    *(
        Case(
            {
                f"{CLAIM}.accessModes": ["ReadWriteMany"],
                "storage.storageClass": {"create": {"name": "registry", **given}},
                "registry.replicas": 2,
            },
            "storage:block-shared",
            f"{CLAIM}.accessModes",
            says,
            "shared files",
        )
        for given, says in (
            ({"provisioner": "csi.nutanix.com"}, "Nutanix Volumes"),
            ({"provisioner": "topolvm.io"}, "own disk"),
            ({"provisioner": "ebs.csi.aws.com"}, "EBS"),
        )
    ),
    Case(
        {
            f"{CLAIM}.accessModes": ["ReadWriteMany"],
            "storage.storageClass": {"use": {"name": "thin-csi"}},
            "registry.replicas": 2,
        },
        "storage:vsphere-shared",
        f"{CLAIM}.accessModes",
        "vSAN File Service",
        "make sure that it is enabled",
    ),
    _case("storage:empty-dir", "storage", EMPTY_DIR, "are lost", "can be made again")._replace(
        path="storage.kind"
    ),
    _case(
        "storage:empty-dir-replicas",
        "registry.replicas",
        2,
        "by chance",
        "replicas: 1",
        storage=EMPTY_DIR,
    ),
    _case(
        "operator:defaults-dropped",
        "registry.resources",
        {"requests": {"cpu": "1"}},
        "request of memory",
        "requests of memory",
    ),
    *(
        Case(
            {**SHARED, f"registry.{key}": value},
            "operator:defaults-dropped",
            f"registry.{key}",
            says,
            fix,
        )
        for key, value, says, fix in (
            ("nodeSelector", {"a": ""}, "may share a node", "topologySpreadConstraints"),
            (
                "affinity",
                {"podAffinity": {REQUIRED: [{**TERM, "labelSelector": {}}]}},
                "podAntiAffinity",
                "kubernetes.io/hostname",
            ),
        )
    ),
    _case(
        "storage:in-tree-cinder",
        f"{CLASS}.provisioner",
        "kubernetes.io/cinder",
        "built in",
        "cinder.csi.openstack.org",
    ),
    Case(
        {"storage.claim": USED_CLAIM, "registry.replicas": 1},
        "storage:class-unused",
        "storage.storageClass",
        "has its class already",
        "leave storageClass out",
    ),
    _case("storage:operator-claim", f"{CLAIM}.name", "image-registry-storage", "itself", "another"),
    Case(
        {"storage.replaces": {"pvc": {"claim": "registry"}}},
        "storage:replaces-itself",
        "storage.replaces.pvc.claim",
        "of this stack itself",
        "leave `replaces` out",
    ),
    # The Deployment.
    _case("deployment:label", "registry.nodeSelector", {"a b": ""}, '"a b"', "infra"),
    _case("deployment:label", "registry.nodeSelector", {"a": "-"}, 'at "a"', "infra"),
    _inside(
        "deployment:label",
        "registry.tolerations",
        [{"key": "a b", "operator": "Exists"}],
        "[0].key",
        "not a label key",
        "infra",
    ),
    _inside(
        "deployment:label",
        "registry.affinity",
        {
            "nodeAffinity": {
                REQUIRED: {
                    "nodeSelectorTerms": [
                        {"matchExpressions": [{"key": "a", "operator": "In", "values": ["-"]}]}
                    ]
                }
            }
        },
        f".nodeAffinity.{REQUIRED}.nodeSelectorTerms[0].matchExpressions[0].values[0]",
        "not a label value",
        "infra",
    ),
    _inside(
        "deployment:selector",
        "registry.affinity",
        {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}},
        f".nodeAffinity.{REQUIRED}.nodeSelectorTerms",
        "has no term",
        "give one",
    ),
    *(
        _inside(
            "deployment:selector",
            "registry.topologySpreadConstraints",
            [{**SPREAD, "labelSelector": {"matchExpressions": [requirement]}}],
            f"[0].labelSelector.matchExpressions[0].{at}",
            says,
            fix,
        )
        for requirement, at, says, fix in [
            ({"key": "a", "operator": "in"}, "operator", "not one of", "write In"),
            ({"key": "a", "operator": "In"}, "values", "no values for In", "at least one"),
            (
                {"key": "a", "operator": "Exists", "values": ["b"]},
                "values",
                "Exists takes none",
                "leave `values` out",
            ),
        ]
    ),
    *(
        _inside(
            "deployment:selector",
            "registry.affinity",
            {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{kind: [requirement]}]}}},
            f".nodeAffinity.{REQUIRED}.nodeSelectorTerms[0].{kind}[0].values{rest}",
            says,
            fix,
        )
        for kind, requirement, rest, says, fix in [
            ("matchExpressions", {"key": "a", "operator": "Gt"}, "", "exactly one", "give one"),
            (
                "matchFields",
                {"key": "metadata.name", "operator": "In"},
                "",
                "exactly one",
                "give one",
            ),
            (
                "matchFields",
                {"key": "metadata.name", "operator": "In", "values": ["Node"]},
                "[0]",
                "name of a node",
                "lower-case",
            ),
        ]
    ),
    *(
        _inside("deployment:toleration", "registry.tolerations", [toleration], at, says, fix)
        for toleration, at, says, fix in [
            ({"operator": "Equal", "value": "x"}, "[0]", "has no key", "give one"),
            (
                {"key": "a", "operator": "Exists", "value": "x"},
                "[0].value",
                "beside Exists",
                "leave it out",
            ),
            (
                {"key": "a", "tolerationSeconds": 5},
                "[0].tolerationSeconds",
                "NoExecute only",
                "effect: NoExecute",
            ),
            ({"key": "a", "effect": "Noschedule"}, "[0].effect", "not one of", "NoSchedule"),
        ]
    ),
    *(
        Case(
            {
                "cluster.version": "4.18",
                "registry.affinity": {"podAntiAffinity": {REQUIRED: [{**TERM, **extra}]}},
            },
            "deployment:affinity",
            f"registry.affinity.podAntiAffinity.{REQUIRED}[0].{at}",
            says,
            fix,
        )
        for extra, at, says, fix in [
            ({"namespaces": ["Bad"]}, "namespaces[0]", "name of a namespace", "lower-case"),
            ({"matchLabelKeys": ["a"]}, "matchLabelKeys", "without a labelSelector", "add"),
            (
                {"labelSelector": {}, "matchLabelKeys": ["a"], "mismatchLabelKeys": ["a"]},
                "matchLabelKeys",
                "mismatchLabelKeys has too",
                "one of the two",
            ),
        ]
    ),
    _inside(
        "deployment:affinity",
        "registry.affinity",
        {
            "podAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {"weight": 0, "podAffinityTerm": TERM}
                ]
            }
        },
        ".podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight",
        "is below",
        "from 1 to 100",
    ),
    *(
        _inside(
            "deployment:topology-spread", "registry.topologySpreadConstraints", value, at, says, fix
        )
        for value, at, says, fix in [
            ([{**SPREAD, "maxSkew": 0}], "[0].maxSkew", "is below", "from 1"),
            (
                [{**SPREAD, "whenUnsatisfiable": "ScheduleAnyway", "minDomains": 2}],
                "[0].minDomains",
                "DoNotSchedule only",
                "leave it out",
            ),
            (
                [{**SPREAD, "matchLabelKeys": ["a"]}],
                "[0].matchLabelKeys",
                "without a labelSelector",
                "add",
            ),
            ([SPREAD, SPREAD], "[1]", "one before it", "keep one"),
            ([{**SPREAD, "nodeTaintsPolicy": "honor"}], "[0].nodeTaintsPolicy", "", "write Honor"),
        ]
    ),
    _inside(
        "pod:label-keys",
        "registry.topologySpreadConstraints",
        [{**SPREAD, "labelSelector": {"matchLabels": {"a": ""}}, "matchLabelKeys": ["a"]}],
        "[0].matchLabelKeys",
        "labelSelector has too: a",
        "one of the two",
    ),
    *(
        _inside("deployment:resources", "registry.resources", value, at, says, fix)
        for value, at, says, fix in [
            ({"limits": {"gpu": 1}}, ".limits.gpu", "not a resource", "cpu, memory"),
            ({"requests": {"cpu": "-1"}}, ".requests.cpu", "negative", "0 or more"),
            (
                {"requests": {"cpu": 2}, "limits": {"cpu": 1}},
                ".requests.cpu",
                "more than its limit",
                "lower it",
            ),
            (
                {"requests": {"example.com/gpu": 1}},
                '.requests["example.com/gpu"]',
                "limit that is the same",
                "set both",
            ),
            (
                {"limits": {"example.com/gpu": "1500m"}},
                '.limits["example.com/gpu"]',
                "can't be counted",
                "whole number of them",
            ),
            (
                {"limits": {"hugepages-2Mi": "3Mi"}},
                ".limits.hugepages-2Mi",
                "multiple of the page size",
                "multiple",
            ),
            ({"limits": {"hugepages-2Mi": "2Mi"}}, "", "without cpu or memory", "add cpu"),
        ]
    ),
    _inside(
        "pod:count",
        "registry.resources",
        {"limits": {"example.com/gpu": "9E"}},
        '.limits["example.com/gpu"]',
        "more than can be counted",
        "lower it",
    ),
    *cases_exposure.CASES,
    *cases_trust.CASES,
    *cases_volume.CASES,
    *cases_access.CASES,
    *cases_pruning.CASES,
    *cases_credentials.CASES,
    *cases_s3.CASES,
    *cases_gcs.CASES,
    *cases_azure.CASES,
    *cases_swift.CASES,
]


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """`GOOD` with each dotted path set to its value, or taken out if that is `GONE`."""
    config = copy.deepcopy(GOOD)
    for path, value in changes.items():
        *parents, last = path.split(".")
        here = config
        for part in parents:
            here = here[part]
        if value is GONE:
            del here[last]
        else:
            here[last] = copy.deepcopy(value)
    return config


def write(directory: Path, config: dict[str, Any], stack: str = "prod-1") -> Path:
    """The stack file of `config`."""
    path = directory / f"Pulumi.{stack}.yaml"
    document = {"config": {f"openshift-registry:{key}": each for key, each in config.items()}}
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    return path


def problems(directory: Path, config: dict[str, Any]) -> list[Problem]:
    return check_file(write(directory, config))[1]
