"""A cluster for the checks that look beyond the namespace: what they look for would disturb other tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.controlplane.servers import ControlPlane
from tests.deletion.hazards.inside import Inside
from tests.deletion.hazards.surroundings import Surroundings


@pytest.fixture(scope="session")
def hazardous_controlplane(
    binaries: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ControlPlane]:
    with ControlPlane.start(tmp_path_factory.mktemp("hazardous"), binaries) as own:
        yield own


@pytest.fixture
def around(hazardous_controlplane: ControlPlane) -> Iterator[Surroundings]:
    """A namespace and its surroundings, in a cluster that only these tests use."""
    with Surroundings.around(hazardous_controlplane) as made:
        yield made


@pytest.fixture
def inside(controlplane: ControlPlane, namespace: str) -> Iterator[Inside]:
    """A namespace to fill, of the shared cluster, and what its objects need outside of it."""
    with Inside.of(controlplane.api, namespace) as made:
        yield made
