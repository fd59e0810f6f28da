"""How well a text fits what was typed; upper and lower case are the same.

What is typed may have several words, each of which has to fit, anywhere. A word fits best where a word of
the text starts with it, then inside of one, then as the initials of words (`pe` in prod-eu), and least
where its letters only stand in their order; of these ways the shortest stretch is the best.

Each way is found by the string methods alone, as thousands of texts are looked through for every key.
"""

import re
from collections.abc import Iterable, Sequence

_START, _INSIDE, _INITIALS, _SPREAD = range(4)
_INITIAL = re.compile(r"(?<![^\W_])[^\W_]")


class Text:
    """A text to look in, prepared once. starts: where its words start; initials: what stands there."""

    __slots__ = ("folded", "initials", "starts")

    def __init__(self, text: str) -> None:
        lowered = text.lower()
        # `İ` becomes two characters; the places must stay those of the text that is shown.
        self.folded = lowered if len(lowered) == len(text) else text
        self.starts = [match.start() for match in _INITIAL.finditer(self.folded)]
        self.initials = "".join(self.folded[start] for start in self.starts)


def ranked(query: str, texts: Sequence[Text], among: Iterable[int]) -> list[int]:
    """The indexes, of those `among`, whose text fits: the best first, then the shorter, then by index."""
    words = [(word, _at_a_start(word)) for word in query.lower().split()]
    found = [
        (rank, len(texts[index].folded), index)
        for index in among
        if (rank := _rank_of_all(words, texts[index])) is not None
    ]
    return [index for _, _, index in sorted(found)]


def places(query: str, text: Text) -> set[int]:
    """Where in a text that fits the letters are."""
    return {place for word in query.lower().split() for place in _places(word, text)}


def _at_a_start(word: str) -> re.Pattern[str]:
    return re.compile(r"(?<![^\W_])" + re.escape(word))


def _rank_of_all(words: Iterable[tuple[str, re.Pattern[str]]], text: Text) -> int | None:
    total = 0
    for word, at_a_start in words:
        rank = _rank(word, at_a_start, text)
        if rank is None:
            return None
        total += rank
    return total


def _rank(word: str, at_a_start: re.Pattern[str], text: Text) -> int | None:
    """0 for the best; of two that only have the letters, the longer stretch is the worse. None: no fit."""
    if word in text.folded:
        return _START if at_a_start.search(text.folded) else _INSIDE
    if _way(word, text.initials):
        return _INITIALS
    way = _way(word, text.folded)
    return _SPREAD + way[-1] - way[0] if way else None


def _places(word: str, text: Text) -> Sequence[int]:
    if word in text.folded:
        match = _at_a_start(word).search(text.folded)
        start = match.start() if match else text.folded.index(word)
        return range(start, start + len(word))
    if initials := _way(word, text.initials):
        return [text.starts[place] for place in initials]
    return _way(word, text.folded)


def _way(word: str, text: str) -> list[int]:
    """The places of the letters in their order: up to the first end, and from there back, so that the
    stretch is short. Empty when they are not there."""
    at = -1
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return []
    way = [at]
    for letter in reversed(word[:-1]):
        way.append(text.rfind(letter, 0, way[-1]))
    return way[::-1]
