"""A command line in bash: read as bash reads it, and what bash is to put there.

bash gives a completion function the line cut at COMP_WORDBREAKS, and replaces only what follows the last of
these (bash(1), Programmable Completion), without quoting it. So a name such as arn:aws:eks:… or `a b` needs
care; here nothing of the line is evaluated.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from kubectl_ns_tools.commands.completion.protocol import Suggestions, is_plain

_IN_DOUBLE = frozenset('\\"$`')  # what a backslash escapes between double quotes; not `!`, which is left out


class BashLine(NamedTuple):
    """words: after the command's own name, unquoted; the last is being typed. breaks: its characters that are
    not quoted, by how many stand before each and in it. quote: that which is open at the end, "" for none;
    quoted_from: how many characters of the word stand before it."""

    words: list[str]
    breaks: dict[int, str]
    quote: str
    quoted_from: int


def read(line: str) -> BashLine:
    """The words of a line up to the cursor."""
    reading = _Reading()
    for character in line:
        reading.take(character)
    words = [*reading.words, reading.word]
    names = (index for index, word in enumerate(words[:-1]) if os.path.basename(word).startswith("kubectl-"))
    return BashLine(words[next(names, 0) + 1 :], reading.breaks, reading.quote, reading.quoted_from)


class _Reading:
    """Where in the line we are."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.quote, self.escaped = "", False
        self._begin()

    def _begin(self) -> None:
        self.word, self.begun = "", False
        self.breaks: dict[int, str] = {}
        self.quoted_from = 0

    def take(self, character: str) -> None:
        if self.escaped:
            kept = "\\" if self.quote and character not in _IN_DOUBLE else ""
            self.word, self.escaped = self.word + kept + character, False
        elif character == "\\" and self.quote != "'":
            self.escaped = self.begun = True
        elif self.quote:
            self._take_quoted(character)
        elif character in "'\"":
            self.quote, self.begun, self.quoted_from = character, True, len(self.word)
        elif character in " \t\n":
            self._end()
        else:
            self.word, self.begun = self.word + character, True
            self.breaks[len(self.word)] = character

    def _take_quoted(self, character: str) -> None:
        if character == self.quote:
            self.quote = ""
        else:
            self.word += character

    def _end(self) -> None:
        if self.begun:
            self.words.append(self.word)
        self._begin()


def replies(suggestions: Suggestions, line: BashLine, word_breaks: str) -> Iterator[str]:
    """The directive, then a line for each suggestion that begins like the word: what bash is to put in the
    place of what it replaces."""
    yield str(suggestions.directive)
    word = line.words[-1]
    flag = f"{word.partition('=')[0]}=" if word.startswith("--") and "=" in word else ""
    left = _left_alone(line, word_breaks)
    for value in dict(suggestions.items):
        whole = flag + value
        if whole.startswith(word) and value.isprintable() and not (line.quote == '"' and "!" in value):
            yield _quoted(whole[left:], line.quote)


def _left_alone(line: BashLine, word_breaks: str) -> int:
    """How many characters of the word bash does not replace."""
    if line.quote:
        return line.quoted_from
    return max(
        (place for place, character in line.breaks.items() if character in word_breaks and character in ":="),
        default=0,
    )


def _quoted(text: str, quote: str) -> str:
    """What stands for the text where this quote is open; bash closes it itself."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return "".join(f"\\{each}" if each in _IN_DOUBLE else each for each in text)
    return "".join(each if is_plain(f"x{each}") else f"\\{each}" for each in text)
