from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import BrokenGroup, Discovery, Resource
from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.cluster.lists import Listing
from kubectl_ns_tools.deletion.inventory import Inventory, Reason, take_inventory
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.ownership import grow
from kubectl_ns_tools.errors import NsToolsError, Unreachable
from tests.controlplane.servers import ControlPlane
from tests.deletion.builders import resource
from tests.deletion.conftest import BROKEN_GROUP
from tests.deletion.world import World, rule

CONFIGMAPS, SECRETS = resource("configmaps", "ConfigMap"), resource("secrets", "Secret")
EVENTS, NEW_EVENTS = resource("events", "Event"), resource("events.events.k8s.io", "Event")
METRICS = resource("pods.metrics.k8s.io", "PodMetrics", deletable=False)
DELETE_ONLY = Resource("x.io", "v1", "keys", "Key", True, frozenset({"create", "delete"}))
CREATE_ONLY = Resource("", "v1", "bindings", "Binding", True, frozenset({"create"}))
CLUSTER_WIDE = Resource("", "v1", "nodes", "Node", False, frozenset({"delete", "list"}))


def obj(name: str, uid: str = "") -> dict[str, Any]:
    return {"metadata": {"name": name, "uid": uid or f"uid-{name}"}}


def found(*names: str, inconsistent: bool = False) -> Listing:
    return Listing([obj(name) for name in names], inconsistent)


def labels(inventory: Inventory) -> list[str]:
    return [item.label for item in inventory.items]


class Lists:
    """What the server answers to lists, by kind; an exception is raised."""

    def __init__(self, mocker: MockerFixture) -> None:
        self._answers: dict[str, Listing | Exception] = {}
        self._broken: tuple[BrokenGroup, ...] = ()
        self._kinds: list[Resource] = []
        mocker.patch("kubectl_ns_tools.deletion.inventory.list_as", self._list)

    def answer(self, kind: Resource, answer: Listing | Exception) -> "Lists":
        self._kinds.append(kind)
        self._answers[kind.group_resource] = answer
        return self

    def take(self, *more_kinds: Resource, broken: Sequence[BrokenGroup] = ()) -> Inventory:
        discovery = Discovery((*self._kinds, *more_kinds), tuple(broken))
        return take_inventory(None, "blue", discovery=discovery)  # type: ignore[arg-type]

    def _list(self, connection: object, kind: Resource, namespace: str, keep: Callable[..., Item]) -> Listing:
        answer = self._answers[kind.group_resource]
        if isinstance(answer, Exception):
            raise answer
        return Listing([keep(obj) for obj in answer], answer.inconsistent)


@pytest.fixture
def lists(mocker: MockerFixture) -> Lists:
    return Lists(mocker)


def test_items_are_sorted_by_kind_and_name(lists: Lists) -> None:
    inventory = lists.answer(SECRETS, found("s")).answer(CONFIGMAPS, found("b", "a")).take()
    assert labels(inventory) == ["configmap/a", "configmap/b", "secret/s"]
    assert (inventory.gaps, inventory.notes) == ((), ())


def test_an_object_served_by_two_groups_is_counted_once_as_core(lists: Lists) -> None:
    inventory = lists.answer(NEW_EVENTS, found("e")).answer(EVENTS, found("e")).take()
    assert labels(inventory) == ["event/e"]


def test_objects_without_uid_are_all_kept(lists: Lists) -> None:
    views = Listing([{"metadata": {"name": name}} for name in ("a", "b")])
    assert len(lists.answer(METRICS, views).take().items) == 2


GAPS = {
    "forbidden": (ApiForbidden("no", status=403), Reason.FORBIDDEN, "no"),
    "server error": (ApiError("ill", status=500), Reason.FAILED, "ill"),
    "changing too fast": (
        found("a", "b", inconsistent=True),
        Reason.INCONSISTENT,
        "they changed while they were listed, 2 is not their exact number",
    ),
    "no answer for this one": (Unreachable("slow"), Reason.FAILED, "slow"),
}


@pytest.mark.parametrize(("answer", "reason", "message"), GAPS.values(), ids=GAPS)
def test_what_was_not_seen_is_named(
    lists: Lists, answer: Listing | Exception, reason: Reason, message: str
) -> None:
    inventory = lists.answer(CONFIGMAPS, found("a")).answer(SECRETS, answer).take()
    assert [(gap.what, gap.reason, gap.message, gap.deletable) for gap in inventory.gaps] == [
        ("secrets", reason, message, True)
    ]


