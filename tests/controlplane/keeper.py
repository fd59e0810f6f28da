"""A process of its own that keeps one control plane up, for the many processes that use it.

Whoever needs the cluster first has it started; all others get the same one. It ends when it is told to, or
when the process that owns its folder is gone, even if that one was killed. Test runs (with all their
workers), the demo and the playground use it alike.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.controlplane.build import BuildFailure, assets
from tests.controlplane.locks import is_locked, locked, wait_until_free
from tests.controlplane.servers import ControlPlane, StartFailure
from tests.controlplane.tools import Say, ToolMissing
from tests.controlplane.versions import UnknownRelease
from tests.controlplane.waiting import wait_until

_TOP = Path(__file__).parents[2]
_STOP_PATIENCE = 60.0


class KeeperFailure(Exception):
    """The control plane is not up; the text has the reason, with the servers' logs where they matter."""


class Keeper:
    """The keeper of the control plane in a folder, as its users see it."""

    def __init__(self, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
        """environ: the user's own, where HOME and the like are replaced in ours."""
        self.folder = folder
        self.workdir = folder / "cluster"
        self._environ = dict(environ)
        self._owner = folder / "owner.lock"
        self._process = folder / "keeper.lock"
        self._ready = folder / "ready"
        self._failure = folder / "failure"
        self._progress = folder / "progress.log"

    @property
    def is_running(self) -> bool:
        return is_locked(self._process)

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Makes this process the owner: the control plane ends with the context, or with the process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self._owner):
            try:
                yield
            finally:
                self.stop()

    def cluster(self, detached: bool = False) -> ControlPlane:
        """The running control plane, built and started if need be. Raises KeeperFailure.

        detached: it needs no owner, and runs until `stop`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "starting.lock"):
            if not (self.is_running or self._ready.exists() or self._failure.exists()):
                self._spawn(detached)
            while self.is_running and not self._ready.exists():
                time.sleep(0.1)
        if not (self.is_running and self._ready.exists()):
            raise KeeperFailure(self._reason)
        return ControlPlane(self.workdir)

    @property
    def _reason(self) -> str:
        """Why it is not up: a failure that it foresaw, or the last that it said."""
        known = [path.read_text() for path in (self._failure, self._progress) if path.exists()]
        return next(filter(None, known), "the keeper of the control plane was ended")

    def stop(self) -> None:
        """Ends the control plane, if it is up, and returns when its processes are gone."""
        if self.is_running:
            wait_until(lambda: self._process.read_text() != "")  # it has only just been forked
            os.kill(int(self._process.read_text()), signal.SIGTERM)
            with locked(self._process, _STOP_PATIENCE):
                pass

    @contextmanager
    def progress(self, say: Say) -> Iterator[None]:
        """Passes on what the keeper says while the context lasts: a build takes minutes."""
        done = threading.Event()
        thread = threading.Thread(target=_follow, args=(self._progress, say, done), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _spawn(self, detached: bool) -> None:
        owner = [] if detached else [str(self._owner)]
        command = [sys.executable, "-m", "tests.controlplane.keeper", str(self.folder), *owner]
        subprocess.run(command, cwd=_TOP, env=self._environ, stdin=subprocess.DEVNULL, check=True)

    def keep(self, owner: Path | None) -> None:
        """The keeper's own process: returns when the control plane has ended, or could not start."""
        if owner:
            threading.Thread(target=_end_with, args=(owner,), daemon=True).start()
        try:
            with ControlPlane.start(self.workdir, assets()):
                self._ready.touch()
                threading.Event().wait()
        except (StartFailure, BuildFailure, UnknownRelease, ToolMissing, OSError) as failure:
            self._failure.write_text(str(failure))
        except KeyboardInterrupt:
            pass
        finally:
            # The logs may be asked for later; etcd's data is large, and worthless without the servers.
            shutil.rmtree(self.workdir / "etcd", ignore_errors=True)


def _end_with(owner: Path) -> None:
    wait_until_free(owner)
    os.kill(os.getpid(), signal.SIGTERM)


def _follow(path: Path, say: Say, done: threading.Event) -> None:
    """Says each line that is appended to the file, until done; the file may not be there yet, or not be ours
    to read while a test is somebody else: a process has one user for all its threads."""
    said = 0
    while not done.wait(0.5):
        try:
            lines = path.read_text().splitlines(keepends=True)
        except OSError:
            continue
        for line in lines[said:]:
            if line.endswith("\n"):
                say(line.rstrip())
                said += 1


def _end_once(*_: object) -> None:
    """Handles SIGTERM as a Ctrl-C; a second one must not disturb the cleaning up after the first."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _become_daemon(folder: Path, owner: Path | None) -> None:
    """Leaves the caller's session; does not return in the child, which holds the lock until its very end."""
    with locked(folder / "keeper.lock") as lock:
        lock.truncate(0)
        if os.fork():
            return
        os.setsid()
        signal.signal(signal.SIGTERM, _end_once)
        lock.write(str(os.getpid()))
        lock.flush()
        with (folder / "progress.log").open("w") as progress:
            os.dup2(progress.fileno(), sys.stdout.fileno())
            os.dup2(progress.fileno(), sys.stderr.fileno())
        Keeper(folder).keep(owner)
        os._exit(0)


if __name__ == "__main__":
    _become_daemon(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None)
