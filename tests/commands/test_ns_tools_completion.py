"""kubectl ns-tools completion: the scripts, and the completers beside the commands."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kubectl_ns_tools.commands.completion.completers import MARK, completers_missing
from kubectl_ns_tools.main import COMMANDS
from tests.builders import Kubeconfig
from tests.commands.completion.conftest import answer_in
from tests.commands.conftest import BIN, Result, executable

Run = Callable[..., Result]
INSTALLED = ("ctx-switch", "ns-create", "ns-tools")


@pytest.fixture
def krew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bin folder as krew makes it: links to one executable per plugin. Nothing else of ours is on PATH."""
    folder = tmp_path / "krew" / "bin"
    folder.mkdir(parents=True)
    for name in INSTALLED:
        (folder / executable(name).name).symlink_to(executable(name))
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), *_others()]))
    return folder


def _others() -> list[str]:
    folders = os.environ["PATH"].split(os.pathsep)
    return [folder for folder in folders if not list(Path(folder).glob("kubectl*-n[st]_*"))]


def completer(name: str) -> str:
    return executable(name).name.replace("-", "_complete-", 1)


def test_each_command_on_path_gets_its_completer(run: Run, krew: Path, scratch_home: Path) -> None:
    assert completers_missing(COMMANDS, os.environ) == list(INSTALLED)
    result = run("ns-tools", "completion", "install")
    assert result.stdout.splitlines() == [f"{krew / completer(name)} created" for name in INSTALLED]
    assert "kubectl finds the completers of 3 commands." in result.stderr
    assert "source <(kubectl completion bash)" in result.stderr
    assert completers_missing(COMMANDS, os.environ) == []
    Kubeconfig().context("blue").write(scratch_home / ".kube" / "config")
    done = subprocess.run([completer("ctx-switch"), ""], capture_output=True, text=True, check=True)
    assert answer_in(done.stdout).names == ["blue"]


def test_the_real_kubectl_asks_them(run: Run, krew: Path, scratch_home: Path, kubectl_path: Path) -> None:
    run("ns-tools", "completion", "install")
    Kubeconfig().context("blue").context("green").write(scratch_home / ".kube" / "config")
    command = [kubectl_path, "__complete", "ctx-switch", "g"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer_in(done.stdout).names == ["green"]


def test_again_it_does_nothing_and_what_was_changed_is_mended(run: Run, krew: Path) -> None:
    run("ns-tools", "completion", "install")
    (krew / completer("ctx-switch")).chmod(0o644)
    (krew / completer("ns-create")).write_text(f"#!/bin/sh\n{MARK}\nexec older-name\n")
    lines = run("ns-tools", "completion", "install").stdout.splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["created", "created", "unchanged"]
    again = run("ns-tools", "completion", "install").stdout
    assert again.count(" unchanged\n") == 3


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_is_somebody_elses_stays_and_nothing_is_written(
    run: Run, krew: Path, kind: str, tmp_path: Path
) -> None:
    theirs = krew / completer("ns-create")
    if kind == "folder":
        theirs.mkdir()
    elif kind == "link":
        theirs.symlink_to(tmp_path / "nowhere")
    else:
        theirs.write_text("#!/bin/sh\n")
    result = run("ns-tools", "completion", "install", code=4)
    assert f"{theirs} is there and was not written by kubectl-ns-tools" in result.stderr
    assert os.path.lexists(theirs)
    assert not (krew / completer("ctx-switch")).exists()
    assert not (tmp_path / "nowhere").exists()


def test_those_that_pip_installed_are_enough(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(BIN), *_others()]))
    result = run("ns-tools", "completion", "install")
    assert result.stdout == ""
    assert f"kubectl finds the completers of {len(COMMANDS)} commands." in result.stderr


def test_another_folder_may_be_named_and_must_be_on_path(run: Run, krew: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    result = run("ns-tools", "completion", "install", "--dir", folder)
    assert {path.name for path in folder.iterdir()} == {completer(name) for name in INSTALLED}
    assert f"{folder} is not in PATH" in result.stderr
    assert run("ns-tools", "completion", "uninstall").stdout == ""
    assert run("ns-tools", "completion", "uninstall", "--dir", folder).stdout.count(" removed\n") == 3
    assert list(folder.iterdir()) == []


def test_a_folder_that_takes_nothing_is_an_error_with_a_way_out(run: Run, krew: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("ns-tools", "completion", "install", "--dir", tmp_path / "file", code=7)
    assert str(tmp_path / "file") in result.stderr


def test_only_what_was_installed_is_removed(run: Run, krew: Path) -> None:
    run("ns-tools", "completion", "install")
    theirs = krew / completer("ns-create")
    theirs.write_text("#!/bin/sh\n")
    before = {path.name for path in krew.iterdir()}
    assert run("ns-tools", "completion", "uninstall", "--dry-run").stdout.count("removed (dry run)") == 2
    assert {path.name for path in krew.iterdir()} == before
    assert run("ns-tools", "completion", "uninstall").stdout.count(" removed\n") == 2
    assert before - {path.name for path in krew.iterdir()} == {completer("ctx-switch"), completer("ns-tools")}
    assert theirs.exists()
    assert "nothing to remove" in run("ns-tools", "completion", "uninstall").stderr


def test_a_dry_run_writes_nothing(run: Run, krew: Path) -> None:
    before = sorted(krew.iterdir())
    assert run("ns-tools", "completion", "install", "--dry-run").stdout.count("created (dry run)") == 3
    assert sorted(krew.iterdir()) == before


def test_without_any_command_on_path_there_is_nothing_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "none of our commands is on PATH" in run("ns-tools", "completion", "install", code=3).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_names_every_executable(run: Run, shell: str) -> None:
    text = run("ns-tools", "completion", shell).stdout
    assert all(executable(name).name in text for name in COMMANDS)
    assert "COMMANDS" not in text
    assert "install and uninstall" in run("ns-tools", "completion", shell, "--dry-run", code=2).stderr


def test_what_is_neither_a_shell_nor_a_deed(run: Run) -> None:
    assert "tcsh" in run("ns-tools", "completion", "tcsh", code=2).stderr
