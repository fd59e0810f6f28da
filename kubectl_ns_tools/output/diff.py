"""Edits of kubeconfigs as a unified diff, with the secrets in it masked."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from kubectl_ns_tools.kubeconfig.secrets import masked_lines
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange
from kubectl_ns_tools.output.escape import escape

_AROUND = 3  # lines of context, as diff -u has them
_MOST_LINES = 5000  # of a changed stretch; longer ones are shown as replaced whole

_Opcode = tuple[str, int, int, int, int]


def unified_diff(changes: Sequence[FileChange]) -> str:
    """The text of the diff, without final newline; "" when nothing changes.

    What differs is found in the bytes and shown with its secrets masked: where only a secret changes, the
    line that goes and the line that comes look alike.
    """
    return "\n".join(line for change in changes for line in _file(change))


def _file(change: FileChange) -> Iterator[str]:
    before, after = change.before or b"", change.after
    if before == after:
        return
    path = escape(change.path)
    yield f"--- {path if change.before is not None else '/dev/null'}"
    yield f"+++ {path}"
    sides = _Side(before), _Side(after)
    for group in _groups(sides[0].lines, sides[1].lines):
        yield from _hunk(group, *sides)


class _Side:
    """One of the two texts. lines: as bytes, with their breaks."""

    def __init__(self, data: bytes) -> None:
        *whole, last = data.split(b"\n")
        self.lines = [line + b"\n" for line in whole] + ([last] if last else [])
        self._data = data
        self._masked: Callable[[int], str] | None = None

    def shown(self, sign: str, first: int, last: int) -> Iterator[str]:
        """The lines from `first` up to, not including, `last`, as the diff shows them."""
        if self._masked is None:
            self._masked = masked_lines(self._data)
        for index in range(first, last):
            yield sign + escape(self._masked(index))
            if not self.lines[index].endswith(b"\n"):
                yield "\\ No newline at end of file"


def _hunk(group: Sequence[_Opcode], before: _Side, after: _Side) -> Iterator[str]:
    first, last = group[0], group[-1]
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
    for tag, low, high, new_low, new_high in group:
        if tag == "equal":
            yield from before.shown(" ", low, high)
        else:
            yield from before.shown("-", low, high)
            yield from after.shown("+", new_low, new_high)


def _range(low: int, high: int) -> str:
    """As diff -u writes it: an empty range names the line before it."""
    length = high - low
    start = low + 1 if length else low
    return f"{start}" if length == 1 else f"{start},{length}"


def _groups(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[list[_Opcode]]:
    """The differences with the lines around them; only the stretch that differs is looked through, as
    files can have hundreds of thousands of lines."""
    start = _common(old, new, range(min(len(old), len(new))))
    tail = _common(old, new, range(-1, start - min(len(old), len(new)) - 1, -1))
    if max(len(old), len(new)) - start - tail > _MOST_LINES:
        yield [("replace", start, len(old) - tail, start, len(new) - tail)]
        return
    start, tail = max(start - _AROUND, 0), max(tail - _AROUND, 0)
    matcher = SequenceMatcher(
        None, old[start : len(old) - tail], new[start : len(new) - tail], autojunk=False
    )
    for group in matcher.get_grouped_opcodes(_AROUND):
        yield [(tag, a + start, b + start, c + start, d + start) for tag, a, b, c, d in group]


def _common(old: Sequence[bytes], new: Sequence[bytes], indexes: range) -> int:
    """How many lines are equal, in the order of the indexes."""
    return next((count for count, at in enumerate(indexes) if old[at] != new[at]), len(indexes))
