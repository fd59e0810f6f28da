"""Contexts as a kubeconfig of their own, and that written to a new, private file."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from kubectl_ns_tools.errors import Locked, Refused
from kubectl_ns_tools.kubeconfig.lock import locked
from kubectl_ns_tools.kubeconfig.storage import read_bytes, write_bytes
from kubectl_ns_tools.kubeconfig.transfer.paths import beside, folder_of, inlined
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange, Journal
from kubectl_ns_tools.kubeconfig.view import View

_PRIVATE = 0o600


def exported(view: View, names: Iterable[str], into: str | None = None, *, flatten: bool) -> dict[str, Any]:
    """A kubeconfig of just these contexts, their clusters and users, all sorted as kubectl sorts them.

    Paths are absolute, or relative to the folder of the file `into` where no `../` is needed; flatten:
    certificates and keys are in it instead. The current context is the only one, or the one that is current
    now. Raises NotFound for what a context refers to and no file has, and for files that cannot be read.
    """
    parts = [view.self_contained(name) for name in sorted(names)]
    contexts = _sorted(parts, "context")
    current = view.current_context
    if len(contexts) == 1:
        current = contexts[0]["name"]
    elif all(item["name"] != current for item in contexts):
        current = ""
    others = {
        kind: [
            {"name": item["name"], kind: _settled(item[kind], f'{kind} "{item["name"]}"', into, flatten)}
            for item in _sorted(parts, kind)
        ]
        for kind in ("cluster", "user")
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": others["cluster"],
        "contexts": contexts,
        "current-context": current,
        "users": others["user"],
    }


def token_files(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(user, path) of the tokens that stay in files of their own, as kubectl does not flatten them either."""
    users = ((item["name"], item["user"].get("tokenFile")) for item in config["users"])
    return [(name, path) for name, path in users if path]


def write_export(
    view: View, journal: Journal, path: str, text: str, *, force: bool, dry_run: bool
) -> list[FileChange]:
    """Make the file, readable by its owner only, or with `force` put the text in the place of its content.

    Raises Refused for a file that is there, and always for one of the user's kubeconfig files.
    """
    if dry_run:
        return _change(view, path, text, force)
    with locked(path):
        changes = _change(view, path, text, force)
        if changes and changes[0].before is not None:
            _make_private(path)
        if changes:
            recorded = journal.record(f"export to {path}", changes)
            try:
                write_bytes(path, changes[0].after)
            except BaseException:
                journal.forget(recorded)
                raise
    return changes


def _change(view: View, path: str, text: str, force: bool) -> list[FileChange]:
    if os.path.exists(path) and not os.path.isfile(path):  # to read a pipe could take for ever
        raise Refused(f"{path} is not a regular file", "without --into it goes to standard output")
    before = read_bytes(path)
    if before is not None:
        if os.path.realpath(path) in map(os.path.realpath, view.locations.paths):
            raise Refused(
                f"{path} is one of your kubeconfig files; nothing was written",
                "name another file; kubectl ctx-import adds to a kubeconfig",
            )
        if not force:
            raise Refused(f"{path} exists; nothing was written", "name another file, or replace it: --force")
    after = text.encode()
    return [] if before == after else [FileChange(path, before, after)]


def _make_private(path: str) -> None:
    """Before the credentials are in it."""
    if os.stat(path).st_mode & 0o077:
        try:
            os.chmod(path, _PRIVATE)
        except OSError as error:
            raise Locked(f"cannot make {path} private: {(error.strerror or '').lower()}") from error


def _sorted(parts: Iterable[Mapping[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The entries of all parts, each once; a context without a user brings one without a name."""
    found = {item["name"]: item for part in parts for item in part[f"{kind}s"]}
    return [found[name] for name in sorted(found) if name]


def _settled(body: Mapping[str, Any], what: str, into: str | None, flatten: bool) -> dict[str, Any]:
    fields = inlined(body, what) if flatten else dict(body)
    return beside(fields, folder_of(into)) if into else fields
