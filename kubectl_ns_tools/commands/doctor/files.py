"""The files that the suite reads and writes: kubeconfigs, their locks, config.yaml, the state folder."""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.findings import Severity
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.kubeconfig.linting.check import check
from kubectl_ns_tools.kubeconfig.linting.findings import Finding as Fault
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.lock import lock_paths
from kubectl_ns_tools.kubeconfig.state import state_folder
from kubectl_ns_tools.kubeconfig.view import View
from kubectl_ns_tools.output.doctor import Finding, error, ok, warning

_KUBECONFIG, _SETTINGS, _STATE = "kubeconfig", "settings", "state"
_STALE_AFTER = 60.0  # seconds; kubectl holds a lock for less than one
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def kubeconfig_findings(locations: Locations, environ: Mapping[str, str], at: datetime) -> Iterator[Finding]:
    """What ctx-lint finds, summed up. at: the present."""
    faults = check(locations, environ, at)
    errors = [each for each in faults if each.severity is Severity.ERROR]
    warnings = [each for each in faults if each.severity is Severity.WARNING and each.rule != "file-mode"]
    if errors:
        yield error(_KUBECONFIG, _summed(errors, "error"), "kubectl ctx-lint -o wide")
    if warnings:
        yield warning(_KUBECONFIG, _summed(warnings, "warning"), "kubectl ctx-lint -o wide")
    for fault in faults:
        if fault.rule == "file-mode":
            yield warning(_KUBECONFIG, f"{fault.path}: {fault.problem}", "kubectl ctx-lint --fix")
    if not errors and not warnings:
        yield ok(_KUBECONFIG, os.pathsep.join(path for path in locations.paths if os.path.exists(path)))


def _summed(faults: Sequence[Fault], what: str) -> str:
    """The first in full; the others are ctx-lint's to tell."""
    first = f"{faults[0].place}: {faults[0].problem}"
    number = len(faults)
    return first if number == 1 else f"{number} {what}s, the first: {first}"


def current_findings(view: View, context: str | None) -> Iterator[Finding]:
    """The context in use. context: that of --context."""
    name = context or view.current_context
    if not name:
        yield warning(_KUBECONFIG, "no context is the current one", "choose one: kubectl ctx-switch")
    elif name not in view.contexts:
        yield error(
            _KUBECONFIG, f'there is no context "{name}", which is the one in use', "kubectl ctx-switch"
        )
    else:
        yield ok(_KUBECONFIG, f"context {name}, namespace {view.namespace_of(name)}")


def lock_findings(locations: Locations, now: float) -> Iterator[Finding]:
    """Locks that somebody has left behind: kubectl writes nothing while they are there. now: in seconds."""
    for lock in dict.fromkeys(lock for path in locations.paths if path for lock in lock_paths(path)):
        try:
            age = now - os.lstat(lock).st_mtime
        except OSError:
            continue
        if age > _STALE_AFTER:
            text = f"{lock} has been there for {age:.0f} s: kubectl cannot change the file"
            yield error(_KUBECONFIG, text, f"if no kubectl is running: rm {lock}")


def settings_findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """config.yaml."""
    try:
        config = load_config(environ)
    except NsToolsError as failed:
        yield error(_SETTINGS, failed.message, failed.hint or "mend the file")
        return
    if not os.path.exists(config.path):
        yield ok(_SETTINGS, f"no {config.path}: no context and no namespace is protected")
        return
    numbers = f"{len(config.protected)} of contexts and {len(config.protected_namespaces)} of namespaces"
    yield ok(_SETTINGS, f"{config.path}: patterns that protect, {numbers}")


def state_findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """The folder of history, undo and backups: that it can be written, by nobody else."""
    folder = os.path.dirname(state_folder(environ, "x"))
    nearest = _nearest(folder)
    if not os.path.isdir(nearest) or not os.access(nearest, os.W_OK | os.X_OK):
        text = f"{nearest} cannot be written: there is no way back to the context before, and no backup"
        yield error(_STATE, text, f"mend its permissions, or set XDG_STATE_HOME: ls -ld {nearest}")
        return
    exposed = list(_exposed(folder))
    for path, mode in exposed:
        text = f"{path} is open to others (mode {mode:04o}): it has credentials and backups"
        yield warning(_STATE, text, f"chmod go-rwx {path}")
    if not exposed:
        yield ok(_STATE, folder)


def _nearest(folder: str) -> str:
    """The folder, or the nearest above it that is there."""
    while not os.path.lexists(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder or "."


def _exposed(folder: str) -> Iterator[tuple[str, int]]:
    if not os.path.isdir(folder):
        return
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        mode = stat.S_IMODE(os.stat(path).st_mode) if os.path.isdir(path) else 0
        if mode & _OTHERS:
            yield path, mode
