"""What kubectl refuses in a kubeconfig that is YAML, in its words.

Source: client-go tools/clientcmd/api/v1 (types.go, conversion.go) and sigs.k8s.io/json, to which kubectl
gives what goyaml.v2 made of the file.
"""

import base64
import binascii
import math
from collections.abc import Iterator
from typing import Any

from kubectl_ns_tools.goyaml import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    construct,
    fields_of,
    resolved,
    scalar_value,
)
from kubectl_ns_tools.kubeconfig.reading.schema import (
    ANYTHING,
    BOOL,
    CONFIG,
    DATA,
    EXTENSIONS,
    SECTIONS,
    STRING,
    Kind,
    ListOf,
    MapOf,
    Struct,
)

Found = tuple[int, str]

_CONVERTED = {  # the items of lists in which a name stands once, and what is in the maps that they become
    go_type: f"*api.{go_type.removeprefix('Named')}" for _, go_type, _ in SECTIONS.values()
} | {"NamedExtension": "runtime.Object"}
_HEADER = {"kind": "Config", "apiVersion": "v1"}
_NO_HEADER = "couldn't get version/kind; json parse error: "


def refusals(root: Node, source: str) -> list[Found]:
    """(line, text) for everything that makes kubectl refuse a file with this root, in the text's order."""
    return sorted(_Checker(source).refusals(root), key=lambda found: found[0])


class _Checker:
    def __init__(self, source: str) -> None:
        self._source = source

    def refusals(self, root: Node) -> Iterator[Found]:
        yield from self._numbers(root)
        top = resolved(root)
        if not isinstance(top, Mapping):
            yield _line(top), f"{_NO_HEADER}json: cannot unmarshal {self._json_type(top)} into Go value"
            return
        yield from self._header(fields_of(top))
        yield from self._checked(top, CONFIG, CONFIG.name, "")

    def _numbers(self, root: Node) -> Iterator[Found]:
        for node in _values(root):
            value = scalar_value(node, self._source)
            if _is_unsupported(value):
                words = "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
                yield _line(node), f"json: unsupported value: {words}"

    def _header(self, fields: dict[str, Node]) -> Iterator[Found]:
        said = []
        for key, usual in _HEADER.items():
            value = self._value(fields.get(key))
            if value is not None and not isinstance(value, str):
                line, words = self._unmarshal(fields[key], f".{key}", STRING)
                yield line, _NO_HEADER + words
                return
            said.append(value or usual)
        if said != list(_HEADER.values()):
            where = fields.get("kind") or fields["apiVersion"]
            yield _line(where), 'no kind "{}" is registered for version "{}"'.format(*said)

    def _checked(self, node: Node, kind: Kind, struct: str, path: str) -> Iterator[Found]:
        """struct, path: where the value is, as kubectl says it: the innermost type, and all the keys."""
        target = resolved(node)
        if self._is_null(target):
            return
        if isinstance(kind, (Struct, MapOf)):
            yield from self._object(target, kind, struct, path)
        elif isinstance(kind, ListOf):
            yield from self._list(target, kind, struct, path)
        else:
            yield from self._scalar(target, kind, struct, path)

    def _object(self, node: Node, kind: Struct | MapOf, struct: str, path: str) -> Iterator[Found]:
        if not isinstance(node, Mapping):
            yield self._unmarshal(node, f"{struct}.{path}", kind)
            return
        for key, value in fields_of(node).items():
            if isinstance(kind, MapOf):
                yield from self._checked(value, kind.value, struct, path)
            elif key in kind.fields:
                yield from self._checked(value, kind.fields[key], kind.name, f"{path}.{key}" if path else key)

    def _list(self, node: Node, kind: ListOf, struct: str, path: str) -> Iterator[Found]:
        if not isinstance(node, Sequence):
            yield self._unmarshal(node, f"{struct}.{path}", kind)
            return
        for item in node.items:
            yield from self._checked(item, kind.item, struct, path)
        if isinstance(kind.item, Struct) and kind.item.name in _CONVERTED:
            yield from self._duplicates(node, kind)

    def _duplicates(self, node: Sequence, kind: ListOf) -> Iterator[Found]:
        assert isinstance(kind.item, Struct)
        first: dict[str, int] = {}
        for item in node.items:
            fields = fields_of(item)
            name = (self._value(fields["name"]) if "name" in fields else None) or ""
            if not isinstance(name, str):
                continue
            if name in first:
                made = f"*[]{kind.item.name} into *map[string]{_CONVERTED[kind.item.name]}"
                words = f'error converting {made}: duplicate name "{name}" in list'
                yield _line(item), f"{words} (first in line {first[name]})"
            elif kind != EXTENSIONS or self._value(fields.get("extension")) is not None:
                first[name] = _line(item)  # an extension that is null is as good as none

    def _scalar(self, node: Node, kind: Kind, struct: str, path: str) -> Iterator[Found]:
        if kind == ANYTHING:
            return
        value = scalar_value(node, self._source) if isinstance(node, Scalar) else None
        if _is_unsupported(value):
            return  # named as such already
        if not isinstance(value, bool if kind == BOOL else str):
            yield self._unmarshal(node, f"{struct}.{path}", kind)
        elif kind == DATA and not _is_base64(str(value)):
            yield _line(node), f"illegal base64 data in {struct}.{path}"

    def _unmarshal(self, node: Node, where: str, kind: Kind) -> Found:
        got = self._json_type(resolved(node))
        words = f"json: cannot unmarshal {got} into Go struct field {where} of type {kind.go_type}"
        return _line(node), words

    def _value(self, node: Node | None) -> Any:
        return construct(node, self._source)

    def _is_null(self, node: Node) -> bool:
        return isinstance(node, Scalar) and scalar_value(node, self._source) is None

    def _json_type(self, node: Node) -> str:
        if isinstance(node, Mapping):
            return "object"
        if isinstance(node, Sequence):
            return "array"
        names = {bool: "bool", int: "number", float: "number", str: "string"}
        return names.get(type(self._value(node)), "null")


def _values(root: Node) -> Iterator[Scalar]:
    """Every scalar that is no key; what an alias stands for is met where it is written."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            stack.extend(value for _, value in node.pairs)
        elif isinstance(node, Sequence):
            stack.extend(node.items)
        elif isinstance(node, Scalar):
            yield node


def _is_unsupported(value: Any) -> bool:
    """Whether it is a number that JSON has no text for."""
    return isinstance(value, float) and not math.isfinite(value)


def _line(node: Node) -> int:
    return node.span.start.line


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
