import signal
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation.ledger import Ledger, Made
from kubectl_ns_tools.templates.creation.rollback import roll_back
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import RBAC, FaultyConnection

pytestmark = pytest.mark.integration


@pytest.fixture
def made(controlplane: ControlPlane, namespace: str) -> Made:
    """A namespace that an earlier step is said to have created."""
    uid = controlplane.api.get(f"/api/v1/namespaces/{namespace}")["metadata"]["uid"]
    return Made(NAMESPACES, namespace, uid, f"namespace/{namespace}")


def pressing(method: str, times: int) -> Callable[[str, str], bool]:
    """A fault that presses Ctrl-C when the first request of this method is sent."""
    left = [times]

    def fault(asked: str, path: str) -> bool:
        while asked == method and left[0]:
            left[0] -= 1
            signal.raise_signal(signal.SIGINT)
        return False

    return fault


def taken_back(connection: object, made: Made) -> list[str]:
    ledger = Ledger()
    ledger.use(made.reference, made.name)
    ledger.made(made)
    return roll_back(connection, [made.reference], (), ledger, made.name)  # type: ignore[arg-type]


def test_what_is_gone_already_counts_as_deleted(connection: Connection, namespace_name: str) -> None:
    absent = Made(NAMESPACES, namespace_name, "uid", f"namespace/{namespace_name}")
    assert taken_back(connection, absent) == [f"namespace/{namespace_name} deleted again"]


def test_another_object_of_the_same_name_is_left_alone(
    controlplane: ControlPlane, connection: Connection, made: Made
) -> None:
    other = Made(NAMESPACES, made.name, "another-uid", made.reference)
    [told] = taken_back(connection, other)
    assert told.startswith(f"{made.reference} could not be deleted again: Error from server (Conflict): ")
    live = controlplane.api.get(f"/api/v1/namespaces/{made.name}")
    assert "deletionTimestamp" not in live["metadata"]


def test_a_doubled_ctrl_c_does_not_stop_it(connection: Connection, made: Made) -> None:
    pressed = FaultyConnection(connection, pressing("DELETE", 2), after=True)
    with Cancellation().by_signals():
        assert taken_back(pressed, made) == [f"{made.reference} deleted again"]


def test_a_third_one_does(connection: Connection, made: Made) -> None:
    pressed = FaultyConnection(connection, pressing("DELETE", 3), after=True)
    with Cancellation().by_signals():
        assert taken_back(pressed, made) == [f"{made.reference} is perhaps not deleted again: interrupted"]


class TestWhatSeveralNamespacesUse:
    """Cluster-scoped objects, as the creations that go on at the same time see them."""

    @pytest.fixture
    def role(self, controlplane: ControlPlane) -> Iterator[Made]:
        name = f"role-{uuid4().hex[:8]}"
        live = controlplane.api.create(f"{RBAC}/clusterroles", {"metadata": {"name": name}})
        resource = Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", False)
        yield Made(resource, name, live["metadata"]["uid"], f"clusterrole/{name}")
        controlplane.api.call("DELETE", f"{RBAC}/clusterroles/{name}")

    def test_it_goes_with_the_last_of_them(
        self, controlplane: ControlPlane, connection: Connection, role: Made
    ) -> None:
        ledger = Ledger()
        ledger.use(role.reference, "blue")
        ledger.use(role.reference, "red")
        ledger.made(role)
        path = f"{RBAC}/clusterroles/{role.name}"
        assert roll_back(connection, [role.reference], (), ledger, "blue") == [
            f"{role.reference} stays: red has it too"
        ]
        assert controlplane.api.exists(path)
        assert roll_back(connection, [role.reference], [role.reference], ledger, "red") == [
            f"{role.reference} deleted again"
        ]
        assert not controlplane.api.exists(path)

    def test_what_was_there_before_stays(self, connection: Connection, role: Made) -> None:
        ledger = Ledger()
        ledger.use(role.reference, "blue")
        assert roll_back(connection, [role.reference], [role.reference], ledger, "blue") == [
            f"{role.reference} was there before and is not changed back"
        ]
        assert roll_back(connection, [role.reference], (), ledger, "blue") == []
