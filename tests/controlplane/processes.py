"""Programs that run beside us: each in a process group of its own, with a log, and sure to end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_BOUND = Path(__file__).with_name("bound.py")


class Program:
    """A running program. It gets no Ctrl-C of ours, and it does not outlive us (see bound.py)."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Starts the command (its program by absolute path); stdout and stderr go to the log file."""
        self.name = Path(command[0]).name
        self.log = log
        bound = [sys.executable, "-I", "-S", str(_BOUND), str(os.getpid()), *map(str, command)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                bound,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environ,
                cwd=cwd,
                start_new_session=True,
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait(self, timeout: float) -> int | None:
        """The exit code, or None if it still runs after the timeout."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def tail(self, lines: int = 30) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the whole process group; nothing happens when it is already gone."""
        with suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
            os.killpg(self._process.pid, number)


def end(programs: Sequence[Program], grace: float = 5.0) -> None:
    """Ends and reaps them, one after the other; kills what has not ended within the grace time."""
    for program in programs:
        program.send(signal.SIGTERM)
        program.wait(grace)
        program.send(signal.SIGKILL)  # also what a program that did end may have left in its group
        program.wait(grace)
