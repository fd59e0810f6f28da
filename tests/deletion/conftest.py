"""A namespace to fill, and a cluster of its own for what would disturb all other tests."""

from collections.abc import Iterator

import pytest
from pytest_mock import MockerFixture

from tests.controlplane.build import assets
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.haste import without_haste
from tests.deletion.world import World

BROKEN_GROUP = "broken.example.com/v1"


@pytest.fixture
def world(controlplane: ControlPlane, namespace: str) -> Iterator[World]:
    with World.of(controlplane.api, namespace) as made:
        yield made


@pytest.fixture
def patient(mocker: MockerFixture) -> None:
    """See without_haste."""
    without_haste(mocker)


@pytest.fixture(scope="session")
def broken_controlplane(
    controlplane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ControlPlane]:
    """One with an API group whose server is not there, which holds every deletion of a namespace.

    `controlplane` only stands for the programs' having been built.
    """
    with ControlPlane.start(tmp_path_factory.mktemp("broken"), assets()) as own:
        break_group(own)
        yield own


def break_group(controlplane: ControlPlane) -> None:
    group, _, version = BROKEN_GROUP.partition("/")
    service = {"namespace": "default", "name": "nobody"}
    spec = {"group": group, "version": version, "groupPriorityMinimum": 1, "versionPriority": 1}
    controlplane.api.create(
        "/apis/apiregistration.k8s.io/v1/apiservices",
        {
            "metadata": {"name": f"{version}.{group}"},
            "spec": {**spec, "service": service, "insecureSkipTLSVerify": True},
        },
    )
    wait_until(lambda: controlplane.api.call("GET", f"/apis/{BROKEN_GROUP}")[0] == 503)
    wait_until(lambda: controlplane.api.is_stale(group))
