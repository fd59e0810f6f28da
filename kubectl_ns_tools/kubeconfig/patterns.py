"""Which contexts a person means by a pattern."""

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from kubectl_ns_tools.errors import NotFound, did_you_mean


def matching(patterns: Iterable[str], names: Collection[str]) -> list[str]:
    """The names that the patterns stand for, sorted, each once.

    A pattern that is a name stands for that one, whatever else it could match; others are globs of the
    whole name. Raises NotFound for a pattern that stands for none, with the nearest name.
    """
    found: set[str] = set()
    for pattern in patterns:
        meant = {pattern} if pattern in names else {name for name in names if fnmatchcase(name, pattern)}
        if not meant:
            hint = did_you_mean(pattern, names, "contexts there are")
            raise NotFound(f'no context matches "{pattern}"', hint)
        found |= meant
    return sorted(found)


def meant_by(word: str, names: Collection[str]) -> list[str]:
    """The names that a person who typed `word` may mean, sorted: the name itself; else those that it is a
    glob of; else those that it is a part of, upper and lower case being the same. Empty for none."""
    if word in names:
        return [word]
    found = [name for name in names if fnmatchcase(name, word)]
    folded = word.casefold()
    return sorted(found or [name for name in names if folded in name.casefold()])
