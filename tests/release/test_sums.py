"""SHA256SUMS, as coreutils' own program reads it."""

import subprocess
from pathlib import Path

import pytest

from release import sums


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "b.tar.gz").write_bytes(b"\x00\xff")
    (tmp_path / "a.whl").write_text("a")
    (tmp_path / "folder").mkdir()
    sums.write(tmp_path)
    return tmp_path


def check(dist: Path) -> "subprocess.CompletedProcess[str]":
    command = ["sha256sum", "--strict", "-c", sums.NAME]
    return subprocess.run(command, cwd=dist, capture_output=True, text=True, check=False)


def test_sha256sum_agrees(dist: Path) -> None:
    done = check(dist)
    assert (done.returncode, done.stdout) == (0, "a.whl: OK\nb.tar.gz: OK\n")


def test_sha256sum_finds_what_was_changed(dist: Path) -> None:
    (dist / "a.whl").write_text("b")
    done = check(dist)
    assert (done.returncode, done.stdout) == (1, "a.whl: FAILED\nb.tar.gz: OK\n")


def test_the_list_is_not_in_itself_when_it_is_made_again(dist: Path) -> None:
    before = (dist / sums.NAME).read_bytes()
    sums.write(dist)
    assert (dist / sums.NAME).read_bytes() == before
