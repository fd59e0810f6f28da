"""Entries of other kubeconfigs taken into one's own: into which file, and the edits."""

import json
import os
from collections.abc import Sequence
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor, Edit, Writer
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.transfer.import_plan import ADDED, REPLACED, Step, Wishes, plan_import
from kubectl_ns_tools.kubeconfig.transfer.sources import Source
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View, load_view

_ORDER = ("clusters", "contexts", "users")  # in which kubectl writes them
_ATTEMPTS = 50  # whenever one is overtaken, another one has come through


class _Overtaken(Refused):
    """Somebody else has changed the file since it was looked at."""


def place_of_import(view: View, into: str | None) -> tuple[View, str]:
    """The view in which names are taken, and the file that entries go into.

    That is kubectl's default file, inside a ctx-shell that outside of it; or the file `into`, which is
    looked at alone unless it is one of the user's.
    """
    locations = view.locations
    if locations.overlay and len(locations.paths) > 1:
        view = load_view(Locations(locations.paths[1:]))
    if into is None:
        return view, view.locations.default_path
    real = os.path.realpath(into)
    for path in view.locations.paths:
        if os.path.realpath(path) == real:
            return view, path
    return load_view(Locations((into,), explicit=True)), into


def import_entries(
    view: View, target: str, sources: Sequence[Source], wishes: Wishes, writer: Writer
) -> tuple[list[Step], list[FileChange]]:
    """Plan and write; planned anew when another process was quicker. Raises as plan_import does."""
    for _ in range(_ATTEMPTS - 1):
        try:
            steps = plan_import(view, target, sources, wishes)
            return steps, apply_import(view, steps, writer)
        except _Overtaken:
            view = load_view(view.locations)
    steps = plan_import(view, target, sources, wishes)
    return steps, apply_import(view, steps, writer)


def apply_import(view: View, steps: Sequence[Step], writer: Writer) -> list[FileChange]:
    """Write the steps, each into its file, all or none."""
    by_path: dict[str, list[Step]] = {}
    for step in steps:
        if step.is_written:
            by_path.setdefault(step.path, []).append(step)
    names = ", ".join(dict.fromkeys(step.entry.source.name for step in steps))
    edits = {path: _edit(path, mine) for path, mine in by_path.items()}
    return writer.apply(f"import from {names}", edits, view.files) if edits else []


def _edit(path: str, steps: Sequence[Step]) -> Edit:
    def edit(editor: AnyEditor) -> None:
        for section in _ORDER:
            mine = [step for step in steps if step.entry.section == section]
            for step in mine:
                if (editor.index_of(section, step.target) is None) != (step.action == ADDED):
                    hint = "nothing was written; run it again"
                    raise _Overtaken(f'{path}: {step.entry.kind} "{step.target}" was changed just now', hint)
                if step.action == REPLACED:
                    _replace(editor, step)
            if added := [step.item for step in mine if step.action == ADDED]:
                editor.append(section, *added)

    return edit


def _replace(editor: AnyEditor, step: Step) -> None:
    """Field by field where that can be, so that the entry keeps its place and its comments."""
    section = step.entry.section
    index = editor.index_of(section, step.target)
    assert index is not None  # as _edit has seen
    news = {key: value for key, value in step.body.items() if not _is_known(value, step.before.get(key))}
    if not all(isinstance(value, str) for value in news.values()):
        editor.drop(section, index)
        editor.append(section, step.item)
        return
    for key, value in news.items():
        editor.put(value, section, index, step.entry.kind, key)
    for key in step.before.keys() - step.body.keys():
        editor.drop(section, index, step.entry.kind, key)


def _is_known(value: Any, before: Any) -> bool:
    """Whether a value that is no text is there already; the editor itself sees that of a text."""
    return not isinstance(value, str) and json.dumps(value) == json.dumps(before)
