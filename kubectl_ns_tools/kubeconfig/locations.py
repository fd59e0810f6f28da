"""Which kubeconfig files count, and which of them is written to.

Source: client-go tools/clientcmd (ClientConfigLoadingRules) and kubectl's PathOptions.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

SHELL = "KUBECTL_NS_TOOLS_SHELL"  # in a ctx-shell, the path of the overlay that it was given


class Locations(NamedTuple):
    """The files, in kubectl's order of precedence, as given. explicit: they come from --kubeconfig.

    overlay: the first of them where that is the ctx-shell's own, around us; else "".
    """

    paths: tuple[str, ...]
    explicit: bool = False
    overlay: str = ""

    @property
    def default_path(self) -> str:
        """The file for new entries and for current-context: the only one there is; else the first that
        exists; else the last (PathOptions.GetDefaultFilename)."""
        existing = (path for path in self.paths if os.path.exists(path))
        return next(existing, self.paths[-1])

    @property
    def outside(self) -> "Locations":
        """In a ctx-shell, the person's own files: those that are left without its overlay and, where shells
        are nested, those of the shells around it. Elsewhere, and with nothing left, these locations."""
        if not self.overlay:
            return self
        shells = os.path.dirname(os.path.dirname(self.overlay))  # each shell has a folder in there
        paths = tuple(path for path in self.paths if not path.startswith(shells + os.sep))
        return Locations(paths) if paths else self


def locate(explicit: str | None, environ: Mapping[str, str]) -> Locations:
    """The files by kubectl's rules: --kubeconfig, else $KUBECONFIG, else ~/.kube/config.

    `~` is not expanded, empty elements are skipped, and of equal elements the first counts.
    """
    if explicit:
        return Locations((explicit,), explicit=True)
    listed = tuple(dict.fromkeys(filter(None, environ.get("KUBECONFIG", "").split(os.pathsep))))
    if listed and listed[0] == environ.get(SHELL):
        return Locations(listed, overlay=listed[0])
    if environ.get("KUBECONFIG") and not listed:
        return Locations(("",))  # only separators: no file at all, not the usual one
    return Locations(listed or (os.path.join(environ.get("HOME", ""), ".kube", "config"),))
