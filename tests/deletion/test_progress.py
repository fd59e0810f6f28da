import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiError, ApiUnauthorized
from kubectl_ns_tools.deletion import progress as module
from kubectl_ns_tools.deletion.execution import delete
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.deletion.progress import Progress, State, follow
from kubectl_ns_tools.deletion.remaining import Remaining
from kubectl_ns_tools.errors import NsToolsError, TimedOut, Unreachable
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion import builders
from tests.deletion.conftest import BROKEN_GROUP
from tests.deletion.world import World, rule


def deleted(connection: Connection, world: World, *, timeout: float = 60) -> list[Progress]:
    """Deletes the namespace of the world and returns what was seen on the way."""
    plan = preview(connection, world.namespace, context="test")
    delete(connection, plan)
    return list(follow(connection, plan, timeout=timeout))


def time_out(connection: Connection, world: World, when: Callable[[], bool]) -> TimedOut:
    """Deletes the namespace of the world; returns how it is reported when the time is up at that moment."""
    plan = preview(connection, world.namespace, context="test")
    delete(connection, plan)
    wait_until(when)
    with pytest.raises(TimedOut) as error:
        list(follow(connection, plan, timeout=0))
    return error.value


@pytest.mark.integration
def test_a_deletion_is_followed_until_the_namespace_is_gone(connection: Connection, world: World) -> None:
    world.deployment("web", replicas=2)
    seen = deleted(connection, world)
    assert world.is_gone()
    assert seen[-1].state is State.GONE
    first = {count.resource.group_resource: count.number for count in seen[0].remaining.counts}
    assert {"deployments.apps": 1, "pods": 2}.items() <= first.items()
    assert [progress.ended for progress in seen[:-1]] == [False] * (len(seen) - 1)


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_a_finalizer_that_nobody_removes_is_named_when_the_time_is_up(
    connection: Connection, world: World
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    error = time_out(connection, world, lambda: world.is_deleted("ConfigMap", "held"))
    opening = f'timed out: namespace "{world.namespace}" is not gone after'
    assert re.match(rf"{opening} \d+s, the deletion goes on in the server: ", error.message)
    assert "configmap/held waits for the finalizer example.com/hold to be removed" in error.message
    assert error.hint.startswith("kubectl get configmap/held")


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_a_pod_that_no_node_ends_is_named_when_the_time_is_up(connection: Connection, world: World) -> None:
    world.bound_pod("lost", grace=1)
    world.configmap("later")
    error = time_out(connection, world, lambda: world.is_deleted("Pod", "lost", seconds_ago=1))
    assert re.search(r"pod/lost should have ended \d+s ago", error.message)
    assert "pods go first, nothing else is deleted before" in error.message


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_a_webhook_in_the_way_is_named_when_the_time_is_up(connection: Connection, world: World) -> None:
    world.configmap("a")
    name = world.webhook_that_never_answers()
    error = time_out(connection, world, lambda: world.controller_complains(name))
    assert f'the admission webhook "{name}" keeps content from being deleted: ' in error.message
    assert 'service "nobody" not found' in error.message


@pytest.mark.integration
@pytest.mark.usefixtures("patient")
def test_a_broken_api_group_is_named_when_the_time_is_up(broken_controlplane: ControlPlane) -> None:
    broken_controlplane.create_namespace("held-by-a-group")
    connection = connect(broken_controlplane.kubeconfig_dict())
    world = World(broken_controlplane.api, "held-by-a-group")
    error = time_out(connection, world, world.controller_complains)
    assert f"cannot say which kinds {BROKEN_GROUP} has" in error.message
    assert "kubectl get apiservice/v1.broken.example.com" in error.hint


@pytest.mark.integration
def test_a_namespace_that_was_re_created_meanwhile_is_another_one(
    connection: Connection, world: World
) -> None:
    plan = preview(connection, world.namespace, context="test")
    world.delete_namespace()
    wait_until(world.is_gone)
    world.api.create("/api/v1/namespaces", {"metadata": {"name": world.namespace}})
    assert [progress.state for progress in follow(connection, plan)] == [State.RECREATED]


@pytest.mark.integration
def test_rights_that_go_with_the_namespace_are_told(
    controlplane: ControlPlane, connection: Connection, world: World
) -> None:
    user = f"user-{world.namespace}"
    world.configmap("held", finalizers=["example.com/hold"])
    world.allow(user, [rule("", "namespaces", "get", "delete", "watch"), rule("*", "*", "list")])
    with pytest.raises(NsToolsError, match="your rights went with its role bindings"):
        deleted(connect(controlplane.kubeconfig_dict(user)), world)


class Looks:
    """A server, and what it answers to one look after the other; an exception is raised."""

    def __init__(self, mocker: MockerFixture, *answers: dict[str, Any] | Exception) -> None:
        self._answers = list(answers)
        self.timeouts: list[float | None] = []
        mocker.patch.object(module.Counter, "count", return_value=Remaining())
        mocker.patch.object(module, "watch_object", self._watch)

    def follow(self, timeout: float | None = 5) -> Iterator[Progress]:
        return follow(self, builders.plan(), timeout=timeout, interval=0.01)  # type: ignore[arg-type]

    def get(self, path: str, *, timeout: float | None = None) -> dict[str, Any]:
        assert path == "/api/v1/namespaces/blue"
        self.timeouts.append(timeout)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @staticmethod
    def _watch(*_: object, deadline: float, **__: object) -> Iterator[Any]:
        time.sleep(max(0.0, deadline - time.monotonic()))
        return iter(())


GOING = builders.terminating().object
GONE = module.ApiNotFound("gone", status=404)


def test_a_server_out_of_reach_is_waited_for(mocker: MockerFixture) -> None:
    looks = Looks(mocker, GOING, Unreachable("no route"), ApiError("ill", status=503), GOING, GONE)
    states = [progress.state for progress in looks.follow()]
    lost = State.OUT_OF_SIGHT
    assert states == [State.GOING, lost, lost, State.GOING, State.GONE]


def test_a_server_out_of_reach_for_too_long_is_an_error(mocker: MockerFixture) -> None:
    mocker.patch.object(module, "PATIENCE", 0.0)
    looks = Looks(mocker, GOING, Unreachable("no route"))
    with pytest.raises(Unreachable, match="no route"):
        list(looks.follow())


def test_a_server_that_is_silent_at_the_end_is_the_reason(mocker: MockerFixture) -> None:
    with pytest.raises(TimedOut, match=r"goes on in the server: no route$"):
        list(Looks(mocker, Unreachable("no route")).follow(timeout=0))


@pytest.mark.parametrize(
    ("timeout", "limit"), [(50, 50), (0, 1), (600, None), (None, None)], ids=["near", "over", "far", "never"]
)
def test_a_silent_server_cannot_keep_us_beyond_the_deadline(
    mocker: MockerFixture, timeout: float | None, limit: float | None
) -> None:
    looks = Looks(mocker, GONE)
    list(looks.follow(timeout=timeout))
    (found,) = looks.timeouts
    if limit is None:
        assert found is None
    else:
        assert found is not None
        assert max(limit - 10, 1) <= found <= limit


@pytest.mark.parametrize(
    "error", [ApiUnauthorized("who", status=401), ApiError("odd", status=400)], ids=["401", "400"]
)
def test_an_answer_that_is_an_error_is_one(mocker: MockerFixture, error: ApiError) -> None:
    with pytest.raises(type(error)):
        list(Looks(mocker, error).follow())


def test_a_watch_that_fails_only_costs_the_wait(mocker: MockerFixture) -> None:
    looks = Looks(mocker, GOING, GONE)
    mocker.patch.object(module, "watch_object", side_effect=Unreachable("no watch"))
    assert [progress.state for progress in looks.follow()] == [State.GOING, State.GONE]


def test_the_end_of_the_time_is_told_even_if_its_reason_is_not_known(mocker: MockerFixture) -> None:
    looks = Looks(mocker, GOING, Unreachable("no route"))
    message = r'namespace "blue" is not gone after \d+s, .* in the server$'
    with pytest.raises(TimedOut, match=message) as error:
        list(looks.follow(timeout=0))
    assert "kubectl ns-status blue" in error.value.hint
