"""Pieces of YAML text taken out: whole lines in block style, an entry with its comma in flow style.

Comments above an entry stay, as nobody can tell whom they are about; those inside of it go with it.
"""

import re

from kubectl_ns_tools.goyaml import Mapping, Node, Sequence
from kubectl_ns_tools.kubeconfig.editing.splice import BREAKS, Splice, column_of, first_dash, pair_start

_BREAK = re.compile("\r\n|[" + BREAKS + "]")


def remove_pair(text: str, mapping: Mapping, pair: tuple[Node, Node]) -> list[Splice]:
    """Take a pair out of a mapping; the last one leaves `{}`."""
    index = mapping.pairs.index(pair)
    start, end = pair_start(text, pair[0]), pair[1].span.end.index
    if len(mapping.pairs) == 1 and not mapping.flow:
        return [Splice(start, _without_break(text, start, end), "{}")]
    if mapping.flow:
        return [_flow_cut(text, [(pair_start(text, k), v.span.end.index) for k, v in mapping.pairs], index)]
    if _starts_line(text, start):
        return [_lines_cut(text, start, end)]
    return [Splice(start, pair_start(text, mapping.pairs[index + 1][0]), "")]  # beside the dash of an item


def remove_item(text: str, key: Node, sequence: Sequence, index: int) -> list[Splice]:
    """Take an item out of the sequence under `key`; the last one leaves `[]`."""
    item = sequence.items[index]
    if sequence.flow:
        spans = [(each.span.start.index, each.span.end.index) for each in sequence.items]
        return [_flow_cut(text, spans, index)]
    dash, end = _dash_of(text, sequence, index), item.span.end.index
    if not _starts_line(text, dash):  # beside the colon of an explicit key
        if len(sequence.items) > 1:
            return [Splice(dash, _dash_of(text, sequence, index + 1), "")]
        return [Splice(dash, _without_break(text, dash, end), "[]")]
    cut = _lines_cut(text, dash, end)
    if len(sequence.items) > 1:
        return [cut]
    colon = text.index(":", key.span.end.index) + 1
    return [Splice(colon, colon, " []"), cut]


def _flow_cut(text: str, spans: list[tuple[int, int]], index: int) -> Splice:
    """One entry of a flow collection, with the comma that parts it from its neighbour."""
    start, end = spans[index]
    if index + 1 < len(spans):
        return Splice(start, spans[index + 1][0], "")
    if index:
        return Splice(spans[index - 1][1], end, "")
    trailing = re.compile(r"\s*,").match(text, end)
    return Splice(start, trailing.end() if trailing else end, "")


def _lines_cut(text: str, start: int, end: int) -> Splice:
    """The lines from the one that `start` is on to the one that `end` is on, their comments included."""
    while start and text[start - 1] not in BREAKS:
        start -= 1
    if end and text[end - 1] in BREAKS:  # a block scalar ends where the next line begins
        return Splice(start, end, "")
    match = _BREAK.search(text, end)
    if match:
        return Splice(start, match.end(), "")
    return Splice(len(text[:start].rstrip(BREAKS)), len(text), "")  # the last line had no line end


def _without_break(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(BREAKS))


def _starts_line(text: str, index: int) -> bool:
    while index and text[index - 1] in " \t":
        index -= 1
    return not index or text[index - 1] in BREAKS


def _dash_of(text: str, sequence: Sequence, index: int) -> int:
    """Where the dash of an item is: all dashes of a sequence stand in one column."""
    if index == 0:
        return first_dash(text, sequence)
    column = column_of(text, first_dash(text, sequence))
    at = _next_line(text, sequence.items[index - 1].span.end.index)
    while text[at : at + column].strip(" ") or text[at + column : at + column + 1] != "-":
        at = _next_line(text, at + 1)
    return at + column


def _next_line(text: str, index: int) -> int:
    """Where the line after `index` begins: `index` itself if it is where a line begins."""
    if index and text[index - 1] in BREAKS:
        return index
    match = _BREAK.search(text, index)
    assert match is not None  # an item follows
    return match.end()
