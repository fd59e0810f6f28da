"""What is suggested, and how it is written for kubectl: cobra's lines and directive."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kubectl_ns_tools.output.escape import escape

# cobra's ShellCompDirective, a set of bits
FILES, NO_SPACE, NO_FILES, FOLDERS = 0, 2, 4, 16

# What every shell takes as it is, as in shlex.quote.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-")


class Suggestion(NamedTuple):
    """One way to go on. about: what the shell may show beside it."""

    value: str
    about: str = ""


class Suggestions(NamedTuple):
    """All of them. directive: bits from above."""

    items: Sequence[Suggestion] = ()
    directive: int = NO_FILES


def of_names(names: Iterable[str], incomplete: str) -> Suggestions:
    """Those of somebody's names that may be meant. What looks like a flag would be one, so it is left out."""
    return Suggestions([Suggestion(name) for name in likely(names, incomplete) if not name.startswith("-")])


def likely(names: Iterable[str], incomplete: str) -> list[str]:
    """The names that begin so; if none does, those that have it in them, which zsh and fish may be told to
    take. bash takes beginnings only."""
    there = [name for name in names if name]
    found = [name for name in there if name.startswith(incomplete)]
    folded = incomplete.casefold()
    return found or [name for name in there if folded in name.casefold()]


def lines(suggestions: Suggestions, *, quoted: bool) -> Iterator[str]:
    """cobra's lines. quoted: whether the script that reads them quotes what it inserts. For long kubectl's
    did not in bash: through it, only what every shell takes for one plain word can be offered, in all of
    them, as nothing tells which one asks."""
    fits = str.isprintable if quoted else is_plain
    for value, about in dict(suggestions.items).items():
        if fits(value):
            yield f"{value}\t{escape(about)}" if about else value
    yield f":{suggestions.directive}"


def is_plain(value: str) -> bool:
    """Whether no shell sees more in it than a word, wherever it stands."""
    if value.isascii():
        return _PLAIN.issuperset(value) and not value.startswith("=")  # zsh: the path of a command
    return all(character in _PLAIN or (character > "\x7f" and character.isalnum()) for character in value)
