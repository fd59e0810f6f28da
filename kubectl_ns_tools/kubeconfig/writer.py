"""Edits of one or more kubeconfigs, made together under their locks: all of them or none."""

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kubectl_ns_tools.kubeconfig.document import KubeconfigFile, read_file
from kubectl_ns_tools.kubeconfig.journal import FileChange, Journal
from kubectl_ns_tools.kubeconfig.lock import locked
from kubectl_ns_tools.kubeconfig.quick_editor import NotQuick, QuickEditor
from kubectl_ns_tools.kubeconfig.storage import write_bytes

if TYPE_CHECKING:
    from kubectl_ns_tools.kubeconfig.editor import Editor

AnyEditor: TypeAlias = "Editor | QuickEditor"
Edit: TypeAlias = Callable[[AnyEditor], None]


@dataclass
class Writer:
    """journal: where each write leaves its undo, None for none. dry_run: find out, but write nothing."""

    journal: Journal | None = None
    dry_run: bool = False

    def apply(
        self, title: str, edits: Mapping[str, Edit], read_before: Mapping[str, KubeconfigFile] | None = None
    ) -> list[FileChange]:
        """Make the edits, by path, and return what changed; a file that stays the same is not written.

        title: what the change is, for the list of what can be undone. Each file is read inside its lock,
        so that an edit is an intent on what is there now; where that is what was `read_before`, it is not
        looked through again. Nothing is written unless every edit worked.
        """
        with contextlib.ExitStack() as held:
            if not self.dry_run:
                for path in sorted(edits):
                    held.enter_context(locked(path))
            changes = [
                change for path in edits if (change := _edited(_now(path, read_before or {}), edits[path]))
            ]
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


def _now(path: str, read_before: Mapping[str, KubeconfigFile]) -> KubeconfigFile:
    file, known = read_file(path), read_before.get(path)
    return known if known is not None and known.data == file.data else file


def _edited(file: KubeconfigFile, edit: Edit) -> FileChange | None:
    try:
        after = _made(QuickEditor(file), edit)
    except NotQuick:
        from kubectl_ns_tools.kubeconfig.editor import Editor

        after = _made(Editor(file), edit)
    return None if after == file.data else FileChange(file.path, file.data, after)


def _made(editor: AnyEditor, edit: Edit) -> bytes:
    edit(editor)
    return editor.finished()


def _restore(change: FileChange) -> None:
    if change.before is None:
        os.unlink(change.path)
    else:
        write_bytes(change.path, change.before)
