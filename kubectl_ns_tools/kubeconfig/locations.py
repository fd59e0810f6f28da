"""Which kubeconfig files count, and which of them is written to.

Source: client-go tools/clientcmd (ClientConfigLoadingRules) and kubectl's PathOptions.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Locations:
    """The files, in kubectl's order of precedence, as given. explicit: they come from --kubeconfig."""

    paths: tuple[str, ...]
    explicit: bool = False

    @property
    def default_path(self) -> str:
        """The file for new entries and for current-context: the only one there is; else the first that
        exists; else the last (PathOptions.GetDefaultFilename)."""
        existing = (path for path in self.paths if os.path.exists(path))
        return next(existing, self.paths[-1])


def locate(explicit: str | None, environ: Mapping[str, str]) -> Locations:
    """The files by kubectl's rules: --kubeconfig, else $KUBECONFIG, else ~/.kube/config.

    `~` is not expanded, empty elements are skipped, and of equal elements the first counts.
    """
    if explicit:
        return Locations((explicit,), explicit=True)
    listed = tuple(dict.fromkeys(filter(None, environ.get("KUBECONFIG", "").split(os.pathsep))))
    return Locations(listed or (os.path.join(environ.get("HOME", ""), ".kube", "config"),))
