"""What there is in a Markdown document, as GitHub reads it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
_TABLE = re.compile(r"^\|[-| :]+\|$", re.MULTILINE)


def documents() -> list[Path]:
    """Every document for people who use or develop the suite."""
    return [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]


def code(text: str) -> list[str]:
    """The code blocks, fenced with their language, or indented."""
    fenced = [f"{language}\n{block}" for language, block in _FENCED.findall(text)]
    return fenced + _INDENTED.findall(_FENCED.sub("", text))


def prose(text: str) -> str:
    """The document without its code blocks and without code in lines."""
    return re.sub(r"``.*?``|`[^`\n]*`", "", _FENCED.sub("", text))


def levels(text: str) -> list[int]:
    """The level of each heading, in order."""
    return [len(marks) for marks, _ in _HEADING.findall(_FENCED.sub("", text))]


def tables(text: str) -> list[int]:
    """The number of columns of each table, in order."""
    return [row.count("|") - 1 for row in _TABLE.findall(text)]


def links(text: str) -> list[str]:
    """Where the links and pictures lead, in order."""
    return [one or other for one, other in _LINK.findall(prose(text))]


def anchors(text: str) -> set[str]:
    """What a link may have after its `#`: the headings, as GitHub spells them, and ids that are set by hand.
    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
    """
    found: dict[str, int] = {}
    for _, heading in _HEADING.findall(_FENCED.sub("", text)):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        found[anchor] = found.get(anchor, -1) + 1
    twice = {f"{anchor}-{again}" for anchor, number in found.items() for again in range(1, number + 1)}
    return {*found, *twice, *re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text)}
