"""A quick reading of the kubeconfigs that kubectl itself writes, for files of many megabytes.

The scanner knows a small part of YAML: block style, one key or item a line, plain or quoted scalars that
end on their line, ASCII. It either understands every line of a file, and is then certain that kubectl
accepts it, or gives up (None) and leaves it to the real parser. What it need not understand (certificates)
it only checks for form.
"""

import re
from dataclasses import dataclass, field

from kubectl_ns_tools.goyaml.resolve import resolve
from kubectl_ns_tools.kubeconfig.schema import BOOL, DATA, SECTIONS, STRING

_PLAIN = rb"[A-Za-z0-9/+._][A-Za-z0-9/+._@=%~-]*(?::[A-Za-z0-9/+._@=%~-]+)*"
_VALUE = rb'"[ !#-\[\]-~]*"|' + rb"'[ -&(-~]*'|" + _PLAIN + rb"|\{\}|\[\]"
_END = rb"(?: +#[\t -~]*| *)(?:\r?\n|\Z)"
_ENTRY = re.compile(
    rb"( *)(- +)?(?:([A-Za-z][A-Za-z0-9_-]*):(?: +(" + _VALUE + rb"))?|(" + _VALUE + rb"))" + _END
)
_NOTHING = re.compile(rb" *(?:#[\t -~]*)?(?:\r?\n|\Z)")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}\Z")
# What resolve() might not leave a string: numbers, and the words of its table.
_ODD = re.compile(rb"[-+.0-9]|(?:y|n|yes|no|on|off|true|false|null)\Z", re.IGNORECASE)


def _keys(kind: str) -> frozenset[bytes]:
    every = (item for _, _, fields in SECTIONS.values() for item in fields.items())
    return frozenset(key.encode() for key, its_kind in every if its_kind == kind)


_STRINGS, _DATA = _keys(STRING), _keys(DATA)
_BOOLS = _keys(BOOL) | {b"provideClusterInfo", b"colors"}
_NESTING = frozenset({b"extensions", b"exec", b"auth-provider", b"as-groups", b"as-user-extra"})
_LISTS = {section.encode(): body.encode() for section, (body, _, _) in SECTIONS.items()}
_HEADER = {b"kind": "Config", b"apiVersion": "v1"}
_EMPTY = (b"{}", b"[]")
_NULLS = frozenset({b"null", b"Null", b"NULL"})  # no JSON key


@dataclass(slots=True)
class ScannedItem:
    """An entry of a list. start, end: its bytes, from the line of its dash up to what follows it.

    fields: the texts in its body; whole: there is nothing else in it.
    """

    start: int
    end: int = 0
    name: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    whole: bool = True


