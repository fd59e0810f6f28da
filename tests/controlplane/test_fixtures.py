"""The fixtures keep tests away from the user's own files and from each other."""

import os
from pathlib import Path

import pytest

from tests.controlplane.servers import ControlPlane


def test_home_is_a_scratch_folder(scratch_home: Path, users_environ: dict[str, str]) -> None:
    assert Path.home() == scratch_home
    assert os.environ["HOME"] != users_environ["HOME"]
    assert list(scratch_home.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["KUBECONFIG", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]
)
def test_the_user_s_files_are_out_of_sight(name: str, scratch_home: Path) -> None:
    assert Path(os.environ[name]).is_relative_to(scratch_home)


@pytest.mark.integration
def test_a_test_s_kubeconfig_is_its_own(kubeconfig: Path, controlplane: ControlPlane) -> None:
    before = controlplane.kubeconfig.read_text()
    kubeconfig.write_text("spoilt")
    assert controlplane.kubeconfig.read_text() == before


@pytest.mark.integration
def test_a_namespace_name_is_not_taken(namespace_name: str, controlplane: ControlPlane) -> None:
    assert not controlplane.api.exists(f"/api/v1/namespaces/{namespace_name}")


@pytest.mark.integration
def test_a_namespace_is_ready_for_pods(namespace: str, controlplane: ControlPlane) -> None:
    assert controlplane.api.exists(f"/api/v1/namespaces/{namespace}/serviceaccounts/default")
