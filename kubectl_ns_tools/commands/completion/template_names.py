"""Templates, and the parameters that they ask for."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kubectl_ns_tools.commands.completion.cluster_names import ask_cluster
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.library.draft import Source, read_draft
from kubectl_ns_tools.templates.library.find import DEFAULT_TEMPLATE, find_files, find_template
from kubectl_ns_tools.templates.library.library import Library, open_library
from kubectl_ns_tools.templates.library.published import ClusterShelf, published_namespaces
from kubectl_ns_tools.templates.library.shelves import FolderShelf

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.commands.session import Session

_CHOICES = {"boolean": ["true", "false"]}


class Asked(NamedTuple):
    """A parameter, as it is kept: not with its default, which nobody should find in a cache."""

    name: str
    about: str
    choices: Sequence[str]


def templates(session: "Session") -> list[str]:
    """The names of all templates: the user's, the cluster's, the built-in ones."""
    found = set(open_library(os.environ).names())
    if shelves := published_namespaces(os.environ):
        found.update(ask_cluster(session, f"templates in {shelves}", _published) or ())
    return sorted(found)


def parameters(session: "Session", names: Sequence[str], files: Sequence[str]) -> list[Asked]:
    """What these templates and files ask for; without any of them, what the default template does. One that
    cannot be read asks for nothing."""
    library = open_library(os.environ)
    found: dict[str, Asked] = {}
    for name in names or ([] if files else [DEFAULT_TEMPLATE]):
        for asked in _of_template(session, library, name):
            found.setdefault(asked.name, asked)
    for name in files:
        for asked in _of_file(name):
            found.setdefault(asked.name, asked)
    return list(found.values())


def _of_template(session: "Session", library: Library, name: str) -> list[Asked]:
    """The first place that has it counts, as for the command itself."""
    try:
        info, sources = find_template(name, library, "")
    except NsToolsError:
        info, sources = None, []
    if sources and (info is None or info.origin == FolderShelf.kind):
        return _asked(sources)
    shelves = published_namespaces(os.environ)
    there = ask_cluster(
        session, f"template {name} in {shelves}", lambda connection: _of_published(connection, name)
    )
    return [Asked(*each) for each in there] if there else _asked(sources)


def _of_file(name: str) -> list[Asked]:
    try:
        return _asked(find_files(name, ""))
    except NsToolsError:
        return []


def _published(connection: "Connection") -> list[str]:
    return _shelf(connection).names()


def _of_published(connection: "Connection", name: str) -> list[Asked]:
    return _asked(_shelf(connection).sources(name))


def _shelf(connection: "Connection") -> ClusterShelf:
    return ClusterShelf(lambda: connection, published_namespaces(os.environ))


def _asked(sources: Sequence[Source]) -> list[Asked]:
    try:
        found = read_draft(sources).asked()
    except NsToolsError:
        return []
    return [
        Asked(each.name, each.what_for, each.checks.enum or _CHOICES.get(each.checks.type, ()))
        for each in found
    ]
