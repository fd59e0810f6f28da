"""The control plane behaves as a real cluster does, as far as the suite relies on it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.controlplane import versions
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.controlplane.webhook import Webhook

pytestmark = pytest.mark.integration

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]


def pod(name: str, **spec: Any) -> dict[str, Any]:
    containers = [{"name": "main", "image": "registry.invalid/none"}]
    return {"metadata": {"name": name}, "spec": {"containers": containers, **spec}}


def test_the_four_default_namespaces_are_there(kubectl: Kubectl) -> None:
    names = kubectl("get", "namespaces", "-o", "name").stdout.split()
    default = ("default", "kube-system", "kube-public", "kube-node-lease")
    assert {f"namespace/{name}" for name in default} <= set(names)


def test_the_servers_are_of_the_release_in_go_mod(controlplane: ControlPlane) -> None:
    assert controlplane.api.get("/version")["gitVersion"] == f"v{versions.kubernetes()}"


def test_the_admin_s_kubeconfig_has_the_names_that_kubeadm_gives(kubectl: Kubectl) -> None:
    config = json.loads(kubectl("config", "view", "-o", "json").stdout)
    context = {"cluster": "kubernetes", "user": "kubernetes-admin"}
    assert config["contexts"] == [{"name": "kubernetes-admin@kubernetes", "context": context}]
    assert config["current-context"] == "kubernetes-admin@kubernetes"
    assert "insecure-skip-tls-verify" not in config["clusters"][0]["cluster"]


@pytest.mark.parametrize("path", ["serviceaccounts/default", "configmaps/kube-root-ca.crt"])
def test_a_new_namespace_is_furnished(path: str, controlplane: ControlPlane, namespace: str) -> None:
    wait_until(lambda: controlplane.api.exists(f"/api/v1/namespaces/{namespace}/{path}"))


def test_a_quota_s_status_is_filled(controlplane: ControlPlane, namespace: str) -> None:
    quotas = f"/api/v1/namespaces/{namespace}/resourcequotas"
    controlplane.api.create(quotas, {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "1"}}})
    wait_until(lambda: "hard" in controlplane.api.get(f"{quotas}/small").get("status", {}))
    pods = f"/api/v1/namespaces/{namespace}/pods"
    # Admission learns of the status a little later than who asks for it.
    wait_until(lambda: controlplane.api.call("POST", pods, pod("first"))[0] == 201)
    # The controller counts every ten seconds, and what it has not heard of yet only the next time.
    answer: dict[str, Any] = {}

    def is_refused() -> bool:
        nonlocal answer
        status, answer = controlplane.api.call("POST", f"{pods}?dryRun=All", pod("second"))
        return status == 403

    wait_until(is_refused)
    assert answer["reason"] == "Forbidden"
    assert "exceeded quota: small" in answer["message"]


def test_a_user_has_no_rights_but_those_that_are_given(
    controlplane: ControlPlane, kubectl: Kubectl, namespace: str
) -> None:
    as_alice = ("--kubeconfig", controlplane.user("alice", ["devs", "ops"]), "--namespace", namespace)
    assert "[devs ops system:authenticated]" in kubectl("auth", "whoami", *as_alice).stdout
    denied = kubectl("get", "pods", *as_alice, check=False)
    assert denied.returncode == 1
    assert 'pods is forbidden: User "alice" cannot list resource "pods"' in denied.stderr
    kubectl("create", "rolebinding", "view", "--clusterrole=view", "--group=devs", "--namespace", namespace)
    wait_until(lambda: kubectl("get", "pods", *as_alice, check=False).returncode == 0)


def test_deployments_make_pods_that_stay_pending_and_go_with_their_owner(
    kubectl: Kubectl, controlplane: ControlPlane, namespace: str
) -> None:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    kubectl("create", "deployment", "web", "--image=registry.invalid/none", "--namespace", namespace)
    wait_until(lambda: len(controlplane.api.get(pods)["items"]) == 1)
    assert controlplane.api.get(pods)["items"][0]["status"]["phase"] == "Pending"
    kubectl("delete", "deployment", "web", "--namespace", namespace)
    wait_until(lambda: not controlplane.api.get(pods)["items"])


def test_a_pod_can_be_bound_to_a_node_object(controlplane: ControlPlane, namespace: str) -> None:
    node = f"node-{namespace}"
    controlplane.api.create("/api/v1/nodes", {"metadata": {"name": node}})
    try:
        bound = controlplane.api.create(f"/api/v1/namespaces/{namespace}/pods", pod("bound", nodeName=node))
        assert bound["spec"]["nodeName"] == node
    finally:
        controlplane.api.call("DELETE", f"/api/v1/namespaces/{namespace}/pods/bound?gracePeriodSeconds=0")
        controlplane.api.call("DELETE", f"/api/v1/nodes/{node}")


def test_a_deleted_namespace_goes_with_its_content(controlplane: ControlPlane, namespace: str) -> None:
    controlplane.api.create(f"/api/v1/namespaces/{namespace}/pods", pod("doomed"))
    controlplane.api.call("DELETE", f"/api/v1/namespaces/{namespace}")
    wait_until(lambda: not controlplane.api.exists(f"/api/v1/namespaces/{namespace}"))


def test_an_api_service_without_a_backend_blocks_every_deletion(private_controlplane: ControlPlane) -> None:
    api = private_controlplane.api
    service = {"namespace": "default", "name": "nobody"}
    spec = {
        "group": "dead.example.com",
        "version": "v1",
        "service": service,
        "insecureSkipTLSVerify": True,
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
    }
    metadata = {"name": "v1.dead.example.com"}
    api.create("/apis/apiregistration.k8s.io/v1/apiservices", {"metadata": metadata, "spec": spec})
    private_controlplane.create_namespace("doomed")
    api.call("DELETE", "/api/v1/namespaces/doomed")
    wait_until(lambda: _condition(api.get("/api/v1/namespaces/doomed"), "NamespaceDeletionDiscoveryFailure"))


def _condition(namespace: dict[str, Any], kind: str) -> bool:
    conditions = namespace["status"].get("conditions", [])
    return any(condition["type"] == kind and condition["status"] == "True" for condition in conditions)


def test_a_webhook_on_loopback_is_asked(controlplane: ControlPlane, namespace: str, tmp_path: Path) -> None:
    hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["secrets"]}
    with Webhook(controlplane.authority, tmp_path, _refuse_bad_names) as webhook:
        hook = {
            "name": "names.example.com",
            "clientConfig": webhook.client_config,
            "rules": [rule],
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
        }
        controlplane.api.create(hooks, {"metadata": {"name": namespace}, "webhooks": [hook]})
        try:
            wait_until(lambda: "bad is no name" in _create_secret(controlplane, namespace, "bad"))
            assert _create_secret(controlplane, namespace, "good") == ""
        finally:
            controlplane.api.call("DELETE", f"{hooks}/{namespace}")


def _refuse_bad_names(request: dict[str, Any]) -> str:
    return f"{request['name']} is no name" if request["name"].startswith("bad") else ""


def _create_secret(controlplane: ControlPlane, namespace: str, name: str) -> str:
    """Why it was refused; "" when it was created."""
    secret = {"metadata": {"name": name}}
    status, answer = controlplane.api.call("POST", f"/api/v1/namespaces/{namespace}/secrets", secret)
    return "" if status == 201 else str(answer["message"])
