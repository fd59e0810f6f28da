"""Pods that no controller makes: what the scheduler and admission have added goes."""

from copy import deepcopy
from typing import Any

from kubectl_ns_tools.deletion.backup.cleaning import clean
from tests.deletion.backup.objects import live, managed_by

TOKEN = {"name": "kube-api-access-x7x7x", "projected": {"sources": []}}
TOKEN_MOUNT = {"name": "kube-api-access-x7x7x", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
DATA = {"name": "data", "emptyDir": {}}


def toleration(key: str, **fields: Any) -> dict[str, Any]:
    return {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300, **fields}


UNREADY = [toleration("node.kubernetes.io/not-ready"), toleration("node.kubernetes.io/unreachable")]


def pod(**spec: Any) -> dict[str, Any]:
    main = {"name": "main", "image": "x", "volumeMounts": [TOKEN_MOUNT, {"name": "data", "mountPath": "/d"}]}
    return live("v1", "Pod", spec=deepcopy({"containers": [main], "volumes": [DATA, TOKEN], **spec}))


def test_what_was_given_to_a_pod_goes() -> None:
    given = {
        "nodeName": "n1", "serviceAccount": "ci", "priority": 0, "preemptionPolicy": "PreemptLowerPriority",
        "overhead": {"cpu": "1"}, "ephemeralContainers": [{"name": "debug"}],
    }  # fmt: skip
    mine = {"serviceAccountName": "ci", "priorityClassName": "high", "runtimeClassName": "kata"}
    assert clean(pod(**given, **mine))["spec"] == {
        "containers": [{"name": "main", "image": "x", "volumeMounts": [{"name": "data", "mountPath": "/d"}]}],
        "volumes": [DATA],
        **mine,
    }


def test_the_mount_of_the_token_leaves_no_empty_list() -> None:
    only = pod(containers=[{"name": "main", "volumeMounts": [TOKEN_MOUNT]}], volumes=[TOKEN])
    assert clean(only)["spec"] == {"containers": [{"name": "main"}]}


def test_the_token_of_older_servers_is_a_secret() -> None:
    old = {"name": "ci-token-abc12", "secret": {"secretName": "ci-token-abc12"}}
    containers = [{"name": "main", "volumeMounts": [{"name": "ci-token-abc12", "mountPath": "/t"}]}]
    spec = {"serviceAccountName": "ci", "containers": containers, "volumes": [old]}
    assert clean(pod(**spec))["spec"] == {"serviceAccountName": "ci", "containers": [{"name": "main"}]}


def test_the_tolerations_that_every_pod_gets_go_and_others_stay() -> None:
    mine = [toleration("node.kubernetes.io/not-ready", tolerationSeconds=20), toleration("mine")]
    assert clean(pod(tolerations=[*mine, *UNREADY]))["spec"]["tolerations"] == mine
    assert "tolerations" not in clean(pod(tolerations=UNREADY))["spec"]


def test_the_notes_of_networks_and_limits_go() -> None:
    obj = pod()
    obj["metadata"]["annotations"] = {
        "cni.projectcalico.org/podIP": "10.0.0.1/32",
        "k8s.v1.cni.cncf.io/network-status": "[]",
        "k8s.v1.cni.cncf.io/networks": "macvlan",
        "kubernetes.io/limit-ranger": "LimitRanger plugin set: cpu request",
    }
    assert clean(obj)["metadata"]["annotations"] == {"k8s.v1.cni.cncf.io/networks": "macvlan"}


ENVOY = {"name": "istio-envoy", "emptyDir": {}}
PROXY = {"name": "istio-proxy", "image": "proxy"}


def injected() -> dict[str, Any]:
    main = {"name": "main", "volumeMounts": [{"name": "istio-envoy", "mountPath": "/etc/istio"}]}
    init = [{"name": "istio-init"}, {"name": "migrate"}]
    return pod(containers=[main, PROXY], initContainers=init, volumes=[DATA, ENVOY, TOKEN])


OURS = {
    "f:containers": {'k:{"name":"main"}': {"f:image": {}}},
    "f:initContainers": {'k:{"name":"migrate"}': {"f:image": {}}},
    "f:volumes": {".": {}, 'k:{"name":"data"}': {"f:emptyDir": {}}},
}


def test_a_sidecar_that_no_request_had_in_it_goes_with_what_it_mounts() -> None:
    assert clean(managed_by(injected(), {"f:spec": OURS}))["spec"] == {
        "containers": [{"name": "main"}],
        "initContainers": [{"name": "migrate"}],
        "volumes": [DATA],
    }


def test_without_proof_nothing_counts_as_injected() -> None:
    spec = clean(managed_by(injected(), {"f:metadata": {"f:labels": {}}}))["spec"]
    assert [each["name"] for each in spec["containers"]] == ["main", "istio-proxy"]
    assert spec["volumes"] == [DATA, ENVOY]


def test_who_wrote_to_a_subresource_has_not_written_the_pod() -> None:
    obj = managed_by(
        injected(), {"f:spec": {"f:containers": {'k:{"name":"main"}': {}}}}, subresource="resize"
    )
    assert len(clean(obj)["spec"]["containers"]) == 2
