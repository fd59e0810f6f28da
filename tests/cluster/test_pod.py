"""What a pod knows of itself."""

from pathlib import Path

import pytest

from kubectl_ns_tools.cluster import pod
from kubectl_ns_tools.cluster.connection import connect_in_cluster, namespace_of_pod
from kubectl_ns_tools.errors import NotFound


@pytest.fixture(autouse=True)
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pod, "SERVICE_ACCOUNT", str(tmp_path))
    monkeypatch.delenv("POD_NAMESPACE", raising=False)
    return tmp_path


@pytest.mark.parametrize("host", ["", "10.0.0.1"], ids=["no variables", "no token"])
def test_outside_a_pod_there_is_no_cluster_to_run_in(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    with pytest.raises(NotFound, match="unable to load in-cluster configuration"):
        connect_in_cluster()


@pytest.mark.parametrize(
    ("host", "server"),
    [("10.0.0.1", "https://10.0.0.1:443"), ("fd00::1", "https://[fd00::1]:443")],
    ids=["IPv4", "IPv6"],
)
def test_the_server_is_where_the_variables_say(
    account: Path, monkeypatch: pytest.MonkeyPatch, host: str, server: str
) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    (account / "token").write_text("t")
    (account / "ca.crt").write_text("c")
    assert connect_in_cluster().server == server


@pytest.mark.parametrize(
    ("variable", "file", "namespace"),
    [("a", "b", "a"), ("", "b\n", "b"), ("", None, "default"), ("", "", "default")],
    ids=["variable", "file", "neither", "empty"],
)
def test_the_namespace_is_found_as_kubectl_finds_it(
    account: Path, monkeypatch: pytest.MonkeyPatch, variable: str, file: str | None, namespace: str
) -> None:
    monkeypatch.setenv("POD_NAMESPACE", variable)
    if file is not None:
        (account / "namespace").write_text(file)
    assert namespace_of_pod() == namespace
