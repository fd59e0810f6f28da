from collections.abc import Sequence
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.custom_first import (
    CustomResources,
    delete_custom,
    find_custom,
    rehearse_custom,
)
from kubectl_ns_tools.deletion.measures.departure import Departure
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.errors import NsToolsError, Refused, TimedOut
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.builders import Thing, configmap, deployment, plan, pod_metrics, resource
from tests.deletion.world import World, rule


def labels(items: Sequence[Item]) -> list[str]:
    return [item.label for item in items]


class Operated:
    """A real namespace with Widgets."""

    def __init__(self, connection: Connection, world: World) -> None:
        self.connection = connection
        self.world = world
        self.group = world.custom_kind("Widget")

    def widget(self, name: str, **metadata: Any) -> Any:
        return self.world.custom(self.group, "Widget", name, **metadata)

    def path(self, name: str) -> str:
        return f"/apis/{self.group}/v1/namespaces/{self.world.namespace}/widgets/{name}"

    def release(self, name: str) -> None:
        """What the widget's controller does in the end."""
        patch = {"metadata": {"finalizers": None}}
        self.world.api.call("PATCH", self.path(name), patch, "application/merge-patch+json")

    def find(self) -> CustomResources:
        return find_custom(self.connection, preview(self.connection, self.world.namespace, context="test"))

    def delete(self, custom: CustomResources, *, timeout: float = 30) -> list[Departure]:
        return list(delete_custom(self.connection, custom, timeout=timeout, interval=0.1))


@pytest.fixture
def operated(connection: Connection, world: World) -> Operated:
    return Operated(connection, world)


@pytest.mark.integration
def test_custom_resources_are_those_with_a_definition(operated: Operated) -> None:
    operated.widget("one")
    operated.world.configmap("settings")
    operated.world.allow("somebody", [rule("", "configmaps", "get")])  # of a group with a dot
    custom = operated.find()
    assert labels(custom.items) == labels(custom.requested) == [f"widget.{operated.group}/one"]
    assert not custom.assumed
    assert [count.number for count in custom.counts] == [1]


@pytest.mark.integration
def test_one_that_is_owned_by_another_is_not_asked_for(operated: Operated) -> None:
    parent = operated.widget("parent")["metadata"]
    reference = {"apiVersion": f"{operated.group}/v1", "kind": "Widget", "name": "parent"}
    operated.widget("child", ownerReferences=[{**reference, "uid": parent["uid"]}])
    custom = operated.find()
    assert [item.name for item in custom.items] == ["child", "parent"]
    assert [item.name for item in custom.requested] == ["parent"]


@pytest.mark.integration
def test_they_go_and_nothing_else(operated: Operated) -> None:
    operated.widget("one")
    operated.widget("two")
    operated.world.configmap("settings")
    assert operated.delete(operated.find())[-1].ended
    assert not operated.world.api.exists(operated.path("one"))
    assert not operated.world.api.exists(operated.path("two"))
    assert operated.world.is_deleted("ConfigMap", "settings") is False
    assert not operated.world.is_terminating()


@pytest.mark.integration
def test_their_controller_is_waited_for(operated: Operated) -> None:
    operated.widget("held", finalizers=[f"{operated.group}/cleanup"])
    departures = delete_custom(operated.connection, operated.find(), timeout=30, interval=0.1)
    (left,) = next(departures).remaining
    assert left.deleted
    assert left.finalizers == (f"{operated.group}/cleanup",)
    operated.release("held")
    assert list(departures)[-1].ended


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_without_their_controller_the_time_runs_out_and_nothing_else_goes(operated: Operated) -> None:
    operated.widget("held", finalizers=[f"{operated.group}/cleanup"])
    operated.world.configmap("settings")
    with pytest.raises(TimedOut) as late:
        operated.delete(operated.find(), timeout=3)
    assert "not all custom resources are gone, and nothing else was deleted: " in late.value.message
    assert f"/held waits for the finalizer {operated.group}/cleanup to be removed" in late.value.message
    assert late.value.hint.startswith(f"kubectl get widget.{operated.group}/held -n ")
    assert operated.world.is_deleted("ConfigMap", "settings") is False


