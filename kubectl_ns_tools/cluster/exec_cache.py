"""What exec plugins answered, kept on the disk for other commands until it expires.

One file (0600) per plugin, arguments, environment, cluster and user, in a folder (0700) that the caller
names; the file's name is a digest of these. Not kept are a token without expirationTimestamp, and a private
key: a server that does not take a certificate ends the handshake, which is no 401 to mend. The file is its
own lock, so that of many processes one runs the plugin. All of it is a convenience: where the folder cannot
be used, the plugin runs.
"""

import contextlib
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WAIT_SECONDS = 60.0  # for another process to get an answer; it may be asking a person
SWEPT_SECONDS = 86400.0  # files that nobody wrote for so long are removed
# What differs from terminal to terminal, or from command to command, and says nothing of who we are.
VOLATILE = frozenset(
    "_ COLUMNS LINES OLDPWD PWD SHLVL TERM TERM_SESSION_ID ITERM_SESSION_ID WINDOWID TMUX TMUX_PANE STY"
    " WINDOW TTY GPG_TTY SSH_TTY SSH_CLIENT SSH_CONNECTION XDG_SESSION_ID".split()
)


class ExecCache:
    """The kept answer of one plugin. folder: "" keeps nothing; identity: all that the answer depends on
    besides the environment."""

    def __init__(self, folder: str, identity: Sequence[Any]) -> None:
        self._folder = folder
        self._identity = identity

    def read(self) -> dict[str, Any]:
        """The status of the kept answer, which may have expired; {} without one."""
        with self._opened(os.O_RDONLY) as file:
            return {} if file is None else _status_in(file)

    @contextlib.contextmanager
    def held(self, patience: float | None = None) -> Iterator[None]:
        """Keep other processes from running the plugin meanwhile, unless they have waited for long: for
        `patience` seconds, by default for WAIT_SECONDS."""
        with self._opened(os.O_RDWR | os.O_CREAT) as file:
            if file is not None:
                _wait_for_lock(file, WAIT_SECONDS if patience is None else patience)
            yield

    def write(self, status: Mapping[str, Any]) -> None:
        """Keep an answer, if it is of the kind that may be kept."""
        if status.get("clientKeyData") or not status.get("expirationTimestamp"):
            return
        import json

        with self._opened(os.O_WRONLY | os.O_CREAT) as file:
            if file is not None:
                _write(file, json.dumps(status).encode())
                _sweep(self._folder)

    def drop(self) -> None:
        """Forget the answer: the server did not take it."""
        with self._opened(os.O_WRONLY) as file:
            if file is not None:
                _write(file, b"")

    @contextlib.contextmanager
    def _opened(self, flags: int) -> Iterator[int | None]:
        descriptor = self._open(flags) if self._folder else None
        try:
            yield descriptor
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _open(self, flags: int) -> int | None:
        """The file, if it and its folder are ours alone; what is not is removed."""
        path = os.path.join(self._folder, self._name())
        try:
            if flags & os.O_CREAT:
                _make_private(self._folder)
            descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
        except OSError:
            return None
        if _is_private(os.fstat(descriptor)):
            return descriptor
        os.close(descriptor)
        with contextlib.suppress(OSError):
            os.unlink(path)
        return None

    def _name(self) -> str:
        import hashlib
        import json

        environ = {name: value for name, value in os.environ.items() if name not in VOLATILE}
        said = json.dumps([self._identity, environ], sort_keys=True)
        return f"{hashlib.sha256(said.encode()).hexdigest()}.json"


def _make_private(folder: str) -> None:
    os.makedirs(folder, mode=0o700, exist_ok=True)
    status = os.stat(folder)
    if status.st_uid != os.geteuid():
        raise PermissionError(folder)
    if status.st_mode & 0o077:
        os.chmod(folder, 0o700)


def _is_private(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _status_in(file: int) -> dict[str, Any]:
    """What the file holds; {} for half of an answer that is just being written."""
    import json

    try:
        status = json.loads(os.read(file, os.fstat(file).st_size))
    except (ValueError, OSError):
        return {}
    wanted = ("token", "expirationTimestamp")
    return status if isinstance(status, dict) and all(status.get(key) for key in wanted) else {}


def _write(file: int, data: bytes) -> None:
    with contextlib.suppress(OSError):  # a full disk
        os.ftruncate(file, 0)
        os.write(file, data)


def _wait_for_lock(file: int, seconds: float) -> None:
    import fcntl

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:  # a file system without locks
            return
        else:
            return


def _sweep(folder: str) -> None:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if time.time() - entry.stat(follow_symlinks=False).st_mtime > SWEPT_SECONDS:
                os.unlink(entry.path)
