"""The folder of backups: what is in it, and what a file in it is called."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Head
from kubectl_ns_tools.errors import NsToolsError

SUFFIX = ".tar.gz"
PARTIAL = ".partial"
_LONGEST = 200  # file systems give a name 255 bytes, and a suffix comes to it
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@+=~-")


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """One file of the folder. objects: how many are saved in it; bytes: its size.

    problem: why it cannot be used, else ""; head is None then.
    """

    path: str
    head: Head | None
    objects: int
    bytes: int
    problem: str = ""

    @property
    def namespace(self) -> str:
        return self.head.namespace if self.head else ""

    @property
    def time(self) -> str:
        return self.head.time if self.head else ""

    @property
    def server(self) -> str:
        return self.head.server if self.head else ""


def file_name(head: Head) -> str:
    """`blue-20261124T195312Z-1f0c3b2a.tar.gz`."""
    time = head.time.replace("-", "").replace(":", "")
    return f"{file_part(head.namespace)}-{time}-{file_part(head.uid)[:8]}{SUFFIX}"


def file_part(name: str) -> str:
    """An object's name as one that every file system and shell can live with.

    Kubernetes lets the names of Roles be almost anything but `%` and `/` (apimachinery,
    ValidatePathSegmentName): what is odd is written as `%XX`, and a long name is cut off and made unique.
    """
    text = "".join(map(_encoded, range(len(name)), name))
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _encoded(place: int, character: str) -> str:
    if character in _PLAIN and (place or character.isalnum() or character == "_"):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode())


def list_backups(folder: str, namespace: str = "") -> list[BackupInfo]:
    """The backups in a folder, newest first, of one namespace or of all; [] when there is no such folder.

    Every file is read to its end. One that cannot be used is in the list with its problem, if its name says
    that it is of the namespace.
    """
    found = [_info(path) for path in _files(folder) if os.path.basename(path).startswith(namespace)]
    wanted = [info for info in found if not namespace or info.problem or info.namespace == namespace]
    return sorted(wanted, key=lambda info: (info.time, info.path), reverse=True)


def _files(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry.path for entry in entries if entry.name.endswith(SUFFIX) and entry.is_file())
    except FileNotFoundError:
        return
    except OSError as error:
        raise NsToolsError(f"cannot read the folder {folder}: {(error.strerror or '').lower()}") from error


def _info(path: str) -> BackupInfo:
    try:
        with Archive.open(path) as archive:
            return BackupInfo(path, archive.head, len(archive.index.entries), _size(path))
    except NsToolsError as error:
        return BackupInfo(path, None, 0, _size(path), error.message)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:  # removed in the meantime
        return 0
