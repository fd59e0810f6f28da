"""Progress on stderr: one line that is rewritten on a terminal, a line per change elsewhere."""

import os
import shutil
import sys
import time
from types import TracebackType

from kubectl_ns_tools.commands.terminal import say
from kubectl_ns_tools.deletion.clock import span

_ERASED = "\r\x1b[K"


class StatusLine:
    """with StatusLine() as line: line.show("3 pods left") shows `[12s] 3 pods left`, erased at the end."""

    def __init__(self) -> None:
        self._rewrites = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._began = time.monotonic()
        self._shown = ""

    def __enter__(self) -> "StatusLine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Make room for a line of something else; the next `show` draws it again."""
        if self._rewrites and self._shown:
            self._write(_ERASED)

    def show(self, text: str) -> None:
        """text: one line, safe to print."""
        line = f"[{span(time.monotonic() - self._began)}] {text}"
        if self._rewrites:
            # A line that wraps could not be erased again.
            room = shutil.get_terminal_size().columns - 1
            self._write(_ERASED + (line if len(line) <= room else line[: room - 1] + "…"))
        elif text != self._shown:
            say(line)
        self._shown = text

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
