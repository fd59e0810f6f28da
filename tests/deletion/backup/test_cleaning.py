"""Row by row of the table of what is taken off a live object before it can be created again."""

import json
from copy import deepcopy
from typing import Any

import pytest

from kubectl_ns_tools.deletion.backup.cleaning import clean
from tests.deletion.backup.objects import live, managed_by

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def test_what_is_of_the_old_object_goes_for_every_kind() -> None:
    obj = live("example.com/v1", "Widget", spec={"mtls": {}, "selfSigned": {}, "list": []}, status={"a": 1})
    obj["metadata"] |= {
        "generateName": "w-", "labels": {"app": "x"}, "annotations": {LAST_APPLIED: "{}"},
        "deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 30, "selfLink": "/x",
        "ownerReferences": [{"uid": "1"}], "finalizers": ["example.com/held"],
    }  # fmt: skip
    before = deepcopy(obj)
    assert clean(obj) == {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "a", "namespace": "blue", "generateName": "w-", "labels": {"app": "x"}},
        "spec": {"mtls": {}, "selfSigned": {}, "list": []},
    }
    assert obj == before


def test_annotations_and_labels_that_were_empty_stay_so() -> None:
    obj = live("v1", "ConfigMap", labels={}, annotations={}, data={})
    assert clean(obj)["metadata"] == {"name": "a", "namespace": "blue", "labels": {}, "annotations": {}}


def test_what_a_custom_resource_is_called_outside_stays() -> None:
    kept = {"crossplane.io/external-name": "vpc-1"}
    assert clean(live("x.io/v1", "Vpc", annotations=dict(kept)))["metadata"]["annotations"] == kept


def test_a_namespace() -> None:
    labels = {
        "kubernetes.io/metadata.name": "blue",
        "pod-security.kubernetes.io/enforce": "restricted",
        "blue.tree.hnc.x-k8s.io/depth": "0",
        "capsule.clastix.io/tenant": "oil",
        "field.cattle.io/projectId": "p-1",
    }
    annotations = {
        "openshift.io/sa.scc.uid-range": "1000/10000",
        "cattle.io/status": "{}",
        "lifecycle.cattle.io/create.namespace-auth": "true",
        "field.cattle.io/projectId": "c-1:p-1",
    }
    obj = live("v1", "Namespace", labels=labels, annotations=annotations, spec={"finalizers": ["kubernetes"]})
    del obj["metadata"]["namespace"]
    assert clean(obj) == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "a",
            "labels": {"pod-security.kubernetes.io/enforce": "restricted"},
            "annotations": {
                "openshift.io/sa.scc.uid-range": "1000/10000",
                "field.cattle.io/projectId": "c-1:p-1",
            },
        },
    }


PORTS = [
    {"port": 80, "protocol": "TCP", "nodePort": 30080},
    {"port": 443, "protocol": "TCP", "nodePort": 30443},
]
GIVEN = {
    "clusterIP": "10.0.0.7",
    "clusterIPs": ["10.0.0.7"],
    "ipFamilies": ["IPv4"],
    "ipFamilyPolicy": "SingleStack",
}


def service(**spec: Any) -> dict[str, Any]:
    return live("v1", "Service", spec=deepcopy(spec))


def test_a_service_gives_back_what_the_cluster_gave_it() -> None:
    spec = clean(service(**GIVEN, type="LoadBalancer", ports=PORTS, healthCheckNodePort=31000))["spec"]
    assert spec == {
        "type": "LoadBalancer",
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"port": 80, "protocol": "TCP"}, {"port": 443, "protocol": "TCP"}],
    }


def test_a_headless_service_stays_headless() -> None:
    spec = {"clusterIP": "None", "clusterIPs": ["None"], "ipFamilies": ["IPv4"]}
    assert clean(service(**spec))["spec"] == spec


def test_ports_that_somebody_chose_by_apply_stay() -> None:
    obj = service(ports=PORTS, healthCheckNodePort=31000, ipFamilies=["IPv6"], clusterIP="fd00::1")
    applied = {"spec": {"ports": [PORTS[0]], "healthCheckNodePort": 31000, "ipFamilies": ["IPv6"]}}
    obj["metadata"]["annotations"] = {LAST_APPLIED: json.dumps(applied)}
    cleaned = clean(obj)
    assert cleaned["spec"] == {
        "ports": [PORTS[0], {"port": 443, "protocol": "TCP"}],
        "healthCheckNodePort": 31000,
        "ipFamilies": ["IPv6"],
    }
    assert "annotations" not in cleaned["metadata"]


