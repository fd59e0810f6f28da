"""The ground on which the families are tested."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.kubeconfig.families.ground", "tests.kubeconfig.families.places")

from tests.kubeconfig.families.ground import Ground  # noqa: E402


@pytest.fixture
def ground(tmp_path: Path, kubectl_path: Path) -> Ground:
    return Ground(tmp_path, kubectl_path)
