"""The life of overlays: made for a shell or a run, removed with it, swept when it was killed.

What a program added to one, such as `aws eks update-kubeconfig`, which writes to the first file of
$KUBECONFIG, is not lost: it is kept in a file of its own.
"""

import contextlib
import os
import time
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.kubeconfig.isolation.overlay import flattened_text, overlaid, overlay_text, surroundings
from kubectl_ns_tools.kubeconfig.isolation.private_folder import (
    PrivateFolder,
    abandoned_folders,
    make_private_folder,
)
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile, read_file
from kubectl_ns_tools.kubeconfig.state import state_folder
from kubectl_ns_tools.kubeconfig.storage import write_bytes
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from kubectl_ns_tools.kubeconfig.view import View

_OVERLAY, _FLATTENED = "overlay-", "flattened-"


@dataclass(frozen=True)
class Left:
    """What is still there of a folder. kept: files with entries that were added; in_use: by processes that
    were started in it and go on, so that the folder stays for the next sweep."""

    kept: tuple[str, ...] = ()
    in_use: bool = False


class Isolation:
    """The private kubeconfigs of one shell or run. Raises NsToolsError where none can be made."""

    def __init__(self, view: View, environ: Mapping[str, str]) -> None:
        self._view = view
        self._environ = environ
        self._made = 0
        try:
            self._folder: PrivateFolder = make_private_folder(_base(environ))
        except OSError as error:
            problem = (error.strerror or str(error)).lower()
            hint = "$XDG_STATE_HOME, by default ~/.local/state, must be a folder that you may write to"
            raise NsToolsError(f"cannot make a folder in {_base(environ)}: {problem}", hint) from error

    @property
    def folder(self) -> PrivateFolder:
        """Where the files are; for what else the shell needs there."""
        return self._folder

    def overlay(self, name: str, namespace: str = "") -> dict[str, str]:
        """An overlay for a context; the variables that make it count."""
        text = overlay_text(self._view, name, namespace)
        path = self._write(_OVERLAY, text)
        return surroundings(self._environ, overlaid(path, self._view.locations))

    def flattened(self, name: str, namespace: str = "") -> dict[str, str]:
        """A single file with all that the context needs; the variables that make it count."""
        return surroundings(
            self._environ, self._write(_FLATTENED, flattened_text(self._view, name, namespace))
        )

    def scratch(self) -> str:
        """A path for a file that goes with the folder."""
        self._made += 1
        return os.path.join(self._folder.path, f"scratch-{self._made}")

    def close(self) -> Left:
        """Remove the files, unless they are still in use."""
        with self._folder.let_go() as free:
            if not free:
                return Left(in_use=True)
            return Left(_removed(self._folder.path, self._environ, self._view.contexts))

    def _write(self, prefix: str, text: str) -> str:
        self._made += 1
        return self._folder.write(f"{prefix}{self._made}.yaml", text.encode())


def sweep(environ: Mapping[str, str]) -> Iterator[str]:
    """Remove what shells that were killed left behind; the files that were kept.

    What cannot be removed now is left for the next sweep: no shell fails to start because of it.
    """
    for folder in abandoned_folders(_base(environ)):
        with contextlib.suppress(OSError, NsToolsError):
            yield from _removed(folder, environ, None)


def _base(environ: Mapping[str, str]) -> str:
    return os.path.abspath(state_folder(environ, "shells"))


def _removed(folder: str, environ: Mapping[str, str], known: Container[str] | None) -> tuple[str, ...]:
    """Remove a folder and the undo of the writes in it; the files that were kept.

    known: the names of the contexts outside, None when they are not known.
    """
    import shutil

    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    files = [read_file(os.path.join(folder, name)) for name in names if _is_kubeconfig(name)]
    kept = tuple(_keep(file, environ, known) for file in files if _has_more(file, known))
    shutil.rmtree(folder, ignore_errors=True)
    _forget_writes(folder, environ)
    return kept


def _is_kubeconfig(name: str) -> bool:
    return name.startswith((_OVERLAY, _FLATTENED)) and name.endswith(".yaml")


def _has_more(file: KubeconfigFile, known: Container[str] | None) -> bool:
    """Whether a file has more entries than it was given."""
    given = 1 if os.path.basename(file.path).startswith(_FLATTENED) else 0
    if any(len(list(file.entries(section))) > given for section in ("clusters", "users")):
        return True
    return known is not None and any(entry.name not in known for entry in file.entries("contexts"))


def _keep(file: KubeconfigFile, environ: Mapping[str, str], known: Container[str] | None) -> str:
    """Write a file where it stays, without what only had a meaning in the shell; its path."""
    from kubectl_ns_tools.kubeconfig.editing.editor import Editor

    editor = Editor(file)
    clusters = {entry.name for entry in file.entries("clusters")}
    for entry in file.entries("contexts"):
        index = editor.index_of("contexts", entry.name)
        ours = entry.name in known if known is not None else entry.get("cluster") not in clusters
        if ours and index is not None:
            editor.drop("contexts", index)
    editor.drop("current-context")
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.urandom(3).hex()}.yaml"
    path = os.path.join(state_folder(environ, "kept"), name)
    write_bytes(path, editor.finished())
    return path


def _forget_writes(folder: str, environ: Mapping[str, str]) -> None:
    """Writes in a folder that is gone cannot be undone, and would stand before those that can."""
    journal = Journal(environ)
    for record in journal.records():
        if all(path.startswith(folder + os.sep) for path in record.paths):
            with contextlib.suppress(FileNotFoundError):
                journal.forget(record.id)
