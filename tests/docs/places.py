"""The files that docs/configuration.md says are written."""

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.docs import pages


@dataclass(frozen=True)
class Places:
    """What the page says of files. modes: of each pattern of a path; beside: what stands beside a file."""

    modes: dict[str, str]
    beside: tuple[str, ...]

    def pattern(self, path: str) -> str:
        """The pattern of a file, or of a folder on the way to it; "" for none."""
        ways = ((each, (each, *map(str, Path(each).parents))) for each in self.modes)
        return next((each for each, steps in ways if any(fnmatch(path, step) for step in steps)), "")

    def is_known(self, path: str, named: set[str]) -> bool:
        """Whether a file may be written. named: those that the user has named."""
        stems = [path, *(match[1] for each in self.beside if (match := re.fullmatch(each, path)))]
        return any(self.pattern(stem) or stem in named for stem in stems)


def documented(home: Path) -> Places:
    """home: where the page's `~` is."""
    part = pages.section(pages.text("configuration.md"), "Files")
    roots = {
        "STATE": home / ".local/state/kubectl-ns-tools",
        "CACHE": home / ".cache/kubectl-ns-tools",
    }
    rows = [
        (word, mode) for cells in pages.rows(part) for word in pages.words(cells[0]) for mode in [cells[1]]
    ]
    modes = {
        f"{root}{word.removeprefix(name)}": mode
        for word, mode in rows
        for name, root in roots.items()
        if word.startswith(f"{name}/")
    }
    beside = tuple(
        f"(.*){re.escape(word.removeprefix('FILE')).replace(re.escape('*'), '[0-9a-f]+')}"
        for word, _ in rows
        if word.startswith("FILE.")
    )
    return Places(modes, beside)
