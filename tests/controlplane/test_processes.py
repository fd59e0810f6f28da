"""Programs end when they must, and not before."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.controlplane.locks import is_locked
from tests.controlplane.processes import Program, end
from tests.controlplane.waiting import wait_until

TOP = Path(__file__).parents[2]
SLEEPER = """
import signal, sys, time
from pathlib import Path
from tests.controlplane.locks import locked
sys.argv[2:] and signal.signal(signal.SIGTERM, signal.SIG_IGN)
with locked(Path(sys.argv[1])):  # not try_lock: who asks whether it is locked has it for a moment
    print("asleep", flush=True)
    time.sleep(1000)
"""
PARENT = """
import sys, time
from pathlib import Path
from tests.controlplane.processes import Program
Program([sys.executable, "-c", *sys.argv[1:]], Path(sys.argv[2] + ".log"))
time.sleep(1000)
"""


def sleeper(lock: Path, *stubborn: str) -> Program:
    """A program that holds the lock as long as it lives; a stubborn one does not heed SIGTERM."""
    program = Program([sys.executable, "-c", SLEEPER, lock, *stubborn], lock.with_suffix(".log"), cwd=TOP)
    wait_until(lambda: "asleep" in program.tail())
    return program


def test_a_program_is_asked_to_end(tmp_path: Path) -> None:
    program = sleeper(tmp_path / "lock")
    end([program], grace=60)
    assert program.exit_code == -signal.SIGTERM
    assert not is_locked(tmp_path / "lock")


def test_a_stubborn_program_is_killed(tmp_path: Path) -> None:
    program = sleeper(tmp_path / "lock", "stubborn")
    end([program], grace=0.2)
    assert program.wait(60) == -signal.SIGKILL


def test_ending_what_has_ended_does_nothing(tmp_path: Path) -> None:
    program = Program(["/bin/sh", "-c", "echo bye; exit 3"], tmp_path / "log")
    assert program.wait(60) == 3
    end([program, program])
    assert program.exit_code == 3
    assert program.tail() == "bye"


def test_a_program_gets_no_ctrl_c_of_ours(tmp_path: Path) -> None:
    program = Program([sys.executable, "-c", "import os; print(os.getsid(0))"], tmp_path / "log")
    program.wait(60)
    assert int(program.tail()) != os.getsid(0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds a process to its parent")
def test_a_program_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, SLEEPER, str(lock)], cwd=TOP)
    wait_until(lambda: is_locked(lock))
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_locked(lock))
