"""A quick reading of the kubeconfigs that kubectl itself writes, for files of many megabytes.

The scanner knows a small part of YAML (lines.py). It either understands every line of a file, and is then
certain that kubectl accepts it, or gives up (None) and leaves it to the real parser. What it need not
understand (certificates) it only checks for form.
"""

import math
import re
from typing import Any

from kubectl_ns_tools.kubeconfig.reading.item_forms import MOST_LINES, Forms, Line, ScannedItem
from kubectl_ns_tools.kubeconfig.reading.lines import EMPTY, ENTRY, NOTHING, ODD, is_base64, plain_value
from kubectl_ns_tools.kubeconfig.reading.schema import SECTIONS
from kubectl_ns_tools.kubeconfig.reading.shapes import EXTENSION, FILE, Shape

_NULLS = frozenset({b"null", b"Null", b"NULL"})  # no JSON key
_HEADER = {b"kind": "Config", b"apiVersion": "v1"}
_BODIES = {section.encode(): body.encode() for section, (body, _, _) in SECTIONS.items()}


class Scan:
    """A file that was understood. current: the bytes of current-context's value, None when it has none."""

    def __init__(self) -> None:
        self.sections: dict[str, list[ScannedItem]] = {}
        self.current_context = ""
        self.current: tuple[int, int] | None = None


class _Uncertain(Exception):
    """The file has something that the scanner does not know."""


def scan(data: bytes) -> Scan | None:
    """What the bytes hold, or None when that is for the real parser to say."""
    if not data.isascii():
        return None
    try:
        return _Scanner(data).scan()
    except _Uncertain:
        return None


