"""Cases that people have, on the real control plane."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.templates.ground import RBAC, definition, is_taken_back, policy_against

pytestmark = [
    pytest.mark.integration, pytest.mark.usefixtures("cluster", "rolled_back_whatever_it_takes"),
]  # fmt: skip
Run = Callable[..., Any]
# Fifteen kinds, with what each of them needs.
KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("v1", "ResourceQuota", {"spec": {"hard": {"count/leases.coordination.k8s.io": "1000m"}}}),
    ("v1", "LimitRange", {"spec": {"limits": [{"type": "Container", "default": {"cpu": "0.5"}}]}}),
    ("v1", "ServiceAccount", {}),
    ("v1", "ConfigMap", {"data": {"a": "b"}}),
    ("v1", "Secret", {"stringData": {"a": "b"}}),
    ("v1", "Service", {"spec": {"ports": [{"port": 80}]}}),
    ("v1", "PersistentVolumeClaim", {
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    }),
    ("networking.k8s.io/v1", "NetworkPolicy", {"spec": {"podSelector": {}}}),
    ("networking.k8s.io/v1", "Ingress", {
        "spec": {"defaultBackend": {"service": {"name": "s", "port": {"number": 80}}}}
    }),
    ("rbac.authorization.k8s.io/v1", "Role", {"rules": []}),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    }),
    ("policy/v1", "PodDisruptionBudget", {"spec": {"maxUnavailable": 1}}),
    ("apps/v1", "Deployment", {
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"a": "b"}},
            "template": {
                "metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}
            },
        }
    }),
    ("batch/v1", "CronJob", {
        "spec": {
            "schedule": "0 0 1 1 *",
            "jobTemplate": {"spec": {"template": {
                "spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
            }}},
        }
    }),
]  # fmt: skip


@pytest.fixture
def cluster(kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))


@pytest.fixture
def group(controlplane: ControlPlane) -> Iterator[str]:
    """An API group for a CustomResourceDefinition of widgets."""
    name = f"g{uuid4().hex[:8]}.example.com"
    yield name
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.{name}"
    controlplane.api.call("DELETE", path)


def sixty_objects(group: str) -> str:
    """Custom resources first, then their definition, then the rest: an order that no apply would survive."""
    widgets = [
        {
            "apiVersion": f"{group}/v1",
            "kind": "Widget",
            "metadata": {"name": f"w{number}"},
            "spec": {"size": 1},
        }
        for number in range(3)
    ]
    others = [
        {"apiVersion": version, "kind": kind, "metadata": {"name": f"x{number}"}, **body}
        for number in range(4)
        for version, kind, body in KINDS
    ]
    return "\n---\n".join(map(json.dumps, [*widgets, definition("widgets", "Widget", group), *others]))


def test_sixty_objects_of_fifteen_kinds_with_a_definition_and_its_resources(
    run: Run, kubectl: Run, namespace_name: str, group: str, file: Run
) -> None:
    path = file(sixty_objects(group))
    result = run("ns-create", namespace_name, "-t", path, "--timeout", "60s")
    lines = result.stdout.splitlines()
    assert len(lines) == 61
    assert all(line.endswith(" created") for line in lines)
    assert len({line.split("/")[0] for line in lines}) == 17
    # kubectl may hear of the new kind a moment later than who has waited for it
    made = ("get", f"widgets.{group}", "-n", namespace_name, "-o", "name")
    wait_until(lambda: kubectl(*made, check=False).stdout.count("\n") == 3)


def test_a_user_who_may_create_namespaces_but_not_bind_admin(
    run: Run, controlplane: ControlPlane, allowed: Run, namespace_name: str
) -> None:
    name = f"team-{uuid4().hex[:8]}"
    everything = ["create", "patch", "get", "list", "watch", "delete"]
    rules = [
        {
            "apiGroups": [""],
            "resources": ["namespaces", "resourcequotas", "limitranges"],
            "verbs": everything,
        },
        {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": everything},
        {
            "apiGroups": ["rbac.authorization.k8s.io"],
            "resources": ["rolebindings", "clusterroles"],
            "verbs": everything,
        },
    ]
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}]
    body = {"metadata": {"name": name}, "roleRef": role, "subjects": subjects}
    controlplane.api.create(f"{RBAC}/clusterroles", {"metadata": {"name": name}, "rules": rules})
    controlplane.api.create(f"{RBAC}/clusterrolebindings", body)
    try:
        allowed(name, "create", "namespaces")
        flags = ["-t", "team", "--kubeconfig", controlplane.user(name)]
        result = run("ns-create", namespace_name, *flags, "-p", "ADMIN_USER=a", code=ExitCode.REFUSED)
        assert result.stdout == ""
        assert result.stderr.startswith("error: builtin/team.yaml:")
        assert (
            'rolebinding.rbac.authorization.k8s.io/admin: you may not bind ClusterRole "admin",'
            " and do not hold all the rights that it grants: " in result.stderr
        )
        assert not controlplane.api.exists(f"/api/v1/namespaces/{namespace_name}")
        # The server is of the same opinion, and then everything is taken back.
        arguments = ["ns-create", namespace_name, *flags, "-p", "ADMIN_USER=a"]
        result = run(*arguments, "--no-check-rights", code=ExitCode.FAILED)
        assert "attempting to grant RBAC permissions not currently held" in result.stderr
        assert is_taken_back(controlplane, namespace_name)
    finally:
        for kind in ("clusterrolebindings", "clusterroles"):
            controlplane.api.call("DELETE", f"{RBAC}/{kind}/{name}")


def test_a_policy_that_denies_the_fourth_of_six(
    run: Run, controlplane: ControlPlane, namespace_name: str, file: Run
) -> None:
    unwanted = f"unwanted-{uuid4().hex[:8]}"
    names = ["a", "b", "c", unwanted, "e", "f"]
    path = file(
        "\n---\n".join(f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}" for name in names)
    )
    dry = "/api/v1/namespaces/default/configmaps?dryRun=All"
    with policy_against(controlplane, "configmaps", unwanted):
        wait_until(lambda: controlplane.api.call("POST", dry, {"metadata": {"name": unwanted}})[0] == 422)
        result = run("ns-create", namespace_name, "-f", path, code=ExitCode.FAILED)
    assert f"{path}:7: configmap/{unwanted}: " in result.stderr
    assert f"{unwanted} is not wanted here" in result.stderr
    assert f"namespace/{namespace_name} deleted again" in result.stderr
    assert f"configmap/{unwanted} created" not in result.stdout


def test_everything_that_is_wrong_is_in_one_report_and_nothing_is_written(
    run: Run, controlplane: ControlPlane, namespace: str, file: Run
) -> None:
    path = file(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: Upper}}\n---\n"
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {x: 'y z'}}}\n---\n"
        "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c}}\n---\n"
        "{apiVersion: v1, kind: Secret, metadata: {name: s}}\n"
    )
    name = f"user-{uuid4().hex[:8]}"
    nobody = controlplane.user(name)
    result = run("ns-create", namespace, "-f", path, "--kubeconfig", nobody, code=ExitCode.REFUSED)
    first, *problems, hint = result.stderr.splitlines()
    assert first == "error: 5 things are wrong, nothing was created"
    assert [problem.strip().split(": ")[0] for problem in problems[:3]] == [
        f"{path}:1",
        f"{path}:3",
        f"{path}:5",
    ]
    assert "ensure CRDs are installed first" in problems[2]
    assert problems[3:] == [
        f"  namespace/{namespace}: you may not create namespaces",
        f'  {path}:7: secret/s: you may not patch and create secrets in namespace "{namespace}"',
    ]
    assert "--no-check-rights" in hint
