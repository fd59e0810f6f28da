"""What a cluster answered a moment ago, kept for the next Tab: names, mode 0600, under a digest."""

import contextlib
import json
import os
import stat
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.kubeconfig.state import keep_newest
from kubectl_ns_tools.kubeconfig.storage import write_bytes

FRESH_SECONDS = 10.0  # taken without asking
STALE_SECONDS = 86400.0  # taken when the cluster does not answer in time
_MOST_FILES = 200


class Kept(NamedTuple):
    """An answer and its age in seconds."""

    value: Any
    age: float


class Memory:
    """The answer to one question, where there is a place for it. folder: "" for none; question: all that the
    answer depends on, names and addresses and no credentials; a digest of it becomes the file's name."""

    def __init__(self, folder: str, question: Sequence[str]) -> None:
        import hashlib

        digest = hashlib.sha256(json.dumps(question).encode()).hexdigest()
        self._folder = folder
        self._path = os.path.join(folder, f"{digest[:32]}.json") if folder else ""

    def read(self) -> Kept | None:
        """What is kept, None for nothing that is ours and of use."""
        if not self._path:
            return None
        with contextlib.suppress(OSError, ValueError), open(_opened(self._path), "rb") as file:
            status = os.fstat(file.fileno())
            age = time.time() - status.st_mtime
            if _is_private(status) and 0 <= age < STALE_SECONDS:
                return Kept(json.loads(file.read()), age)
        return None

    def write(self, value: Any) -> None:
        """Keep it."""
        if self._path:
            with contextlib.suppress(OSError, NsToolsError):
                write_bytes(self._path, json.dumps(value).encode(), durable=False)
                keep_newest(self._folder, _MOST_FILES)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Until it is over, others that hold it wait: one at a time asks the cluster."""
        with contextlib.ExitStack() as stack:
            if self._path:
                with contextlib.suppress(OSError):
                    stack.callback(os.close, self._locked())
            yield

    def _locked(self) -> int:
        import fcntl

        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return lock


def _opened(path: str) -> int:
    """The file, and nothing that a name in a folder of others may lead to, or wait at."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def _is_private(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
