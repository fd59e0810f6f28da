"""krew is taken from PATH, or built once; a stand-in for `go` builds at once here."""

import subprocess
from pathlib import Path

import pytest

from tests.controlplane.fakes import script
from tests.release.krew import build

BUILDS = ('while [ "$1" != -o ]; do shift; done', 'mkdir "$2"; touch "$2krew" "$2validate-krew-manifest"')


def environ(folder: Path, *after: str) -> dict[str, str]:
    """A user whose `go` does this, and writes down each time it is asked to build."""
    version = '[ "$1" = version ] && echo "go version go1.99.0 linux/amd64" && exit'
    script(folder / "bin" / "go", version, f'echo built >> "{folder}/calls"', *after)
    return {"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder)}


@pytest.mark.parametrize("name", ["krew", "kubectl-krew"])
def test_the_one_on_path_is_taken(tmp_path: Path, name: str) -> None:
    theirs = script(tmp_path / "bin" / name)
    assert build.krew(environ(tmp_path)) == theirs
    assert not (tmp_path / ".cache").exists()


def test_else_it_is_built_once_with_its_checker(tmp_path: Path) -> None:
    user = environ(tmp_path, *BUILDS)
    said: list[str] = []
    folder = build.programs(user, said.append)
    assert (build.krew(user), build.validator(user)) == (folder / "krew", folder / "validate-krew-manifest")
    assert folder.parent == tmp_path / ".cache" / "kubectl-ns-tools" / "krew"
    assert (tmp_path / "calls").read_text() == "built\n"
    assert said == [f"building krew {build.version()}, once"]


def test_a_failing_build_says_what_go_said_and_leaves_nothing(tmp_path: Path) -> None:
    user = environ(tmp_path, *BUILDS, "echo no network today; exit 1")
    with pytest.raises(
        build.BuildFailure, match=f"could not build krew {build.version()}:\nno network today"
    ):
        build.krew(user, lambda _: None)
    assert [path.name for path in build.cached(user).parent.iterdir()] == [f"{build.cached(user).name}.lock"]


def test_it_is_the_pinned_one(tmp_path: Path, users_environ: dict[str, str]) -> None:
    program = build.programs(users_environ) / "krew"
    quiet = {"HOME": str(tmp_path), "KREW_NO_UPGRADE_CHECK": "1"}
    done = subprocess.run([program, "version"], env=quiet, capture_output=True, text=True, check=True)
    assert f"GitTag            {build.version()}\n" in done.stdout
