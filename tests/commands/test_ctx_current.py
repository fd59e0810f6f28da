from pathlib import Path

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig


def test_the_name_alone_is_printed(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a: b").current("a: b").write(tmp_path / "config")
    assert run("ctx-current", "--kubeconfig", path).stdout == "a: b\n"


def test_none_set_is_an_error_that_says_how_to_choose(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a").write(tmp_path / "config")
    result = run("ctx-current", "--kubeconfig", path, code=ExitCode.NOT_FOUND)
    assert (
        result.stderr == "error: current-context is not set\nhint: choose one with: kubectl ctx-switch NAME\n"
    )
    assert result.stdout == ""


def test_a_missing_file_is_named(tmp_path: Path, run) -> None:
    result = run("ctx-current", "--kubeconfig", tmp_path / "none", code=ExitCode.NOT_FOUND)
    assert result.stderr == f"error: stat {tmp_path / 'none'}: no such file or directory\n"


def test_the_variable_is_honoured(tmp_path: Path, run, monkeypatch) -> None:
    path = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    monkeypatch.setenv("KUBECONFIG", str(path))
    assert run("ctx-current").stdout == "a\n"


def test_the_default_file_is_in_the_home(scratch_home: Path, run, monkeypatch) -> None:
    Kubeconfig().context("h").current("h").write(scratch_home / ".kube" / "config")
    monkeypatch.delenv("KUBECONFIG")
    assert run("ctx-current").stdout == "h\n"
