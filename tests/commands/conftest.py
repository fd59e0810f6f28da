"""Commands run in this process, as main runs them: the exit code and both streams come back."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kubectl_ns_tools.main import run as run_command


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code, stdout and stderr."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """run(name, *arguments, code=0): an exit code other than `code` fails the test."""

    def invoke(name: str, *arguments: object, code: int = 0) -> Result:
        capsys.readouterr()
        got = run_command(name, [str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert got == code, f"{name} {arguments} gave {got}\n{captured.out}{captured.err}"
        return Result(got, captured.out, captured.err)

    return invoke
