from concurrent.futures import ThreadPoolExecutor

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.objects import apply_object
from kubectl_ns_tools.errors import Unreachable
from kubectl_ns_tools.templates.creation import creation
from kubectl_ns_tools.templates.creation.claim import NamespaceTaken
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import (
    QUOTA,
    FaultyConnection,
    carry_out,
    configmap,
    documents,
    failed,
    is_gone,
    names,
    once,
    user_with,
)

pytestmark = pytest.mark.integration


def test_everything_is_created_in_order_and_pods_are_admitted(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"
    service = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}]}}"
    seen: list[str] = []
    text = documents(pod, service, configmap("a"), QUOTA)
    left = carry_out(
        connection, text, namespace_name, created=lambda result: seen.append(result.manifest.reference)
    )
    assert seen == [f"namespace/{namespace_name}", "configmap/a", "resourcequota/q", "service/s", "pod/p"]
    assert (left.late, left.unchecked) == ([], [])
    quota = controlplane.api.get(f"/api/v1/namespaces/{namespace_name}/resourcequotas/q")
    assert quota["status"]["hard"] == {"pods": "5"}
    assert quota["metadata"]["labels"] == {
        "app.kubernetes.io/managed-by": "kubectl-ns-tools",
        "kubectl-ns-tools/template": "f.yaml",
    }


def test_the_namespace_belongs_to_our_field_manager_as_if_it_had_been_applied(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    header = f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {namespace_name}, labels: {{a: b}}}}}}"
    carry_out(connection, header, namespace_name)
    [entry] = controlplane.api.get(f"/api/v1/namespaces/{namespace_name}")["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("kubectl-ns-tools", "Apply")
    again = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": namespace_name, "labels": {"c": "d"}},
    }
    labels = apply_object(connection, NAMESPACES, again).object["metadata"]["labels"]
    assert labels == {"kubernetes.io/metadata.name": namespace_name, "c": "d"}


def test_a_user_who_may_only_create_a_namespace_is_told_what_was_not_checked(
    controlplane: ControlPlane, namespace_name: str
) -> None:
    with user_with(controlplane, ("", "namespaces", "create")) as limited:
        left = carry_out(limited, "", namespace_name)
    assert left.unchecked == [
        'serviceaccount "default" not checked (forbidden)',
        "resourcequotas not checked (forbidden)",
    ]
    assert not is_gone(controlplane, namespace_name)


def test_a_namespace_that_exists_is_not_touched(
    controlplane: ControlPlane, connection: Connection, namespace: str
) -> None:
    before = controlplane.api.get(f"/api/v1/namespaces/{namespace}")
    error = failed(connection, configmap("a"), namespace)
    assert isinstance(error, NamespaceTaken)
    assert error.message == f'Error from server (AlreadyExists): namespaces "{namespace}" already exists'
    assert error.hint == f"kubectl ns-create {namespace} --update applies a template to it"
    assert controlplane.api.get(f"/api/v1/namespaces/{namespace}") == before
    assert not controlplane.api.exists(f"/api/v1/namespaces/{namespace}/configmaps/a")


def test_a_namespace_that_is_being_deleted_is_told_as_such(
    controlplane: ControlPlane, connection: Connection, namespace: str
) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    held = {"metadata": {"name": "held", "finalizers": ["example.com/held"]}}
    controlplane.api.create(f"{path}/configmaps", held)
    controlplane.api.call("DELETE", path)
    try:
        error = failed(connection, "", namespace)
        assert isinstance(error, NamespaceTaken)
        assert f'object is being deleted: namespaces "{namespace}" already exists' in error.message
        assert error.hint.startswith("it is being deleted since 2")
    finally:
        release = {"metadata": {"finalizers": None}}
        controlplane.api.call(
            "PATCH", f"{path}/configmaps/held", release, content_type="application/merge-patch+json"
        )


def test_of_two_creations_at_the_same_time_one_wins_and_stays_whole(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    def attempt(label: str) -> str:
        metadata = f"{{name: {namespace_name}, labels: {{by: {label}}}}}"
        header = f"{{apiVersion: v1, kind: Namespace, metadata: {metadata}}}"
        own = connect(controlplane.kubeconfig_dict())
        try:
            carry_out(own, documents(header, configmap(label)), namespace_name)
        except NamespaceTaken:
            return ""
        finally:
            own.close()
        return label

    with ThreadPoolExecutor(4) as pool:
        winners = [label for label in pool.map(attempt, "abcd") if label]
    assert len(winners) == 1
    found = controlplane.api.get(f"/api/v1/namespaces/{namespace_name}")
    assert found["metadata"]["labels"]["by"] == winners[0]
    configmaps = controlplane.api.get(f"/api/v1/namespaces/{namespace_name}/configmaps")["items"]
    assert names(configmaps) - {"kube-root-ca.crt"} == set(winners)


def test_a_creation_whose_answer_was_lost_is_recognised_as_ours(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    faulty = FaultyConnection(connection, once("POST", "/namespaces"), after=True)
    carry_out(faulty, configmap("a"), namespace_name)
    assert controlplane.api.exists(f"/api/v1/namespaces/{namespace_name}/configmaps/a")


def test_a_creation_that_never_arrived_fails(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    faulty = FaultyConnection(connection, once("POST", "/namespaces"), after=False)
    error = failed(faulty, configmap("a"), namespace_name)
    assert error.message == f"namespace/{namespace_name}: connection reset by peer"
    assert error.exit_code == Unreachable.exit_code
    assert is_gone(controlplane, namespace_name)


def test_a_lost_answer_for_somebody_elses_namespace_deletes_nothing(
    controlplane: ControlPlane, connection: Connection, namespace: str
) -> None:
    faulty = FaultyConnection(connection, once("POST", "/namespaces"), after=False)
    assert failed(faulty, configmap("a"), namespace).problems == ()
    assert not is_gone(controlplane, namespace)


def test_pods_that_are_not_admitted_in_time_are_told_and_the_namespace_stays(
    controlplane: ControlPlane, connection: Connection, namespace_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The controllers of a healthy cluster are always in time.
    missing = 'serviceaccount "default" does not exist yet'
    monkeypatch.setattr(creation, "wait_until_ready", lambda *arguments, **options: [missing])
    assert carry_out(connection, "", namespace_name, timeout=1.0).late == [missing]
    assert not is_gone(controlplane, namespace_name)
