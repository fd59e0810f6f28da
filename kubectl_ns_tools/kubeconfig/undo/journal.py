"""What undoes each write of a kubeconfig: the reverse edit and digests, not a copy of the file.

One JSON file per write, mode 0600, under $XDG_STATE_HOME/kubectl-ns-tools/undo, the newest ones kept. A
reverse edit holds only the bytes that the write took out. What goes back is in undoing.py.
"""

import base64
import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.kubeconfig.state import files_by_age, keep_newest, state_folder
from kubectl_ns_tools.kubeconfig.storage import read_bytes, write_bytes

_KEPT = 50
_CHUNK = 1 << 16
_MOST_LINES = 2000  # beyond that the changed stretch is kept as one piece
_LAST_TIME = 253_402_300_800  # the year 10000, beyond which there is no date


class FileChange(NamedTuple):
    """A file's bytes before and after a write. before: None for a file that was not there."""

    path: str
    before: bytes | None
    after: bytes


class FileRecord(NamedTuple):
    """What undoes the write of one file. path: absolute; after, before: digests of its bytes, before is None
    for a file that was not there; edit: what reverse_edit gave."""

    path: str
    after: str
    before: str | None
    edit: tuple[tuple[int, int, bytes], ...]


class Record(NamedTuple):
    """A write that can be undone. time: seconds since the epoch."""

    id: str
    time: float
    title: str
    files: tuple[FileRecord, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)


class Journal:
    """The writes of this user, over all shells."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._folder = state_folder(environ, "undo")

    def record(self, title: str, changes: list[FileChange]) -> str:
        """Keep what undoes the changes; the id of the record."""
        name = f"{time.time_ns():020d}-{os.getpid()}"
        value = {"time": time.time(), "title": title, "files": [_file(change) for change in changes]}
        write_bytes(self._path(name), json.dumps(value).encode(), durable=False)
        keep_newest(self._folder, _KEPT)
        return name

    def forget(self, name: str) -> None:
        """Remove a record, if it is still there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path(name))

    def records(self) -> list[Record]:
        """What can be undone, the last write first; a spoilt record is passed over."""
        return [record for path in reversed(files_by_age(self._folder)) if (record := _read(path))]

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, f"{name}.json")


def reverse_edit(before: bytes, after: bytes) -> list[tuple[int, int, bytes]]:
    """(start, end, bytes): what to put in the place of after[start:end], from the end to the start."""
    start = _common_start(before, after)
    tail = _common_end(before, after, min(len(before), len(after)) - start)
    old, new = before[start : len(before) - tail], after[start : len(after) - tail]
    pieces = [(start + low, start + high, piece) for low, high, piece in _pieces(old, new)]
    return pieces[::-1]


def _common_start(one: bytes, other: bytes) -> int:
    """How many bytes at the start are equal; by chunks, as files can have tens of megabytes."""
    most, at, size = min(len(one), len(other)), 0, _CHUNK
    while size:
        while at < most and one[at : at + size] == other[at : at + size]:
            at += size
        size //= 2
    return min(at, most)


def _common_end(one: bytes, other: bytes, most: int) -> int:
    """How many bytes at the end are equal, up to `most`."""
    at, size = 0, _CHUNK
    while size:
        while at + size <= most and _before_end(one, at, size) == _before_end(other, at, size):
            at += size
        size //= 2
    return at


def _before_end(data: bytes, at: int, size: int) -> bytes:
    return data[len(data) - at - size : len(data) - at]


def digest(data: bytes | None) -> str | None:
    """What a record knows the bytes of a file by; None for a missing file."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def _digests(before: bytes, after: bytes, same: int) -> tuple[str, str]:
    """Of both, the first `same` bytes of which are equal; these are gone through once only."""
    start = hashlib.sha256(memoryview(after)[:same])
    ends = start, start.copy()
    for end, data in zip(ends, (before, after), strict=True):
        end.update(memoryview(data)[same:])
    return ends[0].hexdigest(), ends[1].hexdigest()


def _pieces(old: bytes, new: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The changed lines between two stretches; the whole of a short one, and of one with very many lines."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if min(len(old_lines), len(new_lines)) <= 1 or max(len(old_lines), len(new_lines)) > _MOST_LINES:
        yield 0, len(new), old
        return
    import difflib

    offsets = [0]
    for line in new_lines:
        offsets.append(offsets[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    for tag, first, last, low, high in matcher.get_opcodes():
        if tag != "equal":
            yield offsets[low], offsets[high], b"".join(old_lines[first:last])


def _file(change: FileChange) -> dict[str, Any]:
    path = os.path.abspath(change.path)
    if change.before is None:
        return {"path": path, "after": digest(change.after)}
    pieces = reverse_edit(change.before, change.after)
    edit = [[low, high, base64.b64encode(piece).decode()] for low, high, piece in pieces]
    before, after = _digests(change.before, change.after, min((low for low, _, _ in pieces), default=0))
    return {"path": path, "after": after, "before": before, "edit": edit}


def _read(path: str) -> Record | None:
    try:
        value = json.loads(read_bytes(path) or b"")
        time, title, files = value["time"], value["title"], tuple(map(_file_record, value["files"]))
        if not (files and isinstance(title, str) and 0 <= time < _LAST_TIME):
            return None
        return Record(os.path.basename(path).removesuffix(".json"), time, title, files)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, NsToolsError):
        return None


def _file_record(value: Any) -> FileRecord:
    path, after, before = value["path"], value["after"], value.get("before")
    if not all(isinstance(text, str) for text in (path, after, before or "")):
        raise TypeError
    edit = [(int(low), int(high), base64.b64decode(piece)) for low, high, piece in value.get("edit", ())]
    return FileRecord(path, after, before, tuple(edit))
