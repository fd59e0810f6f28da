"""The merged view of all kubeconfig files, by kubectl's rules.

Source: client-go tools/clientcmd/loader.go: of entries with the same name the first file's counts, whole;
current-context is the first that is not empty; relative paths are relative to the file that has them.
"""

import os
from collections.abc import Callable, Collection
from functools import cached_property, partial
from typing import Any

from kubectl_ns_tools.errors import NotFound, did_you_mean
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.reading.entry import Entry
from kubectl_ns_tools.kubeconfig.storage import read_settled
from kubectl_ns_tools.kubeconfig.transfer.paths import absolute, folder_of

_NOBODY = Entry("", "", dict)


class View:
    """What kubectl sees. problems: what it would complain about, as text with file and line."""

    def __init__(
        self,
        locations: Locations,
        files: dict[str, KubeconfigFile],
        current_context: str,
        problems: tuple[str, ...],
        merged: Callable[[str], dict[str, Entry]],
    ) -> None:
        """merged: gives the entries of a section, when they are first asked for: few commands need all the
        thousands that a large file has."""
        self.locations = locations
        self.files = files
        self.current_context = current_context
        self.problems = problems
        self._merged = merged

    @cached_property
    def contexts(self) -> dict[str, Entry]:
        return self._merged("contexts")

    @cached_property
    def clusters(self) -> dict[str, Entry]:
        return self._merged("clusters")

    @cached_property
    def users(self) -> dict[str, Entry]:
        return self._merged("users")

    @property
    def is_empty(self) -> bool:
        """Whether there is no entry at all."""
        return not (self.contexts or self.clusters or self.users)

    def require_current(self) -> str:
        """The current context's name. Raises NotFound when none is set, or the only file is missing."""
        if self.locations.explicit and not os.path.exists(self.locations.paths[0]):
            raise NotFound(f"stat {self.locations.paths[0]}: no such file or directory")
        if not self.current_context:
            raise NotFound("current-context is not set", self._choose())
        return self.current_context

    def _choose(self) -> str:
        if not self.contexts:
            return f"there is no context in {', '.join(self.locations.paths)}"
        return "choose one with: kubectl ctx-switch NAME"

    def context(self, name: str) -> Entry:
        """The context of that name. Raises NotFound, in kubectl's words, with a near name as the hint."""
        if name not in self.contexts:
            hint = did_you_mean(name, self.contexts, "contexts there are")
            raise NotFound(f'no context exists with the name: "{name}"', hint)
        return self.contexts[name]

    def namespace_of(self, name: str) -> str:
        """The default namespace of a context: its own, else kubectl's `default`."""
        return self.context(name).get("namespace") or "default"

    def narrowed(self, names: Collection[str]) -> "View":
        """The same with these contexts only, in the same order, and the clusters and users they refer to."""
        contexts = {name: entry for name, entry in self.contexts.items() if name in names}
        clusters, users = (
            {name: entry for name, entry in entries.items() if name in referred}
            for entries, referred in (
                (self.clusters, {context.get("cluster") for context in contexts.values()}),
                (self.users, {context.get("user") for context in contexts.values()}),
            )
        )
        current = self.current_context if self.current_context in contexts else ""
        kept = {"contexts": contexts, "clusters": clusters, "users": users}
        return View(self.locations, self.files, current, self.problems, kept.__getitem__)

    def self_contained(self, name: str) -> dict[str, Any]:
        """A kubeconfig of just this context, its cluster and its user, with absolute paths.

        Raises NotFound when the context, or what it refers to, is missing.
        """
        context = self.context(name)
        cluster = self._referred(context, "cluster", self.clusters)
        user = self._referred(context, "user", self.users) if context.get("user") else _NOBODY
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "contexts": [{"name": name, "context": context.body}],
            "clusters": [{"name": cluster.name, "cluster": absolute(cluster.body, folder_of(cluster.path))}],
            "users": [{"name": user.name, "user": absolute(user.body, folder_of(user.path))}],
        }

    @staticmethod
    def _referred(context: Entry, kind: str, entries: dict[str, Entry]) -> Entry:
        name = context.get(kind)
        if name not in entries:
            problem = f'{kind} "{name}" does not exist' if name else f"no {kind} is set"
            hint = did_you_mean(name, entries, f"{kind}s there are")
            raise NotFound(f'context "{context.name}" ({context.path}): {problem}', hint)
        return entries[name]


def load_view(locations: Locations) -> View:
    """Read and merge the files; a broken one is a problem in the view, not an error."""
    by_path = {path: KubeconfigFile(path, read_settled(path)) for path in locations.paths}
    files = list(by_path.values())
    current = next((file.current_context for file in files if file.current_context), "")
    problems = tuple(str(problem) for file in files for problem in file.problems)
    return View(locations, by_path, current, problems, partial(_merged, files))


def _merged(files: list[KubeconfigFile], section: str) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for file in files:
        for entry in file.entries(section):
            entries.setdefault(entry.name, entry)
    return entries
