"""The files that clusters and users name: where they are, and what is in them.

Source: client-go tools/clientcmd (GetClusterFileReferences, GetAuthInfoFileReferences, ResolvePaths,
RelativizePathWithNoBacksteps) and tools/clientcmd/api/helpers.go (FlattenContent).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kubectl_ns_tools.errors import NotFound, Refused

_WITH_DATA = ("certificate-authority", "client-certificate", "client-key")
_FILES = (*_WITH_DATA, "tokenFile")
_COMMAND = "exec.command"


def absolute(body: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The fields of a cluster or a user, with relative paths taken from `folder`."""
    return _changed(body, lambda path, _: _resolved(path, folder))


def beside(body: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The fields, whose paths are absolute, for a file in `folder`: relative where no `../` is needed."""
    return _changed(body, lambda path, key: _relative(path, folder, key))


def moved(body: Mapping[str, Any], folder: str, target: str) -> dict[str, Any]:
    """The fields with paths that were relative to `folder` made to mean the same in a file in `target`, as
    `beside` has them. Absolute ones stay as they are written."""

    def change(path: str, key: str) -> str:
        return path if os.path.isabs(path) else _relative(_resolved(path, folder), target, key)

    return _changed(body, change)


def relative_paths(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, path) of what depends on where the file is."""
    return ((key, path) for key, path in _paths(body) if not os.path.isabs(path))


def inlined(body: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The content of certificate and key files in the place of their names, as
    `kubectl config view --flatten` has it. The paths must be absolute; what: names the entry in errors.

    Raises Refused when a field has both, NotFound for a file that cannot be read.
    """
    result = dict(body)
    for key in _WITH_DATA:
        path = result.pop(key, "")
        if not path:
            continue
        if result.get(f"{key}-data"):
            raise Refused(
                f"{what}: {key} and {key}-data are both set, so that neither can be told to be the right one"
            )
        result[f"{key}-data"] = _content(path, f"{what}: cannot read the {key} {path}")
    return result


def folder_of(path: str) -> str:
    """What paths in a file are relative to: its folder as given, symlinks not resolved."""
    return os.path.dirname(os.path.abspath(path))


def _paths(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in _FILES:
        if isinstance(path := body.get(key), str) and path:
            yield key, path
    plugin = body.get("exec")
    command = plugin.get("command") if isinstance(plugin, dict) else None
    if isinstance(command, str) and os.sep in command:  # others are looked for in $PATH
        yield _COMMAND, command


def _changed(body: Mapping[str, Any], change: Callable[[str, str], str]) -> dict[str, Any]:
    """A copy, with change(path, field) in the place of each path."""
    result = dict(body)
    for key, path in _paths(body):
        if key == _COMMAND:
            result["exec"] = {**body["exec"], "command": change(path, key)}
        else:
            result[key] = change(path, key)
    return result


def _resolved(path: str, folder: str) -> str:
    return path if os.path.isabs(path) else os.path.normpath(os.path.join(folder, path))


def _relative(path: str, folder: str, key: str) -> str:
    relative = os.path.relpath(path, folder)
    if relative == os.pardir or relative.startswith(os.pardir + os.sep):
        return path
    # Without a separator it would be a command in $PATH; kubectl itself does not mind that.
    return os.path.join(os.curdir, relative) if key == _COMMAND and os.sep not in relative else relative


def _content(path: str, problem: str) -> str:
    import base64

    try:
        with open(path, "rb") as file:
            return base64.b64encode(file.read()).decode()
    except OSError as error:
        raise NotFound(f"{problem}: {(error.strerror or '').lower()}") from error
