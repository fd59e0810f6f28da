"""A command on a pseudo-terminal, typed at as a person would; what it runs answers through files, as a
terminal's own output is full of echo and escape sequences."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect

from tests.controlplane.waiting import wait_until

PROMPT = "READY> "
_PATIENCE = 90.0  # for what takes seconds: a namespace goes after five at the earliest
_PRESSED_AGAIN = 6.0


def interrupt(child: "pexpect.spawn[str]") -> None:
    """Ctrl-C, as often as a person would press it: between showing a question and waiting for the answer is
    a moment in which Python notes a signal and then waits all the same."""
    for _ in range(5):
        child.sendintr()
        end = time.monotonic() + _PRESSED_AGAIN
        while child.isalive() and time.monotonic() < end:
            time.sleep(0.05)
        if not child.isalive():
            return


def put_away(child: "pexpect.spawn[str]") -> None:
    """Close its terminal and end what still runs on it. close() alone fails when a process that it has killed
    is not gone a tenth of a second later, as one that waits for a busy disk is not."""

    def is_gone() -> bool:
        try:
            child.close(force=True)
        except pexpect.ExceptionPexpect:
            return False
        return True

    wait_until(is_gone)


class Terminal:
    """A program on a terminal of its own. folder: where the answers go."""

    def __init__(self, program: Path, arguments: list[str], environ: Mapping[str, str], folder: Path) -> None:
        self.child = pexpect.spawn(
            str(program), arguments, env=dict(environ), encoding="utf-8", timeout=_PATIENCE,
            dimensions=(31, 117),
        )  # fmt: skip
        self.child.delaybeforesend = None
        self._folder = folder
        self._number = 0

    def ready(self) -> "Terminal":
        """Wait for the prompt."""
        self.child.expect_exact(PROMPT)
        return self

    def type(self, line: str) -> None:
        self.child.sendline(line)

    def press(self, key: Callable[[], object]) -> None:
        """A key that a signal comes of, between two silences: with the signal the terminal forgets what was
        typed and not read yet."""
        self._wait_for_silence()
        key()
        self._wait_for_silence()

    def run(self, line: str) -> str:
        """What a line typed at the prompt prints, stderr too."""
        self._number += 1
        output, done = (self._folder / f"{self._number}.{end}" for end in ("out", "done"))
        self.child.sendline(f"{line} >{output} 2>&1; echo >{done}")
        self.until(done.exists)
        return output.read_text().rstrip("\n")

    def until(self, reached: Callable[[], bool]) -> None:
        """Read what the terminal shows until something is the case."""
        end = time.monotonic() + _PATIENCE
        while not reached():
            assert time.monotonic() < end, f"not reached; on the terminal:\n{self.child.before}"
            if not self._read(0.05):
                assert reached(), f"ended before; on the terminal:\n{self.child.before}"

    def until_begun(self, note: Path) -> int:
        """Read until a process has written its number to a file and has the terminal; its number."""
        self.until(lambda: note.exists() and note.read_text().endswith("\n"))
        process = int(note.read_text())
        self.until(lambda: self.has_in_front(process))
        return process

    def has_in_front(self, process: int) -> bool:
        """Whether keys that make signals make them for this process, and it is not stopped."""
        status = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2]
        state, _, group = status.split()[:3]
        return state != "T" and int(group) == os.tcgetpgrp(self.child.child_fd)

    def _wait_for_silence(self) -> None:
        seen = None
        while seen != self.child.before:
            seen = self.child.before
            self._read(0.4)

    def _read(self, seconds: float) -> bool:
        """Read for so long; False at the end."""
        try:
            self.child.expect(pexpect.EOF, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        return False

    def ended(self) -> int:
        """The exit code, or the signal that ended it, negative."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus if self.child.signalstatus is None else -self.child.signalstatus
