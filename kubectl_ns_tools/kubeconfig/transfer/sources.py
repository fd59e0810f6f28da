"""Kubeconfigs that entries are taken from: files of somebody else, each on its own, not merged."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kubectl_ns_tools.errors import NotFound, Refused
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile, read_file
from kubectl_ns_tools.kubeconfig.reading.schema import SECTIONS
from kubectl_ns_tools.kubeconfig.transfer.paths import absolute, folder_of, relative_paths
from kubectl_ns_tools.kubeconfig.transfer.sameness import context_sameness, sameness

STDIN = "-"
REFERENCES = {"cluster": "clusters", "user": "users"}  # field of a context -> where what it names stands


@dataclass(frozen=True)
class Source:
    """name: for people. folder: what its paths are relative to. is_stream: it has no folder of its own, so
    that this is only the working directory. sections: its entries, by section and name."""

    name: str
    folder: str
    is_stream: bool
    sections: dict[str, dict[str, "Newcomer"]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False)
class Newcomer:
    """An entry of a source. item: as it stands there, fields that nobody knows included."""

    source: Source = field(repr=False)
    section: str
    name: str
    item: Mapping[str, Any] = field(repr=False)

    @property
    def kind(self) -> str:
        """What one of its section is called: context, cluster or user."""
        return SECTIONS[self.section][0]

    @property
    def body(self) -> dict[str, Any]:
        """Its fields."""
        body = self.item.get(self.kind)
        return dict(body) if isinstance(body, dict) else {}

    @cached_property
    def content(self) -> str:
        """A text that is equal for equal entries (see sameness.py)."""
        if self.section != "contexts":
            return sameness(self.section, absolute(self.body, self.source.folder))
        return context_sameness(self.body, {other.kind: other.content for other in self.others})

    @property
    def references(self) -> dict[str, str]:
        """The names of the cluster and the user of a context, by "cluster" and "user", where it has them."""
        return {kind: name for kind in REFERENCES if (name := self.body.get(kind))}

    @property
    def others(self) -> list["Newcomer"]:
        """The cluster and the user that a context refers to, as far as its source has them."""
        sections = self.source.sections
        found = (sections[REFERENCES[kind]].get(name) for kind, name in self.references.items())
        return [other for other in found if other]

    @property
    def dangling(self) -> Iterator[str]:
        """What a context refers to and its source does not have, in words."""
        for kind, name in self.references.items():
            if name not in self.source.sections[REFERENCES[kind]]:
                yield f'context "{self.name}" ({self.source.name}): {kind} "{name}" is not in this file'

    @property
    def uncertain_paths(self) -> list[tuple[str, str]]:
        """(field, path) of what is relative to nobody knows what."""
        return list(relative_paths(self.body)) if self.source.is_stream else []


def read_source(path: str, stdin: Callable[[], bytes]) -> Source:
    """The entries of a file, or of `stdin` for "-"; what can be read only once is read once.

    Raises NotFound when the file is missing, Refused with file and line for what kubectl would not read,
    and for a file without entries.
    """
    file = KubeconfigFile("standard input", stdin()) if path == STDIN else read_file(path)
    if file.data is None:
        raise NotFound(f"stat {path}: no such file or directory")
    if file.problems:
        first, *others = map(str, file.problems)
        raise Refused(first, "kubectl refuses this file; nothing was imported", others)
    is_stream = path == STDIN or not os.path.isfile(path)
    source = Source(file.path, os.getcwd() if is_stream else folder_of(path), is_stream)
    source.sections.update({section: _newcomers(source, section, file.model) for section in SECTIONS})
    if not any(source.sections.values()):
        what = "is empty" if not file.data.strip() else "has no contexts, clusters or users"
        raise Refused(f"{file.path} {what}", "nothing was imported")
    return source


def _newcomers(source: Source, section: str, model: Mapping[str, Any]) -> dict[str, Newcomer]:
    """An entry without a name, which kubectl reads, is nothing that one could import."""
    items = (item for item in model.get(section) or () if item and item.get("name"))
    return {item["name"]: Newcomer(source, section, item["name"], item) for item in items}
