"""Which of our commands kubectl finds, and whether they are of one version."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.completion.completers import executable
from kubectl_ns_tools.output.doctor import Finding, error, ok, warning

AREA = "commands"
_PATIENCE = 10.0  # seconds for --version
_COMPARED = 4096  # bytes of an executable; our own have fewer
_INSTALL = "to have it: kubectl krew install {}; all of them: pipx install kubectl-ns-tools"


class Found(NamedTuple):
    """The files of one command on PATH, in kubectl's order; the first is the one that runs. Links to the same
    file count once."""

    name: str
    paths: Sequence[str]


def look(commands: Sequence[str], folders: Sequence[str]) -> list[Found]:
    """commands: the names of all that the suite has; folders: those of PATH."""
    return [Found(name, _named(folders, executable(name))) for name in commands]


def folders_of(environ: Mapping[str, str]) -> list[str]:
    """Those of PATH, each once."""
    folders: dict[str, str] = {}
    for folder in filter(None, environ.get("PATH", "").split(os.pathsep)):
        folders.setdefault(os.path.realpath(folder), folder)
    return list(folders.values())


def plugin_findings(found: Sequence[Found], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Which there are, and of which version."""
    there = [each for each in found if each.paths]
    if not there:
        text = "kubectl finds none of them: they are in no folder of PATH"
        yield error(AREA, text, "add the folder that has kubectl-ns_tools to PATH")
        return
    folders = list(dict.fromkeys(os.path.dirname(each.paths[0]) for each in there))
    missing = [each.name for each in found if not each.paths]
    more = f"; not {', '.join(missing)}" if missing else ""
    text = f"{len(there)} of {len(found)} on PATH, in {', '.join(folders)}{more}"
    yield ok(AREA, text, _INSTALL.format(missing[0]) if missing else "")
    yield from _version_findings(there, environ)


def _named(folders: Sequence[str], name: str) -> list[str]:
    paths: dict[str, str] = {}
    for path in (os.path.join(folder, name) for folder in folders):
        if os.path.isfile(path) and os.access(path, os.X_OK):
            paths.setdefault(os.path.realpath(path), path)
    return list(paths.values())


def _version_findings(there: Sequence[Found], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether those that run are ours, and all of this version."""
    versions: dict[str, list[str]] = {}
    for said, group in _said_by(there, environ):
        suite, _, version = said.text.partition(" ")
        if suite == "kubectl-ns-tools":
            versions.setdefault(version, []).extend(each.name for each in group)
        else:
            yield _not_ours(said, group)
    others = {version: names for version, names in versions.items() if version != __version__}
    for version, names in others.items():
        text = f"{', '.join(names)}: version {version}, while this is {__version__}"
        yield warning(AREA, text, "bring all to one version: kubectl krew upgrade, or pipx upgrade")
    if versions and not others:
        yield ok(AREA, f"all of version {__version__}")


def _not_ours(said: "_Said", group: Sequence[Found]) -> Finding:
    names, path = ", ".join(each.name for each in group), group[0].paths[0]
    if said.fault:
        return error(AREA, f"{names}: cannot be run: {said.fault}", f"see what this says: {path} --version")
    text = f"{names}: another program of this name: {path}"
    return error(AREA, text, "remove it, or put our folder before its own in PATH")


def _said_by(there: Sequence[Found], environ: Mapping[str, str]) -> Iterator[tuple["_Said", list[Found]]]:
    """What is said to --version, and by which commands. Those of one folder that are alike but for the name
    are run by one interpreter from one package: asking one of them is enough."""
    alike: dict[tuple[str, bytes], list[Found]] = {}
    for each in there:
        target = os.path.realpath(each.paths[0])
        alike.setdefault((os.path.dirname(target), _nameless(target, each.name)), []).append(each)
    for group in alike.values():
        yield _said(group[0].paths[0], environ), group


def _nameless(path: str, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            text = file.read(_COMPARED)
    except OSError:
        return b""
    return text.replace(name.encode(), b"").replace(name.replace("-", "_").encode(), b"")


class _Said(NamedTuple):
    """To --version; fault: why it could not, "" when it could."""

    text: str
    fault: str = ""


def _said(program: str, environ: Mapping[str, str]) -> _Said:
    try:
        done = subprocess.run(
            [program, "--version"], env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_PATIENCE, check=False, text=True, errors="replace",
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as failed:
        return _Said("", str(failed))
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return _Said("", lines[-1] if lines else f"exit code {done.returncode}")
    return _Said(done.stdout.strip())
