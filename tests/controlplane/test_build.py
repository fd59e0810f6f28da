"""The servers are found or built once, and never half."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.controlplane import build, versions
from tests.controlplane.fakes import FakeGo, script
from tests.controlplane.tools import ToolMissing
from tests.controlplane.waiting import wait_until

TOP = Path(__file__).parents[2]
ALL = list(build.PACKAGES.values())


@pytest.fixture
def fake_go(tmp_path: Path) -> FakeGo:
    return FakeGo(tmp_path / "go")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def environ(fake_go: FakeGo, cache: Path) -> dict[str, str]:
    return {"PATH": fake_go.install(), "XDG_CACHE_HOME": str(cache), "GOFLAGS": "-p=1", "GOOS": "plan9"}


def builder(environment: dict[str, str], stderr: IO[str] | int = subprocess.PIPE) -> "subprocess.Popen[str]":
    """The build as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.controlplane.build"],
        cwd=TOP,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def left_in(cache: Path) -> list[str]:
    """What there is of programs, whole or half."""
    return sorted(
        path.name for path in cache.rglob("*") if not path.name.endswith(".lock") and path.is_file()
    )


def test_a_complete_kubebuilder_assets_is_taken_as_it_is(tmp_path: Path) -> None:
    for name in build.PACKAGES:
        script(tmp_path / name)
    assert build.assets({"KUBEBUILDER_ASSETS": str(tmp_path)}) == tmp_path


def test_an_incomplete_kubebuilder_assets_is_an_error_that_says_what_is_missing(tmp_path: Path) -> None:
    script(tmp_path / "kube-apiserver")
    (tmp_path / "etcd").write_text("not executable")
    with pytest.raises(build.BuildFailure, match="has no etcd, no kube-controller-manager;"):
        build.assets({"KUBEBUILDER_ASSETS": str(tmp_path)})


def test_all_three_are_built_once_and_then_found(fake_go: FakeGo, cache: Path) -> None:
    said: list[str] = []
    first = build.assets(environ(fake_go, cache), said.append)
    second = build.assets({"PATH": "", "XDG_CACHE_HOME": str(cache)})
    assert first == second
    assert fake_go.built == ALL
    assert left_in(cache) == sorted(build.PACKAGES)
    assert said[0] == f"building etcd of Kubernetes {versions.kubernetes({})}, 1 of 3, once"


def test_the_cache_is_below_the_home_directory_by_default(tmp_path: Path) -> None:
    folder = build.cached({"HOME": str(tmp_path)})
    assert folder.parent == tmp_path / ".cache" / "kubectl-ns-tools" / "controlplane"
    assert folder.name.startswith(f"{versions.kubernetes({})}-")


def test_other_checksums_are_another_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.cached({"HOME": "/home"})
    newest = versions.module({})
    copy = tmp_path / newest.name
    copy.mkdir()
    for name in ("go.mod", "go.sum"):
        (copy / name).write_text((newest / name).read_text() + "\n")
    monkeypatch.setattr(versions, "MODULES", tmp_path)
    assert build.cached({"HOME": "/home"}) != before


def test_the_release_that_the_environment_names_is_built(fake_go: FakeGo, cache: Path) -> None:
    oldest = versions.minors()[-1]
    folder = build.assets(environ(fake_go, cache) | {"KUBERNETES": oldest}, lambda _: None)
    version = versions.kubernetes({"KUBERNETES": oldest})
    assert folder.name.startswith(f"{version}-")
    assert f"gitVersion=v{version} " in fake_go.calls.read_text()


def test_a_release_that_is_not_there_is_told_in_one_line() -> None:
    _, stderr = (process := builder({"KUBERNETES": "1.9"})).communicate(timeout=20)
    assert process.returncode == 1
    assert stderr == f"error: KUBERNETES=1.9 is none of {', '.join(versions.minors())}\n"


def test_the_user_s_go_settings_stay_save_those_for_another_platform(fake_go: FakeGo, cache: Path) -> None:
    build.assets(environ(fake_go, cache), lambda _: None)
    settings = fake_go.environ.read_text().splitlines()
    assert {"GOFLAGS=-p=1", "CGO_ENABLED=0", "GOTOOLCHAIN=local"} <= set(settings)
    assert not any(line.startswith("GOOS=") for line in settings)


def test_a_failing_build_shows_what_go_said_and_leaves_nothing(fake_go: FakeGo, cache: Path) -> None:
    with pytest.raises(build.BuildFailure, match="no network today"):
        build.assets(environ(fake_go.failing("no network today"), cache), lambda _: None)
    assert left_in(cache) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_an_interrupted_build_leaves_nothing(number: signal.Signals, fake_go: FakeGo, cache: Path) -> None:
    process = builder(environ(fake_go.never_done(), cache))
    wait_until(lambda: left_in(cache) == ["etcd", "etcd.log"])
    process.send_signal(number)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode != 0
    assert "interrupted" in stderr
    assert left_in(cache) == []


def test_what_a_killed_build_left_is_removed_by_the_next_one(fake_go: FakeGo, cache: Path) -> None:
    process = builder(environ(fake_go.never_done(), cache))
    wait_until(lambda: left_in(cache) == ["etcd", "etcd.log"])
    process.kill()
    process.communicate(timeout=20)
    assert not build.cached(environ(fake_go, cache)).exists()
    build.assets(environ(FakeGo(fake_go.bin.parent), cache), lambda _: None)
    assert left_in(cache) == sorted(build.PACKAGES)


def test_parallel_builders_build_once_and_agree(fake_go: FakeGo, cache: Path, tmp_path: Path) -> None:
    environment = environ(fake_go.held(), cache)
    said = tmp_path / "said"
    with said.open("a") as stderr:
        builders = [builder(environment, stderr) for _ in range(2)]
    wait_until(lambda: "another process builds" in said.read_text())
    fake_go.let_go()
    one, other = [process.communicate(timeout=60)[0] for process in builders]
    assert fake_go.built == ALL
    assert one == other != ""


def test_without_any_go_it_says_how_to_get_one(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ToolMissing, match="`make setup`"):
        build.assets({"PATH": "", "XDG_CACHE_HOME": str(cache)}, lambda _: None)
