"""The demo shows each command and its real output, and stops at what goes wrong."""

import os
from pathlib import Path

import pytest

from tests.controlplane.demo import DemoFailure, walk
from tests.e2e.tour import STEPS, Command, Step


def step(*commands: Command, number: int = 7) -> Step:
    return Step(number, "do it", commands)


def test_each_command_is_echoed_before_its_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    walk([step(Command("echo one > file"), Command("cat file -", stdin="two\n"))], tmp_path, os.environ)
    assert capfd.readouterr().out == (
        "\n7. do it\n$ echo one > file\n$ cat file - <<'EOF'\ntwo\nEOF\none\ntwo\n"
    )


def test_a_failure_that_should_not_be_ends_the_demo(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DemoFailure, match=r"step 7 ended with 3 instead of 0: exit 3"):
        walk([step(Command("exit 3"), Command("echo unreachable"))], tmp_path, os.environ)
    assert "unreachable" not in capfd.readouterr().out


def test_a_failure_inside_a_pipe_counts(tmp_path: Path) -> None:
    with pytest.raises(DemoFailure):
        walk([step(Command("false | cat"))], tmp_path, os.environ)


def test_a_failure_that_should_be_is_part_of_the_show(tmp_path: Path) -> None:
    walk([step(Command("exit 3", exit_code=3))], tmp_path, os.environ)


def test_a_success_that_should_fail_ends_the_demo(tmp_path: Path) -> None:
    with pytest.raises(DemoFailure, match="ended with 0 instead of 4"):
        walk([step(Command("true", exit_code=4))], tmp_path, os.environ)


def test_the_tour_s_steps_come_in_order() -> None:
    numbers = [step.number for step in STEPS]
    assert numbers == sorted(set(numbers))
