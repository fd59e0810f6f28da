"""The man page of each command: man/kubectl-ctx-switch.1, called as kubectl's own are.

Written with the few macros of man(7) that groff and mandoc (macOS, Alpine, the BSDs) both know. click-man
escapes nothing (a line that begins with a dot is lost), knows neither groups nor examples, and needs Python
3.11; docutils' writer puts macros that only groff knows before each page, and other ones with each version.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.help import DEFAULT_HEADING
from release.prose import pieces
from release.reference import Reference, related

# groff_char(7): `-` is a hyphen, which cannot be searched for or copied as a flag; the others become
# typographic signs on a terminal that has them. A line must not begin with a dot, which calls a macro.
_SIGNS = str.maketrans(
    {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
)
_WIDTH = 78


def man_pages(references: Mapping[str, Reference], date: str) -> dict[str, str]:
    """The text of each page by its file's name. date: of the version that the pages are about, or ""."""
    return {
        f"kubectl-{reference.file_name}.1": "\n".join(_page(reference, references, date)) + "\n"
        for reference in references.values()
    }


def _page(reference: Reference, among: Mapping[str, Reference], date: str) -> Iterator[str]:
    yield from _head(reference, date)
    yield from (".SH SYNOPSIS", *_wrapped(_usage(reference)))
    yield from (".SH DESCRIPTION", *_wrapped(_prose(reference.summary)))
    for part in reference.details:
        yield from (".PP", *(_lines(part.text) if part.as_it_is else _wrapped(_prose(part.text))))
    if reference.commands:
        yield ".SH COMMANDS"
        for name, summary in reference.commands:
            yield from _item(f"\\fB{roff(name)}\\fR", summary)
    yield from _options(reference)
    yield from (".SH EXAMPLES", *_lines("\n".join(reference.examples)))
    yield ".SH EXIT STATUS"
    for code, meaning in reference.meanings():
        yield from _item(f"\\fB{code:d}\\fR", f"{meaning[0].upper()}{meaning[1:]}.")
    yield from (".SH SEE ALSO", *_wrapped(_see_also(reference, among)))


def _head(reference: Reference, date: str) -> Iterator[str]:
    title = roff(f"kubectl-{reference.file_name}")
    yield ".\\\" Written by `make docs`, from the command's own \\-\\-help."
    yield f'.TH "{title.upper()}" 1 "{date}" "kubectl\\-ns\\-tools {__version__}" "kubectl plugins"'
    yield from (".nh", ".ad l")  # names of files stay whole at the end of a line, and lines have no gaps
    what = reference.summary.partition(". ")[0].removesuffix(".")
    yield from (".SH NAME", *_wrapped(f"{title} \\- {roff(what)}"))


def _options(reference: Reference) -> Iterator[str]:
    yield ".SH OPTIONS"
    for heading, flags in reference.groups:
        if heading != DEFAULT_HEADING:
            yield f'.SS "{roff(heading)}"'
        for flag in flags:
            yield from _item(_written(flag.written), flag.meaning)


def _item(tag: str, text: str) -> Iterator[str]:
    yield from (".TP", tag, *_wrapped(_prose(text)))


def _usage(reference: Reference) -> str:
    called = f"kubectl {reference.name}"
    return f"\\fB{roff(called)}\\fR{roff(reference.usage.removeprefix(called))}"


def _written(flags: str) -> str:
    """`-n, --namespace NAME`: flags are bold, what stands for the user's own words is italic."""
    return re.sub(
        r"(?<!\S)(?:(--?[\w-]+)|([^\s/-]\S*))",
        lambda found: f"\\fB{roff(found[1])}\\fR" if found[1] else f"\\fI{roff(found[2])}\\fR",
        flags,
    )


def _see_also(reference: Reference, among: Mapping[str, Reference]) -> str:
    names = [f"kubectl-{among[name].file_name}" for name in related(reference.name, among)]
    return ", ".join(f"\\fB{roff(name)}\\fR(1)" for name in [*names, "kubectl"])


def _prose(text: str) -> str:
    return "".join(
        f"\\fB{roff(piece.text)}\\fR" if piece.typed else roff(piece.text) for piece in pieces(text)
    )


def _wrapped(text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return map(_line_start, lines)


def _lines(text: str) -> Iterator[str]:
    """As they are."""
    yield from (".EX", *(_line_start(roff(line)) for line in text.splitlines()), ".EE")


def _line_start(line: str) -> str:
    """A dot at the beginning of a line would make a macro of it; \\& is nothing, and no dot."""
    return f"\\&{line}" if line.startswith(".") else line


def roff(text: str) -> str:
    """The text, letter by letter, whatever roff would make of it; not yet safe at the beginning of a line."""
    escaped = text.translate(_SIGNS)
    return "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in escaped)
