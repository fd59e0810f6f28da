"""The installed executables, which must be those of this checkout."""

import filecmp
import sysconfig
from pathlib import Path

import pytest

from tests.controlplane.servers import ControlPlane
from tests.e2e.shell import Shell

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    """Fails when what is installed is not what is in the checkout: these tests would test the past."""
    package = Path(sysconfig.get_path("purelib")) / "kubectl_ns_tools"
    stale = [
        path for path in _files() if not _same(path, package / path.relative_to(ROOT / "kubectl_ns_tools"))
    ]
    assert not stale, f"not installed as it is in the checkout, run `make setup`: {stale[0]}"


def _files() -> list[Path]:
    return [path for path in (ROOT / "kubectl_ns_tools").rglob("*") if path.suffix in (".py", ".yaml")]


def _same(path: Path, installed_path: Path) -> bool:
    return installed_path.exists() and filecmp.cmp(path, installed_path, shallow=False)


@pytest.fixture
def shell(tmp_path: Path, kubeconfig: Path, kubectl_path: Path) -> Shell:
    return Shell.make(tmp_path / "shell", kubeconfig, kubectl_path)


@pytest.fixture
def private_shell(tmp_path: Path, private_controlplane: ControlPlane, kubectl_path: Path) -> Shell:
    """On a cluster of its own: for what shows the namespaces of everybody."""
    return Shell.make(tmp_path / "shell", private_controlplane.kubeconfig, kubectl_path)
