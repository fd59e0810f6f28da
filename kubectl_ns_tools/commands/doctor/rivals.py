"""What hides our commands, or takes what was meant for them.

kubectl runs the first kubectl-X in the folders of PATH; of `ns-create blue` it first looks for
kubectl-ns_create-blue (kubectl pkg/cmd/plugin.go: HandlePluginCommand).
"""

import os
from collections.abc import Iterator, Sequence

from kubectl_ns_tools.commands.completion.completers import executable
from kubectl_ns_tools.commands.doctor.plugins import AREA, Found
from kubectl_ns_tools.output.doctor import Finding, ok, warning

_PREFIX = "kubectl-"
_NAMESAKES = {
    "kubectl-ns": "kubectl ns",
    "kubectl-ctx": "kubectl ctx",
}  # kubens and kubectx, as krew has them


def rival_findings(found: Sequence[Found], folders: Sequence[str]) -> Iterator[Finding]:
    """folders: those of PATH."""
    yield from _shadowed(found)
    for folder in folders:
        for name in _plugins(folder):
            yield from _about(folder, name, [each.name for each in found])


def _shadowed(found: Sequence[Found]) -> Iterator[Finding]:
    """As `kubectl plugin list` warns of it, but once for a folder."""
    hidden: dict[tuple[str, str], list[str]] = {}
    for each in found:
        for path in each.paths[1:]:
            place = os.path.dirname(path), os.path.dirname(each.paths[0])
            hidden.setdefault(place, []).append(os.path.basename(path))
    for (folder, first), names in hidden.items():
        text = f"{', '.join(names)} in {folder}: never run, as {first} comes first in PATH"
        yield warning(AREA, text, "remove those that are not wanted")


def _plugins(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.startswith(_PREFIX))
    except OSError:
        return []


def _about(folder: str, name: str, commands: Sequence[str]) -> Iterator[Finding]:
    path = os.path.join(folder, name)
    ours = {executable(command): command for command in commands}
    stem, _, rest = name[len(_PREFIX) :].partition("-")
    if not os.access(path, os.X_OK):
        if name in ours:
            yield warning(AREA, f"{path} is not executable: kubectl passes it over", f"chmod +x {path}")
    elif name in _NAMESAKES:
        text = f'{path} is another plugin, which has "{_NAMESAKES[name]} …"'
        yield ok(AREA, text, f"write ours with a dash: {_NAMESAKES[name]}-switch")
    elif rest and _PREFIX + stem in ours:
        typed = f"kubectl {ours[_PREFIX + stem]} {rest.replace('_', '-')}"
        yield warning(AREA, f"{path} is what runs for: {typed}", "remove it, or give it another name")
