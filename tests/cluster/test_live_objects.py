"""Objects on the real API server: apply, its conflicts and its refusals in kubectl's words; delete."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, get_namespace, list_namespaces
from kubectl_ns_tools.cluster.objects import apply_object, delete_object, get_object
from kubectl_ns_tools.cluster.resources import Resource
from tests.controlplane.waiting import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("each_client")]

CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap", True)
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", True)
OTHER = "00000000-0000-0000-0000-000000000000"


def configmap(name: str = "cm", **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_apply_creates_then_leaves_alone_then_changes(connection: Connection, namespace: str) -> None:
    first = apply_object(connection, CONFIGMAPS, configmap(a="1"), namespace=namespace)
    again = apply_object(connection, CONFIGMAPS, configmap(a="1"), namespace=namespace)
    changed = apply_object(connection, CONFIGMAPS, configmap(b="2"), namespace=namespace)
    assert (first.created, again.created, changed.created) == (True, False, False)
    assert first.object["metadata"]["resourceVersion"] == again.object["metadata"]["resourceVersion"]
    assert get_object(connection, CONFIGMAPS, "cm", namespace)["data"] == {"b": "2"}
    assert {entry["manager"] for entry in changed.object["metadata"]["managedFields"]} == {"kubectl-ns-tools"}


def test_apply_leaves_the_given_object_as_it_is(connection: Connection, namespace: str) -> None:
    given = configmap(a="1")
    before = copy.deepcopy(given)
    apply_object(connection, CONFIGMAPS, given, namespace=namespace)
    assert given == before


def test_a_dry_run_writes_nothing(connection: Connection, namespace: str) -> None:
    applied = apply_object(connection, CONFIGMAPS, configmap(a="1"), namespace=namespace, dry_run=True)
    assert applied.created
    assert applied.object["data"] == {"a": "1"}
    with pytest.raises(ApiNotFound):
        get_object(connection, CONFIGMAPS, "cm", namespace)


def test_a_field_of_another_manager_is_a_conflict_with_its_cause(
    connection: Connection, namespace: str, kubectl: Callable[..., object]
) -> None:
    kubectl("create", "configmap", "cm", "-n", namespace, "--from-literal=a=theirs")
    with pytest.raises(ApiConflict) as caught:
        apply_object(connection, CONFIGMAPS, configmap(a="ours"), namespace=namespace)
    (cause,) = caught.value.causes
    assert (cause["reason"], cause["field"]) == ("FieldManagerConflict", ".data.a")
    assert cause["message"].startswith('conflict with "kubectl-create" using v1')
    assert caught.value.message.startswith("Error from server (Conflict): Apply failed with 1 conflict")
    forced = apply_object(connection, CONFIGMAPS, configmap(a="ours"), namespace=namespace, force=True)
    assert forced.object["data"] == {"a": "ours"}


def test_an_object_of_another_namespace_is_refused(connection: Connection, namespace: str) -> None:
    given = configmap()
    given["metadata"]["namespace"] = "elsewhere"
    with pytest.raises(ApiNotFound, match='namespaces "elsewhere" not found'):
        apply_object(connection, CONFIGMAPS, given, namespace=namespace)


def deployment(**spec: object) -> dict[str, Any]:
    labels = {"app": "x"}
    container = {"name": "c", "image": "i"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    body = {"selector": {"matchLabels": labels}, "template": pod, **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": body}


@pytest.mark.parametrize(
    ("resource", "manifest"),
    [
        pytest.param(CONFIGMAPS, {**configmap(), "spec": {"a": 1}}, id="unknown field"),
        pytest.param(DEPLOYMENTS, deployment(replicaz=1), id="misspelt field"),
        pytest.param(DEPLOYMENTS, deployment(replicas="three"), id="wrong type"),
        pytest.param(DEPLOYMENTS, deployment(replicas=-1), id="invalid value"),
        pytest.param(CONFIGMAPS, configmap("Not_A_Name", **{"a b": "1"}), id="two invalid values"),
        pytest.param(CONFIGMAPS, {**configmap(), "data": {"a": 1}}, id="a number for a string"),
    ],
)
def test_a_refused_object_is_refused_in_kubectls_words(
    connection: Connection,
    namespace: str,
    kubectls_line: Callable[..., str],
    resource: Resource,
    manifest: dict[str, Any],
) -> None:
    with pytest.raises(ApiError) as caught:
        apply_object(connection, resource, manifest, namespace=namespace)
    arguments = ("apply", "--server-side", "--validate=strict", "-n", namespace, "-f", "-")
    assert caught.value.message == kubectls_line(*arguments, manifest=manifest)


def test_a_missing_object_is_missed_in_kubectls_words(
    connection: Connection, namespace_name: str, kubectls_line: Callable[..., str]
) -> None:
    with pytest.raises(ApiNotFound) as caught:
        get_namespace(connection, namespace_name)
    assert caught.value.message == f'Error from server (NotFound): namespaces "{namespace_name}" not found'
    assert caught.value.message == kubectls_line("get", "namespace", namespace_name)


def test_nothing_can_be_validated_in_a_namespace_that_does_not_exist(
    connection: Connection, namespace_name: str
) -> None:
    with pytest.raises(ApiNotFound, match=f'namespaces "{namespace_name}" not found'):
        apply_object(connection, CONFIGMAPS, configmap(), namespace=namespace_name, dry_run=True)


def test_delete_takes_the_object_with_this_uid(connection: Connection, namespace: str) -> None:
    applied = apply_object(connection, CONFIGMAPS, configmap(), namespace=namespace)
    metadata = applied.object["metadata"]
    version = metadata["resourceVersion"]
    delete_object(connection, CONFIGMAPS, "cm", namespace, uid=metadata["uid"], resource_version=version)
    with pytest.raises(ApiNotFound):
        get_object(connection, CONFIGMAPS, "cm", namespace)


@pytest.mark.parametrize("resource_version", ["", "1"], ids=["uid", "revision"])
def test_delete_refuses_another_object(connection: Connection, namespace: str, resource_version: str) -> None:
    live = get_namespace(connection, namespace)["metadata"]["uid"]
    with pytest.raises(ApiConflict) as caught:
        delete_object(
            connection,
            NAMESPACES,
            namespace,
            uid=live if resource_version else OTHER,
            resource_version=resource_version,
        )
    assert caught.value.reason == "Conflict"
    assert "Precondition failed" in caught.value.message
    assert get_namespace(connection, namespace)["status"]["phase"] == "Active"


def test_a_dry_run_of_a_delete_deletes_nothing(connection: Connection, namespace: str) -> None:
    uid = get_namespace(connection, namespace)["metadata"]["uid"]
    answer = delete_object(connection, NAMESPACES, namespace, uid=uid, dry_run=True)
    assert answer["status"]["phase"] == "Terminating"
    assert get_namespace(connection, namespace)["status"]["phase"] == "Active"


def test_a_namespace_that_the_server_protects_is_refused_in_kubectls_words(
    connection: Connection, kubectls_line: Callable[..., str]
) -> None:
    uid = get_namespace(connection, "kube-public")["metadata"]["uid"]
    with pytest.raises(ApiForbidden) as caught:
        delete_object(connection, NAMESPACES, "kube-public", uid=uid)
    assert caught.value.message == kubectls_line("delete", "namespace", "kube-public")


def test_namespaces_are_listed_by_label(connection: Connection, namespace: str) -> None:
    label = f"kubernetes.io/metadata.name={namespace}"
    (found,) = list_namespaces(connection, label)
    assert (found["kind"], found["metadata"]["name"]) == ("Namespace", namespace)
    assert "default" in {item["metadata"]["name"] for item in list_namespaces(connection)}


def test_the_servers_warnings_are_collected(connection: Connection, namespace: str) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    pod["spec"] = {"containers": [{"name": "c", "image": "i"}]}
    pods = Resource("", "v1", "pods", "Pod", True)
    labels = {"pod-security.kubernetes.io/warn": "restricted"}
    named = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}}
    apply_object(connection, NAMESPACES, named)

    def is_warned() -> bool:
        """Admission hears of a label a little later."""
        apply_object(connection, pods, pod, namespace=namespace, dry_run=True)
        return bool(connection.warnings)

    wait_until(is_warned)
    apply_object(connection, pods, pod, namespace=namespace)
    (warning,) = connection.warnings
    assert warning.startswith('would violate PodSecurity "restricted:latest"')
