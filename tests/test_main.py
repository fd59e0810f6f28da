"""The one error boundary: every failure is text on stderr and a documented exit code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kubectl_ns_tools import errors, main
from kubectl_ns_tools.errors import ExitCode

ROOT = Path(__file__).parents[1]

FAILURES = {
    ExitCode.FAILED: errors.NsToolsError("it failed"),
    ExitCode.NOT_FOUND: errors.NotFound("nowhere"),
    ExitCode.REFUSED: errors.Refused("no", "do it right", ["f:1: a", "f:2: b"]),
    ExitCode.UNREACHABLE: errors.Unreachable("Unable to connect to the server: x"),
    ExitCode.TIMEOUT: errors.TimedOut("too slow"),
    ExitCode.LOCKED: errors.Locked("held"),
    ExitCode.INTERRUPTED: errors.Interrupted("stopped"),
    ExitCode.USAGE: click.UsageError("no such flag"),
}


@pytest.fixture
def run_raising(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def run(failure: BaseException, *arguments: str) -> tuple[int, str]:
        @click.command()
        @click.option("--debug", is_flag=True)
        def command(debug: bool) -> None:
            raise failure

        monkeypatch.setattr("kubectl_ns_tools.commands.ctx_current.command", command)
        code = main.run("ctx-current", arguments)
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize("code", FAILURES, ids=lambda code: code.name)
def test_each_failure_has_its_exit_code(code: ExitCode, run_raising) -> None:
    got, text = run_raising(FAILURES[code])
    assert got == code
    assert "Traceback" not in text


def test_every_exit_code_is_tested_and_documented() -> None:
    assert set(FAILURES) | {ExitCode.OK} == set(ExitCode)
    text = (ROOT / "docs" / "exit-codes.md").read_text()
    documented = re.findall(r"^\| (\d+) \| (.*) \|$", text, re.MULTILINE)
    assert documented == [(f"{code:d}", code.meaning) for code in ExitCode]


def test_the_text_has_message_problems_and_next_step(run_raising) -> None:
    assert run_raising(FAILURES[ExitCode.REFUSED])[1] == "error: no\n  f:1: a\n  f:2: b\nhint: do it right\n"


def test_kubectls_own_lines_stay_as_they_are(run_raising) -> None:
    assert run_raising(FAILURES[ExitCode.UNREACHABLE])[1] == "Unable to connect to the server: x\n"


def test_other_peoples_text_cannot_steer_the_terminal(run_raising) -> None:
    assert run_raising(errors.NotFound("a\x1b[2Jb"))[1] == "error: a\\x1b[2Jb\n"


def test_a_bug_is_said_to_be_one_without_a_traceback(run_raising) -> None:
    code, text = run_raising(ZeroDivisionError("division by zero"))
    assert code == ExitCode.FAILED
    assert text.startswith("error: unexpected ZeroDivisionError: division by zero\nhint: this is a bug")


def test_debug_shows_where_it_came_from(run_raising) -> None:
    assert "Traceback" in run_raising(ZeroDivisionError("x"), "--debug")[1]
    assert "Traceback" in run_raising(errors.NotFound("x"), "--debug")[1]


def test_ctrl_c_is_130(run_raising) -> None:
    for failure in (KeyboardInterrupt(), click.Abort()):
        code, text = run_raising(failure)
        assert (code, text.strip()) == (ExitCode.INTERRUPTED, "interrupted")


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    script = f"{sys.executable} {ROOT}/bin/kubectl-ctx_list --help; echo code $? >&2"
    command = ["bash", "-c", f"({script}) | true"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert re.fullmatch(r"code [01]\n", done.stderr)


@pytest.mark.parametrize(
    "failure",
    [ModuleNotFoundError(name="fcntl"), AttributeError("module 'signal' has no attribute 'SIGHUP'")],
    ids=["module", "signal"],
)
def test_what_windows_does_not_have_is_no_bug(
    run_raising, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_raising(ZeroDivisionError())  # all is imported that asks which system this is
    monkeypatch.setattr(os, "name", "nt")
    code, text = run_raising(failure)
    assert code == ExitCode.FAILED
    assert "hint: this needs what Windows does not have" in text


def test_a_missing_dependency_is_named(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise ModuleNotFoundError('No module', name='click')")
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, ROOT / "bin" / "kubectl-ctx_list"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.FAILED
    assert "the Python package 'click' is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_all_that_was_written_arrives_before_the_process_ends(tmp_path: Path) -> None:
    from tests.builders import Kubeconfig

    config = Kubeconfig()
    names = [f"context-{number:04}" for number in range(5000)]
    for name in names:
        config.context(name)
    path = config.write(tmp_path / "config")
    command = [sys.executable, ROOT / "bin" / "kubectl-ctx_list", "-o", "name", "--kubeconfig", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == names


def test_an_executable_ends_with_the_commands_code_even_without_stdout(tmp_path: Path) -> None:
    call = f"exec {sys.executable} {ROOT}/bin/kubectl-ctx_switch nowhere --kubeconfig {tmp_path}/no >&-"
    assert (
        subprocess.run(["sh", "-c", call], capture_output=True, check=False).returncode == ExitCode.NOT_FOUND
    )
