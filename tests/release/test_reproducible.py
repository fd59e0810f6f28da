"""Who builds a version again gets the same archives."""

import filecmp
import tarfile
from pathlib import Path

import pytest

from tests.release.conftest import build_archives
from tests.release.repositories import checkout

pytestmark = pytest.mark.e2e


def test_another_checkout_gives_the_same_archives(
    archives: Path, users_environ: dict[str, str], tmp_path: Path
) -> None:
    names = sorted(path.name for path in archives.iterdir())
    with tarfile.open(archives / names[0]) as tar:
        seconds = str(tar.getmembers()[0].mtime)
    scratch = tmp_path / "another scratch folder"
    scratch.mkdir()
    environ = {**users_environ, "SOURCE_DATE_EPOCH": seconds, "TMPDIR": str(scratch), "PYTHONHASHSEED": "7"}
    build_archives(checkout(tmp_path / "another checkout"), tmp_path / "dist", environ, umask=0o077)
    assert filecmp.cmpfiles(archives, tmp_path / "dist", names, shallow=False) == (names, [], [])
    assert not list(scratch.iterdir())
