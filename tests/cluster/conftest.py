"""Fixtures for tests of the cluster's room on the real API server."""

import importlib
import json
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from kubectl_ns_tools.cluster import transport
from kubectl_ns_tools.cluster.connection import Connection, connect
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until

Grant = Callable[[Sequence[str], Sequence[str]], Connection]
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
KLOG = re.compile(r"[EWI]\d{4} ")
RBAC = "/apis/rbac.authorization.k8s.io/v1"


@pytest.fixture(params=["light", "library"])
def each_client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once with each of the HTTP clients; its name."""
    name: str = request.param
    if name == "library":  # whose import takes a second or more, which is no part of a request's time
        importlib.import_module("kubernetes.client.rest")
    monkeypatch.setattr(transport, "needs_library", lambda proxy: bool(proxy) or name == "library")
    return name


@pytest.fixture
def widgets(controlplane: ControlPlane, namespace_name: str) -> Iterator[str]:
    """The API group of a custom resource, Widget in v1 (preferred) and v1alpha1, made for this test."""
    group = f"{namespace_name}.example.com"
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    versions = [
        {"name": name, "served": True, "storage": name == "v1", "schema": schema}
        for name in ("v1alpha1", "v1")
    ]
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": versions}
    body = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"widgets.{group}"},
        "spec": spec,
    }
    controlplane.api.create(CRDS, body)
    wait_until(lambda: controlplane.api.exists(f"/apis/{group}/v1/widgets"))
    wait_until(lambda: controlplane.api.discovered(group, "widgets") == {"v1alpha1", "v1"})
    yield group
    controlplane.api.call("DELETE", f"{CRDS}/widgets.{group}")


@pytest.fixture
def limited(controlplane: ControlPlane) -> Iterator[Grant]:
    """limited(verbs, resources) -> the connection of a new user who may do that and nothing else."""
    made: list[str] = []
    opened: list[Connection] = []

    def grant(verbs: Sequence[str], resources: Sequence[str]) -> Connection:
        name = f"user-{uuid.uuid4().hex[:8]}"
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
        rules = [{"apiGroups": [""], "resources": list(resources), "verbs": list(verbs)}]
        subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}]
        create(f"{RBAC}/clusterroles", {"metadata": {"name": name}, "rules": rules})
        binding = {"metadata": {"name": name}, "roleRef": role, "subjects": subjects}
        create(f"{RBAC}/clusterrolebindings", binding)
        controlplane.api.await_right(name, verb=verbs[0], resource=resources[0])
        opened.append(connect(controlplane.kubeconfig_dict(name)))
        return opened[-1]

    def create(path: str, body: dict[str, Any]) -> None:
        controlplane.api.create(path, body)
        made.append(f"{path}/{body['metadata']['name']}")

    yield grant
    for connection in opened:
        connection.close()
    for path in made:
        controlplane.api.call("DELETE", path)


@pytest.fixture
def kubectls_line(kubectl: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., str]:
    """What kubectl says on stderr when the given arguments fail; a body is given as a manifest on stdin."""

    def failing(*arguments: str, manifest: dict[str, Any] | None = None) -> str:
        given = json.dumps(manifest) if manifest else None
        done = kubectl(*arguments, input=given, check=False)
        assert done.returncode
        lines = [line.rstrip() for line in done.stderr.splitlines() if not KLOG.match(line)]
        return "\n".join(lines)

    return failing
