"""File locks (flock) between processes; the kernel frees them when the holder ends, however it ends."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def try_lock(path: Path) -> IO[str] | None:
    """The open file that holds the lock until it is closed; None when somebody else holds it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock now; a missing file is not locked."""
    if not path.exists():
        return False
    file = try_lock(path)
    if file is not None:
        file.close()
    return file is None


@contextmanager
def locked(
    path: Path, timeout: float = float("inf"), on_wait: Callable[[], None] = lambda: None
) -> Iterator[IO[str]]:
    """Holds the lock; raises TimeoutError when it cannot be had in time.

    on_wait: called once, if the lock is not free at once.
    """
    started = time.monotonic()
    if (file := try_lock(path)) is None:
        on_wait()
    while file is None:
        if time.monotonic() > started + timeout:
            raise TimeoutError(f"{path} is locked by another process")
        time.sleep(0.1)  # not a blocking flock(2): that one hides a Ctrl-C from the interpreter's main thread
        file = try_lock(path)
    with file:
        yield file


def wait_until_free(path: Path) -> None:
    """Returns when nobody holds the lock. Not for a main thread: a Ctrl-C does not get through."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
