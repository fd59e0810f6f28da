"""A private folder for the kubeconfigs of one shell or run: mode 0700, its name says nothing.

Whoever uses the folder holds a lock in it (flock), which the programs that are started with it inherit. So a
folder that nobody holds was left behind, by a kill or a crash, and is swept by the next start; and one
whose owner was killed stays as long as its shell, or something that was started there, goes on.
It is not under $XDG_RUNTIME_DIR: the system empties that at logout, also below a shell in a terminal
multiplexer, where kubectl would then silently turn to the context of the user's own files.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

_LOCK = "lock"
_UNFINISHED = "new-"
_STALE_SECONDS = 3600.0
_MOMENT = 0.25  # seconds; for what ends with the shell, but a little later
_FIRST_DESCRIPTOR = 20  # scripts use the small numbers for themselves: exec 3>file


class PrivateFolder:
    """path: the folder. descriptor: what children must inherit to hold it."""

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    @contextlib.contextmanager
    def let_go(self) -> Iterator[bool]:
        """Give up our hold; whether nobody else has the folder, so that it may be removed in the block."""
        os.close(self.descriptor)
        with _held(self.path, _MOMENT) as mine:
            yield mine is not False

    def write(self, name: str, data: bytes) -> str:
        """A new file of mode 0600 in the folder; its path."""
        path = os.path.join(self.path, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        return path


def make_private_folder(base: str) -> PrivateFolder:
    """A new folder in `base`, which is made too. Raises OSError.

    It gets its name only once it is held, so that a sweep at the same time does not take it for abandoned.
    """
    os.makedirs(base, mode=0o700, exist_ok=True)
    name = os.urandom(6).hex()
    unfinished, path = os.path.join(base, _UNFINISHED + name), os.path.join(base, name)
    os.mkdir(unfinished, 0o700)
    descriptor = os.open(os.path.join(unfinished, _LOCK), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    _locked(descriptor)  # where the file system has no locks, nobody can hold it, and nobody sweeps it
    os.rename(unfinished, path)
    return PrivateFolder(path, _moved_up(descriptor))


def abandoned_folders(base: str) -> Iterator[str]:
    """The folders in `base` that nobody holds; held by us while the caller has one in hand."""
    for path in _folders(base):
        if not os.path.basename(path).startswith(_UNFINISHED):
            with _held(path) as mine:
                if mine:
                    yield path
        elif _age(path) > _STALE_SECONDS:
            yield path


def _folders(base: str) -> list[str]:
    try:
        with os.scandir(base) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:  # none was ever made
        return []


def _age(path: str) -> float:
    try:
        return time.time() - os.stat(path).st_mtime
    except OSError:
        return 0.0


@contextlib.contextmanager
def _held(folder: str, patience: float = 0.0) -> Iterator[bool | None]:
    """Hold a folder if nobody else does; whether we do, None where the file system cannot tell.

    patience: how many seconds to wait for the others.
    """
    try:
        descriptor = os.open(os.path.join(folder, _LOCK), os.O_RDWR)
    except FileNotFoundError:  # half removed
        yield True
        return
    except OSError:  # another user's, by sudo
        yield None
        return
    try:
        yield _locked(descriptor, patience)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, patience: float = 0.0) -> bool | None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        except OSError:
            return None
        else:
            return True


def _moved_up(descriptor: int) -> int:
    try:
        higher = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_DESCRIPTOR)
    except OSError:  # so few descriptors are allowed here
        return descriptor
    os.close(descriptor)
    return higher
