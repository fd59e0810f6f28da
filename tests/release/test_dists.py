"""Wheel and sdist: built from the commit alone, and the same to the byte."""

import os
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from kubectl_ns_tools import __version__
from release import checks, dists, sums
from release.errors import CannotRelease
from tests.release.repositories import COMMITTED, checkout, commit, git

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def users_pip(monkeypatch: pytest.MonkeyPatch, users_environ: dict[str, str]) -> None:
    """pip downloads as the user's does, from their index and into their cache."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name)
    for name, value in users_environ.items():
        if name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME") or name.lower().endswith("_proxy"):
            monkeypatch.setenv(name, value)


def built(root: Path, left_over: str) -> dict[str, str]:
    """The digests of what is built of a checkout that also has files that no commit has."""
    (root / "kubectl_ns_tools" / "__pycache__").mkdir()
    (root / "kubectl_ns_tools" / "__pycache__" / "left_over.pyc").write_text(left_over)
    (root / "build" / "lib" / "kubectl_ns_tools").mkdir(parents=True)
    (root / "build" / "lib" / "kubectl_ns_tools" / "left_over.py").write_text(left_over)
    dists.build(root, root / "dist")
    return sums.digests(root / "dist")


def test_the_same_commit_gives_the_same_files(tmp_path: Path) -> None:
    found = built(checkout(tmp_path / "one"), "one")
    before = os.umask(0o077)
    try:
        git(tmp_path, "clone", "--quiet", "one", "other")
        assert built(tmp_path / "other", "other") == found
    finally:
        os.umask(before)
    wheel, sdist = (tmp_path / "one" / "dist" / name for name in found)
    assert wheel.name == f"kubectl_ns_tools-{__version__}-py3-none-any.whl"
    assert sdist.name == f"kubectl_ns_tools-{__version__}.tar.gz"
    with ZipFile(wheel) as files, tarfile.open(sdist) as source:
        assert not [name for name in [*files.namelist(), *source.getnames()] if "left_over" in name]
        assert {(member.uid, member.uname, member.mtime) for member in source} == {(0, "", COMMITTED)}
        [metadata] = [name for name in files.namelist() if name.endswith("/METADATA")]
        assert list(checks.metadata(files.read(metadata))) == []


def test_what_cannot_be_built_is_told(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("raise SystemExit('no way')")
    with pytest.raises(CannotRelease, match=r"(?s)`build` failed:.*no way"):
        dists.build(commit(tmp_path), tmp_path / "dist")
