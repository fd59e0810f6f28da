"""Back to the bytes before a write, in all of its files or in none.

The record of the write is forgotten last. So a kill half way leaves it, and the next undo goes on where this
one ended: a file that has its bytes from before the write already is passed over. The same goes for a write
that was killed between its files.
"""

import contextlib
import os
from dataclasses import dataclass

from kubectl_ns_tools.errors import Locked, NotFound, Refused
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.lock import locked
from kubectl_ns_tools.kubeconfig.storage import read_bytes, write_bytes
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange, FileRecord, Journal, Record, digest


@dataclass(frozen=True)
class _Step:
    """A file to be put back. before: None for one that is to be removed."""

    path: str
    now: bytes
    before: bytes | None


def writes_of(journal: Journal, locations: Locations) -> list[Record]:
    """The writes to any of these files, the last one first; those of other files, such as the overlay of a
    shell elsewhere, are not for us to undo."""
    ours = {os.path.realpath(path) for path in locations.paths}
    return [each for each in journal.records() if ours & {os.path.realpath(path) for path in each.paths}]


def last_write(journal: Journal, locations: Locations) -> Record:
    """The write that an undo brings back. Raises NotFound when there is none."""
    for record in writes_of(journal, locations):
        return record
    raise NotFound(
        f"there is nothing to undo in {', '.join(locations.paths)}",
        "only what these commands wrote can be undone, the last 50 times; another file: --kubeconfig FILE",
    )


def undo(journal: Journal, record: Record, *, dry_run: bool = False) -> list[FileChange]:
    """Bring back the bytes before the write and forget it; what changed, empty when all was as before.

    Raises Refused when one of its files has changed since; then none is written.
    """
    steps = _steps(record)  # before any lock, so that none is made or waited for where there is no going back
    with contextlib.ExitStack() as held:
        if not dry_run:
            for path in sorted(record.paths):
                held.enter_context(locked(path))
            steps = _steps(record)
            _do(steps)
            journal.forget(record.id)
    return [FileChange(step.path, step.now, step.before or b"") for step in steps]


def _steps(record: Record) -> list[_Step]:
    return [step for file in record.files if (step := _step(file, record))]


def _step(file: FileRecord, record: Record) -> _Step | None:
    data = read_bytes(file.path)
    if digest(data) == file.before:
        return None
    if data is None or digest(data) != file.after:
        gone = "is gone" if data is None else "has changed since"
        hint = "undo brings back exact bytes only; change it by hand, or see: kubectl ctx-undo --list"
        raise Refused(f"{file.path} {gone}: {record.title}", hint)
    if file.before is None:
        return _Step(file.path, data, None)
    before = data
    for low, high, piece in file.edit:
        before = before[:low] + piece + before[high:]
    if digest(before) != file.before:
        raise Refused(f"{file.path}: the record of this change is spoilt", "nothing was written")
    return _Step(file.path, data, before)


def _do(steps: list[_Step]) -> None:
    done: list[_Step] = []
    try:
        for step in steps:
            _put_back(step)
            done.append(step)
    except BaseException:
        for step in reversed(done):
            write_bytes(step.path, step.now)
        raise


def _put_back(step: _Step) -> None:
    if step.before is not None:
        write_bytes(step.path, step.before)
        return
    try:
        os.unlink(step.path)
    except OSError as error:
        raise Locked(f"cannot remove {step.path}: {(error.strerror or str(error)).lower()}") from error
