"""A program run in the foreground, as if it had been started in our place.

We wait for it, to clean up after it. The terminal's own signals (Ctrl-C, Ctrl-\\) reach it without us and
are its own affair; those that are sent to us are sent on; when it stops we stop, and it goes on with us.
"""

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from kubectl_ns_tools.errors import NotFound, NsToolsError

if TYPE_CHECKING:
    import subprocess

_TERMINALS = (signal.SIGINT, signal.SIGQUIT)
_SENT_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


def run_in_foreground(arguments: Sequence[str], environ: Mapping[str, str], inherited: int) -> int:
    """Run a program to its end: its exit code, or the number of the signal that ended it, negative.

    inherited: a descriptor that it gets besides the standard ones.
    Raises NotFound when there is no such program, NsToolsError when it cannot be started.
    """
    with _signals() as receiver:
        child = _started(arguments, environ, inherited)
        receiver.belong_to(child.pid)
        child.returncode = _waited_for(child.pid)
        return child.returncode


def end_like(code: int) -> int:
    """End this process by the signal that `code` (negative) is for, so that our caller sees what we saw;
    an exit code is given back."""
    if code >= 0:
        return code
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the program's core, if any, is enough
    with contextlib.suppress(OSError, ValueError):  # SIGKILL has no handler
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
    return 128 - code  # one that does not end us, as it is blocked


def _started(
    arguments: Sequence[str], environ: Mapping[str, str], inherited: int
) -> "subprocess.Popen[bytes]":
    import subprocess

    try:
        return subprocess.Popen(arguments, env=environ, pass_fds=(inherited,))
    except FileNotFoundError as error:
        raise NotFound(f"{arguments[0]}: command not found") from error
    except OSError as error:
        raise NsToolsError(f"cannot start {arguments[0]}: {(error.strerror or '').lower()}") from error


class _Receiver:
    """Sends signals on to a process, those from before its start too."""

    def __init__(self) -> None:
        self._process = 0
        self._early: list[int] = []

    def belong_to(self, process: int) -> None:
        self._process = process
        for number in self._early:
            self(number, None)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self._process:
            self._early.append(number)
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, number)


@contextlib.contextmanager
def _signals() -> Iterator[_Receiver]:
    """Handlers, not SIG_IGN, which the program would inherit; what was ignored before stays so."""
    receiver = _Receiver()
    numbers = [
        number for number in (*_TERMINALS, *_SENT_ON) if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {
        number: signal.signal(number, receiver if number in _SENT_ON else _nothing) for number in numbers
    }
    try:
        yield receiver
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing(number: int, frame: FrameType | None) -> None:
    """The terminal has sent the signal to the program too."""


def _waited_for(process: int) -> int:
    """The exit code, or the signal's number, negative."""
    status = None
    while status is None or not (os.WIFEXITED(status) or os.WIFSIGNALED(status)):
        status = _stopped_with(process) if status and os.WIFSTOPPED(status) else _change_of(process)
    return os.waitstatus_to_exitcode(status)


def _stopped_with(process: int) -> int | None:
    """The program was stopped. When the terminal did it, it has stopped us as well, or will. A shell that
    suspends itself is in a group of its own: who started us must see us stop, and gets the terminal.

    The change that has happened to it in the meantime, if any: it may be running again.
    """
    group = os.getpgid(process)
    if group == os.getpgrp():
        return None
    newer = _change_of(process, os.WNOHANG)
    if newer is None:
        os.kill(os.getpid(), signal.SIGSTOP)
        _continue(group)
    return newer


def _change_of(process: int, flags: int = 0) -> int | None:
    """The next change of a process, as its status: stopped, continued or ended. None for none yet."""
    found, status = os.waitpid(process, os.WUNTRACED | os.WCONTINUED | flags)
    return status if found else None


def _continue(group: int) -> None:
    """We were brought back to the foreground: so is the program."""
    with contextlib.suppress(OSError):
        os.tcsetpgrp(0, group)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGCONT)
