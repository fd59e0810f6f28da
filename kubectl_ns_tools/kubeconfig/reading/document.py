"""One kubeconfig file: its bytes, its first YAML document, and what kubectl would refuse in it."""

import codecs
from collections.abc import Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.kubeconfig.reading.entry import Entry
from kubectl_ns_tools.kubeconfig.reading.item_forms import ScannedItem
from kubectl_ns_tools.kubeconfig.reading.scanner import Scan, scan
from kubectl_ns_tools.kubeconfig.reading.schema import SECTIONS
from kubectl_ns_tools.kubeconfig.storage import read_bytes

if TYPE_CHECKING:
    from kubectl_ns_tools.goyaml import Document, Node

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Problem(NamedTuple):
    """Something that makes kubectl refuse the file. line: 1-based, 0 when it is about the whole file."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class _Parsed(NamedTuple):
    """What the real parser made of a file. problem: why there is no document."""

    text: str = ""
    bom: bytes = b""
    document: "Document | None" = None
    model: Any = None
    problem: Problem | None = None


class _ScannedEntry(Entry):
    """An entry that the scanner read: a parser of any kind is needed only for what is not text."""

    __slots__ = ("_item",)

    def __init__(self, file: "KubeconfigFile", section: str, item: ScannedItem) -> None:
        super().__init__(item.name or "", file.path, partial(_scanned_body, file, section, item))
        self._item = item

    def get(self, key: str) -> str:
        fields = self._item.fields
        return fields[key] if key in fields else super().get(key)


class KubeconfigFile:
    """A file as it was read. path: as given; data: its bytes, None for a missing file.

    Reading is lazy: the scanner answers where it is certain, the real parser is asked otherwise.
    """

    def __init__(self, path: str, data: bytes | None) -> None:
        self.path = path
        self.data = data

    @cached_property
    def scan(self) -> Scan | None:
        """The scanner's reading, None where it is not certain."""
        return scan(self.data) if self.data else None

    @property
    def text(self) -> str:
        """The text without byte order mark; "" when it cannot be decoded."""
        return self._parsed.text

    @property
    def bom(self) -> bytes:
        """The byte order mark that the file begins with."""
        return self._parsed.bom

    @property
    def root(self) -> "Node | None":
        """The root node of the first document; kubectl does not read further ones."""
        return self._parsed.document.root if self._parsed.document else None

    @property
    def content_end(self) -> int:
        """How many characters come before what ends the first document: `...`, `---`, or nothing more."""
        document = self._parsed.document
        return document.content_end.index if document else len(self.text)

    @property
    def model(self) -> dict[str, Any]:
        """The content as plain values; an empty dict when there is none or it cannot be read."""
        return self._parsed.model if isinstance(self._parsed.model, dict) else {}

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Why kubectl would refuse the file, in the order of the text; empty for a file that it accepts."""
        if self.scan:
            return ()
        if self._parsed.problem:
            return (self._parsed.problem,)
        document = self._parsed.document
        if document is None or document.root is None:
            return ()
        from kubectl_ns_tools.goyaml import refused
        from kubectl_ns_tools.kubeconfig.reading.refusals import refusals

        found = [(line, f"yaml: {text}") for line, text in refused(document, self.text)]
        if self._parsed.model is not None:
            found += refusals(document.root, self.path)
        return tuple(Problem(self.path, line, text) for line, text in sorted(found))

    @property
    def current_context(self) -> str:
        """The file's own current-context, "" for none."""
        value = self.scan.current_context if self.scan else self.model.get("current-context")
        return value if isinstance(value, str) else ""

    def entries(self, section: str) -> Iterator[Entry]:
        """The entries of "contexts", "clusters" or "users", in the order of the file."""
        if self.scan:
            return (_ScannedEntry(self, section, item) for item in self.scan.sections.get(section, ()))
        return self._parsed_entries(section)

    def slice_of(self, item: ScannedItem) -> str:
        """The lines of a scanned item: a list of one, which the real parser can read."""
        return self.lines_of(item).decode()

    def lines_of(self, item: ScannedItem) -> bytes:
        """The same as bytes."""
        return (self.data or b"")[item.start : item.end]

    def _parsed_entries(self, section: str) -> Iterator[Entry]:
        items = self.model.get(section)
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, (dict, type(None))):
                continue
            fields = item or {}  # for a null, kubectl sees an entry without a name
            name = fields.get("name")
            if name is None or isinstance(name, (str, int, float)):
                yield Entry("" if name is None else str(name), self.path, partial(_body, fields, section))

    @cached_property
    def _parsed(self) -> _Parsed:
        """UTF-8, or UTF-16 with a byte order mark, as goyaml reads it."""
        from kubectl_ns_tools.goyaml import YamlError, construct, parse_first

        data = self.data or b""
        bom = next((mark for mark in (codecs.BOM_UTF8, *_UTF16) if data.startswith(mark)), b"")
        encoding = "utf-16" if bom in _UTF16 else "utf-8"
        try:
            text = (data if bom in _UTF16 else data[len(bom) :]).decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            return _Parsed(problem=Problem(self.path, line, f"yaml: {_octets(error)}"))
        try:
            document = parse_first(text, self.path)
            return _Parsed(text, bom, document, construct(document.root, self.path) if document else None)
        except YamlError as error:
            return _Parsed(text, bom, problem=Problem(self.path, error.line, f"yaml: {error.problem}"))


def _octets(error: UnicodeDecodeError) -> str:
    """goyaml's words for bytes that are no text (readerc.go)."""
    if not error.encoding.startswith("utf-8"):
        return f"invalid {error.encoding} bytes"
    lead = error.object[error.start]
    sizes = {0b110: 2, 0b1110: 3, 0b11110: 4}
    width = next((sizes[lead >> shift] for shift in (5, 4, 3) if lead >> shift in sizes), 0)
    octets = error.object[error.start : error.start + width]
    if not width:
        return "invalid leading UTF-8 octet"
    if len(octets) < width:
        return "incomplete UTF-8 octet sequence"
    trailing = all(octet & 0xC0 == 0x80 for octet in octets[1:])
    return "invalid Unicode character" if trailing else "invalid trailing UTF-8 octet"


def _scanned_body(file: KubeconfigFile, section: str, item: ScannedItem) -> dict[str, Any]:
    if item.whole:
        return dict(item.fields)
    from kubectl_ns_tools.kubeconfig.reading.block import block_value

    return _body(block_value(file.lines_of(item))[0], section)


def _body(item: dict[str, Any], section: str) -> dict[str, Any]:
    body = item.get(SECTIONS[section][0])
    return body if isinstance(body, dict) else {}


def read_file(path: str) -> KubeconfigFile:
    """Read `path`; only a failing read raises (NsToolsError), the rest is among the file's problems."""
    return KubeconfigFile(path, read_bytes(path))
