"""Entries of one name in several files: the first file's counts, and hides those of later files.

Source: client-go tools/clientcmd/loader.go. When the first one goes, the next comes into effect.
"""

import os

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.view import View


def distinct_files(view: View) -> dict[str, KubeconfigFile]:
    """The files of the view by path, without those that are an earlier one by another name: kubectl knows
    only of equal names, but a write to the one is a write to the other."""
    found: dict[str, str] = {}
    for path in view.files:
        found.setdefault(os.path.realpath(path), path)
    return {path: view.files[path] for path in found.values()}


def holders(view: View, section: str) -> dict[str, list[str]]:
    """By name, the files that have such an entry, the one whose entry counts first."""
    found: dict[str, list[str]] = {}
    for path, file in distinct_files(view).items():
        for name in dict.fromkeys(entry.name for entry in file.entries(section)):
            found.setdefault(name, []).append(path)
    return found


def check_not_in_overlay(view: View, name: str) -> None:
    """Raise Refused for a context that the ctx-shell around us has as its own: outside it would change, and
    in here there would be another of the same name."""
    overlay = view.locations.overlay
    if overlay and view.contexts[name].path == overlay and len(holders(view, "contexts")[name]) > 1:
        raise Refused(
            f'context "{name}" is in use in this shell, which kubectl ctx-shell has started',
            "leave the shell first; the other contexts can be changed from here",
        )