@pytest.mark.integration
def test_one_that_was_made_anew_is_left_alone(operated: Operated) -> None:
    operated.widget("one")
    custom = operated.find()
    operated.world.api.call("DELETE", operated.path("one"))
    wait_until(lambda: not operated.world.api.exists(operated.path("one")))
    new = operated.widget("one")["metadata"]["uid"]
    with pytest.raises(Refused, match="not all custom resources were deleted, so nothing else is") as refused:
        operated.delete(custom)
    assert "made again since the preview" in refused.value.problems[0]
    assert operated.world.api.get(operated.path("one"))["metadata"]["uid"] == new


@pytest.mark.integration
def test_a_dry_run_deletes_nothing(operated: Operated) -> None:
    operated.widget("one")
    rehearse_custom(operated.connection, operated.find())
    assert operated.world.api.exists(operated.path("one"))


@pytest.mark.integration
def test_without_rights_on_definitions_the_groups_decide(
    controlplane: ControlPlane, operated: Operated
) -> None:
    user = f"user-{operated.world.namespace}"
    operated.world.allow(user, [rule("*", "*", "get", "list")])
    operated.widget("one")
    whole = preview(operated.connection, operated.world.namespace, context="test")
    theirs = connect(controlplane.kubeconfig_dict(user))
    custom = find_custom(theirs, whole)
    assert labels(custom.items) == [f"widget.{operated.group}/one"]
    assert custom.assumed
    with pytest.raises(NsToolsError, match="not all custom resources would be deleted") as forbidden:
        rehearse_custom(theirs, custom)
    assert "cannot delete resource" in forbidden.value.problems[0]
    with pytest.raises(NsToolsError, match="so nothing else is"):
        list(delete_custom(theirs, custom))
    assert operated.world.api.exists(operated.path("one"))


def test_groups_of_kubernetes_itself_are_not_custom(mocker: MockerFixture) -> None:
    mocker.patch(
        "kubectl_ns_tools.deletion.measures.custom_first.list_metadata",
        side_effect=ApiForbidden("no", status=403),
    )
    there = [
        configmap("a"),
        deployment("web"),
        pod_metrics("web"),
        Thing(resource("roles.rbac.authorization.k8s.io", "Role"), "r"),
        Thing(resource("endpointslices.discovery.k8s.io", "EndpointSlice"), "e"),
        Thing(resource("gateways.gateway.networking.k8s.io", "Gateway"), "g"),
        Thing(resource("volumesnapshots.snapshot.storage.k8s.io", "VolumeSnapshot"), "v"),
        Thing(resource("widgets.example.com", "Widget"), "w"),
    ]
    hidden = Gap("gadgets.example.com", Reason.FORBIDDEN, "no")
    gaps = (Gap("secrets", Reason.FORBIDDEN, "no"), Gap("deployments.apps", Reason.FAILED, "ill"), hidden)
    custom = find_custom(mocker.Mock(), plan(*there, gaps=gaps))
    assert [item.name for item in custom.items] == ["g", "v", "w"]
    assert custom.unseen == (hidden,)


def test_a_namespace_that_is_going_already_is_refused(mocker: MockerFixture) -> None:
    with pytest.raises(Refused, match="--custom-resources-first comes too late"):
        find_custom(mocker.Mock(), plan(terminating_since="2026-05-17T12:00:00Z"))


def test_credentials_that_are_not_accepted_are_told(mocker: MockerFixture) -> None:
    mocker.patch(
        "kubectl_ns_tools.deletion.measures.custom_first.list_metadata",
        side_effect=ApiUnauthorized("who", status=401),
    )
    with pytest.raises(ApiUnauthorized):
        find_custom(mocker.Mock(), plan())
