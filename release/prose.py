"""The texts of the help, in pieces: what is to be typed, and what is said about it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What the help has between backquotes, and what can be told by its looks: flags, variables, paths of the home
# folder, our commands, quoted words of a shell. Not inside of words, like kubectl-ns-tools/protected=true.
_TYPED = re.compile(
    r"`([^`]+)`"
    r"|(?<![^\s(])("
    r"--?[a-zA-Z][\w-]*"
    r"|\$\{?[A-Z][A-Z_]+\}?|[A-Z]+_[A-Z_]+(?:=\w+)?"
    r"|~/[\w./-]*\w"
    r"|(?:kubectl )?(?:ctx|ns)-[a-z]+(?![\w-])"
    r"|'[^'\s]+'"
    r")"
)


class Piece(NamedTuple):
    """A part of a text: `typed` by the user, or by the shell, letter by letter; or said."""

    text: str
    typed: bool


def pieces(text: str) -> Iterator[Piece]:
    """The text's parts, in order."""
    end = 0
    for found in _TYPED.finditer(text):
        yield Piece(text[end : found.start()], typed=False)
        yield Piece(found[1] or found[2], typed=True)
        end = found.end()
    yield Piece(text[end:], typed=False)
