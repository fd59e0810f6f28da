"""The executables kubectl_complete-X, which kubectl asks: whether they are there, and putting them there.

pip installs them with the commands. krew links one executable for a plugin into its bin folder, and nothing
else.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kubectl_ns_tools.errors import Locked, Refused

MARK = "# Written by kubectl ns-tools completion install; kubectl ns-tools completion uninstall removes it."


class Completer(NamedTuple):
    """The one for a command, and what was done: "created", "unchanged" or "removed"."""

    path: str
    done: str


def executable(command: str) -> str:
    """ctx-switch: kubectl-ctx_switch"""
    return f"kubectl-{command.replace('-', '_')}"


def completer(command: str) -> str:
    """ctx-switch: kubectl_complete-ctx_switch"""
    return executable(command).replace("-", "_complete-", 1)


def commands_there(commands: Iterable[str], environ: Mapping[str, str]) -> list[str]:
    """Those of our commands that kubectl finds on PATH."""
    return [command for command in commands if shutil.which(executable(command), path=_path(environ))]


def completers_missing(commands: Iterable[str], environ: Mapping[str, str]) -> list[str]:
    """Those of our commands on PATH that kubectl finds no completer for."""
    return [
        command
        for command in commands_there(commands, environ)
        if not shutil.which(completer(command), path=_path(environ))
    ]


def install(
    commands: Iterable[str], environ: Mapping[str, str], folder: str = "", *, dry_run: bool = False
) -> list[Completer]:
    """Put a completer beside each of our commands on PATH, or all of them in a folder. One that kubectl finds
    already stays.

    Raises Refused for a file of somebody else's, before anything is written, Locked where nothing can be.
    """
    places = dict(_places(commands, environ, folder))
    foreign = [path for path in places if os.path.lexists(path) and not is_ours(path)]
    if foreign:
        raise Refused(
            f"{foreign[0]} is there and was not written by kubectl-ns-tools",
            "move it away, or choose another folder: --dir DIR",
            foreign[1:],
        )
    return [_write(path, command, dry_run) for path, command in places.items()]


def uninstall(
    commands: Iterable[str], environ: Mapping[str, str], folder: str = "", *, dry_run: bool = False
) -> list[Completer]:
    """Remove what install has written in the folders of PATH, or in this one."""
    folders = [folder] if folder else dict.fromkeys(_path(environ).split(os.pathsep))
    paths = (os.path.join(each, completer(command)) for each in folders if each for command in commands)
    return [_remove(path, dry_run) for path in paths if os.path.lexists(path) and is_ours(path)]


def is_ours(path: str) -> bool:
    """Whether install has written this file."""
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return MARK.encode() in file.read(len(MARK) + 100)
    return False


def _places(commands: Iterable[str], environ: Mapping[str, str], folder: str) -> Iterator[tuple[str, str]]:
    """Where a completer is to be, and the command that it is for."""
    for command in commands_there(commands, environ):
        found = shutil.which(completer(command), path=_path(environ))
        beside = os.path.dirname(shutil.which(executable(command), path=_path(environ)) or "")
        if folder or not found or is_ours(found):
            yield (
                os.path.join(folder or (os.path.dirname(found) if found else beside), completer(command)),
                command,
            )


def _path(environ: Mapping[str, str]) -> str:
    return environ.get("PATH", os.defpath)


def _text(command: str) -> str:
    return f'#!/bin/sh\n{MARK}\nexec {executable(command)} __complete "$@"\n'


def _write(path: str, command: str, dry_run: bool) -> Completer:
    from kubectl_ns_tools.kubeconfig.storage import write_bytes

    text = _text(command).encode()
    with contextlib.suppress(OSError), open(path, "rb") as file:
        if file.read() == text and os.access(path, os.X_OK):
            return Completer(path, "unchanged")
    if not dry_run:
        write_bytes(path, text, durable=False)
        os.chmod(path, 0o755)
    return Completer(path, "created")


def _remove(path: str, dry_run: bool) -> Completer:
    try:
        if not dry_run:
            os.unlink(path)
    except OSError as error:
        raise Locked(f"cannot remove {path}: {(error.strerror or str(error)).lower()}") from error
    return Completer(path, "removed")
