"""A command on a pseudo-terminal whose screen is read as a person would: as lines of characters, whatever
was sent to draw them."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import pyte

_PATIENCE = 90.0

UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F"
ENTER, ESCAPE, CONTROL_C, CONTROL_N, CONTROL_P = "\r", "\x1b", "\x03", "\x0e", "\x10"


class Screen:
    """A program on a terminal of so many rows and columns. sent: all that it wrote to the terminal."""

    def __init__(
        self,
        program: Path,
        arguments: list[str],
        environ: Mapping[str, str],
        dimensions: tuple[int, int] = (24, 80),
    ) -> None:
        rows, columns = dimensions
        self.child = pexpect.spawn(
            str(program), arguments, env=dict(environ), encoding="utf-8", timeout=_PATIENCE,
            dimensions=dimensions,
        )  # fmt: skip
        self.child.delaybeforesend = None
        self.sent = ""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)

    @property
    def lines(self) -> list[str]:
        """What is on the screen now, without empty lines."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def pointed(self) -> str:
        """The line that the picker points at, "" for none."""
        return next((line[2:] for line in self.lines[1:] if line.startswith("> ")), "")

    def press(self, keys: str) -> "Screen":
        self.child.send(keys)
        return self

    def resize(self, rows: int, columns: int) -> None:
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def until(self, reached: Callable[[], bool]) -> "Screen":
        """Read until something is the case on the screen."""
        end = time.monotonic() + _PATIENCE
        while not reached():
            assert time.monotonic() < end, "not reached; on the screen:\n" + "\n".join(self.lines)
            assert self._read() or reached(), "ended before; on the screen:\n" + "\n".join(self.lines)
        return self

    def settled(self) -> "Screen":
        """Read until nothing more comes for a while."""
        silent = 0
        while silent < 10:
            before = self.sent
            self._read()
            silent = silent + 1 if self.sent == before else 0
        return self

    def shows(self, text: str) -> "Screen":
        """Read until the text is on the screen."""
        return self.until(lambda: any(text in line for line in self.lines))

    def points_at(self, text: str) -> "Screen":
        """Read until the picker points at a line that begins with the text."""
        return self.until(lambda: self.pointed.startswith(text))

    def ended(self) -> int:
        """The exit code, or the signal that ended it, negative."""
        while self._read():
            pass
        self.child.close()
        return self.child.exitstatus if self.child.signalstatus is None else -self.child.signalstatus

    def _read(self) -> bool:
        """Read for a moment; False at the end."""
        try:
            text = self.child.read_nonblocking(size=1 << 16, timeout=0.05)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.sent += text
        self._stream.feed(text)
        return True
