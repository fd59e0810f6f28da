"""`make release`, in a clone elsewhere: what it refuses, what it makes, and that it is the same as here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kubectl_ns_tools import __version__
from kubectl_ns_tools.main import COMMANDS
from release import manifests, rules, sums
from tests.release.krew.user import here
from tests.release.repositories import TOP, checkout, commit, copy, git
from tests.release.sharing import shared

pytestmark = pytest.mark.e2e


def make(root: Path, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """`make release` in that checkout, with what is installed here, by somebody who shares no files."""
    command = [sys.executable, "-m", "release"]
    return subprocess.run(
        command, cwd=root, env=environ, umask=0o077, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, users_environ: dict[str, str]) -> Path:
    """A clone of this checkout in which `make release` has run; `said` beside it has what it printed."""

    def fill(folder: Path) -> None:
        root = checkout(folder / "clone")
        for name in ("dist", "plugins"):
            (root / name).mkdir()
            (root / name / "of-the-last-time.yaml").touch()
        time = git(TOP, "log", "-1", "--format=%ct").strip()  # what archives that are built here bear
        done = make(root, {**users_environ, "SOURCE_DATE_EPOCH": time})
        assert done.returncode == 0, done.stderr
        (folder / "said").write_text(done.stdout)

    return shared(tmp_path_factory, "released", fill) / "clone"


def test_the_target_runs_it() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "-n", "release", "release-check"]
    done = subprocess.run(command, cwd=TOP, env=environ, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[-2:] == [".venv/bin/python -m release", ".venv/bin/python -m release.checks"]


def test_a_dirty_checkout_is_refused_before_anything_is_made(
    tmp_path: Path, users_environ: dict[str, str]
) -> None:
    root = checkout(tmp_path / "clone")
    (root / "bin" / "kubectl-ns_create").write_text("changed")
    (root / "new.py").touch()
    done = make(root, users_environ)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: not committed: bin/kubectl-ns_create, new.py; "
        "to do: commit them, or git stash --include-untracked\n"
    )
    assert not (root / "dist").exists()


@pytest.mark.parametrize("part", ["release", "release.archives", "release.checks", "release.dists"])
def test_without_git_it_is_one_line(part: str, tmp_path: Path, users_environ: dict[str, str]) -> None:
    root = copy(tmp_path / "files")
    into = ["dist"] if part == "release.dists" else []
    done = subprocess.run(
        [sys.executable, "-m", part, *into],
        cwd=root,
        env={**users_environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {root} is no checkout that git can read: fatal: ")
    assert done.stderr.count("\n") == 1
    assert not (root / "dist").exists()


def test_a_version_that_was_released_is_refused(tmp_path: Path, users_environ: dict[str, str]) -> None:
    root = checkout(tmp_path / "clone")
    git(root, "tag", f"v{__version__}")
    (root / "new.py").touch()
    done = make(commit(root), users_environ)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {__version__} was released from ")


def test_all_that_is_published_is_there(released: Path) -> None:
    system, machine = here()
    archives = [f"kubectl-{family}-tools_v{__version__}_{system}_{machine}" for family in ("ctx", "ns")]
    wanted = {f"{archive}{ending}" for archive in archives for ending in (".tar.gz", ".cdx.json")}
    wanted |= {f"kubectl_ns_tools-{__version__}{ending}" for ending in ("-py3-none-any.whl", ".tar.gz")}
    wanted |= {sums.NAME}
    assert {path.name for path in (released / "dist").iterdir()} == wanted
    said = (released.parent / "said").read_text().splitlines()
    assert {Path(line).name for line in said} == wanted


def test_the_checksums_are_right_and_of_everything(released: Path) -> None:
    command = ["sha256sum", "--strict", "-c", sums.NAME]
    done = subprocess.run(command, cwd=released / "dist", capture_output=True, text=True, check=True)
    others = sorted(path.name for path in (released / "dist").iterdir() if path.name != sums.NAME)
    assert done.stdout.splitlines() == [f"{name}: OK" for name in others]


def test_the_manifests_are_of_the_archives_and_keep_krew_s_rules(released: Path) -> None:
    digests = sums.digests(released / "dist")
    plugins = {path.stem: yaml.safe_load(path.read_text()) for path in (released / "plugins").iterdir()}
    assert set(plugins) == set(COMMANDS)
    for name, plugin in plugins.items():
        assert rules.problems(plugin, name) == []
        [platform] = plugin["spec"]["platforms"]
        folder, _, archive = platform["uri"].rpartition("/")
        assert folder == f"{manifests.DOWNLOADS}/v{__version__}"
        assert platform["sha256"] == digests[archive]


def test_archives_of_the_same_sources_are_the_same_wherever_they_were_built(
    released: Path, archives: Path
) -> None:
    """Here and in a clone, one minute and the next, whatever files are made readable: to the byte."""
    before = sums.digests(archives)
    assert len(before) == 2
    assert {
        name: digest for name, digest in sums.digests(released / "dist").items() if name in before
    } == before


def test_what_was_made_makes_nothing_dirty(released: Path) -> None:
    assert git(released, "status", "--porcelain") == "?? plugins/\n"


def test_release_check_finds_nothing_in_this_checkout(released: Path, users_environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "release.checks"]
    done = subprocess.run(
        command, cwd=released, env=users_environ, capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.stdout, done.returncode) == ("", f"{__version__} can be released\n", 0)
