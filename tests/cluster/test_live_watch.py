"""Watches on the real API server."""

import threading
import time

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiForbidden
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, get_namespace
from kubectl_ns_tools.cluster.objects import apply_object, delete_object
from kubectl_ns_tools.cluster.watch import Event, watch_object
from tests.cluster.conftest import Grant

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("each_client")]


def deleted(connection: Connection, namespace: str) -> str:
    """Start the deletion; returns the revision from before it."""
    metadata = get_namespace(connection, namespace)["metadata"]
    delete_object(connection, NAMESPACES, namespace, uid=metadata["uid"])
    return str(metadata["resourceVersion"])


def followed(connection: Connection, name: str, seconds: float = 120, since: str = "") -> list[Event]:
    deadline = time.monotonic() + seconds
    return list(watch_object(connection, NAMESPACES, name, deadline=deadline, resource_version=since))


def test_a_deletion_is_followed_until_the_namespace_is_gone(connection: Connection, namespace: str) -> None:
    since = deleted(connection, namespace)
    seen = followed(connection, namespace, since=since)
    assert seen[0].object["status"]["phase"] == "Terminating"
    assert seen[-1].type == "DELETED"
    assert len({event.object["metadata"]["uid"] for event in seen}) == 1


def test_without_the_right_to_watch_the_deletion_is_polled(
    connection: Connection, namespace: str, limited: Grant
) -> None:
    user = limited(["get"], ["namespaces"])
    since = deleted(connection, namespace)
    assert followed(user, namespace, since=since)[-1].type == "DELETED"


def test_without_the_right_to_look_it_is_forbidden(namespace: str, limited: Grant) -> None:
    with pytest.raises(ApiForbidden):
        followed(limited(["list"], ["pods"]), namespace)


def test_changes_are_seen_as_they_happen(connection: Connection, namespace: str) -> None:
    def label() -> None:
        metadata = {"name": namespace, "labels": {"seen": "yes"}}
        apply_object(connection, NAMESPACES, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    events = watch_object(connection, NAMESPACES, namespace, deadline=time.monotonic() + 60)
    assert next(events).type == "ADDED"
    timer = threading.Timer(0.3, label)
    timer.start()
    assert next(events).object["metadata"]["labels"]["seen"] == "yes"
    timer.join()
    events.close()  # type: ignore[attr-defined]


def test_an_old_revision_is_looked_up_again(connection: Connection, namespace: str) -> None:
    before = time.monotonic()
    seen = followed(connection, namespace, 4, since="1")
    assert [event.object["metadata"]["name"] for event in seen][:1] == [namespace]
    assert 3.5 < time.monotonic() - before < 20


def test_it_ends_at_the_deadline(connection: Connection, namespace: str) -> None:
    before = time.monotonic()
    assert [event.type for event in followed(connection, namespace, 3)] == ["ADDED"]
    assert time.monotonic() - before < 20