@pytest.mark.parametrize(
    "answer", [ApiNotFound("gone", status=404), ApiError("going", status=405)], ids=["404", "405"]
)
def test_a_kind_that_goes_away_is_empty_and_noted(lists: Lists, answer: ApiError) -> None:
    inventory = lists.answer(CONFIGMAPS, answer).take()
    assert inventory.gaps == ()
    assert inventory.notes == ("configmaps is served no longer: its definition is being removed",)


def test_kinds_with_delete_but_no_list_cannot_be_previewed(lists: Lists) -> None:
    inventory = lists.answer(CONFIGMAPS, found("a")).take(DELETE_ONLY, CREATE_ONLY, CLUSTER_WIDE)
    assert [(gap.what, gap.reason) for gap in inventory.gaps] == [("keys.x.io", Reason.NOT_LISTABLE)]


def test_views_that_cannot_be_listed_are_no_loss(lists: Lists) -> None:
    (gap,) = lists.answer(METRICS, ApiError("ill", status=503)).take().gaps
    assert (gap.what, gap.deletable) == ("pods.metrics.k8s.io", False)


def test_broken_groups_are_named(lists: Lists) -> None:
    (gap,) = lists.answer(CONFIGMAPS, found("a")).take(broken=[BrokenGroup("x.io/v1", "stale")]).gaps
    assert (gap.what, gap.reason, gap.message) == ("x.io/v1", Reason.BROKEN_GROUP, "stale")


@pytest.mark.parametrize(
    ("first", "second"),
    [(Unreachable("down"), Unreachable("down")), (ApiUnauthorized("who", status=401), found("a"))],
    ids=["nothing answers", "credentials not accepted"],
)
def test_what_concerns_all_kinds_is_an_error(
    lists: Lists, first: Exception, second: Listing | Exception
) -> None:
    with pytest.raises(Unreachable):
        lists.answer(CONFIGMAPS, first).answer(SECRETS, second).take()


@pytest.mark.integration
def test_a_deployment_is_found_with_all_that_it_owns(connection: Connection, world: World) -> None:
    world.deployment("web", replicas=3)
    inventory = take_inventory(connection, world.namespace)
    counts = {count.resource.group_resource: count.number for count in inventory.counts()}
    assert {
        "deployments.apps": 1,
        "replicasets.apps": 1,
        "pods": 3,
        "serviceaccounts": 1,
    }.items() <= counts.items()
    forest = grow(inventory.items)
    (web,) = (item for item in forest.roots if item.label == "deployment.apps/web")
    (replicaset,) = forest.children[web.uid]
    assert [item.resource.name for item in forest.children[replicaset.uid]] == ["pods"] * 3


@pytest.mark.integration
def test_custom_resources_are_found(connection: Connection, world: World) -> None:
    group = world.custom_kind("Widget")
    world.custom(group, "Widget", "one", finalizers=[])
    assert f"widget.{group}/one" in labels(take_inventory(connection, world.namespace))


@pytest.mark.integration
def test_lists_of_several_pages_are_complete(connection: Connection, world: World) -> None:
    world.configmaps(520)
    found_names = [
        label for label in labels(take_inventory(connection, world.namespace)) if "/many-" in label
    ]
    assert found_names == [f"configmap/many-{index:04}" for index in range(520)]


@pytest.mark.integration
def test_a_real_event_is_counted_once(connection: Connection, world: World) -> None:
    world.event("e1")
    assert [label for label in labels(take_inventory(connection, world.namespace)) if "event" in label] == [
        "event/e1"
    ]


@pytest.mark.integration
def test_a_user_is_told_what_they_may_not_see(controlplane: ControlPlane, world: World) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "configmaps", "list")])
    world.configmap("a")
    inventory = take_inventory(connect(controlplane.kubeconfig_dict(user)), world.namespace)
    assert "configmap/a" in labels(inventory)
    assert {item.resource.name for item in inventory.items} == {"configmaps"}
    hidden = {gap.what: gap for gap in inventory.gaps}
    assert hidden["secrets"].reason is Reason.FORBIDDEN
    assert "configmaps" not in hidden


@pytest.mark.integration
def test_a_broken_group_does_not_hide_the_others(broken_controlplane: ControlPlane) -> None:
    inventory = take_inventory(connect(broken_controlplane.kubeconfig_dict()), "kube-system")
    assert "serviceaccount/default" in labels(inventory)
    assert [(gap.what, gap.reason) for gap in inventory.gaps] == [(BROKEN_GROUP, Reason.BROKEN_GROUP)]


def test_other_errors_of_ours_are_gaps_too(lists: Lists) -> None:
    (gap,) = lists.answer(CONFIGMAPS, NsToolsError("odd")).take().gaps
    assert (gap.what, gap.reason) == ("configmaps", Reason.FAILED)