class _Scanner:
    """The open collections are a stack of codes: twice the column for a mapping, one more for a sequence, so
    that a sequence in its key's own column is still the deeper one. Beside each: its shape, and its keys."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._stack: list[int] = []
        self._shapes: list[Shape] = []
        self._keys: list[set[bytes]] = []
        self._pending: Shape | None = FILE  # of the last key or dash if it has no value yet
        self._body: bytes | None = None  # the key of the body of the items in the list that we are in
        self._in_body = False
        self._dashes = -1  # the column of the items' dashes, when there was one
        self._items: list[ScannedItem] = []
        self._names: set[str] = set()
        self._lines: list[Line] = []  # of the item that we are in
        self._forms = Forms()
        self._found = Scan()

    def scan(self) -> Scan:
        entry, nothing, data, end = ENTRY.match, NOTHING.match, self._data, len(self._data)
        at = data.index(b"\n") + 1 if data.startswith((b"---\n", b"---\r\n")) else 0
        while at < end:
            line = entry(data, at)
            if line is not None:
                at = self._on_entry(line, at)
            else:
                line = nothing(data, at)
                if line is None:
                    raise _Uncertain
                at = line.end()
        self._close_item(end)
        if not self._stack:
            raise _Uncertain
        return self._found

    def _on_entry(self, line: "re.Match[bytes]", at: int) -> int:
        """Where to go on: behind the line, or behind all items from here that have a form."""
        indent, dash, key, value, scalar = line.groups()
        column, shape, field = len(indent), self._pending, None
        if dash is not None:
            if column == self._dashes:
                after = self._items_with_a_form(at)
                if after > at:
                    return after
            self._enter(2 * column + 1)
            self._on_dash(column, at)
            column += len(dash)
            shape = self._pending
        if key is not None:
            if not self._stack or self._stack[-1] != 2 * column:
                self._enter(2 * column)
            shape, field = self._on_key(key, value, line)
        elif dash is None or shape is None:
            raise _Uncertain
        else:
            self._text(scalar, shape)
            self._pending = None
        if len(self._lines) <= MOST_LINES:
            self._lines.append((line, shape, field))
        return line.end()

    def _items_with_a_form(self, at: int) -> int:
        """Where the next item begins that is for the lines; `at` if it is the one here."""
        self._close_item(at)
        for item in self._forms.items(self._data, at):
            self._add_name(item.name)
            self._items.append(item)
            at = item.end
        return at

    def _enter(self, code: int) -> None:
        """Close what is deeper than this line, and open a collection if the line begins one."""
        stack = self._stack
        while stack and stack[-1] > code:
            stack.pop()
            self._shapes.pop()
            self._keys.pop()
            self._pending = None
        if stack and stack[-1] == code:
            return
        shape = self._pending
        if shape is None or (shape.item if code % 2 else shape.of_key) is None:
            raise _Uncertain
        stack.append(code)
        self._shapes.append(shape)
        self._keys.append(set())

    def _on_dash(self, column: int, at: int) -> None:
        self._pending = self._shapes[-1].item
        if self._pending is EXTENSION:
            if self._keys[-1]:
                raise _Uncertain  # of two, kubectl compares the names
            self._keys[-1].add(b"-")
        if len(self._stack) == 2 and self._body is not None:
            self._items.append(ScannedItem(at))
            self._dashes, self._lines = column, []

    def _on_key(self, key: bytes, value: bytes | None, line: "re.Match[bytes]") -> tuple[Shape, str | None]:
        """The shape of its value, and the item's field that it is, if any."""
        if key in self._keys[-1] or key in _NULLS:
            raise _Uncertain
        self._keys[-1].add(key)
        shape = self._shapes[-1]
        of_key = (shape.of_key or {}).get(key, shape.other)
        text = None if value is None else self._text(value, of_key)
        self._pending = of_key if value is None else None
        depth = len(self._stack)
        if depth == 1:
            self._on_top_key(key, value, text, line)
        elif self._body is None:
            pass
        elif depth == 3:
            return of_key, self._on_item_key(key, text)
        elif depth == 4 and self._in_body and of_key.is_string:
            if text is None:  # null
                self._items[-1].whole = False
            else:
                self._items[-1].fields[key.decode()] = text
            return of_key, key.decode()
        else:
            self._items[-1].whole = False
        return of_key, None

    def _on_top_key(self, key: bytes, value: bytes | None, text: str | None, line: "re.Match[bytes]") -> None:
        self._close_item(line.start())
        self._body, self._dashes, self._forms = _BODIES.get(key), -1, Forms()
        if self._body is not None:
            self._names, self._items = set(), []
            self._found.sections[key.decode()] = self._items
        elif key in _HEADER and value is not None and text not in ("", _HEADER[key]):
            raise _Uncertain
        elif key == b"current-context":
            if text is None:
                raise _Uncertain
            self._found.current_context, self._found.current = text, line.span(4)

    def _on_item_key(self, key: bytes, text: str | None) -> str | None:
        self._in_body = key == self._body
        if key == b"name":
            self._add_name(text)
            self._items[-1].name = text
            return ""
        if not self._in_body:
            self._items[-1].whole = False
        return None

    def _add_name(self, name: str | None) -> None:
        if name is None or name in self._names:
            raise _Uncertain
        self._names.add(name)

    def _text(self, value: bytes, shape: Shape) -> str | None:
        """The text of a scalar that is a string; None for another that may stand in this place."""
        if value[0] in b"\"'":
            value = value[1:-1]
        elif value in EMPTY:
            if (shape.of_key if value == b"{}" else shape.item) is None:
                raise _Uncertain
            return None
        elif ODD.match(value) and not isinstance(meant := plain_value(value), str):
            return self._no_text(meant, shape)
        if shape.takes_text:
            return value.decode()
        if not shape.is_data or not is_base64(value):
            raise _Uncertain
        return None

    @staticmethod
    def _no_text(value: Any, shape: Shape) -> None:
        finite = not isinstance(value, float) or math.isfinite(value)
        if not (shape.is_bool and isinstance(value, bool)) and not (shape.is_anything and finite):
            raise _Uncertain

    def _close_item(self, end: int) -> None:
        """The item before this place ends here; it must have a name."""
        if self._items and not self._items[-1].end:
            item = self._items[-1]
            if item.name is None:
                raise _Uncertain
            item.end = end
            self._forms.learn(item, self._lines)
