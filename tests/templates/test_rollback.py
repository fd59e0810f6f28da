import signal
from collections.abc import Callable

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.templates.rollback import Made, roll_back
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import FaultyConnection

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


def test_what_is_gone_already_counts_as_deleted(connection: Connection, namespace_name: str) -> None:
    absent = Made(NAMESPACES, namespace_name, "uid", f"namespace/{namespace_name}")
    assert roll_back(connection, [absent]) == [f"namespace/{namespace_name} deleted again"]


def test_another_object_of_the_same_name_is_left_alone(
    controlplane: ControlPlane, connection: Connection, made: Made
) -> None:
    other = Made(NAMESPACES, made.name, "another-uid", made.reference)
    [told] = roll_back(connection, [other])
    assert told.startswith(f"{made.reference} could not be deleted again: Error from server (Conflict): ")
    live = controlplane.api.get(f"/api/v1/namespaces/{made.name}")
    assert "deletionTimestamp" not in live["metadata"]


def test_one_ctrl_c_does_not_stop_it(connection: Connection, made: Made) -> None:
    pressed = FaultyConnection(connection, pressing("DELETE", 1), after=True)
    assert roll_back(pressed, [made]) == [f"{made.reference} deleted again"]  # type: ignore[arg-type]


def test_a_second_ctrl_c_does(connection: Connection, made: Made) -> None:
    pressed = FaultyConnection(connection, pressing("DELETE", 2), after=True)
    assert roll_back(pressed, [made]) == [  # type: ignore[arg-type]
        f"{made.reference} is perhaps not deleted again: interrupted"
    ]
