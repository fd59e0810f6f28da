"""Folders of templates, each by name: a file NAME.yaml (.yml, .json), or a folder NAME of such files."""

import re
from pathlib import Path
from typing import Protocol

from kubectl_ns_tools.templates.library.draft import Source
from kubectl_ns_tools.templates.library.texts import is_template_file, read_path

BUILTIN_FOLDER = Path(__file__).parent / "builtin"
# What a ConfigMap or a file may be called, and what cannot be a path: no slash, no dot or dash in front.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


class Shelf(Protocol):
    """One of the places where templates are looked for by name."""

    kind: str  # "folder", "cluster" or "built-in"

    def names(self) -> list[str]:
        """The names that it has, sorted."""

    def place(self, name: str) -> str:
        """Where a template of this name is, for people."""

    def sources(self, name: str) -> list[Source]:
        """The texts of a template, [] when it is not here."""


class FolderShelf:
    """A folder of the user. A missing one is empty."""

    kind = "folder"

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        return sorted(self._paths())

    def place(self, name: str) -> str:
        return str(self._paths()[name])

    def sources(self, name: str) -> list[Source]:
        path = self._paths().get(name)
        return read_path(path, label=name, expands=True) if path else []

    def _paths(self) -> dict[str, Path]:
        """What is in the folder by name; the first counts, a folder before a file of its name."""
        found: dict[str, Path] = {}
        for path in sorted(self._path.iterdir()) if self._path.is_dir() else ():
            name = path.name if path.is_dir() else path.stem
            if is_template_name(name) and (path.is_dir() or is_template_file(path)):
                found.setdefault(name, path)
        return found


class BuiltinShelf(FolderShelf):
    """The templates that come with the suite."""

    kind = "built-in"

    def __init__(self) -> None:
        super().__init__(BUILTIN_FOLDER)

    def place(self, name: str) -> str:
        return f"builtin/{name}.yaml"

    def sources(self, name: str) -> list[Source]:
        path = self._paths().get(name)
        return read_path(path, label=name, expands=True, shown=self.place(name)) if path else []


def is_template_name(name: str) -> bool:
    """Whether a template can be found by this name."""
    return bool(_NAME.match(name))
