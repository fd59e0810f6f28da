"""The changes that commands make to a kubeconfig: each is an intent, applied to the file under its lock.

Where a write goes is kubectl's rule (pkg/cmd/config, clientcmd.ModifyConfig): an existing entry's file,
for new entries and for current-context the default file.
"""

from collections.abc import Collection, Mapping
from functools import partial

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean, probably_meant
from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor, Writer
from kubectl_ns_tools.kubeconfig.isolation.overlay import change_fields, change_overlay
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View

_FIELDS = ("cluster", "namespace", "user")  # of a new context, in kubectl's order


def use_context(view: View, writer: Writer, name: str, namespace: str = "") -> list[FileChange]:
    """Make `name` the current context; where a namespace is given, it becomes the context's default in the
    same step. Raises NotFound when no file has such a context."""
    path = view.context(name).path
    title = f"switch to context {name!r}" + (f", namespace {namespace!r}" if namespace else "")
    fields = {"namespace": namespace} if namespace else {}
    current = view.current_context != name
    if not (current or fields):
        return []
    if view.locations.overlay:
        return change_overlay(view, writer, title, name, fields=fields, current=current)
    default = view.locations.default_path

    def edit(editor: AnyEditor, of: str) -> None:
        if fields and of == path:
            _modify(editor, name, fields, ())
        if current and of == default:
            editor.put(name, "current-context")

    touched = {path for path, is_touched in ((path, fields), (default, current)) if is_touched}
    return writer.apply(title, {each: partial(edit, of=each) for each in sorted(touched)}, view.files)


def set_namespace(view: View, writer: Writer, context: str, namespace: str) -> list[FileChange]:
    """Make `namespace` the default of a context, in the file that the context comes from; in a ctx-shell,
    in its overlay."""
    if view.locations.overlay:
        title = f"use namespace {namespace!r} in context {context!r}"
        return change_overlay(view, writer, title, context, fields={"namespace": namespace})
    return set_context(view, writer, context, {"namespace": namespace})


def set_context(
    view: View, writer: Writer, name: str, fields: Mapping[str, str], unset: Collection[str] = ()
) -> list[FileChange]:
    """Create a context or change the given fields of it: "cluster", "user", "namespace". unset: those that
    it shall not have.

    Raises Refused when a new one lacks cluster or user, or one of them is nowhere in the files.
    """
    _check_references(view, name, fields)
    if name in view.contexts:
        path = view.contexts[name].path
        edit = partial(_modify, name=name, fields=fields, unset=unset)
        return writer.apply(f"modify context {name!r}", {path: edit}, view.files)
    item = {"context": {key: fields[key] for key in _FIELDS if fields.get(key)}, "name": name}
    path = view.locations.default_path

    def create(editor: AnyEditor) -> None:
        if editor.index_of("contexts", name) is None:
            editor.append("contexts", item)
        else:  # somebody else has made it just now
            _modify(editor, name, fields, ())

    return writer.apply(f"create context {name!r}", {path: create}, view.files)


def set_shells_context(
    view: View, writer: Writer, fields: Mapping[str, str], unset: Collection[str] = ()
) -> list[FileChange]:
    """In a ctx-shell: change fields of the current context as this shell alone sees it.

    Raises Refused when a cluster or user is nowhere in the files, NotFound when there is no such context.
    """
    name = view.require_current()
    view.context(name)
    _check_references(view, name, fields)
    title = f"modify context {name!r} of this shell"
    return change_overlay(view, writer, title, name, fields=fields, unset=unset)


def _modify(editor: AnyEditor, name: str, fields: Mapping[str, str], unset: Collection[str]) -> None:
    index = editor.index_of("contexts", name)
    if index is None:
        raise NotFound(f'no context exists with the name: "{name}"', "it was removed just now")
    change_fields(editor, index, fields, unset)


def _check_references(view: View, name: str, fields: Mapping[str, str]) -> None:
    problems = []
    for kind, entries in (("cluster", view.clusters), ("user", view.users)):
        value = fields.get(kind, "")
        if value and value not in entries:
            hint = did_you_mean(value, entries, f"{kind}s there are")
            problems.append(f'{kind} "{value}" does not exist ({hint})')
        elif not value and (kind in fields or name not in view.contexts):
            there = ", ".join(sorted(entries)) or "none"
            problems.append(f"--{kind} is needed ({kind}s there are: {there})")
    if problems:
        raise Refused(f'cannot set context "{name}"', _hint(view, name, fields), problems)


def _hint(view: View, name: str, fields: Mapping[str, str]) -> str:
    """Who names neither cluster nor user means a context that is there."""
    meant = ""
    if name not in view.contexts and not fields.keys() & {"cluster", "user"}:
        meant = probably_meant(name, view.contexts)
    return meant or "see them with: kubectl ctx-list -o wide"
