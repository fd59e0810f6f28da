"""Lists on the real API server: pages, custom resources, missing rights."""

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.errors import ApiForbidden
from kubectl_ns_tools.cluster.lists import list_metadata, list_objects
from kubectl_ns_tools.cluster.objects import apply_object
from kubectl_ns_tools.cluster.resources import Resource
from tests.cluster.conftest import Grant

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("each_client")]

CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap", True)
SECRETS = Resource("", "v1", "secrets", "Secret", True)


def fill(connection: Connection, namespace: str, count: int) -> list[str]:
    names = [f"cm-{number:02}" for number in range(count)]
    for name in names:
        labels = {"made": "here"}
        metadata = {"name": name, "labels": labels}
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}}
        apply_object(connection, CONFIGMAPS, body, namespace=namespace)
    return names


def test_ten_objects_come_in_pages_of_three(connection: Connection, namespace: str) -> None:
    names = fill(connection, namespace, 10)
    for listing in (
        list_metadata(connection, CONFIGMAPS, namespace, limit=3, label_selector="made=here"),
        list_objects(connection, CONFIGMAPS, namespace, limit=3, label_selector="made=here"),
    ):
        assert [item["metadata"]["name"] for item in listing] == names
        assert not listing.inconsistent


def test_metadata_is_all_that_a_metadata_list_holds(connection: Connection, namespace: str) -> None:
    fill(connection, namespace, 1)
    (item,) = list_metadata(connection, CONFIGMAPS, namespace, label_selector="made=here")
    assert set(item) == {"apiVersion", "kind", "metadata"}
    assert (item["apiVersion"], item["kind"]) == ("v1", "ConfigMap")
    assert "managedFields" not in item["metadata"]
    assert item["metadata"]["uid"]


def test_objects_are_whole(connection: Connection, namespace: str) -> None:
    fill(connection, namespace, 1)
    selector = "metadata.name=cm-00"
    (item,) = list_objects(connection, CONFIGMAPS, namespace, field_selector=selector)
    assert (item["kind"], item["data"]) == ("ConfigMap", {"a": "b"})


def test_an_empty_list_is_empty(connection: Connection, namespace: str) -> None:
    assert len(list_metadata(connection, SECRETS, namespace)) == 0


def test_without_a_namespace_all_are_listed(connection: Connection, namespace: str) -> None:
    fill(connection, namespace, 1)
    places = {item["metadata"]["namespace"] for item in list_metadata(connection, CONFIGMAPS)}
    assert {namespace, "default"} <= places


def test_custom_resources_are_listed_too(connection: Connection, namespace: str, widgets: str) -> None:
    resource = discover(connection).find(f"wd.{widgets}")
    body = {"apiVersion": f"{widgets}/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"a": 1}}
    apply_object(connection, resource, body, namespace=namespace)
    (slim,) = list_metadata(connection, resource, namespace)
    (whole,) = list_objects(connection, resource, namespace)
    assert (slim["apiVersion"], slim["kind"]) == (f"{widgets}/v1", "Widget")
    assert whole["spec"] == {"a": 1}


def test_a_list_without_the_right_is_forbidden(limited: Grant, namespace: str) -> None:
    user = limited(["list"], ["configmaps"])
    assert list_metadata(user, CONFIGMAPS, namespace)
    with pytest.raises(ApiForbidden) as caught:
        list_metadata(user, SECRETS, namespace)
    assert caught.value.message.startswith("Error from server (Forbidden): secrets is forbidden: User")
