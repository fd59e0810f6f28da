"""Where the suite keeps what it must remember between runs: names and digests, mode 0600."""

import contextlib
import os
from collections.abc import Mapping


def state_folder(environ: Mapping[str, str], name: str) -> str:
    """$XDG_STATE_HOME/kubectl-ns-tools/NAME, by default under ~/.local/state (XDG Base Directory)."""
    home = environ.get("XDG_STATE_HOME") or os.path.join(environ.get("HOME", ""), ".local", "state")
    return os.path.join(home, "kubectl-ns-tools", name)


def cache_folder(environ: Mapping[str, str], name: str) -> str:
    """$XDG_CACHE_HOME/kubectl-ns-tools/NAME, by default under ~/.cache; "" for who has no home."""
    home = environ.get("XDG_CACHE_HOME") or (environ.get("HOME") and os.path.join(environ["HOME"], ".cache"))
    return os.path.join(home, "kubectl-ns-tools", name) if home else ""


def files_by_age(folder: str) -> list[str]:
    """The files of a folder, oldest first; none when there is no such folder."""
    found = []
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # another process has removed or renamed it just now
                if entry.is_file():
                    found.append((entry.stat().st_mtime_ns, entry.path))
    return [path for _, path in sorted(found)]


def keep_newest(folder: str, number: int) -> None:
    """Remove the oldest files beyond `number`."""
    for path in files_by_age(folder)[:-number]:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
