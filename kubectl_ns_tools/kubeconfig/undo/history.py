"""What `-` goes back to: the previous context, and the previous namespace of each context.

One small JSON file per shell and set of kubeconfig files, mode 0600, under
$XDG_STATE_HOME/kubectl-ns-tools/history. It holds names, nothing secret.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.errors import NotFound, NsToolsError
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.state import files_by_age, keep_newest, state_folder
from kubectl_ns_tools.kubeconfig.storage import read_bytes, write_bytes

_MOST_FILES = 200  # shells that are long gone leave theirs behind


class History:
    """The previous names of this shell. Reading never fails: what cannot be read is not there."""

    def __init__(self, locations: Locations, environ: Mapping[str, str], shell: str | None = None) -> None:
        self._folder = state_folder(environ, "history")
        self._paths = [os.path.abspath(path) for path in locations.paths]
        key = json.dumps([shell or shell_id(), self._paths])
        self._path = os.path.join(self._folder, hashlib.sha256(key.encode()).hexdigest()[:32] + ".json")

    def previous_context(self) -> str:
        """The context before the last switch. Raises NotFound if this shell has not switched yet."""
        name = self._load().get("context")
        if not isinstance(name, str):
            raise NotFound("no previous context found in this shell", "name one: kubectl ctx-switch NAME")
        return name

    def previous_namespace(self, context: str) -> str:
        """The namespace of `context` before its last switch. Raises NotFound if there was none."""
        name = self._namespaces().get(context)
        if not isinstance(name, str):
            hint = "name one: kubectl ns-switch NAME"
            raise NotFound(f'no previous namespace found for context "{context}" in this shell', hint)
        return name

    def left_context(self, name: str) -> None:
        """Remember the context that was just left; "" (none) is not remembered."""
        if name:
            self._save({**self._load(), "context": name})

    def left_namespace(self, context: str, name: str) -> None:
        """Remember the namespace of `context` that was just left."""
        self._save({**self._load(), "namespaces": {**self._namespaces(), context: name}})

    def _namespaces(self) -> dict[str, Any]:
        names = self._load().get("namespaces")
        return names if isinstance(names, dict) else {}

    def _load(self) -> dict[str, Any]:
        return _read(self._path)

    def _save(self, value: dict[str, Any]) -> None:
        write_bytes(self._path, json.dumps({**value, "files": self._paths}).encode(), durable=False)
        keep_newest(self._folder, _MOST_FILES)


def rename_in_histories(environ: Mapping[str, str], path: str, old: str, new: str) -> None:
    """A context of the file `path` has another name: let every shell that works with this file know it by
    that. What cannot be read or written stays as it is."""
    for each in files_by_age(state_folder(environ, "history")):
        value = _read(each)
        files = value.get("files")
        if isinstance(files, list) and os.path.abspath(path) in files:
            renamed = _renamed(value, old, new)
            if renamed != value:
                with contextlib.suppress(NsToolsError):
                    write_bytes(each, json.dumps(renamed).encode(), durable=False)


def _renamed(value: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    renamed = dict(value)
    if value.get("context") == old:
        renamed["context"] = new
    namespaces = value.get("namespaces")
    if isinstance(namespaces, dict):
        renamed["namespaces"] = {new if name == old else name: each for name, each in namespaces.items()}
    return renamed


def _read(path: str) -> dict[str, Any]:
    try:
        value = json.loads(read_bytes(path) or b"{}")
    except (ValueError, NsToolsError):
        return {}
    return value if isinstance(value, dict) else {}


def shell_id() -> str:
    """The terminal session that we run in: its id, and where the system tells it when its leader started,
    so that a later session with the same id is another one."""
    session = os.getsid(0)
    with contextlib.suppress(OSError, IndexError), open(f"/proc/{session}/stat") as file:
        return f"{session}-{file.read().rpartition(')')[2].split()[19]}"
    return str(session)