def test_ports_that_a_manager_has_set_stay() -> None:
    fields = {
        "f:ports": {
            'k:{"port":80,"protocol":"TCP"}': {"f:port": {}, "f:nodePort": {}},
            'k:{"port":443,"protocol":"TCP"}': {"f:port": {}},
        }
    }
    obj = managed_by(service(ports=PORTS), {"f:spec": fields})
    assert clean(obj)["spec"]["ports"] == [PORTS[0], {"port": 443, "protocol": "TCP"}]


@pytest.mark.parametrize("text", ["{", "[]", '{"spec": 1}', '{"spec": {"ports": [1]}}'])
def test_an_annotation_that_kubectl_did_not_write_proves_nothing(text: str) -> None:
    obj = service(ports=PORTS)
    obj["metadata"]["annotations"] = {LAST_APPLIED: text}
    assert clean(obj)["spec"]["ports"] == [{"port": 80, "protocol": "TCP"}, {"port": 443, "protocol": "TCP"}]


def test_a_service_that_is_a_name_is_left_alone() -> None:
    spec = {"type": "ExternalName", "externalName": "example.com"}
    assert clean(service(**spec))["spec"] == spec


CLAIM_NOTES = {
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
    "volume.kubernetes.io/selected-node": "n1",
    "volume.kubernetes.io/storage-provisioner": "p",
    "volume.beta.kubernetes.io/storage-provisioner": "p",
}


@pytest.mark.parametrize(("retained", "left"), [((), {}), (("pv-1",), {"volumeName": "pv-1"})])
def test_a_claim_keeps_only_a_volume_that_outlives_it(
    retained: tuple[str, ...], left: dict[str, str]
) -> None:
    spec = {"volumeName": "pv-1", "dataSource": {"kind": "VolumeSnapshot", "name": "s"}}
    obj = live("v1", "PersistentVolumeClaim", annotations={**CLAIM_NOTES, "mine": "1"}, spec=spec)
    cleaned = clean(obj, retained=retained)
    assert cleaned["metadata"]["annotations"] == {"mine": "1"}
    assert cleaned["spec"] == {"dataSource": {"kind": "VolumeSnapshot", "name": "s"}, **left}


def test_a_volume_waits_for_the_next_claim_of_the_name() -> None:
    reference = {"kind": "PersistentVolumeClaim", "namespace": "blue", "name": "data"}
    obj = live(
        "v1",
        "PersistentVolume",
        annotations={"pv.kubernetes.io/bound-by-controller": "yes", "pv.kubernetes.io/provisioned-by": "p"},
        finalizers=["kubernetes.io/pv-protection"],
        spec={"claimRef": {**reference, "uid": "u", "resourceVersion": "7"}, "capacity": {"storage": "1Gi"}},
    )
    cleaned = clean(obj)
    assert cleaned["spec"] == {"claimRef": reference, "capacity": {"storage": "1Gi"}}
    assert cleaned["metadata"]["annotations"] == {"pv.kubernetes.io/provisioned-by": "p"}
    assert "finalizers" not in cleaned["metadata"]


def test_a_token_that_somebody_asked_for_is_filled_in_anew() -> None:
    annotations = {"kubernetes.io/service-account.name": "ci", "kubernetes.io/service-account.uid": "u"}
    obj = live(
        "v1",
        "Secret",
        annotations=annotations,
        labels={"kubernetes.io/legacy-token-last-used": "2026-01-01"},
        type="kubernetes.io/service-account-token",
        data={"token": "eA==", "ca.crt": "eA==", "namespace": "eA=="},
    )
    assert clean(obj) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "a",
            "namespace": "blue",
            "annotations": {"kubernetes.io/service-account.name": "ci"},
        },
        "type": "kubernetes.io/service-account-token",
    }


def test_what_somebody_added_to_a_token_stays() -> None:
    obj = live(
        "v1", "Secret", type="kubernetes.io/service-account-token", data={"token": "eA==", "mine": "eA=="}
    )
    assert clean(obj)["data"] == {"mine": "eA=="}


@pytest.mark.parametrize("kind", ["Opaque", "helm.sh/release.v1"])
def test_other_secrets_keep_their_data(kind: str) -> None:
    assert clean(live("v1", "Secret", type=kind, data={"token": "eA=="}))["data"] == {"token": "eA=="}


