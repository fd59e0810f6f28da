"""The merged view of all kubeconfig files, by kubectl's rules.

Source: client-go tools/clientcmd/loader.go: of entries with the same name the first file's counts, whole;
current-context is the first that is not empty; relative paths are relative to the file that has them.
"""

import os
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.errors import NotFound, did_you_mean
from kubectl_ns_tools.kubeconfig.document import KubeconfigFile, read_file
from kubectl_ns_tools.kubeconfig.entry import Entry
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.schema import SECTIONS

_FILE_FIELDS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
_NOBODY = Entry("", "", dict)


@dataclass(frozen=True)
class View:
    """What kubectl sees. problems: what it would complain about, as text with file and line."""

    locations: Locations
    contexts: dict[str, Entry]
    clusters: dict[str, Entry]
    users: dict[str, Entry]
    current_context: str
    problems: tuple[str, ...]
    files: dict[str, KubeconfigFile] = field(default_factory=dict, repr=False)

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
            "clusters": [{"name": cluster.name, "cluster": _absolute(cluster)}],
            "users": [{"name": user.name, "user": _absolute(user)}],
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
    by_path = {path: read_file(path) for path in locations.paths}
    files = list(by_path.values())
    sections = {section: _merged(files, section) for section in SECTIONS}
    current = next((file.current_context for file in files if file.current_context), "")
    problems = [str(problem) for file in files for problem in file.problems]
    return View(locations, **sections, current_context=current, problems=tuple(problems), files=by_path)


def _merged(files: list[KubeconfigFile], section: str) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for file in files:
        for entry in file.entries(section):
            entries.setdefault(entry.name, entry)
    return entries


def _absolute(entry: Entry) -> dict[str, Any]:
    """The entry's fields with paths made absolute, against its file's folder as given (not resolved)."""
    folder = os.path.dirname(os.path.abspath(entry.path))
    body = dict(entry.body)
    for key in _FILE_FIELDS:
        if entry.get(key):
            body[key] = os.path.join(folder, entry.get(key))
    command = body.get("exec", {}).get("command") if isinstance(body.get("exec"), dict) else None
    if isinstance(command, str) and os.sep in command:
        body["exec"] = {**body["exec"], "command": os.path.join(folder, command)}
    return body
