"""The entries of a kubeconfig with the lines that they stand on.

A file that the scanner understands is not parsed as a whole, which would take some hundred megabytes where
it has thousands of entries: each entry is, and what is around them, with blank lines in their places.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.goyaml import Node, Sequence, construct, find, parse_first, resolved, value_of
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.reading.schema import SECTIONS


@dataclass(frozen=True)
class PlacedEntry:
    """An entry of a list. node: as written; lines_before: those of the file before the node's text begins."""

    section: str
    name: str
    path: str
    body: Mapping[str, Any]
    node: Node
    lines_before: int = 0

    @property
    def kind(self) -> str:
        return self.section[:-1]

    @property
    def line(self) -> int:
        return self.line_at(self.node)

    @property
    def last_line(self) -> int:
        return self.lines_before + self.node.span.end.line

    def line_of(self, *path: str | int) -> int:
        """The line of the value at a path in the body; the entry's own when it is not there."""
        return self.line_at(find(self.node, SECTIONS[self.section][0], *path) or self.node)

    def line_at(self, node: Node) -> int:
        return self.lines_before + node.span.start.line

    def finding(self, rule: str, problem: str, *field: str, hint: str = "") -> Finding:
        """A finding about a field in the body; about the entry when there is none, or it is not there."""
        line = self.line_of(*field) if field else self.line
        return Finding(rule, self.path, line, problem, self.kind, self.name, hint)

    def get(self, key: str) -> str:
        """A field that is text; "" when it is missing or something else."""
        value = self.body.get(key)
        return value if isinstance(value, str) else ""


def placed_entries(file: KubeconfigFile) -> Iterator[PlacedEntry]:
    """All entries, those of each list in their order."""
    return _scanned(file) if file.scan else _parsed(file)


def root_of(file: KubeconfigFile) -> Node | None:
    """The root node, in which the lists may be empty; the lines are those of the file."""
    if not file.scan:
        return file.root
    data = bytearray(file.data or b"")
    for item in sorted(
        (item for items in file.scan.sections.values() for item in items), key=lambda i: -i.start
    ):
        data[item.start : item.end] = b"\n" * data.count(b"\n", item.start, item.end)
    document = parse_first(data.decode(), file.path)
    return document.root if document else None


def _scanned(file: KubeconfigFile) -> Iterator[PlacedEntry]:
    data = file.data or b""
    for section, items in file.scan.sections.items() if file.scan else ():
        lines, at = 0, 0
        for item in items:
            lines += data.count(b"\n", at, item.start)
            at = item.start
            document = parse_first(file.slice_of(item), file.path)
            node = find(document.root, 0) if document and document.root else None
            if node is not None:
                yield _placed(file, section, node, lines)


def _parsed(file: KubeconfigFile) -> Iterator[PlacedEntry]:
    for section in SECTIONS:
        value = value_of(file.root, section) if file.root else None
        items = resolved(value) if value else None
        for node in items.items if isinstance(items, Sequence) else ():
            yield _placed(file, section, node, 0)


def _placed(file: KubeconfigFile, section: str, node: Node, lines_before: int) -> PlacedEntry:
    item = construct(node, file.path)
    fields = item if isinstance(item, dict) else {}
    name, body = fields.get("name"), fields.get(SECTIONS[section][0])
    shown = "" if name is None else str(name)
    return PlacedEntry(section, shown, file.path, body if isinstance(body, dict) else {}, node, lines_before)
