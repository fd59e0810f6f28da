"""The archives of this checkout, built once per run and shared by all pytest-xdist workers."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.release.sharing import shared
from tests.release.unpacked import Unpacked

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory, users_environ: dict[str, str]) -> Path:
    """The folder of the built archives."""
    return shared(tmp_path_factory, "archives", lambda dist: build_archives(ROOT, dist, users_environ))


def build_archives(checkout: Path, dist: Path, environ: Mapping[str, str], umask: int = -1) -> None:
    """Builds a checkout's archives into the folder."""
    done = subprocess.run(
        [sys.executable, "-m", "release.archives", "--into", dist],
        cwd=checkout,
        env=environ,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def unpacked(archives: Path, tmp_path_factory: pytest.TempPathFactory, kubectl_path: Path) -> Unpacked:
    """Both archives as krew lays them out."""
    return Unpacked.lay(archives, tmp_path_factory.mktemp("krew's root"), kubectl_path)
