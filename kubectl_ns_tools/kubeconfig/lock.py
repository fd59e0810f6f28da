"""kubectl's lock on a kubeconfig: a file `<path>.lock` made with O_EXCL.

Source: client-go tools/clientcmd/config.go (lockFile). kubectl fails at once when the lock is there; we
wait a little, and never remove a lock that is not ours.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

from kubectl_ns_tools.errors import Interrupted, Locked

WAIT_SECONDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25


@contextlib.contextmanager
def locked(path: str, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of `path`, and that of the file it is a symlink to, for the length of the block.

    wait: seconds until a lock that stays there is an error.
    Raises Locked with the lock's path and age. SIGTERM and SIGHUP release the lock before they end us.
    """
    held: list[str] = []
    with _orderly_signals():
        try:
            for lock in lock_paths(path):
                if _acquire(lock, time.monotonic() + wait):
                    held.append(lock)
            yield
        finally:
            for lock in reversed(held):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(lock)


def lock_paths(path: str) -> list[str]:
    """The lock files for `path`, in the one order that all takers use."""
    return sorted(
        {f"{path}.lock", f"{os.path.realpath(path)}.lock"} if os.path.islink(path) else {f"{path}.lock"}
    )


def _acquire(lock: str, deadline: float) -> bool:
    """Make the lock file. False when its folder cannot be written to, so that nobody can lock there."""
    pause = _FIRST_PAUSE
    while True:
        try:
            os.makedirs(os.path.dirname(lock) or ".", mode=0o700, exist_ok=True)
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return True
        except FileExistsError:
            if time.monotonic() >= deadline:
                raise _held(lock) from None
        except PermissionError:
            return False
        except OSError as error:
            raise Locked(f"cannot lock {lock}: {error.strerror}") from error
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _held(lock: str) -> Locked:
    try:
        age = f"{max(0, time.time() - os.stat(lock).st_mtime):.0f} s old"
    except OSError:
        age = "gone just now"
    hint = f"another kubectl or plugin is writing; if none is, the lock was left behind: rm {lock}"
    return Locked(f"open {lock}: file exists ({age})", hint)


@contextlib.contextmanager
def _orderly_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that `finally` runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted(f"ended by {signal.Signals(number).name}")
