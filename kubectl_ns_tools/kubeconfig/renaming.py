"""Another name for a context, where it stands; current-context follows.

Source: kubectl pkg/cmd/config/rename_context.go. kubectl puts the entry at the end of its file and writes
current-context to the default file; here the entry stays in its place, and current-context is written where
it is, which makes the same name the current one.
"""

from dataclasses import dataclass
from functools import partial

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor, Edit, Writer
from kubectl_ns_tools.kubeconfig.shadows import check_not_in_overlay, distinct_files, holders
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View


@dataclass(frozen=True)
class Renaming:
    """What is to be done. path: the file of the entry; currents: the files in which current-context follows;
    uncovered: the file whose context of the old name comes into effect, "" for none."""

    old: str
    new: str
    path: str
    currents: tuple[str, ...]
    uncovered: str


def plan_renaming(view: View, old: str, new: str) -> Renaming:
    """Raises NotFound when there is no context `old`, Refused when `new` cannot be its name."""
    if old not in view.contexts:
        places = ", ".join(view.locations.paths)
        hint = did_you_mean(old, view.contexts, "contexts there are")
        raise NotFound(f'cannot rename the context "{old}", it\'s not in {places}', hint)
    if not new:
        raise Refused("you must specify a new non-empty context name")
    if new in view.contexts:
        place = view.contexts[new].path
        raise Refused(
            f'cannot rename the context "{old}", the context "{new}" already exists in {place}',
            "choose another name, or see what is there: kubectl ctx-list -o wide",
        )
    check_not_in_overlay(view, old)
    path, *staying = holders(view, "contexts")[old]
    return Renaming(old, new, path, _currents(view, old, staying), next(iter(staying), ""))


def rename_context(plan: Renaming, view: View, writer: Writer) -> list[FileChange]:
    """Do what the plan says, in all of its files or in none."""
    edits: dict[str, Edit] = {
        path: partial(_rename, plan, path) for path in dict.fromkeys((plan.path, *plan.currents))
    }
    return writer.apply(f"rename context {plan.old!r} to {plan.new!r}", edits, view.files)


def _currents(view: View, old: str, staying: list[str]) -> tuple[str, ...]:
    """staying: the files in which another context keeps the name.

    A file's current-context follows unless it means a context of its own that keeps the name. That of the
    merged view must follow: if it is not in one of these files, it is written to the default file.
    """
    files = distinct_files(view)
    found = [path for path, file in files.items() if file.current_context == old and path not in staying]
    first = next((path for path, file in files.items() if file.current_context), "")
    if view.current_context == old and first not in found:
        found.append(view.locations.default_path)
    return tuple(found)


def _rename(plan: Renaming, path: str, editor: AnyEditor) -> None:
    if path == plan.path:
        index = editor.index_of("contexts", plan.old)
        if index is None:
            raise NotFound(f'no context exists with the name: "{plan.old}"', "it was removed just now")
        editor.put(plan.new, "contexts", index, "name")
    if path in plan.currents and editor.current_context in ("", plan.old):
        editor.put(plan.new, "current-context")
