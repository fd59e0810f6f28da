"""One kubeconfig file: its text, its first YAML document, and what kubectl would refuse in it."""

import codecs
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kubectl_ns_tools.goyaml import Document, Node, YamlError, construct, parse_first
from kubectl_ns_tools.kubeconfig.schema import problems_of
from kubectl_ns_tools.kubeconfig.storage import read_bytes

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Problem:
    """Something that makes kubectl refuse the file. line: 1-based, 0 when it is about the whole file."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


@dataclass
class KubeconfigFile:
    """A file as it was read. path: as given; text: without byte order mark; exists: False for a missing file.

    `model` is the plain content (an empty dict when there is none or it cannot be read).
    """

    path: str
    exists: bool
    text: str = ""
    bom: bytes = b""
    unreadable: Problem | None = None
    _document: Document | None = field(default=None, repr=False)

    @property
    def root(self) -> Node | None:
        """The root node of the first document; kubectl does not read further ones."""
        return self._document.root if self._document else None

    @cached_property
    def model(self) -> dict[str, Any]:
        """The content as plain values."""
        value = construct(self.root, self.path)
        return value if isinstance(value, dict) else {}

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Why kubectl would refuse the file, in the order of the text; empty for a file that it accepts."""
        if self.unreadable:
            return (self.unreadable,)
        if self.root is None or construct(self.root, self.path) is None:
            return ()
        return tuple(Problem(self.path, line, text) for line, text in problems_of(self.root, self.path))


def read_file(path: str) -> KubeconfigFile:
    """Read `path`. What cannot be decoded is in `unreadable`; only a failing read raises (NsToolsError)."""
    data = read_bytes(path)
    return KubeconfigFile(path, exists=False) if data is None else decode(path, data)


def decode(path: str, data: bytes) -> KubeconfigFile:
    """The file for these bytes: UTF-8, or UTF-16 with a byte order mark, as goyaml reads them."""
    bom = next((mark for mark in (codecs.BOM_UTF8, *_UTF16) if data.startswith(mark)), b"")
    encoding = "utf-16" if bom in _UTF16 else "utf-8"
    try:
        text = (data if bom in _UTF16 else data[len(bom) :]).decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return KubeconfigFile(path, True, unreadable=Problem(path, line, f"invalid {encoding} bytes"))
    return _parsed(KubeconfigFile(path, True, text, bom))


def _parsed(file: KubeconfigFile) -> KubeconfigFile:
    try:
        file._document = parse_first(file.text, file.path)
        _ = file.model
    except YamlError as error:
        file._document = None
        file.unreadable = Problem(file.path, error.line, error.problem)
        file.__dict__.pop("model", None)
    return file


def encode(file: KubeconfigFile, text: str) -> bytes:
    """The bytes for a new text of the file, in the encoding and with the mark that it has."""
    return file.bom + text.encode("utf-8")
