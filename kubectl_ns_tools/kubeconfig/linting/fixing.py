"""Everything that can be mended surely, over all files: planned, and done as planned."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from kubectl_ns_tools.errors import Locked, NsToolsError, Refused
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.linting.files import is_open, mode_of, private_mode
from kubectl_ns_tools.kubeconfig.linting.mending import mended
from kubectl_ns_tools.kubeconfig.linting.repairs import Mend
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile, read_file
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange


@dataclass(frozen=True)
class ModeChange:
    """The permissions of a file, before and after."""

    path: str
    before: int
    after: int


@dataclass(frozen=True)
class Fixes:
    """changes: of the bytes of files; mends: what they do, by path; modes: permissions to be taken away."""

    changes: tuple[FileChange, ...]
    mends: tuple[tuple[str, Mend], ...]
    modes: tuple[ModeChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.modes)


def plan_fixes(locations: Locations) -> Fixes:
    """What can be mended now; a file that cannot be read is left alone."""
    changes: list[FileChange] = []
    mends: list[tuple[str, Mend]] = []
    modes: list[ModeChange] = []
    for file in _files(locations):
        made = mended(file)
        if made.mends:
            changes.append(FileChange(file.path, file.data, made.data))
            mends += [(file.path, mend) for mend in made.mends]
        mode = mode_of(file.path)
        if mode is not None and is_open(mode):
            modes.append(ModeChange(file.path, mode, private_mode(mode)))
    return Fixes(tuple(changes), tuple(mends), tuple(modes))


def fix(plan: Fixes, writer: Writer) -> None:
    """Do exactly that. Raises Refused when a file has changed since, Locked when it cannot be done."""
    rewrites = {change.path: partial(_as_planned, change) for change in plan.changes}
    writer.rewrite(f"mend {', '.join(rewrites)}", rewrites)
    for mode in plan.modes:
        try:
            os.chmod(mode.path, mode.after)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise Locked(f"cannot change the mode of {mode.path}: {reason}") from error


def _files(locations: Locations) -> Iterator[KubeconfigFile]:
    seen: set[str] = set()
    for path in locations.paths:
        real = os.path.realpath(path)
        try:
            file = read_file(path)
        except NsToolsError:
            continue
        if real not in seen and file.data is not None:
            yield file
        seen.add(real)


def _as_planned(change: FileChange, file: KubeconfigFile) -> bytes:
    if file.data != change.before:
        raise Refused(f"{file.path} has changed meanwhile; nothing was written", "look again")
    return change.after
