import os
import pty
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kubectl_ns_tools.commands import status_line
from kubectl_ns_tools.commands.status_line import StatusLine


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "time", SimpleNamespace(monotonic=lambda: 1000.0))


def test_elsewhere_each_change_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with StatusLine() as line:
        for text in ("3 left", "3 left", "1 left"):
            line.show(text)
    assert capsys.readouterr() == ("", "[0s] 3 left\n[0s] 1 left\n")


def test_on_a_terminal_one_line_is_rewritten_and_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm")
    screen, keyboard = pty.openpty()
    with os.fdopen(keyboard, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with StatusLine() as line:
            line.show("3 left")
            line.show("a line that is longer than the screen")
        terminal.flush()
        shown = ""
        while not shown.endswith("…\r\x1b[K"):  # it comes in pieces
            shown += os.read(screen, 1000).decode()
    os.close(screen)
    assert shown == "\r\x1b[K[0s] 3 left\r\x1b[K[0s] a line that i…\r\x1b[K"


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with (tmp_path / "log").open("w") as log:
        monkeypatch.setattr(log, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stderr", log)
        with StatusLine() as line:
            line.show("3 left")
    assert (tmp_path / "log").read_text() == "[0s] 3 left\n"
