"""All the templates that there are by name, in the order in which they are looked for.

1. the folders in KUBECTL_NS_TOOLS_TEMPLATES (separated like those of PATH)
2. kubectl-ns-tools/templates in the user's configuration folder
3. labelled ConfigMaps in the cluster
4. the built-in ones

The first that has a name wins.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.templates.library.draft import Draft, Source, read_draft
from kubectl_ns_tools.templates.library.published import ClusterShelf
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf, FolderShelf, Shelf, is_template_name
from kubectl_ns_tools.templates.parameters.parameters import Parameter

FOLDERS_VARIABLE = "KUBECTL_NS_TOOLS_TEMPLATES"


@dataclass(frozen=True)
class TemplateInfo:
    """A template, as it is shown to people.

    origin: "folder", "cluster" or "built-in"; place: the file, folder or ConfigMap; hidden_by: the place of
    the one that is found under this name instead, "" when it is this one; problem: why it cannot be read.
    parameters: what may be given, those of plain texts included, which declare none.
    """

    name: str
    origin: str
    place: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    hidden_by: str = ""
    problem: str = ""


class Library:
    """The templates of some shelves; the first shelf that has a name counts. cluster: the one of them that is
    in a cluster, if any."""

    def __init__(self, shelves: Sequence[Shelf], cluster: ClusterShelf | None = None) -> None:
        self.cluster = cluster
        self._shelves = shelves

    def names(self) -> list[str]:
        """Every name, for completion and for hints."""
        return sorted({name for shelf in self._shelves for name in shelf.names()})

    def find(self, name: str) -> tuple[TemplateInfo, list[Source]]:
        """What is known of the template, and its texts. Raises NotFound with the names there are."""
        for shelf in self._shelves if is_template_name(name) else ():
            sources = shelf.sources(name)
            if sources:
                return TemplateInfo(name, shelf.kind, shelf.place(name)), sources
        raise NotFound(f"there is no template {name!r}", self._hint(name))

    def templates(self) -> list[TemplateInfo]:
        """All of them by name, the one that is found first, then those that it hides."""
        infos = [_info(shelf, name) for shelf in self._shelves for name in shelf.names()]
        first: dict[str, TemplateInfo] = {}
        found: list[TemplateInfo] = []
        for info in infos:
            winner = first.setdefault(info.name, info)
            found.append(info if winner is info else _hidden(info, winner))
        return sorted(found, key=lambda info: info.name)

    def hides_builtin(self, info: TemplateInfo) -> bool:
        """Whether a built-in template of the same name is not the one that was found."""
        return info.origin != BuiltinShelf.kind and info.name in BuiltinShelf().names()

    def _hint(self, name: str) -> str:
        hint = did_you_mean(name, self.names(), "templates there are")
        if os.path.exists(name):
            hint = f"for the file of this name: {os.path.join(os.curdir, name)}"
        trouble = self.cluster.trouble if self.cluster else ""
        return f"{hint} (those of the cluster are not known: {trouble})" if trouble else hint


def open_library(environ: Mapping[str, str], cluster: ClusterShelf | None = None) -> Library:
    """The library of this user. cluster: the shelf of the cluster in use, None when there is none.

    Raises NotFound for a folder in the environment that does not exist: to go on with a built-in template
    of the same name would be a surprise.
    """
    folders = [Path(path) for path in environ.get(FOLDERS_VARIABLE, "").split(os.pathsep) if path]
    for folder in folders:
        if not folder.is_dir():
            raise NotFound(f'the folder "{folder}" does not exist', f"it is named in {FOLDERS_VARIABLE}")
    shelves: list[Shelf] = [FolderShelf(folder) for folder in (*folders, user_folder(environ))]
    if cluster:
        shelves.append(cluster)
    return Library([*shelves, BuiltinShelf()], cluster)


def user_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the user's own templates, which may not be there."""
    configuration = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", ""), ".config")
    return Path(configuration, "kubectl-ns-tools", "templates")


def described(sources: Sequence[Source], info: TemplateInfo) -> TemplateInfo:
    """The same with what its texts say. Raises Refused for texts that are no objects."""
    draft = read_draft(sources)
    parameters = tuple(draft.asked())
    return TemplateInfo(info.name, info.origin, info.place, _description(draft), parameters)


def _info(shelf: Shelf, name: str) -> TemplateInfo:
    info = TemplateInfo(name, shelf.kind, shelf.place(name))
    try:
        return described(shelf.sources(name), info)
    except (Refused, NotFound) as error:
        return TemplateInfo(name, info.origin, info.place, problem=error.message)


def _hidden(info: TemplateInfo, winner: TemplateInfo) -> TemplateInfo:
    fields = (info.name, info.origin, info.place, info.description, info.parameters)
    return TemplateInfo(*fields, hidden_by=winner.place, problem=info.problem)


def _description(draft: Draft) -> str:
    """OpenShift's annotation on the first template that has one."""
    for piece in draft.pieces:
        annotations = piece.manifest.metadata.get("annotations")
        if piece.declared is not None and isinstance(annotations, dict) and annotations.get("description"):
            return str(annotations["description"])
    return ""
