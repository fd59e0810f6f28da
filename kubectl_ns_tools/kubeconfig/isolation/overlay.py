"""The kubeconfig that a shell or a command has for itself: an overlay, or a flattened copy.

An overlay stands before the user's own files in $KUBECONFIG. By kubectl's rules (tools/clientcmd/loader.go)
its current-context is the one that counts, its entry of a context hides those of later files, and it is
what `kubectl config use-context` writes to. It has the current context's entry, so that a change of the
namespace stays in it too. Clusters and users it has none: credentials, and what refreshes them, stay in
the files that they come from.
"""

import os
import stat
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor, Writer
from kubectl_ns_tools.kubeconfig.locations import SHELL, Locations
from kubectl_ns_tools.kubeconfig.transfer.paths import inlined
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.kubeconfig.view import View

DEPTH = "KUBECTL_NS_TOOLS_DEPTH"  # how many shells are around; for prompts


def overlay_text(view: View, name: str, namespace: str = "") -> str:
    """The overlay for a context. namespace: instead of the context's own. Raises NotFound."""
    context = _with_namespace(view.context(name).body, namespace)
    return _text({"current-context": name, "contexts": [{"name": name, "context": context}]})


def flattened_text(view: View, name: str, namespace: str = "") -> str:
    """One file with all that a context needs, certificates and keys included, for programs that read only
    one. Raises NotFound for what is missing."""
    config = view.self_contained(name)
    entry = config["contexts"][0]
    entry["context"] = _with_namespace(entry["context"], namespace)
    for kind in ("cluster", "user"):
        item = config[f"{kind}s"][0]
        item[kind] = inlined(item[kind], f'{kind} "{item["name"]}"')
    return _text(config)


def overlaid(path: str, locations: Locations) -> str:
    """The value of $KUBECONFIG that puts the overlay at `path` before the files; they become absolute, as a
    shell changes its directory. Raises Refused for a file that cannot stand there."""
    paths = [
        path,
        *(os.path.join(os.getcwd(), each) if not os.path.isabs(each) else each for each in locations.paths),
    ]
    for each in paths:
        _check_listable(each)
    return os.pathsep.join(paths)


def surroundings(environ: Mapping[str, str], kubeconfig: str) -> dict[str, str]:
    """What a process inside finds in its environment besides the rest."""
    depth = environ.get(DEPTH, "")
    return {
        "KUBECONFIG": kubeconfig,
        SHELL: kubeconfig.partition(os.pathsep)[0],
        DEPTH: str(int(depth) + 1 if depth.isdecimal() and depth.isascii() else 1),
    }


def change_overlay(
    view: View,
    writer: Writer,
    title: str,
    name: str,
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    unset: Collection[str] = (),
    current: bool = False,
) -> list[FileChange]:
    """Inside: give the overlay its own entry of a context, if need be, with these fields and without those
    that are `unset`; make it current.

    Raises NotFound for an unknown context, Refused when the overlay is no longer there.
    """
    path, body = view.locations.overlay, view.context(name).body
    if not os.path.exists(path):
        raise Refused(
            f"{path}, this shell's own kubeconfig, is gone; nothing was written",
            "leave the shell and start another: kubectl ctx-shell NAME",
        )

    def edit(editor: AnyEditor) -> None:
        index = editor.index_of("contexts", name)
        if index is None:
            kept = {key: value for key, value in {**body, **fields}.items() if key not in unset}
            editor.append("contexts", {"context": kept, "name": name})
        else:
            change_fields(editor, index, fields, unset)
        if current:
            editor.put(name, "current-context")

    return writer.apply(title, {path: edit}, view.files)


def change_fields(editor: AnyEditor, index: int, fields: Mapping[str, str], unset: Collection[str]) -> None:
    """Set and take out fields of the context at this place in its file."""
    for key, value in fields.items():
        editor.put(value, "contexts", index, "context", key)
    for key in unset:
        editor.drop("contexts", index, "context", key)


def _with_namespace(body: Mapping[str, Any], namespace: str) -> dict[str, Any]:
    return {**body, "namespace": namespace} if namespace else dict(body)


def _text(config: Mapping[str, Any]) -> str:
    from kubectl_ns_tools.goyaml import dump

    return dump({"apiVersion": "v1", "kind": "Config", **config})


def _check_listable(path: str) -> None:
    hint = "--flatten makes a single file of what the context needs"
    if os.pathsep in path:
        raise Refused(f"{path} cannot stand in KUBECONFIG: {os.pathsep!r} separates files there", hint)
    if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
        raise Refused(f"{path} is not a regular file, and can be read only once", hint)
