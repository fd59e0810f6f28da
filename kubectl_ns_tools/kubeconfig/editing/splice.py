"""Pieces of YAML text put into their places, in the style of what stands around them.

Every function takes the whole text and nodes of it, and gives splices: which characters to replace by what.
Nothing outside of them is touched.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.goyaml import Mapping, Node, Scalar, Sequence, dump, json_quoted, quoted

BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = re.compile(f"[{BREAKS}]")
_COMMA = re.compile(r"\s*,\s*\Z")
_COLON = re.compile(r"\s*:[ \t]*\Z")
_PROPERTIES = re.compile(f"(?:[&!][^\\s]*|\\s|#[^{BREAKS}]*)*")
_COMMENT = re.compile(f"(?<![^\\s])#[^{BREAKS}]*")
_OPENING = re.compile(r"[\[{]\s*\Z")


@dataclass(frozen=True)
class Splice:
    """Characters `start` up to, not including, `end` become `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices made; they must not overlap; an insertion comes before what is cut there."""
    for splice in sorted(splices, key=lambda item: (item.start, item.end), reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def newline_of(text: str) -> str:
    """The line end that the text uses: that of its first line, `\\n` when it has only one line."""
    match = re.search(r"\r\n|\r|\n", text)
    return match[0] if match else "\n"


def replace_value(text: str, key: Node | None, node: Node, value: Any) -> list[Splice]:
    """Another value in the place of `node`, in its quotes where it has some; `key` is what it belongs to."""
    start, end = node.span.start.index, node.span.end.index
    if key is not None and start == end and ":" not in _COMMENT.sub("", text[key.span.end.index : start]):
        return [_first_value(text, key, flow(value, _is_json(key)))]
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        end -= len(text[start:end]) - len(text[start:end].rstrip(BREAKS))
    written = flow(value, _is_json(key), node.style if isinstance(node, Scalar) else "")
    if start and text[start - 1] == ":":
        written = " " + written
    return [Splice(start, end, written)]


def _first_value(text: str, key: Node, written: str) -> Splice:
    """The value of a key that has not even a colon: `? key` in block style, `{key}` in flow style."""
    start, at = pair_start(text, key), key.span.end.index
    if start == key.span.start.index:
        return Splice(at, at, f": {written}")
    match = _BREAK.search(text, at)
    at = match.start() if match else len(text)
    return Splice(at, at, f"{newline_of(text)}{' ' * column_of(text, start)}: {written}")


def pair_start(text: str, key: Node) -> int:
    """Where a pair begins: at its key, or at the `?` before it."""
    start = key.span.start.index
    before = text[:start].rstrip(" \t")
    return len(before) - 1 if before.endswith("?") and len(before) < start else start


def insert_pair(text: str, mapping: Mapping, key: str, value: Any) -> list[Splice]:
    """A further pair at the end of a mapping."""
    if not mapping.flow:
        indent = _column(text, mapping)
        return [_after(text, mapping.pairs[-1][1], indent, block_pair(key, value))]
    last_key = mapping.pairs[-1][0] if mapping.pairs else None
    last = mapping.pairs[-1][1] if mapping.pairs else None
    as_json = _is_json(last_key) if last_key else text.lstrip().startswith("{")
    colon = _between(text, last_key, last, _COLON) or ": "
    written = json_quoted(key) if as_json else quoted(key)
    first = mapping.pairs[0][0] if mapping.pairs else None
    before = mapping.pairs[-2][1] if len(mapping.pairs) > 1 else None
    pieces = (_gap(text, mapping, first, before, last_key), written, colon, flow(value, as_json))
    at = last.span.end.index if last else mapping.span.end.index - 1
    return [Splice(at, at, "".join(pieces))]


def append_items(text: str, sequence: Sequence, items: Iterable[dict[str, Any]]) -> list[Splice]:
    """Further items at the end of a sequence that has some."""
    last = sequence.items[-1]
    if not sequence.flow:
        return [_after(text, last, _column(text, sequence), block_items(items))]
    before = sequence.items[-2] if len(sequence.items) > 1 else None
    as_json = isinstance(last, Mapping) and bool(last.pairs) and _is_json(last.pairs[0][0])
    gap = _gap(text, sequence, sequence.items[0], before, last)
    written = "".join(gap + flow(item, as_json) for item in items)
    return [Splice(last.span.end.index, last.span.end.index, written)]


def first_items(
    text: str, parent: Mapping, key: Node, node: Node, items: Iterable[dict[str, Any]]
) -> list[Splice]:
    """The first items of a sequence that is written as nothing, `null` or `[]`."""
    if parent.flow:
        return [Splice(node.span.start.index, node.span.end.index, flow(list(items), _is_json(key)))]
    start = node.span.start.index
    while start and text[start - 1] in " \t":
        start -= 1
    gone = Splice(start, node.span.end.index, "")
    return [gone, _after(text, node, _column(text, parent), block_items(items))]


def block_pair(key: str, value: Any) -> list[str]:
    """The lines of a pair in block style, without indent."""
    return dump({key: value}).splitlines()


def block_items(items: Iterable[Any]) -> list[str]:
    """The lines of a sequence's items in block style, without indent."""
    return dump(list(items)).splitlines()


def flow(value: Any, as_json: bool, style: str = "") -> str:
    """The value on one line; as_json: so that a JSON reader takes it; style: the quotes to keep."""
    if isinstance(value, str):
        return json_quoted(value) if as_json else quoted(value, style if style in ("'", '"') else "")
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, as_json) for item in value) + "]"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{flow(key, as_json)}: {flow(item, as_json)}" for key, item in value.items())
            + "}"
        )
    return json.dumps(value)


def _is_json(key: Node | None) -> bool:
    return isinstance(key, Scalar) and key.style == '"'


def first_dash(text: str, sequence: Sequence) -> int:
    """Where the dash of the first item of a block sequence is: after its anchor or tag, if it has one."""
    match = _PROPERTIES.match(text, sequence.span.start.index)
    assert match is not None  # it matches nothing, too
    return match.end()


def _column(text: str, node: Mapping | Sequence) -> int:
    # An anchor or a tag may stand on the line before; then the first key or dash tells the indent.
    if not (node.anchor or node.tag):
        return node.span.start.column
    if isinstance(node, Mapping):
        return node.pairs[0][0].span.start.column
    return column_of(text, first_dash(text, node))


def column_of(text: str, index: int) -> int:
    """How many characters stand before this one on its line."""
    start = index
    while start and text[start - 1] not in BREAKS:
        start -= 1
    return index - start


def _after(text: str, node: Node, indent: int, lines: list[str]) -> Splice:
    """Lines after the one that `node` ends on, its trailing comment included."""
    newline = newline_of(text)
    padded = [" " * indent + line for line in lines]
    at = node.span.end.index
    if at and text[at - 1] in BREAKS and isinstance(node, (Scalar, Mapping, Sequence)):
        return Splice(at, at, "".join(line + newline for line in padded))
    match = _BREAK.search(text, at)
    at = match.start() if match else len(text)
    return Splice(at, at, "".join(newline + line for line in padded))


def _between(text: str, first: Node | None, second: Node | None, pattern: re.Pattern[str]) -> str:
    """The characters between two nodes if they are nothing but what `pattern` says, else ""."""
    if first is None or second is None:
        return ""
    piece = text[first.span.end.index : second.span.start.index]
    return piece if pattern.match(piece) else ""


def _gap(text: str, parent: Node, first: Node | None, before: Node | None, last: Node | None) -> str:
    """What separates a new last entry from the one before: a comma, and the line break that others have."""
    if first is None:
        return ""
    usual = _between(text, before, last, _COMMA)
    if usual:
        return usual
    opening = text[parent.span.start.index : first.span.start.index]
    return "," + opening[1:] if _OPENING.match(opening) and before is None and opening[1:] else ", "
