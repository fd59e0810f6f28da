"""The changes that commands make to a kubeconfig: each is an intent, applied to the file under its lock.

Where a write goes is kubectl's rule (pkg/cmd/config, clientcmd.ModifyConfig): an existing entry's file,
for new entries and for current-context the default file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.kubeconfig.document import encode, read_file
from kubectl_ns_tools.kubeconfig.editor import Editor
from kubectl_ns_tools.kubeconfig.lock import locked
from kubectl_ns_tools.kubeconfig.storage import write_bytes
from kubectl_ns_tools.kubeconfig.view import View

_FIELDS = ("cluster", "namespace", "user")  # of a new context, in kubectl's order


@dataclass(frozen=True)
class Changed:
    """What a change came to. path: the file; written: False when it already said so."""

    path: str
    written: bool
    created: bool = False


def use_context(view: View, name: str) -> Changed:
    """Make `name` the current context. Raises NotFound when no file has such a context."""
    view.context(name)
    path = view.locations.default_path
    if view.current_context == name:
        return Changed(path, written=False)
    return _change(path, lambda editor: editor.put(name, "current-context"))


def set_namespace(view: View, context: str, namespace: str) -> Changed:
    """Make `namespace` the default of a context, in the file that the context comes from."""
    return set_context(view, context, {"namespace": namespace})


def set_context(view: View, name: str, fields: Mapping[str, str]) -> Changed:
    """Create a context or change the given fields of it: "cluster", "user", "namespace".

    Raises Refused when a new one lacks cluster or user, or one of them is nowhere in the files.
    """
    _check_references(view, name, fields)
    if name in view.contexts:
        return _change(view.contexts[name].path, lambda editor: _modify(editor, name, fields))
    item = {"context": {key: fields[key] for key in _FIELDS if fields.get(key)}, "name": name}
    changed = _change(view.locations.default_path, lambda editor: editor.append("contexts", item))
    return Changed(changed.path, changed.written, created=True)


def _modify(editor: Editor, name: str, fields: Mapping[str, str]) -> None:
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


def _change(path: str, edit: Callable[[Editor], None]) -> Changed:
    """Read `path` under its lock, edit it, and put it back if its text has become another one."""
    with locked(path):
        file = read_file(path)
        editor = Editor(file)
        edit(editor)
        text = editor.finished()
        if text == file.text:
            return Changed(path, written=False)
        write_bytes(path, encode(file, text))
    return Changed(path, written=True)
