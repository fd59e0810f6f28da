"""Faults on the wire while single objects are deleted, and during what is done before a deletion: they are
overcome, or stop everything with a word on what was done."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.deletion.measures.custom_first import delete_custom, find_custom
from kubectl_ns_tools.deletion.measures.partial import PartialPlan, delete_items, follow_items, narrowed
from kubectl_ns_tools.deletion.measures.removal import Outcome
from kubectl_ns_tools.deletion.measures.retaining import find_volumes, retain
from kubectl_ns_tools.deletion.measures.scaling import await_pods, find_workloads, scale_down
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.deletion.stuck.finalizing import FinalizePlan, finalize
from kubectl_ns_tools.errors import NsToolsError, TimedOut, Unreachable
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.hazards.inside import MERGE, Inside
from tests.deletion.world import World
from tests.faults import faults
from tests.faults.proxy import ALWAYS, Fault, FaultProxy

pytestmark = pytest.mark.integration
# Seconds for a request: few where a fault uses them up, enough for a machine with much to do elsewhere.
PATIENCE, AMPLE = 3.0, 60.0


@pytest.fixture
def proxy(controlplane: ControlPlane) -> Iterator[FaultProxy]:
    with FaultProxy.before(controlplane) as started:
        yield started


@pytest.fixture
def faulty(request: pytest.FixtureRequest, proxy: FaultProxy) -> Iterator[Connection]:
    patience = PATIENCE if "hanging" in request.node.name else AMPLE
    connection = connect(proxy.config(), request_timeout=patience)
    yield connection
    connection.close()


class Case(NamedTuple):
    """A fault of a write, for how many requests; overcome: whether it comes right all the same."""

    fault: Fault
    times: int = 1
    overcome: bool = True


CASES = {
    "dropped": Case(faults.dropped),
    "dropped each time": Case(faults.dropped, ALWAYS, overcome=False),
    "done, the answer dropped": Case(faults.dropped_after),
    "done, the answer cut": Case(faults.cut),
    "done, the answer hanging": Case(faults.hanging_after),
    "hanging each time": Case(faults.hanging, ALWAYS, overcome=False),
    "429": Case(faults.refused(429, retry_after=0)),
    "500": Case(faults.refused(500), overcome=False),
    "503": Case(faults.refused(503), overcome=False),
}
WRITES = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def part(connection: Connection, namespace: str, *only: str) -> PartialPlan:
    return narrowed(preview(connection, namespace, context="test"), discover(connection), only, ())


@WRITES
def test_a_deletion_of_one_object(
    connection: Connection, faulty: Connection, proxy: FaultProxy, world: World, case: Case
) -> None:
    for name in "ab":
        world.configmap(name)
    found = part(connection, world.namespace, "cm/[ab]")
    proxy.on("DELETE", ".*/configmaps/a", then=case.fault, times=case.times)
    removals = {removal.item.name: removal for removal in delete_items(faulty, found)}
    assert proxy.faults()
    assert removals["a"].done is case.overcome
    exists = {
        name: world.api.exists(f"/api/v1/namespaces/{world.namespace}/configmaps/{name}") for name in "ab"
    }
    assert exists["a"] is not case.overcome
    assert exists["b"] is (removals["b"].outcome is Outcome.FAILED)
    (*_, last) = follow_items(faulty, found, removals=tuple(removals.values()), timeout=90)
    assert last.ended


@pytest.mark.parametrize(
    "fault",
    [faults.dropped, faults.cut, faults.truncated, faults.refused(503), faults.refused(500), faults.hanging],
    ids=lambda fault: fault.__name__,
)
def test_a_look_at_what_is_left(
    connection: Connection, faulty: Connection, proxy: FaultProxy, world: World, fault: Fault
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    found = part(connection, world.namespace, "cm/held")
    delete_items(faulty, found)
    proxy.on("GET", ".*/configmaps", then=fault, times=2)
    looks = follow_items(faulty, found, timeout=90)
    assert next(looks).remaining
    assert proxy.faults()
    path = f"/api/v1/namespaces/{world.namespace}/configmaps/held"
    world.api.call("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    assert list(looks)[-1].ended


def test_a_server_that_hangs_does_not_hold_us_beyond_the_time(
    connection: Connection, proxy: FaultProxy, world: World
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    found = part(connection, world.namespace, "cm/held")
    patient = connect(proxy.config())
    proxy.on("GET", ".*/configmaps", then=faults.hanging, times=ALWAYS)
    with pytest.raises(TimedOut, match="the server has not answered within 1s"):
        list(follow_items(patient, found, timeout=1))
    patient.close()


@WRITES
def test_a_custom_resource_that_goes_first(
    connection: Connection, faulty: Connection, proxy: FaultProxy, world: World, case: Case
) -> None:
    group = world.custom_kind("Widget")
    world.custom(group, "Widget", "one")
    custom = find_custom(connection, preview(connection, world.namespace, context="test"))
    proxy.on("DELETE", ".*/widgets/one", then=case.fault, times=case.times)
    if case.overcome:
        assert list(delete_custom(faulty, custom, timeout=90))[-1].ended
    else:
        with pytest.raises(NsToolsError, match="so nothing else is"):
            list(delete_custom(faulty, custom, timeout=90))
    assert proxy.faults()
    path = f"/apis/{group}/v1/namespaces/{world.namespace}/widgets/one"
    assert world.api.exists(path) is not case.overcome


@WRITES
def test_a_volume_that_is_retained(
    connection: Connection, faulty: Connection, proxy: FaultProxy, world: World, case: Case
) -> None:
    with Inside.of(world.api, world.namespace) as inside:
        names = [inside.volume(claim, "Delete") for claim in ("a", "b")]
        plan = find_volumes(connection, preview(connection, world.namespace, context="test"))
        proxy.on("PATCH", f".*/persistentvolumes/{names[1]}", then=case.fault, times=case.times)
        if case.overcome:
            assert [volume.name for volume in retain(faulty, plan).volumes] == names
        else:
            with pytest.raises(NsToolsError) as stopped:
                retain(faulty, plan)
            assert "is not retained, so nothing was deleted" in stopped.value.message
            assert [names[0] in problem for problem in stopped.value.problems] == [True]
        assert proxy.faults()
        found = [inside.api.get(f"/api/v1/persistentvolumes/{name}") for name in names]
        policies = [volume["spec"]["persistentVolumeReclaimPolicy"] for volume in found]
        assert policies == ["Retain", "Retain" if case.overcome else "Delete"]


def test_volumes_that_cannot_be_looked_at_again(
    connection: Connection, faulty: Connection, proxy: FaultProxy, world: World
) -> None:
    with Inside.of(world.api, world.namespace) as inside:
        inside.volume("a", "Delete")
        plan = find_volumes(connection, preview(connection, world.namespace, context="test"))
        proxy.on("GET", ".*/persistentvolumeclaims", then=faults.dropped, times=ALWAYS)
        with pytest.raises(Unreachable) as stopped:
            retain(faulty, plan)
        assert "it is not certain that the volumes are retained" in stopped.value.message
        assert len(stopped.value.problems) == 1


@WRITES
def test_a_workload_that_is_scaled_down(
    connection: Connection, faulty: Connection, proxy: FaultProxy, world: World, case: Case
) -> None:
    world.deployment("web", replicas=1)
    plan = find_workloads(connection, preview(connection, world.namespace, context="test"))
    proxy.on("PATCH", ".*/deployments/web/scale", then=case.fault, times=case.times)
    if case.overcome:
        assert scale_down(faulty, plan).done == ("deployment.apps/web scaled from 1 to 0",)
        proxy.on("GET", ".*/pods", then=faults.dropped, times=3)
        assert list(await_pods(faulty, plan, timeout=90))[-1].ended
    else:
        with pytest.raises(NsToolsError) as stopped:
            scale_down(faulty, plan)
        assert "is not scaled down, so nothing was deleted" in stopped.value.message
        assert len(world.pods()) == 1
    assert proxy.faults()


FINALIZED = {
    "dropped": Case(faults.dropped, overcome=False),
    "done, the answer dropped": Case(faults.dropped_after),
    "done, the answer hanging": Case(faults.hanging_after),
    "500": Case(faults.refused(500), overcome=False),
}


@pytest.mark.parametrize("case", FINALIZED.values(), ids=FINALIZED)
def test_a_namespace_that_is_finalized(
    faulty: Connection, proxy: FaultProxy, world: World, case: Case
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])  # it leaks, and goes when the test ends
    world.delete_namespace()
    wait_until(world.controller_complains)
    plan = FinalizePlan(world.api.get(f"/api/v1/namespaces/{world.namespace}"))
    proxy.on("PUT", ".*/finalize", then=case.fault)
    if case.overcome:
        finalize(faulty, plan)
    else:
        with pytest.raises(NsToolsError):
            finalize(faulty, plan)
    assert proxy.faults()
    assert world.is_gone() is case.overcome
