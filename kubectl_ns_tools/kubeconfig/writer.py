"""Edits of one or more kubeconfigs, made together under their locks: all of them or none."""

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kubectl_ns_tools.kubeconfig.document import decode, encode, read_file
from kubectl_ns_tools.kubeconfig.editor import Editor
from kubectl_ns_tools.kubeconfig.journal import FileChange, Journal
from kubectl_ns_tools.kubeconfig.lock import locked
from kubectl_ns_tools.kubeconfig.storage import read_bytes, write_bytes

Edit: TypeAlias = Callable[[Editor], None]


@dataclass
class Writer:
    """journal: where each write leaves its undo, None for none. dry_run: find out, but write nothing."""

    journal: Journal | None = None
    dry_run: bool = False

    def apply(self, title: str, edits: Mapping[str, Edit]) -> list[FileChange]:
        """Make the edits, by path, and return what changed; a file that stays the same is not written.

        title: what the change is, for the list of what can be undone. Each file is read inside its lock,
        so that an edit is an intent on what is there now. Nothing is written unless every edit worked.
        """
        with contextlib.ExitStack() as held:
            if not self.dry_run:
                for path in sorted(edits):
                    held.enter_context(locked(path))
            changes = [change for path in edits if (change := _edited(path, edits[path]))]
            if changes and not self.dry_run:
                self._write(title, changes)
        return changes

    def _write(self, title: str, changes: list[FileChange]) -> None:
        recorded = self.journal.record(title, changes) if self.journal else None
        done: list[FileChange] = []
        try:
            for change in changes:
                write_bytes(change.path, change.after)
                done.append(change)
        except BaseException:
            for change in reversed(done):
                _restore(change)
            if self.journal and recorded:
                self.journal.forget(recorded)
            raise


def _edited(path: str, edit: Edit) -> FileChange | None:
    before = read_bytes(path)
    file = read_file(path) if before is None else decode(path, before)
    editor = Editor(file)
    edit(editor)
    text = editor.finished()
    return None if text == file.text else FileChange(path, before, encode(file, text))


def _restore(change: FileChange) -> None:
    if change.before is None:
        os.unlink(change.path)
    else:
        write_bytes(change.path, change.before)