def test_an_account_loses_the_tokens_that_were_made_for_it() -> None:
    obj = live(
        "v1",
        "ServiceAccount",
        annotations={"openshift.io/internal-registry-pull-secret-ref": "a-dockercfg-x1x1x"},
        secrets=[{"name": "a-token-abc12"}, {"name": "mine"}],
        imagePullSecrets=[{"name": "a-dockercfg-x1x1x"}, {"name": "registry"}],
    )
    cleaned = clean(obj)
    assert cleaned["secrets"] == [{"name": "mine"}]
    assert cleaned["imagePullSecrets"] == [{"name": "registry"}]
    assert "annotations" not in cleaned["metadata"]
    assert "secrets" not in clean(live("v1", "ServiceAccount", secrets=[{"name": "a-token-abc12"}]))


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"])
def test_a_workload_loses_what_its_controller_noted(kind: str) -> None:
    annotations = {"deployment.kubernetes.io/revision": "3", "deprecated.daemonset.template.generation": "2"}
    template = {"metadata": {"creationTimestamp": None, "labels": {"app": "x"}}, "spec": {"emptyDir": {}}}
    cleaned = clean(live("apps/v1", kind, annotations=annotations, spec={"template": template}))
    assert "annotations" not in cleaned["metadata"]
    assert cleaned["spec"]["template"] == {"metadata": {"labels": {"app": "x"}}, "spec": {"emptyDir": {}}}


def test_a_stateful_set_keeps_the_templates_of_its_claims() -> None:
    claim = {
        "metadata": {"name": "data", "creationTimestamp": None},
        "spec": {"x": 1},
        "status": {"phase": "Pending"},
    }
    cleaned = clean(live("apps/v1", "StatefulSet", spec={"volumeClaimTemplates": [claim]}))
    assert cleaned["spec"]["volumeClaimTemplates"] == [{"metadata": {"name": "data"}, "spec": {"x": 1}}]


OF_JOB = {
    "controller-uid": "u", "job-name": "a",
    "batch.kubernetes.io/controller-uid": "u", "batch.kubernetes.io/job-name": "a",
}  # fmt: skip


def job(labels: dict[str, str], **spec: Any) -> dict[str, Any]:
    selector = {"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}}
    return live(
        "batch/v1", "Job", spec={"selector": selector, "template": {"metadata": {"labels": labels}}, **spec}
    )


def test_a_job_loses_the_selector_that_was_made_for_it() -> None:
    assert clean(job({**OF_JOB, "app": "x"}))["spec"] == {"template": {"metadata": {"labels": {"app": "x"}}}}
    assert clean(job(dict(OF_JOB)))["spec"] == {"template": {"metadata": {}}}


def test_a_job_keeps_the_selector_that_somebody_chose() -> None:
    chosen = job({"app": "x", "job-name": "mine"}, manualSelector=True)
    assert clean(chosen)["spec"] == chosen["spec"]


def test_a_cron_job_loses_its_status_only() -> None:
    template = {
        "metadata": {"creationTimestamp": None},
        "spec": {"template": {"metadata": {"creationTimestamp": None}}},
    }
    cleaned = clean(
        live("batch/v1", "CronJob", spec={"schedule": "@daily", "jobTemplate": template}, status={"a": 1})
    )
    assert "status" not in cleaned
    expected = {"metadata": {}, "spec": {"template": {"metadata": {}}}}
    assert cleaned["spec"] == {"schedule": "@daily", "jobTemplate": expected}


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("networking.k8s.io/v1", "Ingress"),
        ("v1", "ResourceQuota"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("v1", "LimitRange"),
        ("gateway.networking.k8s.io/v1", "Gateway"),
        ("route.openshift.io/v1", "Route"),
    ],
)
def test_other_kinds_lose_their_status_only(api_version: str, kind: str) -> None:
    spec = {"podSelector": {}, "clusterIP": "x", "selector": {"a": "b"}, "volumeName": "v"}
    cleaned = clean(live(api_version, kind, spec=spec, subjects=[{"namespace": "blue"}], status={"a": 1}))
    assert cleaned["spec"] == spec
    assert cleaned["subjects"] == [{"namespace": "blue"}]
    assert "status" not in cleaned


def test_endpoints_that_were_written_by_hand() -> None:
    obj = live(
        "v1", "Endpoints", annotations={"endpoints.kubernetes.io/last-change-trigger-time": "x"}, subsets=[]
    )
    assert clean(obj) == {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"name": "a", "namespace": "blue"},
        "subsets": [],
    }
