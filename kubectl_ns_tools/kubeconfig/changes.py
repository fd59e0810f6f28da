"""The changes that commands make to a kubeconfig: each is an intent, applied to the file under its lock.

Where a write goes is kubectl's rule (pkg/cmd/config, clientcmd.ModifyConfig): an existing entry's file,
for new entries and for current-context the default file.
"""

from collections.abc import Mapping

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.kubeconfig.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.kubeconfig.writer import AnyEditor, Writer

_FIELDS = ("cluster", "namespace", "user")  # of a new context, in kubectl's order


def use_context(view: View, writer: Writer, name: str) -> list[FileChange]:
    """Make `name` the current context. Raises NotFound when no file has such a context."""
    view.context(name)
    if view.current_context == name:
        return []
    path = view.locations.default_path
    edits = {path: lambda editor: editor.put(name, "current-context")}
    return writer.apply(f"switch to context {name!r}", edits, view.files)


def set_namespace(view: View, writer: Writer, context: str, namespace: str) -> list[FileChange]:
    """Make `namespace` the default of a context, in the file that the context comes from."""
    return set_context(view, writer, context, {"namespace": namespace})


def set_context(view: View, writer: Writer, name: str, fields: Mapping[str, str]) -> list[FileChange]:
    """Create a context or change the given fields of it: "cluster", "user", "namespace".

    Raises Refused when a new one lacks cluster or user, or one of them is nowhere in the files.
    """
    _check_references(view, name, fields)
    if name in view.contexts:
        path = view.contexts[name].path
        return writer.apply(
            f"modify context {name!r}", {path: lambda editor: _modify(editor, name, fields)}, view.files
        )
    item = {"context": {key: fields[key] for key in _FIELDS if fields.get(key)}, "name": name}
    path = view.locations.default_path
    return writer.apply(
        f"create context {name!r}", {path: lambda editor: editor.append("contexts", item)}, view.files
    )


def _modify(editor: AnyEditor, name: str, fields: Mapping[str, str]) -> None:
    index = editor.index_of("contexts", name)
    if index is None:
        raise NotFound(f'no context exists with the name: "{name}"', "it was removed just now")
    for key, value in fields.items():
        editor.put(value, "contexts", index, "context", key)


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
        raise Refused(f'cannot set context "{name}"', "see them with: kubectl ctx-list -o wide", problems)
