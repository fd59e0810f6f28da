"""Objects as they stand in a file: the data, and the place of every field for error messages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import Node, YamlError, construct, find, pair_of, parse_each

# A pair, or an escaped backslash, which is skipped: what follows that one is no escape.
_SURROGATES = re.compile(r"\\\\|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True, eq=False)
class Manifest:
    """One object. source: the file's name, "" for one that we added; node: the object as written.

    `data` may have been completed or had parameters filled in since it was read; `node` stays as written.
    places: of the fields of an object that several files made together.
    """

    data: dict[str, Any]
    source: str
    node: Node | None = None
    places: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)

    @property
    def api_version(self) -> str:
        return str(self.data.get("apiVersion") or "")

    @property
    def group(self) -> str:
        """ "" for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def kind(self) -> str:
        return str(self.data.get("kind") or "")

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata, {} when it is missing or no mapping."""
        found = self.data.get("metadata")
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        return str(self.metadata.get("name") or "")

    @property
    def namespace(self) -> str:
        """The namespace that the object names, "" for none."""
        return str(self.metadata.get("namespace") or "")

    @property
    def reference(self) -> str:
        """kubectl's `-o name`: "resourcequota/team", "rolebinding.rbac.authorization.k8s.io/admin"."""
        kind = f"{self.kind}.{self.group}" if self.group else self.kind
        return f"{kind.lower()}/{self.name}"

    def place(self, *path: str | int) -> str:
        """`file:line` of the field at `path`, or of the closest part of the path that was written."""
        if self.places:
            ends = range(len(path), -1, -1)
            return next((self.places[path[:end]] for end in ends if path[:end] in self.places), self.source)
        return self.source if self.node is None else f"{self.source}:{_line(self.node, path)}"

    def with_data(self, data: dict[str, Any]) -> "Manifest":
        """The same place with other data."""
        return replace(self, data=data)


def read_objects(text: str, source: str) -> Iterator[Manifest]:
    """The objects of a YAML stream or of JSON, in their order; the items of a List one by one.

    source: the file's name, for errors. Raises Refused with file and line for what is no object, and
    YamlError for what is no YAML, a key that is there twice included.
    """
    for node in _roots(text.removeprefix("\ufeff"), source):
        data = construct(node, source, unique_keys=True)
        yield from flattened(Manifest(data, source, node))


def flattened(manifest: Manifest) -> Iterator[Manifest]:
    """The object itself, or the items of a List. Raises Refused for what is no object."""
    data: Any = manifest.data
    if not isinstance(data, dict):
        raise Refused(f"{manifest.place()}: not an object: a mapping with apiVersion and kind is needed")
    items = data.get("items")
    if not (manifest.kind.endswith("List") and isinstance(items, list)):
        yield manifest
        return
    for index in range(len(items)):
        yield from flattened(part(manifest, "items", index))


def part(manifest: Manifest, *path: str | int) -> Manifest:
    """An object that stands at `path` inside another."""
    data: Any = manifest.data
    for step in path:
        data = data[step]
    return Manifest(data, manifest.source, manifest.node and find(manifest.node, *path))


def _roots(text: str, source: str) -> Iterator[Node]:
    if text.lstrip().startswith("{"):
        text = _json_as_yaml(text)
    return (document.root for document in parse_each(text, source) if document.root is not None)


def _json_as_yaml(text: str) -> str:
    """JSON made readable for YAML, line by line where it was; other text is left alone.

    YAML has no surrogate pairs, and wants `---` between values; kubectl reads JSON values one after another.
    """
    return _SURROGATES.sub(_character, "".join(_pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    import json

    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        start = at + len(text[at:]) - len(text[at:].lstrip())
        gap = text[at:start]
        try:
            _, end = decoder.raw_decode(text, start)
        except ValueError:
            yield text[at:]  # the end, or YAML in braces; what is neither, the YAML parser places
            return
        if at:
            gap += "--- " if "\n" in gap else "\n--- "
        yield gap + text[start:end]
        at = end


def _character(match: re.Match[str]) -> str:
    if not match[1]:
        return match[0]
    pair = bytes.fromhex(match[1] + match[2])
    return pair.decode("utf-16-be")


def _line(node: Node, path: tuple[str | int, ...]) -> int:
    for length in range(len(path), 0, -1):
        line = _line_at(node, path[:length])
        if line:
            return line
    return node.span.start.line


def _line_at(node: Node, path: tuple[str | int, ...]) -> int:
    """The line of the key (or of the list item) at the end of the path, 0 if it was not written."""
    *parents, last = path
    parent = find(node, *parents)
    if parent is None:
        return 0
    if isinstance(last, str):
        pair = pair_of(parent, last)
        return pair[0].span.start.line if pair else 0
    item = find(parent, last)
    return item.span.start.line if item else 0


__all__ = ["Manifest", "YamlError", "flattened", "part", "read_objects"]
