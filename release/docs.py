"""Writes what is generated of the documentation: a page and a man page for each command.

python -m release.docs
"""

import re
from collections.abc import Mapping
from pathlib import Path

from kubectl_ns_tools import __version__
from release.man import man_pages
from release.pages import pages
from release.reference import references

ROOT = Path(__file__).parents[1]


def documents() -> dict[Path, dict[str, str]]:
    """What each folder has, all of it: texts by the name of their file."""
    found = references()
    return {
        ROOT / "docs" / "commands": pages(found),
        ROOT / "man": man_pages(found, released((ROOT / "CHANGELOG.md").read_text())),
    }


def released(changelog: str) -> str:
    """The day of this version, as the changelog has it; "" before there is one."""
    found = re.search(rf"^## \[{re.escape(__version__)}\] - (\S+)$", changelog, re.MULTILINE)
    return found[1] if found else ""


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """These files, and no others: the page of a command that is gone goes too."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text)


def main() -> None:
    for folder, texts in documents().items():
        write(folder, texts)


if __name__ == "__main__":
    main()
