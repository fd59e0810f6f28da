"""An edited file read again by the scanner: all that can have changed in it, and no more.

The scanner takes each line by itself, and all that it knows at the beginning of an entry is which list is
open, at which column, and the names in it. An entry leaves behind what any other in the same column would. So
entries that are, byte for byte, those of a file that was understood may be left out of the reading as long as
one stays that shows the column of its list: the others are read as before, and what follows them is read as
without them. That takes edits of whole entries, or outside of them, as a line put before an entry is one of
the entry before. Whether a name is there twice is all that a scan of the rest cannot say.
"""

from collections.abc import Iterable
from typing import TypeAlias

from kubectl_ns_tools.kubeconfig.reading.scanner import Scan, scan

Piece: TypeAlias = tuple[int, int, bytes]  # start, end: what is replaced; by what
Stretch: TypeAlias = tuple[int, int]

_CHUNK = 1 << 16  # compared at once, as that makes copies


def joined(data: bytes, pieces: Iterable[Piece]) -> bytes:
    """The data with the pieces in it, which are in their order."""
    view, at = memoryview(data), 0
    parts: list[bytes | memoryview] = []
    for start, end, text in pieces:
        parts += [view[at:start], text]
        at = end
    return b"".join([*parts, view[at:]])


def reread(data: bytes, made: bytes, pieces: list[Piece], left_out: Iterable[Stretch]) -> Scan | None:
    """What the scanner says of `made`, which came of the pieces, without the stretches of the data that are
    left out; None when it is not certain, or one of them is not there unchanged."""
    parts, at = [], 0
    for start, end in sorted(left_out):
        shift = sum(len(text) - (stop - begin) for begin, stop, text in pieces if stop <= start)
        if not _is_same(data, made, start, end, shift):
            return None
        parts.append(made[at : start + shift])
        at = end + shift
    return scan(b"".join([*parts, made[at:]]))


def _is_same(data: bytes, made: bytes, start: int, end: int, shift: int) -> bool:
    chunks = ((at, min(at + _CHUNK, end)) for at in range(start, end, _CHUNK))
    return all(data[low:high] == made[low + shift : high + shift] for low, high in chunks)
