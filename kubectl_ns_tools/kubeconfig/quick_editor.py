"""The two edits that must be fast in a file of many megabytes: another current-context, another field of a
context. Only the bytes in question are looked at closely; the rest was, and is again, read by the scanner.
"""

from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import quoted
from kubectl_ns_tools.kubeconfig.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.scanner import Scan, ScannedItem, scan


class NotQuick(Exception):
    """This edit, or this file, is for the Editor."""


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
        self._contexts: dict[int, tuple[bytes, dict[str, Any]]] = {}

    def put(self, value: str, *path: str | int) -> None:
        """Set current-context, where it has a value already, or a field of a context."""
        match path:
            case ("current-context",) if self._scan.current:
                style = chr(self._data[self._scan.current[0]])
                self._current = quoted(value, style if style in "\"'" else "").encode()
                self._current_context = value
            case ("contexts", int(index), "context", str(field)):
                self._put_field(index, field, value)
            case _:
                raise NotQuick

    def append(self, section: str, item: dict[str, Any]) -> None:
        raise NotQuick

    def drop(self, *path: str | int) -> None:
        raise NotQuick

    def index_of(self, section: str, name: str) -> int | None:
        """The index of the item with this name in a top-level list, None if there is none."""
        items = self._scan.sections.get(section, ())
        return next((index for index, item in enumerate(items) if item.name == name), None)

    def finished(self) -> bytes:
        """The new bytes, read again and found to mean what was intended. Raises Refused if they do not."""
        pieces = [(item.start, item.end, text) for item, text, _ in self._changed()]
        if self._current is not None and self._scan.current:
            pieces.append((*self._scan.current, self._current))
        if not pieces:
            return self._data
        made = _joined(self._data, sorted(pieces))
        again = scan(made)
        if again is None or not self._is_intended(again):
            raise Refused(f"{self._file.path}: cannot edit safely", "nothing was written; please report this")
        return made

    def _changed(self) -> list[tuple[ScannedItem, bytes, dict[str, Any]]]:
        items = self._scan.sections.get("contexts", [])
        return [(items[index], text, body) for index, (text, body) in sorted(self._contexts.items())]

    def _put_field(self, index: int, field: str, value: str) -> None:
        """Edit the one item as a kubeconfig of its own."""
        from kubectl_ns_tools.kubeconfig.editor import Editor

        item = self._scan.sections["contexts"][index]
        lines = self._contexts[index][0] if index in self._contexts else self._data[item.start : item.end]
        head = b"contexts:\r\n" if lines.endswith(b"\r\n") else b"contexts:\n"
        editor = Editor(KubeconfigFile(self._file.path, head + lines))
        editor.put(value, "contexts", 0, "context", field)
        text = editor.finished()
        self._contexts[index] = (text.removeprefix(head), editor.item("contexts", 0)["context"])

    def _is_intended(self, again: Scan) -> bool:
        if again.current_context != self._current_context:
            return False
        before, after = self._scan.sections, again.sections
        if {section: _names(items) for section, items in before.items()} != {
            section: _names(items) for section, items in after.items()
        }:
            return False
        return all(_same(after["contexts"][index], body) for index, (_, body) in self._contexts.items())


def _names(items: list[ScannedItem]) -> list[str | None]:
    return [item.name for item in items]


def _same(item: ScannedItem, body: dict[str, Any]) -> bool:
    return item.fields == {key: value for key, value in body.items() if isinstance(value, str)}


def _joined(data: bytes, pieces: list[tuple[int, int, bytes]]) -> bytes:
    parts, at = [], 0
    for start, end, text in pieces:
        parts += [data[at:start], text]
        at = end
    return b"".join([*parts, data[at:]])
