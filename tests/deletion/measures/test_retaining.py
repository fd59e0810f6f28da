import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.deletion.execution import delete
from kubectl_ns_tools.deletion.measures import retaining as module
from kubectl_ns_tools.deletion.measures.retaining import RetainPlan, Volume, find_volumes, retain
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import MERGE, Inside
from tests.deletion.world import World, rule


@pytest.fixture
def inside(controlplane: ControlPlane, namespace: str) -> Iterator[Inside]:
    with Inside.of(controlplane.api, namespace) as made:
        yield made


def look(connection: Connection, inside: Inside) -> RetainPlan:
    return find_volumes(connection, preview(connection, inside.namespace, context="test"))


def policy(inside: Inside, volume: str) -> str:
    return str(path_of(inside, volume)["spec"]["persistentVolumeReclaimPolicy"])


def path_of(inside: Inside, volume: str) -> Any:
    return inside.api.get(f"/api/v1/persistentvolumes/{volume}")


def names(volumes: tuple[Volume, ...]) -> list[str]:
    return [volume.name for volume in volumes]


@pytest.mark.integration
def test_volumes_outlive_the_namespace(connection: Connection, inside: Inside) -> None:
    doomed, kept = inside.volume("db", "Delete"), inside.volume("cache", "Retain")
    inside.claim("pending", storage_class="nobody")
    plan = look(connection, inside)
    assert [(each.name, each.claim, each.policy) for each in plan.volumes] == [(doomed, "db", "Delete")]
    assert names(plan.kept) == [kept]
    assert plan.notes == ("claim pending has no volume",)
    retained = retain(connection, plan)
    assert names(retained.volumes) == [doomed]
    delete(connection, preview(connection, inside.namespace, context="test"))
    wait_until(inside.is_gone)
    wait_until(lambda: inside.phase_of_volume(doomed) == "Released")
    assert inside.phase_of_volume(kept) == "Released"


@pytest.mark.integration
def test_the_undo_is_a_command_that_works(
    connection: Connection, inside: Inside, kubectl: Callable[..., object]
) -> None:
    volume = inside.volume("db", "Delete")
    (command,) = retain(connection, look(connection, inside)).undo
    assert policy(inside, volume) == "Retain"
    kubectl(*shlex.split(command)[1:])
    assert policy(inside, volume) == "Delete"


@pytest.mark.integration
def test_a_dry_run_changes_nothing(connection: Connection, inside: Inside) -> None:
    volume = inside.volume("db", "Delete")
    assert retain(connection, look(connection, inside), dry_run=True).volumes == ()
    assert policy(inside, volume) == "Delete"


@pytest.mark.integration
def test_a_volume_that_somebody_else_retained_is_not_undone(connection: Connection, inside: Inside) -> None:
    volume = inside.volume("db", "Delete")
    plan = look(connection, inside)
    change = {"spec": {"persistentVolumeReclaimPolicy": "Retain"}}
    inside.api.call("PATCH", f"/api/v1/persistentvolumes/{volume}", change, MERGE)
    assert retain(connection, plan).undo == ()


@pytest.mark.integration
def test_a_claim_that_names_the_volume_of_another_does_not_touch_it(
    connection: Connection, inside: Inside, controlplane: ControlPlane
) -> None:
    volume = inside.volume("db", "Delete")
    with World.of(controlplane.api, f"{inside.namespace}-2") as other:
        controlplane.create_namespace(other.namespace)
        theirs = Inside(controlplane.api, other.namespace, inside.undo)
        theirs.claim("thief", volumeName=volume)
        plan = look(connection, theirs)
        other.delete_namespace()
    assert plan.volumes == ()
    assert plan.notes == ("claim thief has no volume",)


