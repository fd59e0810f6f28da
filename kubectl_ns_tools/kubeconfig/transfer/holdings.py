"""Which names are taken, by what content: in a view, and by what is about to be added to it."""

import itertools
from collections.abc import Set

from kubectl_ns_tools.kubeconfig.reading.entry import Entry
from kubectl_ns_tools.kubeconfig.transfer.paths import absolute, folder_of
from kubectl_ns_tools.kubeconfig.transfer.sameness import context_sameness, sameness
from kubectl_ns_tools.kubeconfig.transfer.sources import REFERENCES
from kubectl_ns_tools.kubeconfig.view import View


class Holdings:
    """The entries of a view and the claims on further names. Contents are texts, as in sameness.py."""

    def __init__(self, view: View) -> None:
        self._entries = {"contexts": view.contexts, "clusters": view.clusters, "users": view.users}
        self._claims: dict[tuple[str, str], str] = {}
        self._referrers: dict[tuple[str, str], set[str]] = {}
        for file in view.files.values():  # what is shadowed now may be seen again
            for context in file.entries("contexts"):
                for kind, section in REFERENCES.items():
                    self._referrers.setdefault((section, context.get(kind)), set()).add(context.name)

    def entry(self, section: str, name: str) -> Entry | None:
        """What the view has under this name."""
        return self._entries[section].get(name)

    def has(self, section: str, name: str) -> bool:
        """Whether the name is taken, in the view or by a claim."""
        return name in self._entries[section] or self.is_claimed(section, name)

    def is_claimed(self, section: str, name: str) -> bool:
        """Whether the name has been claimed."""
        return (section, name) in self._claims

    def claim(self, section: str, name: str, content: str) -> None:
        """The name stands for this content from now on."""
        self._claims[section, name] = content

    def content(self, section: str, name: str) -> str | None:
        """What goes by this name, None for nothing."""
        if self.is_claimed(section, name):
            return self._claims[section, name]
        entry = self.entry(section, name)
        if entry is None:
            return None
        return self._content_of_context(entry) if section == "contexts" else _content(section, entry)

    def room_for(
        self, section: str, wanted: str, content: str, leaving: Set[str] = frozenset()
    ) -> tuple[str, bool]:
        """The first of NAME, NAME-2, NAME-3… that is free, or stands for this content already; which of the
        two (True: free).

        leaving: contexts that are replaced; what nobody else refers to may be replaced with them.
        """
        for number in itertools.count(1):
            name = wanted if number == 1 else f"{wanted}-{number}"
            if self.content(section, name) == content:
                return name, False
            if self._is_free(section, name, leaving):
                return name, True
        raise AssertionError("there is no end of numbers")

    def whereabouts(self, section: str, name: str) -> str:
        """Where what has the name is, in words."""
        entry = None if self.is_claimed(section, name) else self.entry(section, name)
        return entry.path if entry else "what is imported with it"

    def _is_free(self, section: str, name: str, leaving: Set[str]) -> bool:
        """A missing cluster to which a context refers is not: that context is not to find another's there,
        and send its credentials to it."""
        if self.is_claimed(section, name):
            return False
        referrers = self._referrers.get((section, name), set())
        if self.entry(section, name) is None:
            return referrers <= leaving
        return bool(referrers) and referrers <= leaving

    def _content_of_context(self, context: Entry) -> str:
        others = {
            kind: _content(section, self._entries[section][name])
            for kind, section in REFERENCES.items()
            if (name := context.get(kind)) in self._entries[section]
        }
        return context_sameness(context.body, others)


def _content(section: str, entry: Entry) -> str:
    return sameness(section, absolute(entry.body, folder_of(entry.path)))
