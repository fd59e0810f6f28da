"""kubectl's lock on a kubeconfig: a file `<path>.lock` made with O_EXCL.

Source: client-go tools/clientcmd/config.go (lockFile). kubectl fails at once when the lock is there; we
wait a little, and never remove a lock that is not ours.
"""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator

from kubectl_ns_tools.durability import orderly_signals
from kubectl_ns_tools.errors import Locked

WAIT_SECONDS = 5.0
_NO_FILES_HERE = {errno.EACCES, errno.EPERM, errno.EROFS}
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25


@contextlib.contextmanager
def locked(
    path: str, wait: float = WAIT_SECONDS, warn: Callable[[str], None] = lambda words: None
) -> Iterator[None]:
    """Hold the lock of `path`, and that of the file it is a symlink to, for the length of the block.

    wait: seconds until a lock that stays there is an error; warn: is told where no lock can be made, as in
    the folder of a file that alone may be written to.
    Raises Locked with the lock's path and age. SIGTERM and SIGHUP release the lock before they end us.
    """
    held: list[str] = []
    with orderly_signals():
        try:
            for lock in lock_paths(path):
                if _acquire(lock, wait):
                    held.append(lock)
                else:
                    warn(f"{os.path.dirname(lock) or '.'} takes no lock file: {path} is written without one")
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


def _acquire(lock: str, wait: float) -> bool:
    """Make the lock file. False when its folder cannot be written to, so that nobody can lock there.

    Where many write, it may be there each time that we look: only one that stays is an error.
    """
    pause, seen, deadline = _FIRST_PAUSE, None, 0.0
    while True:
        try:
            os.makedirs(os.path.dirname(lock) or ".", mode=0o700, exist_ok=True)
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return True
        except FileExistsError:
            if (holder := _holder(lock)) != seen:
                seen, deadline = holder, time.monotonic() + wait
            if time.monotonic() >= deadline:
                raise _held(lock) from None
        except OSError as error:
            if error.errno in _NO_FILES_HERE:
                return False
            raise Locked(f"cannot lock {lock}: {error.strerror}") from error
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _holder(lock: str) -> tuple[int, int] | None:
    """What tells one taker's lock from another's; None when it is gone."""
    try:
        status = os.lstat(lock)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _held(lock: str) -> Locked:
    try:
        age = f"{max(0, time.time() - os.stat(lock).st_mtime):.0f} s old"
    except OSError:
        age = "gone just now"
    hint = f"another kubectl or plugin is writing; if none is, the lock was left behind: rm {lock}"
    return Locked(f"open {lock}: file exists ({age})", hint)