@dataclass(slots=True)
class Scan:
    """A file that was understood. current: the bytes of current-context's value, None when it has none."""

    sections: dict[str, list[ScannedItem]]
    current_context: str = ""
    current: tuple[int, int] | None = None


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
    that a sequence in its key's own column is still the deeper one. Beside each: its keys, and the last."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._stack: list[int] = []
        self._keys: list[set[bytes]] = []
        self._last: list[bytes] = []
        self._pending = True  # the last key has no value yet, so that a deeper collection may follow
        self._body: bytes | None = None  # the key of the body of the items in the list that we are in
        self._items: list[ScannedItem] = []
        self._names: set[str] = set()
        self._found = Scan({})

    def scan(self) -> Scan:
        entry, nothing, data, end = _ENTRY.match, _NOTHING.match, self._data, len(self._data)
        at = data.index(b"\n") + 1 if data.startswith((b"---\n", b"---\r\n")) else 0
        while at < end:
            line = entry(data, at)
            if line is not None:
                self._on_entry(line, at)
            else:
                line = nothing(data, at)
                if line is None:
                    raise _Uncertain
            at = line.end()
        self._close_item(end)
        if not self._stack:
            raise _Uncertain
        return self._found

    def _on_entry(self, line: "re.Match[bytes]", at: int) -> None:
        indent, dash, key, value, scalar = line.groups()
        column = len(indent)
        if dash is not None:
            self._enter(2 * column + 1)
            self._on_dash(at)
            column += len(dash)
        if key is None:
            self._on_scalar(dash, scalar)
        else:
            if not self._stack or self._stack[-1] != 2 * column:
                self._enter(2 * column)
            self._on_key(key, value, line)

    def _enter(self, code: int) -> None:
        """Close what is deeper than this line, and open a collection if the line begins one."""
        stack = self._stack
        while stack and stack[-1] > code:
            stack.pop()
            self._keys.pop()
            self._last.pop()
            self._pending = False
        if stack and stack[-1] == code:
            return
        if not self._pending or not self._may_open(code % 2 == 1):
            raise _Uncertain
        stack.append(code)
        self._keys.append(set())
        self._last.append(b"")

    def _may_open(self, is_list: bool) -> bool:
        """Whether kubectl's types let a collection stand where one is about to be opened."""
        depth = len(self._stack)
        if depth == 0 or self._body is None:
            return depth > 0 or not is_list
        last = self._last[-1]
        if depth == 1:
            return is_list
        if depth == 3:
            return last != b"name" and not (is_list and last == self._body)
        if depth == 4 and self._last[2] == self._body:
            return last not in _STRINGS and last not in _DATA and last not in _BOOLS
        return True

    def _on_dash(self, at: int) -> None:
        self._pending = True
        if len(self._stack) == 2 and self._body is not None:
            self._close_item(at)
            self._items.append(ScannedItem(at))

    def _on_scalar(self, dash: bytes | None, value: bytes) -> None:
        if dash is None or (len(self._stack) == 2 and self._body is not None):
            raise _Uncertain
        self._text(b"", value)
        self._pending = False

    def _on_key(self, key: bytes, value: bytes | None, line: "re.Match[bytes]") -> None:
        if key in self._keys[-1] or key in _NULLS:
            raise _Uncertain
        self._keys[-1].add(key)
        self._last[-1] = key
        self._pending = value is None
        depth = len(self._stack)
        if depth == 1:
            self._on_top_key(key, value, line)
        elif self._body is None:
            self._text(key, value)
        elif depth == 3:
            self._on_item_key(key, value)
        elif depth == 4 and self._last[2] == self._body:
            self._on_field(key, value)
        else:
            self._items[-1].whole = False
            self._text(key, value)

    def _on_top_key(self, key: bytes, value: bytes | None, line: "re.Match[bytes]") -> None:
        self._close_item(line.start())
        self._body = _LISTS.get(key)
        if self._body is not None:
            if value not in (None, b"[]"):
                raise _Uncertain
            self._names, self._items = set(), []
            self._found.sections[key.decode()] = self._items
            return
        text = self._text(key, value)
        if key in _HEADER and text not in (None, "", _HEADER[key]):
            raise _Uncertain
        if key == b"current-context":
            if value is None or value in _EMPTY:
                raise _Uncertain
            self._found.current_context, self._found.current = text or "", line.span(4)

    def _on_item_key(self, key: bytes, value: bytes | None) -> None:
        text = self._text(key, value)
        if key == b"name":
            if text is None or text in self._names:
                raise _Uncertain
            self._names.add(text)
            self._items[-1].name = text
        elif key != self._body:
            self._items[-1].whole = False
        elif value not in (None, b"{}"):
            raise _Uncertain

    def _on_field(self, key: bytes, value: bytes | None) -> None:
        item = self._items[-1]
        if key in _DATA:
            item.whole = False
            self._check_data(value)
            return
        text = self._text(key, value)
        if key in _STRINGS and text is not None:
            item.fields[key.decode()] = text
            return
        if (
            (key in _STRINGS or key in _NESTING)
            and value is not None
            and (key in _STRINGS or value not in _EMPTY)
        ):
            raise _Uncertain
        item.whole = False

    def _check_data(self, value: bytes | None) -> None:
        if value is None:
            return
        bare = value.strip(b"\"'")
        if value in _EMPTY or len(bare) % 4 or not _BASE64.match(bare):
            raise _Uncertain

    def _text(self, key: bytes, value: bytes | None) -> str | None:
        """The text of a scalar; None for no value, an empty collection, and a boolean where one belongs."""
        if value is None or value in _EMPTY:
            return None
        if value[0] in b"\"'":
            return value[1:-1].decode()
        if _ODD.match(value) and not isinstance(resolved := resolve(value.decode()), str):
            if key in _BOOLS and isinstance(resolved, bool):
                return None
            raise _Uncertain
        return value.decode()

    def _close_item(self, end: int) -> None:
        """The item before this place ends here; it must have a name."""
        if self._items and not self._items[-1].end:
            if self._items[-1].name is None:
                raise _Uncertain
            self._items[-1].end = end
