"""Edits of one or more kubeconfigs, made together under their locks: all of them or none."""

import contextlib
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from kubectl_ns_tools.kubeconfig.editing.quick_editor import NotQuick, QuickEditor
from kubectl_ns_tools.kubeconfig.lock import WAIT_SECONDS, locked
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.storage import check_writable, holds, read_bytes, read_settled, write_bytes
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange, Journal

if TYPE_CHECKING:
    from kubectl_ns_tools.kubeconfig.editing.editor import Editor

AnyEditor: TypeAlias = "Editor | QuickEditor"
Edit: TypeAlias = Callable[[AnyEditor], None]
Rewrite: TypeAlias = Callable[[KubeconfigFile], bytes]


class Writer:
    """journal: where each write leaves its undo, None for none. dry_run: find out, but write nothing.
    warn: is told what the user should know of a write that works. wait: how many seconds for a lock."""

    def __init__(
        self,
        journal: Journal | None = None,
        dry_run: bool = False,
        warn: Callable[[str], None] = lambda words: None,
        wait: float = WAIT_SECONDS,
    ) -> None:
        self.journal = journal
        self.dry_run = dry_run
        self.warn = warn
        self.wait = wait

    def apply(
        self, title: str, edits: Mapping[str, Edit], read_before: Mapping[str, KubeconfigFile] | None = None
    ) -> list[FileChange]:
        """Make the edits, by path, and return what changed; a file that stays the same is not written.

        title: what the change is, for the list of what can be undone. Each file is read inside its lock,
        and where that is not what was `read_before`, the edit is made once more: it is an intent on what is
        there now. Nothing is written unless every edit worked.
        """
        rewrites = {path: partial(_edited, edit) for path, edit in edits.items()}
        return self.rewrite(title, rewrites, read_before)

    def rewrite(
        self,
        title: str,
        rewrites: Mapping[str, Rewrite],
        read_before: Mapping[str, KubeconfigFile] | None = None,
    ) -> list[FileChange]:
        """The same with functions that give a file's new bytes, for files that no editor takes."""
        for path in rewrites:
            check_writable(path)  # a pipe can be read only once
        files = {path: _known(path, read_before or {}) for path in rewrites}
        # What takes long is done before the locks, and again inside if the file has changed meanwhile.
        made = {path: rewrites[path](file) for path, file in files.items()}
        with contextlib.ExitStack() as held:
            changes = []
            for path in sorted(rewrites) if not self.dry_run else ():
                held.enter_context(locked(path, self.wait, self.warn))
            for path, rewrite in rewrites.items():
                now, after = files[path].data, made[path]
                if not holds(path, now):
                    now = read_bytes(path)
                    after = rewrite(KubeconfigFile(path, now))
                if after != now:
                    changes.append(FileChange(path, now, after))
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


def _known(path: str, read_before: Mapping[str, KubeconfigFile]) -> KubeconfigFile:
    return read_before.get(path) or KubeconfigFile(path, read_settled(path))


def _edited(edit: Edit, file: KubeconfigFile) -> bytes:
    try:
        return _made(QuickEditor(file), edit)
    except NotQuick:
        from kubectl_ns_tools.kubeconfig.editing.editor import Editor

        return _made(Editor(file), edit)


def _made(editor: AnyEditor, edit: Edit) -> bytes:
    edit(editor)
    return editor.finished()


def _restore(change: FileChange) -> None:
    if change.before is None:
        os.unlink(change.path)
    else:
        write_bytes(change.path, change.before)
