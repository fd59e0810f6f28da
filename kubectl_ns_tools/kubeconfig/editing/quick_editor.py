"""The edits that must be fast in a file of many megabytes: another current-context, another field of a
context, another name of an entry, and one less. Only the bytes in question are looked at closely; the rest
was, and is again, read by the scanner.
"""

import re
from collections.abc import Iterator
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.quick_field import with_field, written
from kubectl_ns_tools.kubeconfig.editing.rereading import Piece, Stretch, joined, reread
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.reading.item_forms import ScannedItem
from kubectl_ns_tools.kubeconfig.reading.lines import is_nothing
from kubectl_ns_tools.kubeconfig.reading.scanner import Scan, scan


class NotQuick(Exception):
    """This edit, or this file, is for the Editor."""


class _Entry:
    """An entry as it is meant to be. place: where it was; text: its new lines, None if they stay."""

    __slots__ = ("meant", "place", "text")

    def __init__(self, place: ScannedItem, meant: ScannedItem) -> None:
        self.place = place
        self.meant = meant
        self.text: bytes | None = None


class QuickEditor:
    """Has the Editor's methods. Raises NotQuick as soon as one of them is asked for what it cannot do."""

    def __init__(self, file: KubeconfigFile) -> None:
        if file.scan is None or file.data is None:
            raise NotQuick
        self._file = file
        self._data = file.data
        self._scan: Scan = file.scan
        self._current: bytes | None = None
        self._current_context = self._scan.current_context
        self._sections: dict[str, list[_Entry]] = {}  # those that an edit had to do with
        self._dropped: list[ScannedItem] = []
        self._gone: list[Piece] = []

    @property
    def current_context(self) -> str:
        """The file's own current-context, as it is meant to be; "" for none."""
        return self._current_context

    def put(self, value: str, *path: str | int) -> None:
        """Set current-context, where it has a value already, a field of a context, or a name."""
        match path:
            case ("current-context",) if value == self._current_context:
                return
            case ("current-context",) if self._scan.current:
                style = chr((self._current or self._data[slice(*self._scan.current)])[0])
                self._current = written(value, style if style in "\"'" else "").encode()
                self._current_context = value
            case ("contexts", int(index), "context", str()) | (str(), int(index), "name"):
                self._put_in(str(path[0]), index, value, *path[2:])
            case _:
                raise NotQuick

    def append(self, section: str, *items: dict[str, Any]) -> None:
        raise NotQuick

    def drop(self, *path: str | int) -> None:
        """Take out an entry, with its lines and the comments in it."""
        match path:
            case (str(section), int(index)):
                entries = self._entries(section)
                entry = entries.pop(index)
                self._dropped.append(entry.place)
                self._gone.append((entry.place.start, self._end_of(entry.place), b""))
                if not entries:
                    self._gone.append(self._empty_list(section))
            case _:
                raise NotQuick

    def index_of(self, section: str, name: str) -> int | None:
        """The index of the item with this name in a top-level list, None if there is none."""
        entries = self._entries(section)
        return next((index for index, entry in enumerate(entries) if entry.meant.name == name), None)

    def finished(self) -> bytes:
        """The new bytes, read again and found to mean what was intended. Raises Refused if they do not."""
        pieces = sorted(self._pieces())
        if not pieces:
            return self._data
        made = joined(self._data, pieces)
        again = reread(self._data, made, pieces, self._left_out())
        if again is None or not self._is_intended(again):
            raise Refused(f"{self._file.path}: cannot edit safely", "nothing was written; please report this")
        return made

    def _entries(self, section: str) -> list[_Entry]:
        if section not in self._sections:
            items = self._scan.sections.get(section, ())
            self._sections[section] = [_Entry(item, item) for item in items]
        return self._sections[section]

    def _pieces(self) -> Iterator[Piece]:
        yield from self._gone
        for entries in self._sections.values():
            for entry in entries:
                if entry.text is not None:
                    yield entry.place.start, entry.place.end, entry.text
        if self._current is not None and self._scan.current:
            yield *self._scan.current, self._current

    def _put_in(self, section: str, index: int, value: str, *path: str | int) -> None:
        """Edit the one item as a kubeconfig of its own."""
        entry = self._entries(section)[index]
        if len(path) > 1 and entry.meant.fields.get(str(path[1])) == value:
            return
        lines = self._data[entry.place.start : entry.place.end] if entry.text is None else entry.text
        head = f"{section}:".encode() + (b"\r\n" if b"\r\n" in lines else b"\n")
        made = with_field(lines, str(path[0]), str(path[1]), value) if len(path) > 1 else None
        text = self._edited(head + lines, value, section, *path) if made is None else head + made
        again = scan(text)
        items = again.sections.get(section, []) if again else []
        if [(item.start, item.end) for item in items] != [(len(head), len(text))]:
            raise NotQuick  # such as a name that is not ASCII
        entry.meant, entry.text = items[0], text.removeprefix(head)

    def _edited(self, data: bytes, value: str, section: str, *path: str | int) -> bytes:
        from kubectl_ns_tools.kubeconfig.editing.editor import Editor

        editor = Editor(KubeconfigFile(self._file.path, data))
        editor.put(value, section, 0, *path)
        return editor.finished()

    def _end_of(self, item: ScannedItem) -> int:
        """Where the lines of an item end: comments below it may be about what follows."""
        lines = self._data[item.start : item.end].splitlines(keepends=True)
        while is_nothing(lines[-1]):
            lines.pop()
        if not lines[-1].endswith(b"\n"):
            raise NotQuick  # the line before must become one without an end
        return item.start + sum(map(len, lines))

    def _empty_list(self, section: str) -> Piece:
        """`[]` for a list that has lost its last item."""
        first = self._scan.sections[section][0].start
        *_, key = re.finditer(rb"^ *" + section.encode() + rb":", self._data[:first], re.MULTILINE)
        return key.end(), key.end(), b" []"

    def _looked_at(self, section: str) -> list[_Entry]:
        """The entries that are read again: those that changed, and the first of the others."""
        if section not in self._sections:
            return [_Entry(item, item) for item in self._scan.sections[section][:1]]
        entries = self._sections[section]
        first = next((entry for entry in entries if entry.text is None), None)
        return [entry for entry in entries if entry is first or entry.text is not None]

    def _left_out(self) -> Iterator[Stretch]:
        """The other entries, which are as they were."""
        dropped = {item.start for item in self._dropped}
        for section, items in self._scan.sections.items():
            looked_at = dropped.union(entry.place.start for entry in self._looked_at(section))
            at = items[0].start if items else 0
            for item in items:
                if item.start in looked_at:
                    yield at, item.start
                    at = item.end
            if items:
                yield at, items[-1].end

    def _is_intended(self, again: Scan) -> bool:
        meant = {
            section: [_facts(entry.meant) for entry in self._looked_at(section)]
            for section in self._scan.sections
        }
        return (
            again.current_context == self._current_context
            and {section: list(map(_facts, items)) for section, items in again.sections.items()} == meant
            and all(_are_unique(entries) for entries in self._sections.values())
        )


def _facts(item: ScannedItem) -> tuple[str | None, dict[str, str]]:
    return item.name, item.fields


def _are_unique(entries: list[_Entry]) -> bool:
    return len({entry.meant.name for entry in entries}) == len(entries)
