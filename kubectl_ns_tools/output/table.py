"""Tables as kubectl draws them: upper-case headers, three spaces between columns, no lines.

`table` is for the commands that talk to a cluster. `columns` draws the same without tabulate, whose
import costs as much as the whole of a context command (40 ms); a test holds the two together.
"""

import unicodedata
from collections.abc import Sequence

from kubectl_ns_tools.output.escape import escape

Rows = Sequence[Sequence[str]]
_GAP = "   "


def table(rows: Rows, headers: Sequence[str]) -> str:
    """The text of a table, without trailing spaces or newline; an empty cell is kubectl's `<none>`."""
    from tabulate import DataRow, TableFormat, tabulate

    row = DataRow("", _GAP, "")
    kubectl = TableFormat(
        lineabove=None, linebelowheader=None, linebetweenrows=None, linebelow=None,
        headerrow=row, datarow=row, padding=0, with_header_hide=None,
    )  # fmt: skip
    text = tabulate(_cells(rows, headers), tablefmt=kubectl, disable_numparse=True)
    return "\n".join(line.rstrip() for line in text.splitlines())


def columns(rows: Rows, headers: Sequence[str]) -> str:
    """What `table` gives, with wide (CJK) characters given the two columns that a terminal gives them."""
    cells = _cells(rows, headers)
    widths = [max(width(row[column]) for row in cells) for column in range(len(headers))]
    return "\n".join(_line(row, widths) for row in cells)


def width(text: str) -> int:
    """The columns that `text`, already escaped, takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cells(rows: Rows, headers: Sequence[str]) -> list[list[str]]:
    return [list(headers), *([escape(cell) or "<none>" for cell in row] for row in rows)]


def _line(row: list[str], widths: list[int]) -> str:
    padded = (cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True))
    return _GAP.join(padded).rstrip()