@pytest.mark.integration
def test_a_claim_that_has_lost_its_volume_has_none(connection: Connection, inside: Inside) -> None:
    path = f"/api/v1/persistentvolumes/{inside.volume('db', 'Delete')}"
    inside.api.call("DELETE", path)
    inside.api.call("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    wait_until(lambda: not inside.api.exists(path))
    assert look(connection, inside) == RetainPlan(inside.namespace, (), notes=("claim db has no volume",))


@pytest.mark.integration
def test_a_volume_that_was_made_anew_stops_everything(connection: Connection, inside: Inside) -> None:
    first, second = inside.volume("a", "Delete"), inside.volume("b", "Delete")
    plan = look(connection, inside)
    path = f"/api/v1/persistentvolumes/{second}"
    again = path_of(inside, second)
    inside.api.call("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    inside.api.call("DELETE", path)
    inside.api.call("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    wait_until(lambda: not inside.api.exists(path))
    again["metadata"] = {"name": second}
    inside.api.create("/api/v1/persistentvolumes", again)
    with pytest.raises(Refused) as stopped:
        retain(connection, plan)
    assert f'volume "{second}" is not retained, so nothing was deleted: ' in stopped.value.message
    assert "it is another volume now" in stopped.value.message
    assert stopped.value.problems == (
        f'volume "{first}" was set to Retain; back to Delete: {plan.volumes[0].undo}',
    )
    assert policy(inside, second) == "Delete"


@pytest.mark.integration
def test_a_volume_that_was_bound_meanwhile_stops_everything(connection: Connection, inside: Inside) -> None:
    first = inside.volume("a", "Delete")
    plan = look(connection, inside)
    late = inside.volume("b", "Delete")
    with pytest.raises(Refused) as stopped:
        retain(connection, plan)
    assert stopped.value.message == (
        f"not all volumes are retained, so nothing was deleted: these are not: {late} (Delete)"
    )
    assert [first in problem for problem in stopped.value.problems] == [True]
    assert policy(inside, late) == "Delete"


@pytest.mark.integration
def test_without_the_right_to_change_volumes_nothing_goes_on(
    controlplane: ControlPlane, connection: Connection, inside: Inside, world: World
) -> None:
    volume = inside.volume("db", "Delete")
    plan = look(connection, inside)
    user = f"user-{inside.namespace}"
    world.allow(user, [rule("", "persistentvolumeclaims", "list")])
    theirs = connect(controlplane.kubeconfig_dict(user))
    with pytest.raises(Refused, match="the volumes cannot be retained, as they cannot be seen") as unseen:
        find_volumes(theirs, preview(connection, inside.namespace, context="test"))
    assert "get and patch on persistentvolumes" in unseen.value.hint
    with pytest.raises(ApiForbidden) as stopped:
        retain(theirs, plan)
    assert "is not retained, so nothing was deleted" in stopped.value.message
    assert stopped.value.problems == ()
    assert policy(inside, volume) == "Delete"


def live(policy: str = "Delete", uid: str = "u1") -> dict[str, Any]:
    return {
        "metadata": {"name": "pv", "uid": uid, "resourceVersion": "1"},
        "spec": {"persistentVolumeReclaimPolicy": policy, "claimRef": {"name": "db", "uid": "c1"}},
    }


PLAN = RetainPlan("blue", (Volume("pv", "u1", "db", "c1", "Delete"),))
CONFLICT = ApiConflict("changed", status=409)
LOST = Unreachable("broken")


class Server:
    """What it answers to one GET, and to one PATCH, after the other; an exception is raised."""

    def __init__(self, mocker: MockerFixture, looks: list[Any], patches: list[Any]) -> None:
        self.request = mocker.Mock(side_effect=patches)
        mocker.patch.object(module, "get_object", side_effect=looks)
        mocker.patch.object(module, "list_objects", return_value=[])

    def retain(self) -> list[str]:
        return names(retain(self, PLAN).volumes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looks", "patches", "changed"),
    [
        ([live(), live()], [CONFLICT, None], ["pv"]),
        ([live(), live("Retain")], [LOST], ["pv"]),
        ([live(), live()], [LOST, None], ["pv"]),
        ([live("Retain")], [], []),
    ],
    ids=[
        "changed meanwhile",
        "carried out, the answer lost",
        "not carried out, the answer lost",
        "by others",
    ],
)
def test_what_may_pass_is_looked_at_again(
    mocker: MockerFixture, looks: list[Any], patches: list[Any], changed: list[str]
) -> None:
    assert Server(mocker, looks, patches).retain() == changed


@pytest.mark.parametrize(
    ("looks", "patches", "error"),
    [
        ([live()] * 3, [CONFLICT] * 3, ApiConflict),
        ([live()] * 3, [LOST] * 3, Unreachable),
        ([live()], [ApiUnauthorized("who", status=401)], ApiUnauthorized),
        ([live(), live(uid="u2")], [CONFLICT], Refused),
        ([ApiError("ill", status=500)], [], ApiError),
    ],
    ids=["conflicts", "no answer", "credentials", "another volume", "server error"],
)
def test_what_does_not_pass_stops_everything(
    mocker: MockerFixture, looks: list[Any], patches: list[Any], error: type[NsToolsError]
) -> None:
    with pytest.raises(error) as stopped:
        Server(mocker, looks, patches).retain()
    assert 'volume "pv" is not retained, so nothing was deleted: ' in stopped.value.message


def test_without_a_second_look_nothing_is_certain(mocker: MockerFixture) -> None:
    server = Server(mocker, [live()], [None])
    mocker.patch.object(module, "list_objects", side_effect=LOST)
    with pytest.raises(Unreachable) as stopped:
        server.retain()
    assert stopped.value.message.startswith("it is not certain that the volumes are retained, so nothing was")
    assert stopped.value.problems == (
        f'volume "pv" was set to Retain; back to Delete: {PLAN.volumes[0].undo}',
    )
