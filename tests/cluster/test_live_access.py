"""Ways to be somebody on the real API server, and ways to fail at it."""

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster import pod
from kubectl_ns_tools.cluster.connection import Connection, connect, connect_in_cluster
from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.cluster.lag import admission_lags
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, list_namespaces, wait_until_ready
from kubectl_ns_tools.cluster.objects import apply_object
from kubectl_ns_tools.cluster.permissions import can_i, who_am_i
from kubectl_ns_tools.errors import Unreachable
from tests.cluster.conftest import Grant
from tests.cluster.tunnel import Tunnel
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("each_client")]

PODS = Resource("", "v1", "pods", "Pod", True)
QUOTAS = Resource("", "v1", "resourcequotas", "ResourceQuota", True)


def with_user(controlplane: ControlPlane, **user: Any) -> dict[str, Any]:
    config = controlplane.kubeconfig_dict()
    config["users"][0]["user"] = user
    return config


def with_cluster(controlplane: ControlPlane, **cluster: Any) -> dict[str, Any]:
    config = controlplane.kubeconfig_dict()
    config["clusters"][0]["cluster"].update({key.replace("_", "-"): value for key, value in cluster.items()})
    return config


def service_account_token(controlplane: ControlPlane, namespace: str) -> str:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
    return str(controlplane.api.create(path, {"spec": {"expirationSeconds": 600}})["status"]["token"])


def test_a_certificate_says_who_we_are(controlplane: ControlPlane) -> None:
    assert who_am_i(connect(controlplane.kubeconfig_dict("jane", ["dev"]))) == "jane"


def test_a_certificate_in_files_does_too(controlplane: ControlPlane, tmp_path: Path) -> None:
    config = controlplane.kubeconfig_dict("jane")
    user = config["users"][0]["user"]
    for key in ("client-certificate", "client-key"):
        (tmp_path / key).write_bytes(base64.b64decode(user.pop(f"{key}-data")))
        user[key] = str(tmp_path / key)
    assert who_am_i(connect(config)) == "jane"


def test_a_token_says_who_we_are(controlplane: ControlPlane, namespace: str) -> None:
    config = with_user(controlplane, token=service_account_token(controlplane, namespace))
    assert who_am_i(connect(config)) == f"system:serviceaccount:{namespace}:default"


def test_a_pod_uses_its_service_account(
    controlplane: ControlPlane, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(service_account_token(controlplane, namespace) + "\n")
    (tmp_path / "ca.crt").write_text(controlplane.authority.certificate)
    host, _, port = controlplane.server.removeprefix("https://").rpartition(":")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    monkeypatch.setattr(pod, "SERVICE_ACCOUNT", str(tmp_path))
    assert who_am_i(connect_in_cluster()) == f"system:serviceaccount:{namespace}:default"


def test_impersonation_says_who_we_are(controlplane: ControlPlane) -> None:
    config = controlplane.kubeconfig_dict()
    config["users"][0]["user"].update({"as": "jane", "as-groups": ["system:masters"]})
    jane = connect(config)
    assert who_am_i(jane) == "jane"
    assert can_i(jane, "delete", NAMESPACES)  # by her group alone


def test_a_wrong_token_is_refused_in_kubectls_words(
    controlplane: ControlPlane, tmp_path: Path, kubectls_line: Callable[..., str]
) -> None:
    with pytest.raises(ApiUnauthorized) as caught:
        list_namespaces(connect(with_user(controlplane, token="hunter2")))
    assert caught.value.message == "error: You must be logged in to the server (Unauthorized)"
    authority = tmp_path / "ca.crt"
    authority.write_text(controlplane.authority.certificate)
    arguments = ["--kubeconfig=/dev/null", f"--server={controlplane.server}", "--token=hunter2"]
    theirs = kubectls_line("get", "--raw=/api", *arguments, f"--certificate-authority={authority}")
    assert caught.value.message == theirs


def test_an_unknown_authority_is_in_kubectls_words(controlplane: ControlPlane) -> None:
    config = controlplane.kubeconfig_dict()
    del config["clusters"][0]["cluster"]["certificate-authority-data"]
    with pytest.raises(Unreachable) as caught:
        list_namespaces(connect(config))
    assert caught.value.message == (
        "Unable to connect to the server: tls: failed to verify certificate:"
        " x509: certificate signed by unknown authority"
    )


def test_the_name_of_the_certificate_is_checked(controlplane: ControlPlane) -> None:
    with pytest.raises(Unreachable, match=r"certificate is not valid for 'elsewhere\.example\.com'"):
        list_namespaces(connect(with_cluster(controlplane, tls_server_name="elsewhere.example.com")))


def test_the_name_of_the_certificate_may_be_given(controlplane: ControlPlane) -> None:
    assert list_namespaces(connect(with_cluster(controlplane, tls_server_name="kubernetes.default.svc")))


def test_a_cluster_may_be_trusted_blindly(controlplane: ControlPlane) -> None:
    config = with_cluster(controlplane, insecure_skip_tls_verify=True)
    del config["clusters"][0]["cluster"]["certificate-authority-data"]
    assert list_namespaces(connect(config))


def test_a_proxy_is_gone_through_by_tunnel(
    controlplane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Tunnel() as tunnel:
        assert list_namespaces(connect(with_cluster(controlplane, proxy_url=tunnel.url)))
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        assert list_namespaces(connect(controlplane.kubeconfig_dict()))
    # the second went straight: Go sends nothing for a loopback address through the environment's proxy
    assert tunnel.requested == [controlplane.server.removeprefix("https://")]


def test_rights_are_told_for_namespaces_that_do_not_exist(connection: Connection, limited: Grant) -> None:
    user = limited(["list"], ["pods"])
    assert can_i(connection, "create", PODS, "no-such-namespace")
    assert can_i(user, "list", PODS, "no-such-namespace")
    assert not can_i(user, "delete", PODS, "no-such-namespace", "p")
    assert not can_i(user, "list", PODS, "no-such-namespace", subresource="log")


def quota(hard: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": hard}}


def test_a_new_namespace_becomes_ready(connection: Connection, namespace_name: str) -> None:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}}
    apply_object(connection, NAMESPACES, body)
    apply_object(connection, QUOTAS, quota({"pods": "5", "limits.cpu": "1000m"}), namespace=namespace_name)
    assert wait_until_ready(connection, namespace_name, deadline=time.monotonic() + 120) == []
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    limits = {"cpu": "100m"}
    pod["spec"] = {"containers": [{"name": "c", "image": "i", "resources": {"limits": limits}}]}

    def is_admitted() -> bool:
        """Admission hears of the quota's status a little later than those who ask for it."""
        try:
            return apply_object(connection, PODS, pod, namespace=namespace_name).created
        except ApiForbidden as error:
            if not admission_lags(error):
                raise
            return False

    wait_until(is_admitted)


def test_readiness_that_may_not_be_read_is_told(limited: Grant, namespace: str) -> None:
    user = limited(["get"], ["serviceaccounts"])
    told = wait_until_ready(user, namespace, deadline=time.monotonic() + 120)
    assert told == ["resourcequotas not checked (forbidden)"]
