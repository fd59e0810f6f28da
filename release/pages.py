"""A page of Markdown for each command, and the list of them: docs/commands."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from release.prose import pieces
from release.reference import Reference, related

DOCS = Path(__file__).parents[1] / "docs"
_WRITTEN = "<!-- Written by `make docs`, from the command's own --help. -->\n"
_SPECIAL = re.compile(r"[\\*`]|<(?=[\w/!?])")  # emphasis, code, HTML
_WIDTH = 118
_FAMILIES = {"Contexts": "ctx-", "Namespaces": "ns-(?!tools)", "The suite itself": "ns-tools"}
# What has more to say about what stands in a page.
_MORE = {
    "^# kubectl ctx-": "contexts",
    "^# kubectl ns-create": "creating",
    "^# kubectl ns-(create|template)": "templates",
    "^# kubectl ns-(delete|backup|restore)": "deleting",
    "^# kubectl ns-tools completion": "completion",
    r"config\.yaml|KUBECTL_NS_TOOLS_": "configuration",
    "^.*--output .*json": "schemas/README",
    "^## Exit codes": "exit-codes",
}


def pages(references: Mapping[str, Reference]) -> dict[str, str]:
    """The text of each page by its file's name."""
    texts = {f"{reference.file_name}.md": _page(reference, references) for reference in references.values()}
    return {"README.md": _index(references), **texts}


def _page(reference: Reference, among: Mapping[str, Reference]) -> str:
    parts = [
        f"{_WRITTEN}\n# kubectl {reference.name}",
        _paragraph(reference.summary),
        f"    {reference.usage}",
        _console(reference.examples),
        *(_block(part.text) if part.as_it_is else _paragraph(part.text) for part in reference.details),
        *_commands(reference),
    ]
    for title, flags in reference.groups:
        rows = [(f"`{flag.written}`", markdown(flag.meaning)) for flag in flags]
        parts += [f"## {title}", _table(("option", "meaning"), rows)]
    codes = [(f"{code:d}", meaning) for code, meaning in reference.meanings()]
    parts += ["## Exit codes", _table(("code", "meaning"), codes)]
    links = [*_links(reference, among), *_more("\n".join(parts))]
    return "\n\n".join([*parts, "## See also", "\n".join(links)]) + "\n"


def _index(references: Mapping[str, Reference]) -> str:
    parts = [f"{_WRITTEN}\n# The commands", "What each says of itself with `--help`, and what goes with it."]
    for title, family in _FAMILIES.items():
        own = [reference for name, reference in references.items() if re.match(family, name)]
        rows = [(_link(reference), markdown(reference.summary)) for reference in own]
        parts += [f"## {title}", _table(("command", "what it does"), rows)]
    return "\n\n".join(parts) + "\n"


def _console(examples: Sequence[str]) -> str:
    lines = [f"$ {line}" if line and not line.startswith("#") else line for line in examples]
    return _block("\n".join(lines), "console")


def _block(text: str, language: str = "") -> str:
    return f"```{language}\n{text}\n```"


def _commands(reference: Reference) -> Iterator[str]:
    if reference.commands:
        rows = [
            (f"[`{name}`]({name.replace(' ', '-')}.md)", markdown(summary))
            for name, summary in reference.commands
        ]
        yield from ("## Commands", _table(("command", "what it does"), rows))


def _links(reference: Reference, among: Mapping[str, Reference]) -> Iterator[str]:
    own = dict(reference.commands)
    for name in related(reference.name, among):
        if name not in own:
            yield f"- {_link(among[name])}: {markdown(among[name].summary)}"


def _more(page: str) -> Iterator[str]:
    for pattern, document in _MORE.items():
        if re.search(pattern, page, re.MULTILINE):
            title = (DOCS / f"{document}.md").read_text().partition("\n")[0].removeprefix("# ")
            yield f"- [{title}](../{document}.md)"


def _link(reference: Reference) -> str:
    return f"[`kubectl {reference.name}`]({reference.file_name}.md)"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """As GitHub draws it, where a bar parts cells even within code."""
    lines = [" | ".join(cell.replace("|", r"\|") for cell in row) for row in (head, *rows)]
    return "\n".join([f"| {lines[0]} |", "|---" * len(head) + "|", *(f"| {line} |" for line in lines[1:])])


def _paragraph(text: str) -> str:
    """In lines of a width that does not depend on the terminal; code stays on one of them."""
    kept = re.sub(r"`[^`]+`", lambda found: found[0].replace(" ", "\0"), markdown(text))
    lines = textwrap.wrap(kept, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ")


def markdown(text: str) -> str:
    """A text of the help: what is typed becomes code, what would be Markdown by chance stays as it is."""
    return "".join(
        f"`{piece.text}`" if piece.typed else _SPECIAL.sub(r"\\\g<0>", piece.text) for piece in pieces(text)
    )
