"""Contexts taken out of their files, with the clusters and users that nothing else refers to.

Source: kubectl pkg/cmd/config/delete_context.go: the entry that counts goes, in its own file. kubectl leaves
current-context dangling; here it is cleared, as far as it would mean nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from kubectl_ns_tools.errors import NotFound, Refused
from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor, Edit, Writer
from kubectl_ns_tools.kubeconfig.patterns import matching
from kubectl_ns_tools.kubeconfig.shadows import check_not_in_overlay, distinct_files, holders
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View

_REFERENCES = {"cluster": "clusters", "user": "users"}


@dataclass(frozen=True)
class Item:
    """An entry of a file. section: "contexts", "clusters" or "users"."""

    section: str
    name: str
    path: str

    @property
    def kind(self) -> str:
        return self.section[:-1]


@dataclass(frozen=True)
class Deletion:
    """What goes, and what comes of it.

    gone: the entries; uncovered: those that they hid until now; kept: clusters and users that stay, each with
    a context that still refers to it; cleared: the files whose current-context would dangle.
    current: the current context of the merged view, before and after; "" for none.
    """

    gone: tuple[Item, ...]
    uncovered: tuple[Item, ...]
    kept: tuple[tuple[Item, str], ...]
    cleared: tuple[str, ...]
    current: tuple[str, str]

    @property
    def contexts(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.gone if item.section == "contexts")


def plan_deletion(view: View, patterns: Iterable[str], *, prune: bool = False) -> Deletion:
    """patterns: names and globs of contexts; prune: also what only they refer to.

    Raises NotFound for a pattern that matches nothing, Refused where it cannot be told what is in use.
    """
    names = matching(patterns, view.contexts)
    for name in names:
        check_not_in_overlay(view, name)
    contexts = [Item("contexts", name, view.contexts[name].path) for name in names]
    orphans, kept = _references(view, contexts) if prune else ([], [])
    gone = (*contexts, *orphans)
    uncovered = tuple(_uncovered(view, gone))
    there = (view.contexts.keys() - names) | {item.name for item in uncovered if item.section == "contexts"}
    dangling = set(names) - there
    currents = {path: file.current_context for path, file in distinct_files(view).items()}
    cleared = tuple(path for path, current in currents.items() if current in dangling)
    after = next((current for path, current in currents.items() if current and path not in cleared), "")
    return Deletion(gone, uncovered, tuple(kept), cleared, (view.current_context, after))


def delete_contexts(plan: Deletion, view: View, writer: Writer) -> list[FileChange]:
    """Do what the plan says, in all of its files or in none."""
    paths = dict.fromkeys([*(item.path for item in plan.gone), *plan.cleared])
    edits: dict[str, Edit] = {path: partial(_delete, plan, path) for path in paths}
    return writer.apply(_title(plan), edits, view.files)


def _references(view: View, contexts: list[Item]) -> tuple[list[Item], list[tuple[Item, str]]]:
    """The clusters and users of the contexts: those that nothing else refers to, and the others."""
    if view.problems:
        raise Refused(
            "with --prune, everything that may refer to a cluster or a user must be readable",
            "kubectl ctx-lint says what to do; without --prune, clusters and users stay",
            view.problems,
        )
    orphans: list[Item] = []
    kept: list[tuple[Item, str]] = []
    for kind, section in _REFERENCES.items():
        users = _referrers(view, kind, contexts)
        entries = getattr(view, section)
        for name in sorted({view.contexts[context.name].get(kind) for context in contexts} & entries.keys()):
            item = Item(section, name, entries[name].path)
            if name in users:
                kept.append((item, users[name]))
            else:
                orphans.append(item)
    return orphans, kept


def _referrers(view: View, kind: str, gone: list[Item]) -> dict[str, str]:
    """For each cluster, or user, a context that refers to it and stays; those count too that another file's
    context of the same name hides."""
    found: dict[str, str] = {}
    going = {(item.path, item.name) for item in gone}
    for path, file in distinct_files(view).items():
        for entry in file.entries("contexts"):
            if (path, entry.name) not in going:
                found.setdefault(entry.get(kind), entry.name)
    return found


def _uncovered(view: View, gone: Iterable[Item]) -> Iterator[Item]:
    paths = {section: holders(view, section) for section in ("contexts", *_REFERENCES.values())}
    for item in gone:
        _, *later = paths[item.section][item.name]
        if later:
            yield Item(item.section, item.name, later[0])


def _delete(plan: Deletion, path: str, editor: AnyEditor) -> None:
    for item in plan.gone:
        if item.path != path:
            continue
        index = editor.index_of(item.section, item.name)
        if index is None:
            raise NotFound(f'no {item.kind} exists with the name: "{item.name}"', "it was removed just now")
        editor.drop(item.section, index)
    if path in plan.cleared and editor.current_context in plan.contexts:
        editor.put("", "current-context")


def _title(plan: Deletion) -> str:
    names = plan.contexts
    what = f"context {names[0]!r}" if len(names) == 1 else f"{len(names)} contexts"
    others = len(plan.gone) - len(names)
    return f"delete {what} and {others} unused clusters and users" if others else f"delete {what}"
