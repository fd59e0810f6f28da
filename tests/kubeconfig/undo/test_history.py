"""What `-` goes back to is remembered per shell and per set of files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import NotFound
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.undo.history import History, shell_id


def history(home: Path, shell: str = "s", *paths: str) -> History:
    return History(Locations(paths or ("/k",)), {"HOME": str(home)}, shell)


def test_names_come_back(tmp_path: Path) -> None:
    history(tmp_path).left_context("a")
    history(tmp_path).left_namespace("a", "n")
    history(tmp_path).left_namespace("b", "m")
    assert history(tmp_path).previous_context() == "a"
    assert history(tmp_path).previous_namespace("a") == "n"
    assert history(tmp_path).previous_namespace("b") == "m"


def test_another_shell_and_another_file_have_their_own(tmp_path: Path) -> None:
    history(tmp_path).left_context("a")
    for other in (history(tmp_path, "other"), history(tmp_path, "s", "/else")):
        with pytest.raises(NotFound, match="no previous context found in this shell"):
            other.previous_context()
        with pytest.raises(NotFound, match="no previous namespace found"):
            other.previous_namespace("a")


def test_the_file_is_private_and_has_no_name_in_its_path(tmp_path: Path) -> None:
    history(tmp_path).left_context("../../x")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent == tmp_path / ".local/state/kubectl-ns-tools/history"


def test_a_spoilt_file_is_no_history(tmp_path: Path) -> None:
    history(tmp_path).left_context("a")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    for text in ("{", "[]", '{"context": 1, "namespaces": 2}'):
        file.write_text(text)
        with pytest.raises(NotFound):
            history(tmp_path).previous_context()
        with pytest.raises(NotFound):
            history(tmp_path).previous_namespace("a")


def test_old_shells_are_forgotten(tmp_path: Path) -> None:
    for number in range(203):
        history(tmp_path, f"shell {number}").left_context("a")
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 200
    assert history(tmp_path, "shell 202").previous_context() == "a"


def test_a_shell_is_a_terminal_session() -> None:
    script = "from kubectl_ns_tools.kubeconfig.undo.history import shell_id; print(shell_id())"
    command = [sys.executable, "-c", script]
    same = subprocess.run(command, capture_output=True, text=True, check=True)
    other = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True)
    assert same.stdout.strip() == shell_id()
    assert other.stdout.strip() != shell_id()
    assert str(os.getsid(0)) in shell_id()
