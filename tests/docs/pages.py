"""The pages of docs/, taken apart: sections, tables, commands with what is shown below them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)


def text(name: str) -> str:
    return (DOCS / name).read_text()


def before_sections(page: str) -> str:
    return page.partition("\n## ")[0]


def section(page: str, title: str) -> str:
    """What stands under a heading of any level, its subsections included. Fails when there is none."""
    outline = _FENCED.sub(lambda block: "\n" * len(block[0]), page)  # a comment in a block is no heading
    heading = re.search(rf"^(#+) {re.escape(title)}\n", outline, re.MULTILINE)
    assert heading, f"there is no section {title!r}"
    following = re.compile(rf"^#{{1,{len(heading[1])}}} ", re.MULTILINE).search(outline, heading.end())
    return page[heading.end() : following.start() if following else None]


def rows(part: str) -> list[list[str]]:
    """The cells of the tables in a part of a page, without heads."""
    return list(_rows(part))


def words(cell: str) -> list[str]:
    """What is in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def commands(part: str) -> list[tuple[str, str]]:
    """Each `$ command` with the output that is shown."""
    return _COMMAND.findall(part)


def fenced(part: str, language: str) -> list[str]:
    """The blocks in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def _rows(part: str) -> Iterator[list[str]]:
    for table in re.findall(r"(?:^\|.*\|\n)+", part, re.MULTILINE):
        for line in table.splitlines()[2:]:
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            yield [cell.replace("\\|", "|").strip() for cell in cells]
