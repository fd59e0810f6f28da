import time
from datetime import datetime, timedelta, timezone

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import MERGE, Inside, as_user, look, seen
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration

# Of a kind that is not served: the garbage collector leaves what it owns alone.
OWNER = {"apiVersion": "x.io/v1", "kind": "Robot", "name": "r", "uid": "u", "controller": True}
CLOCK = "kubectl_ns_tools.deletion.hazards.usage.now"


def in_the_future(**span: int) -> datetime:
    return datetime.now(timezone.utc) + timedelta(**span)


def test_running_pods_are_counted_by_what_made_them(connection: Connection, inside: Inside) -> None:
    path = f"/api/v1/namespaces/{inside.namespace}/pods"
    inside.deployment("web", replicas=3)
    wait_until(lambda: len(inside.api.get(path)["items"]) == 3)
    _, *others = [pod["metadata"]["name"] for pod in inside.api.get(path)["items"]]
    for name in others:
        inside.set_status("pods", name, {"phase": "Running"})
    inside.pod("alone", phase="Running")
    (hazard,) = look(connection, inside.namespace, "usage")
    assert (hazard.severity, hazard.effect) == (Severity.INFO, Effect.NOTES)
    assert hazard.summary == "3 pods run here: 2 of deployment.apps/web and 1 of nobody"
    assert hazard.objects == ("deployment.apps/web",)


def test_an_owner_that_is_not_seen_is_named_all_the_same(connection: Connection, inside: Inside) -> None:
    inside.pod("arm", phase="Running", metadata={"ownerReferences": [OWNER]})
    (hazard,) = look(connection, inside.namespace, "usage")
    assert hazard.summary == "1 pod runs here: 1 of robot/r"


def test_where_nothing_runs_nothing_is_said(connection: Connection, inside: Inside) -> None:
    inside.pod("pending")
    assert look(connection, inside.namespace, "usage") == []


def test_without_the_right_to_read_pods_it_is_said(
    controlplane: ControlPlane, world: World, inside: Inside
) -> None:
    inside.pod("alone", phase="Running")
    assert seen(as_user(controlplane, world), inside.namespace, "usage") == ([], "pods: forbidden")


def put_by(inside: Inside, name: str, manager: str) -> None:
    """With data: of an object without any field nobody becomes a manager."""
    inside.put(f"configmaps?fieldManager={manager}", name, data={"a": "a"})


def wait_for_another_second() -> None:
    """The server's timestamps know no fractions."""
    time.sleep(1.1)


def test_the_latest_change_and_who_made_it(
    connection: Connection, inside: Inside, mocker: MockerFixture
) -> None:
    for name in ("first", "second"):
        put_by(inside, name, "helm")
    wait_for_another_second()
    path = f"/api/v1/namespaces/{inside.namespace}/configmaps/first?fieldManager=kubectl-edit"
    assert inside.api.call("PATCH", path, {"data": {"a": "b"}}, MERGE)[0] == 200
    inside.pod("made-by-a-job", metadata={"ownerReferences": [OWNER]})
    mocker.patch(CLOCK, return_value=in_the_future(hours=5, minutes=5))
    (hazard,) = look(connection, inside.namespace, "changes")
    assert (hazard.severity, hazard.effect) == (Severity.INFO, Effect.NOTES)
    assert hazard.summary.startswith("configmap/first was changed 5h")
    assert hazard.summary.endswith(" ago by kubectl-edit")
    assert hazard.objects == ("configmap/first",)


def test_of_other_kinds_only_the_creation_counts(connection: Connection, inside: Inside) -> None:
    put_by(inside, "older", "helm")
    wait_for_another_second()
    inside.put("secrets", "release")
    (hazard,) = look(connection, inside.namespace, "changes")
    assert hazard.summary.startswith("secret/release was created ")
    assert hazard.summary.endswith("s ago")


def test_status_and_controllers_are_no_change(connection: Connection, inside: Inside) -> None:
    inside.deployment("web")
    path = f"/apis/apps/v1/namespaces/{inside.namespace}/deployments/web"
    wait_until(lambda: "observedGeneration" in inside.api.get(path)["status"])
    wait_for_another_second()
    put_by(inside, "latest", "helm")
    wait_for_another_second()
    inside.set_status("deployments", "web", {"observedGeneration": 9}, "apps/v1")
    (hazard,) = look(connection, inside.namespace, "changes")
    assert hazard.objects == ("configmap/latest",)


def test_what_changed_days_ago_is_not_told(
    connection: Connection, inside: Inside, mocker: MockerFixture
) -> None:
    put_by(inside, "old", "helm")
    mocker.patch(CLOCK, return_value=in_the_future(days=1, minutes=1))
    assert look(connection, inside.namespace, "changes") == []


def test_a_namespace_with_nothing_of_its_own_was_not_changed(connection: Connection, inside: Inside) -> None:
    assert look(connection, inside.namespace, "changes") == []


def test_beyond_the_first_page_the_creation_counts(
    connection: Connection, inside: Inside, mocker: MockerFixture
) -> None:
    mocker.patch("kubectl_ns_tools.deletion.hazards.usage.PAGE", 2)
    for name in ("a", "b"):
        put_by(inside, name, "helm")
    wait_for_another_second()
    put_by(inside, "c", "helm")
    (hazard,), unseen = seen(connection, inside.namespace, "changes")
    assert hazard.summary.startswith("configmap/c was created ")
    assert not unseen


def test_without_the_right_to_read_a_kind_the_others_are_told(
    controlplane: ControlPlane, world: World, inside: Inside
) -> None:
    put_by(inside, "a", "helm")
    inside.deployment("web")
    wait_for_another_second()
    path = f"/api/v1/namespaces/{inside.namespace}/configmaps/a?fieldManager=kubectl-edit"
    assert inside.api.call("PATCH", path, {"data": {"a": "b"}}, MERGE)[0] == 200
    user = as_user(controlplane, world, rule("", "configmaps", "list"))
    (hazard,), unseen = seen(user, inside.namespace, "changes")
    assert hazard.objects == ("configmap/a",)
    assert unseen == "deployments.apps: forbidden"
